"""A catalogue is opened so that a commit survives a power cut, and read without a trace where it may not be written."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from types import SimpleNamespace

import pytest
from sqlalchemy.exc import IntegrityError

from core.errors import CatalogueError
from core.workspace import database
from core.workspace import tables as t
from core.workspace.catalogue import Catalogue
from core.workspace.database import copy_catalogue, is_read_only, open_for_reading, open_for_writing
from core.workspace.migrations import LOG_BYTES


def pragma(engine, name):
    with engine.connect() as db:
        return db.exec_driver_sql(f"PRAGMA {name}").scalar()


def test_a_new_catalogue_has_all_tables_and_says_which_schema_it_has(tmp_path):
    engine = open_for_writing(tmp_path / "new" / "catalogue.db")
    assert pragma(engine, "user_version") == t.SCHEMA
    with engine.connect() as db:
        names = set(db.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars())
    assert names == set(t.metadata.tables)
    engine.dispose()


def test_commits_reach_the_disk_readers_do_not_wait_and_references_hold(tmp_path):
    engine = open_for_writing(tmp_path / "catalogue.db")
    assert (pragma(engine, "synchronous"), pragma(engine, "journal_mode")) == (2, "wal")  # 2: FULL
    with pytest.raises(IntegrityError), engine.begin() as db:
        db.execute(t.pictures.insert().values(character_id=7))
    engine.dispose()


def test_a_writer_takes_its_lock_at_once_and_a_reader_sees_the_state_before(tmp_path, monkeypatch):
    """Two that read first and write later would both have read the old rows."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0)
    path = tmp_path / "catalogue.db"
    with Catalogue(path) as one, Catalogue(path) as two, one.writing() as db:
        db.execute(t.notes.insert().values(key="k", value=1))
        assert two.note("k") is None
        with pytest.raises(Exception, match="locked"), two.writing():
            pass
    with Catalogue(path) as again:
        assert again.note("k") == 1


def test_reading_makes_no_file_beside_the_catalogue(tmp_path):
    path = tmp_path / "catalogue.db"
    with Catalogue(path) as catalogue:
        catalogue.add_character("Rei")
    before = sorted(p.name for p in tmp_path.iterdir())
    engine = open_for_reading(path)
    with engine.connect() as db:
        assert db.execute(t.characters.select()).mappings().one()["name"] == "Rei"
    engine.dispose()
    assert sorted(p.name for p in tmp_path.iterdir()) == before == ["catalogue.db"]


def test_a_file_or_a_folder_that_cannot_be_written_is_read_only(tmp_path, monkeypatch):
    path = tmp_path / "catalogue.db"
    assert not is_read_only(path)  # it can be made
    path.touch()
    assert not is_read_only(path)
    for locked in (path, tmp_path):
        monkeypatch.setattr(database.os, "access", lambda p, mode, locked=locked: p != locked)
        assert is_read_only(path)


@pytest.mark.parametrize("left", [b"", b"\x00" * 8192], ids=["nothing", "a part of the index"])
@pytest.mark.parametrize("limit", ["disk", "ulimit"])
def test_on_a_full_disk_a_catalogue_is_read_and_says_why_it_cannot_be_written(tmp_path, monkeypatch, limit, left):
    path = tmp_path / "catalogue.db"
    with Catalogue(path) as catalogue:
        catalogue.add_character("Rei")
    if left:  # what an earlier try began
        path.with_name("catalogue.db-wal").touch()
        path.with_name("catalogue.db-shm").write_bytes(left)
    if limit == "disk":
        monkeypatch.setattr(database.shutil, "disk_usage", lambda _: SimpleNamespace(free=LOG_BYTES - 1))
    else:
        monkeypatch.setattr(database, "largest_file", lambda: LOG_BYTES - 1)
    before = {p.name: p.stat().st_size for p in tmp_path.iterdir()}
    with Catalogue(path) as catalogue:
        assert [c.name for c in catalogue.characters()] == ["Rei"]
        with pytest.raises(CatalogueError, match=r"disk was full .* Free some space"):
            catalogue.add_character("Asuka")
    assert {p.name: p.stat().st_size for p in tmp_path.iterdir()} == before


def test_on_a_full_disk_what_another_process_has_just_written_is_read(tmp_path, monkeypatch):
    path = tmp_path / "catalogue.db"
    with Catalogue(path) as writer:
        writer.add_character("Rei")  # stands in the log alone
        monkeypatch.setattr(database, "log_fits", lambda _: False)
        with Catalogue(path) as reader:
            assert [c.name for c in reader.characters()] == ["Rei"]


def test_a_file_may_be_as_large_as_the_system_allows():
    assert database.largest_file() > LOG_BYTES


def test_a_copy_holds_what_was_committed_while_another_writes(tmp_path):
    path, copy = tmp_path / "catalogue.db", tmp_path / "backup" / "copy.db"
    with Catalogue(path) as catalogue:
        catalogue.add_character("Rei")  # still in the write-ahead log
        with catalogue.writing() as db:
            db.execute(t.characters.insert().values(name="Asuka", slug="Asuka"))
            copy_catalogue(path, copy)
    with closing(sqlite3.connect(copy)) as db:
        assert db.execute("SELECT name FROM characters").fetchall() == [("Rei",)]


def test_two_who_make_the_same_catalogue_at_once_both_have_it(tmp_path, monkeypatch):
    path = tmp_path / "catalogue.db"
    with Catalogue(path) as one:
        monkeypatch.setattr(database, "schema_of", lambda _: 0)  # the other one looked before it was made
        with Catalogue(path) as two:
            two.add_character("Rei")
            assert one.character("Rei").name == "Rei"


def test_a_catalogue_that_cannot_be_written_is_copied_without_a_file_beside_it(tmp_path, monkeypatch):
    path, copy = tmp_path / "catalogue.db", tmp_path / "copy.db"
    with Catalogue(path) as catalogue:
        catalogue.add_character("Rei")
    asked = []
    connect = sqlite3.connect
    monkeypatch.setattr(database, "is_read_only", lambda _: True)
    monkeypatch.setattr(database.sqlite3, "connect", lambda at, **more: asked.append(str(at)) or connect(at, **more))
    copy_catalogue(path, copy)
    assert "mode=ro" in asked[0]
    assert "immutable=1" in asked[0]
    with closing(connect(copy)) as db:
        assert db.execute("SELECT name FROM characters").fetchall() == [("Rei",)]
