"""A workspace of an earlier version opens, with its decisions, and goes on; a newer one is refused, a copy is kept."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from types import SimpleNamespace

import pytest

from core.balance.balancing import balance
from core.balance.config import BalanceConfig
from core.errors import CatalogueError
from core.train.label_errors import read_label_errors
from core.train.runs import list_runs
from core.workspace import migrations
from core.workspace.catalogue import Catalogue
from core.workspace.confirmed import is_confirmed
from core.workspace.migrations import backup_path, migrate, schema_of, upgrade
from core.workspace.models import encoder_in_use
from core.workspace.overview import overview
from core.workspace.project import open_project
from core.workspace.tables import SCHEMA
from core.workspace.undo import undo
from tests.old_workspace import make_old_workspace


@pytest.fixture
def old(settings):
    return make_old_workspace(settings)


def test_a_complete_old_workspace_opens_and_goes_on(settings, old):
    with open_project("old", settings) as project:
        catalogue = project.catalogue
        assert [c.name for c in catalogue.characters()] == ["Asuka", "Rei Ayanami"]
        assert len(catalogue.faces(state="kept", copy_of=None)) == 8
        assert [f.id for f in catalogue.faces(enrolled=True)] == [1, 2, 3, 4, 5, 6, 7]
        assert {s.step: s.state for s in overview(project)}["balance"] == "stale"
        assert encoder_in_use(project).name == "quick-1"
        assert [run.name for run in list_runs(project.workspace.models)] == ["quick-1"]
        assert read_label_errors(project.workspace.models / "quick-1").after is not None
        assert is_confirmed(catalogue, catalogue.faces(ids=[1, 2])) == [False, True]
        assert undo(project).action == "rejected a face"
        assert catalogue.face(9).state == "kept"
        assert (old / "faces/Asuka/009_1.jpg").exists()
        done = balance(project, BalanceConfig(per_character=5))
        assert (done.train, done.validation, done.copies) == (7, 2, 3)  # 3 of 4 and 4 of 5 train
        unnamed = catalogue.add_picture(None, path="pictures/unnamed/1.jpg")
        catalogue.add_faces([{"picture_id": unnamed.id, "path": "faces/unnamed/1_1.jpg"}], action="found")


def test_a_migrated_catalogue_has_the_columns_indexes_and_triggers_of_a_new_one(settings, old, workspace):
    def layout(path):
        with closing(sqlite3.connect(path)) as db:
            tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            columns = {(table, *row[1:4]) for table in tables for row in db.execute(f"PRAGMA table_info({table})")}
            keys = {(table, *row[2:5]) for table in tables for row in db.execute(f"PRAGMA foreign_key_list({table})")}
            indexes = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}
            triggers = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
            return columns, keys, {name for name in indexes if not name.startswith("sqlite_autoindex")}, triggers

    Catalogue(old / "catalogue.db").close()
    assert layout(old / "catalogue.db") == layout(workspace.catalogue_path)


def test_the_file_as_it_was_is_kept_beside_it(old):
    Catalogue(old / "catalogue.db").close()
    with closing(sqlite3.connect(backup_path(old / "catalogue.db", 1))) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
        assert db.execute("SELECT count(*) FROM faces").fetchone() == (11,)


def test_a_migration_that_fails_leaves_the_old_catalogue(old):
    with closing(sqlite3.connect(old / "catalogue.db", isolation_level=None)) as db:
        db.execute("UPDATE faces SET picture_id = 99 WHERE id = 3")
    with pytest.raises(CatalogueError, match="1 rows point to rows that are not there"):
        Catalogue(old / "catalogue.db")
    with closing(sqlite3.connect(old / "catalogue.db")) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
        assert "enrolled" not in [row[1] for row in db.execute("PRAGMA table_info(faces)")]


def test_a_second_process_that_comes_too_late_changes_nothing(old):
    migrate(old / "catalogue.db")
    with closing(sqlite3.connect(old / "catalogue.db", isolation_level=None)) as db:
        upgrade(db, old)
        assert db.execute("PRAGMA user_version").fetchone() == (SCHEMA,)


def test_a_broken_gallery_enrols_nobody(old):
    (old / "gallery.safetensors").write_bytes(b"\x10\0\0\0\0\0\0\0not json")
    with Catalogue(old / "catalogue.db") as catalogue:
        assert catalogue.faces(enrolled=True) == []


def test_an_old_catalogue_is_read_without_a_change_on_disk(settings, old):
    with closing(sqlite3.connect(old / "catalogue.db", isolation_level=None)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = {p: p.read_bytes() for p in sorted(old.rglob("*")) if p.is_file()}
    with Catalogue(old / "catalogue.db", read_only=True) as catalogue:
        assert len(catalogue.faces(enrolled=True)) == 7
        with pytest.raises(CatalogueError, match="nothing can be changed"), catalogue.writing():
            pass
    assert {p: p.read_bytes() for p in sorted(old.rglob("*")) if p.is_file()} == before


def test_a_catalogue_in_write_ahead_mode_is_read_where_nothing_can_be_written(workspace, tmp_path):
    with Catalogue(workspace.catalogue_path) as catalogue:
        catalogue.add_character("Rei")
    target = tmp_path / "copy" / "catalogue.db"
    target.parent.mkdir()
    shutil.copyfile(workspace.catalogue_path, target)
    with Catalogue(target, read_only=True) as catalogue:
        assert [c.name for c in catalogue.characters()] == ["Rei"]
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("database is locked", "cannot be opened. Another process is writing"),
        ("disk I/O error", "cannot be opened. The catalogue is damaged, or its disk is full, failing or gone"),
        ("unable to open database file", "cannot be opened. The catalogue cannot be opened"),
    ],
)
def test_a_catalogue_that_cannot_be_opened_now_is_not_called_damaged(old, monkeypatch, words, told):
    def connect(*_, **__):
        raise sqlite3.OperationalError(words)

    monkeypatch.setattr(migrations.sqlite3, "connect", connect)
    with pytest.raises(CatalogueError, match=told):
        schema_of(old / "catalogue.db")


def test_a_newer_catalogue_is_refused_and_a_broken_one_named(old, monkeypatch):
    with closing(sqlite3.connect(old / "catalogue.db", isolation_level=None)) as db:
        db.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    with pytest.raises(CatalogueError, match="newer version"):
        Catalogue(old / "catalogue.db")
    (old / "other.db").write_bytes(b"no database at all, but long enough to be looked at" * 40)
    with pytest.raises(CatalogueError, match="damaged or no catalogue"):
        Catalogue(old / "other.db")
    monkeypatch.setattr(migrations.shutil, "disk_usage", lambda _: SimpleNamespace(free=4096))
    with pytest.raises(CatalogueError, match="The disk is full"):
        Catalogue(old / "other.db")


@pytest.mark.parametrize("place", ["pictures/Rei/1.jpg", "faces/Rei/1_1.jpg"])
@pytest.mark.parametrize("read_only", [True, False])
def test_an_empty_catalogue_is_begun_only_where_no_picture_lies_beside_it(tmp_path, place, read_only):
    catalogue, picture = tmp_path / "catalogue.db", tmp_path / place
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"a picture")
    catalogue.touch()
    with pytest.raises(CatalogueError, match=r"is empty although pictures lie beside it.*Restore a backup; or move"):
        Catalogue(catalogue, read_only=read_only)
    assert catalogue.read_bytes() == b""
    picture.unlink()
    Catalogue(catalogue).close()


def test_a_catalogue_is_brought_up_to_date_on_a_connection_that_checks_references(old):
    with closing(sqlite3.connect(old / "catalogue.db", isolation_level=None)) as db:
        db.execute("PRAGMA foreign_keys = ON")
        upgrade(db, old)
        assert db.execute("PRAGMA user_version").fetchone() == (SCHEMA,)
        assert db.execute("SELECT count(*) FROM faces").fetchone() == (11,)


@pytest.mark.parametrize(("version", "words"), [(-1, "says schema -1"), (0, ""), (SCHEMA, "")])
def test_a_file_says_which_schema_it_has(tmp_path, version, words):
    path = tmp_path / "catalogue.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("CREATE TABLE songs (id INTEGER)")
        db.execute(f"PRAGMA user_version = {version}")
    if words:
        with pytest.raises(CatalogueError, match=words):
            schema_of(path)
    else:
        assert schema_of(path) == version


def test_nobody_migrates_while_the_old_file_is_copied(old, monkeypatch):
    catalogue, copied = old / "catalogue.db", migrations._back_up
    version, refused = schema_of(catalogue), []

    def copy(*how):
        with closing(sqlite3.connect(catalogue, timeout=0, isolation_level=None)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                refused.append(True)
        copied(*how)

    monkeypatch.setattr(migrations, "_back_up", copy)
    migrate(catalogue)
    assert refused == [True], "a faster process would be copied in place of the old file"
    assert (schema_of(catalogue), schema_of(backup_path(catalogue, version))) == (SCHEMA, version)
