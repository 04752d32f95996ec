"""Backups: everything is in them; a zip is checked before it is unpacked, and then all of it is restored or nothing."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sqlite3
import stat
import zipfile
from types import SimpleNamespace

import pytest

from core import jobs
from core.cli import main
from core.errors import WorkspaceError
from core.workspace import backups
from core.workspace.backups import CATALOGUE, back_up, restore_backup
from core.workspace.workspaces import workspace_names


@pytest.fixture
def archive(project, tmp_path):
    """A backup of a workspace with a character, a picture and a run."""
    project.catalogue.add_character("Rei")
    project.workspace.path("pictures/Rei").mkdir(parents=True)
    project.workspace.path("pictures/Rei/1.jpg").write_bytes(b"x" * 100)
    run = project.workspace.models / "run-1"
    run.mkdir(parents=True)
    (run / "config.json").write_text("{}")
    return back_up(project.workspace, tmp_path / "out" / "test.zip")


def with_member(archive, name, data=b"x", *, mode=stat.S_IFREG | 0o644, flags=0):
    """The zip with one more member."""
    with zipfile.ZipFile(archive, "a") as zipped:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        zipped.writestr(info, data)
    if flags:
        raw = archive.read_bytes()
        at = raw.rindex(b"PK\x01\x02")
        archive.write_bytes(raw[: at + 8] + bytes([raw[at + 8] | flags]) + raw[at + 9 :])
    return archive


def nothing_left(settings) -> bool:
    left = {p.name for folder in (settings.data_dir, settings.models) for p in folder.iterdir()}
    return left == {"test", "models"} and workspace_names(settings) == ["test"]


def test_the_command_restores_everything(archive, settings, capsys):
    assert main(["restore", "--workspace", "again", "--json", str(archive)]) == 0
    assert json.loads(capsys.readouterr().out)["workspace"] == "again"
    assert (settings.data_dir / "again/pictures/Rei/1.jpg").read_bytes() == b"x" * 100
    assert (settings.models / "again/run-1/config.json").read_text() == "{}"
    assert workspace_names(settings) == ["again", "test"]
    assert main(["status", "--workspace", "again"]) == 0


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("data/../../evil.txt", "leads outside"),
        ("/data/evil.txt", "leads outside"),
        ("data/C:\\evil.txt", "leads outside"),
        ("data/./x", "leads outside"),
        ("C:/evil.txt", "leads outside"),
        ("evil.txt", "belongs to no workspace"),
        ("data/a\nb", "control characters"),
        ("DATA/catalogue.db", "belongs to no workspace|is there twice"),
        ("data/Catalogue.db", "is there twice"),
    ],
)
def test_a_member_with_a_bad_name_is_refused_and_nothing_is_unpacked(archive, settings, name, words):
    with pytest.raises(WorkspaceError, match=words):
        restore_backup(with_member(archive, name), "again", settings)
    assert nothing_left(settings)


def test_links_devices_and_encrypted_members_are_refused(archive, settings, tmp_path):
    for number, (kind, flags, words) in enumerate(
        [
            (stat.S_IFLNK, 0, "neither a file nor a folder"),
            (stat.S_IFIFO, 0, "neither a file nor a folder"),
            (stat.S_IFREG, 1, "is encrypted"),
        ]
    ):
        copy = tmp_path / f"{number}.zip"
        copy.write_bytes(archive.read_bytes())
        with pytest.raises(WorkspaceError, match=words):
            restore_backup(with_member(copy, "data/x", mode=kind | 0o644, flags=flags), "again", settings)
    assert nothing_left(settings)


def test_a_zip_that_unpacks_to_far_more_than_its_size_is_refused(archive, settings, monkeypatch):
    monkeypatch.setattr(backups, "SMALL", 1000)
    with zipfile.ZipFile(archive, "a", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("data/pictures/zeros.jpg", bytes(60_000_000))
    with pytest.raises(WorkspaceError, match="times its size"):
        restore_backup(archive, "again", settings)
    assert nothing_left(settings)


def test_without_room_on_the_disk_nothing_is_begun(archive, settings, monkeypatch):
    monkeypatch.setattr(backups, "RESERVE", 10**18)
    with pytest.raises(WorkspaceError, match=r"needs \d+ MB and [\d,]+ to spare, but only [\d,]+ MB are free"):
        restore_backup(archive, "again", settings)
    assert nothing_left(settings)


def test_a_zip_that_breaks_off_or_lies_leaves_nothing_behind(archive, settings, tmp_path):
    data = bytearray(archive.read_bytes())
    at = data.index(b"x" * 100)
    data[at] = ord("y")  # the checksum does not fit any more
    broken = tmp_path / "broken.zip"
    broken.write_bytes(data)
    with pytest.raises(WorkspaceError, match="damaged"):
        restore_backup(broken, "again", settings)
    (tmp_path / "half.zip").write_bytes(archive.read_bytes()[:-30])
    with pytest.raises(WorkspaceError, match="not a zip file"):
        restore_backup(tmp_path / "half.zip", "again", settings)
    assert nothing_left(settings)


@pytest.mark.parametrize(
    ("catalogue", "words"),
    [("noise", "damaged"), ("other", "no catalogue of ours"), ("newer", "newer version"), ("none", "not a backup")],
)
def test_a_catalogue_that_is_none_is_refused(settings, workspace, tmp_path, catalogue, words):
    path = tmp_path / "catalogue.db"
    if catalogue == "noise":
        path.write_bytes(b"noise" * 1000)
    else:
        with sqlite3.connect(path) as db:
            for table in ("characters", "pictures", "faces") if catalogue == "newer" else ("songs",):
                db.execute(f"CREATE TABLE {table} (id INTEGER)")
            db.execute("PRAGMA user_version = 999")
        db.close()
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.write(path, CATALOGUE if catalogue != "none" else "data/other.db")
    with pytest.raises(WorkspaceError, match=words):
        restore_backup(archive, "again", settings)
    assert workspace_names(settings) == ["test"]


def test_entries_of_folders_hinder_nothing(archive, settings):
    with zipfile.ZipFile(archive, "a") as zipped:
        for name in ("data/", "models/", "data/pictures/"):
            zipped.writestr(name, b"")
    again = restore_backup(archive, "again", settings)
    assert again.path("pictures/Rei/1.jpg").read_bytes() == b"x" * 100


def test_jobs_are_never_restored(archive, settings):
    about = {"step": "crop", "arguments": [], "started": "2026-01-01T00:00:00+00:00", "pid": 1, "born": ""}
    with_member(archive, "data/jobs/20260101-000000-000000/job.json", json.dumps(about).encode())
    again = restore_backup(archive, "again", settings)
    assert list(again.jobs.iterdir()) == []
    assert jobs.jobs(again) == []


def test_a_taken_or_reserved_name_is_refused(archive, settings):
    for name in ("test", "TEST", "models", "a b"):
        with pytest.raises(WorkspaceError):
            restore_backup(archive, name, settings)


def test_a_backup_inside_the_workspace_is_refused(workspace, capsys):
    out = workspace.root / "backup.zip"
    assert main(["backup", "--workspace", "test", "--out", str(out)]) == 1
    assert "lies inside the workspace test" in capsys.readouterr().err
    assert not out.exists()


def test_a_backup_that_fails_leaves_no_half_zip(workspace, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups, "copy_catalogue", full)
    with pytest.raises(OSError, match="No space") as error:
        back_up(workspace, tmp_path / "out.zip")
    assert error.value.filename == str(tmp_path / "out.zip")
    assert not list(tmp_path.glob("out*"))


def test_a_zip_may_unpack_to_two_hundred_times_its_size_and_a_small_one_to_more(tmp_path, monkeypatch):
    archive = tmp_path / "a.zip"
    archive.write_bytes(b"x" * 300_000)

    def check(size):
        info = zipfile.ZipInfo("data/x")
        info.file_size = size
        backups._check_size([info], archive, tmp_path / "new" / "data")

    monkeypatch.setattr(backups.shutil, "disk_usage", lambda folder: SimpleNamespace(free=10**12))
    check(60_000_000)
    with pytest.raises(WorkspaceError, match="would unpack to 200 times its size"):
        check(60_000_001)
    archive.write_bytes(b"x")
    check(50_000_000)
    assert (tmp_path / "new" / "data").is_dir()


def test_a_hundred_megabytes_stay_free(tmp_path, monkeypatch):
    archive = tmp_path / "a.zip"
    archive.write_bytes(b"x" * 100)
    info = zipfile.ZipInfo("data/x")
    info.file_size = 10_000
    monkeypatch.setattr(backups.shutil, "disk_usage", lambda folder: SimpleNamespace(free=100_010_000))
    backups._check_size([info], archive, tmp_path)
    info.file_size = 10_001
    with pytest.raises(WorkspaceError, match=r"needs \d+ MB and [\d,]+ to spare, but only [\d,]+ MB are free"):
        backups._check_size([info], archive, tmp_path)


def test_a_zip_of_too_many_files_is_refused(archive, settings, monkeypatch):
    with zipfile.ZipFile(archive) as zipped:
        number = len(zipped.infolist())
    monkeypatch.setattr(backups, "MOST_FILES", number - 1)
    with pytest.raises(WorkspaceError, match=f"holds {number} files, more than {number - 1}"):
        restore_backup(archive, "again", settings)
    monkeypatch.setattr(backups, "MOST_FILES", number)
    restore_backup(archive, "again", settings)


@pytest.mark.parametrize("folder", ["models", "data"])
def test_a_place_that_holds_something_is_not_restored_into(archive, settings, folder):
    place = (settings.models if folder == "models" else settings.data_dir) / "again"
    place.mkdir(parents=True)
    again = restore_backup(archive, "again", settings)
    assert again.path("pictures/Rei/1.jpg").is_file()
    assert (again.models / "run-1" / "config.json").is_file()
    (settings.models / "third").mkdir()
    (settings.models / "third" / "a").write_text("mine")
    with pytest.raises(WorkspaceError, match="third is not empty"):
        restore_backup(archive, "third", settings)


def test_a_member_that_is_larger_than_it_says_is_refused_while_it_is_unpacked(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as zipped:
        zipped.writestr("data/x", b"12345")
    with zipfile.ZipFile(tmp_path / "a.zip") as zipped:
        info = zipped.getinfo("data/x")
        info.file_size = 4
        with pytest.raises(zipfile.BadZipFile, match="data/x is larger than it says"):
            backups._unpack(SimpleNamespace(open=lambda info: io.BytesIO(b"12345")), info, {"data": tmp_path / "out"})
        info.file_size = 5
        backups._unpack(SimpleNamespace(open=lambda info: io.BytesIO(b"12345")), info, {"data": tmp_path / "two"})
    assert (tmp_path / "two" / "x").read_bytes() == b"12345"


@pytest.mark.parametrize(
    ("name", "mode", "flags", "fault"),
    [
        ("data/x", 0, 0, ""),
        ("data/x", 0o644, 0, ""),
        ("data/x/", stat.S_IFDIR | 0o755, 0, ""),
        ("models/x", stat.S_IFREG | 0o644, 0x800, ""),
        ("data//x", 0, 0, "leads outside"),
        ("data/..", 0, 0, "leads outside"),
        ("data/a:b", 0, 0, ""),
        ("jobs/x", 0, 0, "belongs to no workspace"),
        ("data/x", stat.S_IFCHR, 0, "is neither a file nor a folder"),
        ("data/x", 0, 0x1, "is encrypted"),
    ],
)
def test_what_a_member_may_be(name, mode, flags, fault):
    info = zipfile.ZipInfo(name)
    info.external_attr, info.flag_bits = mode << 16, flags
    assert backups._fault(info) == fault


def test_a_catalogue_of_the_first_version_is_one_and_of_no_version_is_none(tmp_path):
    path = tmp_path / "catalogue.db"
    for version, fine in ((1, True), (2, True), (6, True), (0, False), (7, False)):
        path.unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(path)) as db:
            for table in ("characters", "pictures", "faces"):
                db.execute(f"CREATE TABLE {table} (id INTEGER)")
            db.execute(f"PRAGMA user_version = {version}")
            db.commit()
        if fine:
            backups._check_catalogue(path, path)
        else:
            with pytest.raises(WorkspaceError):
                backups._check_catalogue(path, path)


def test_whatever_a_person_put_there_can_be_restored(project, settings, tmp_path):
    folder = project.workspace.pictures / "Rei"
    folder.mkdir(parents=True)
    names = [b"a\nb.jpg", b"\x83\x8c.jpg", b"x\\y.jpg", b"A.jpg", b"a.jpg"]
    for name in names:
        path = folder / os.fsdecode(name)
        path.write_bytes(name)
        os.utime(path, (0, 0))  # 1970, which no zip knows
    restored = restore_backup(back_up(project.workspace, tmp_path / "all.zip"), "again", settings)
    found = {path.name: path.read_bytes() for path in (restored.pictures / "Rei").iterdir()}
    assert sorted(found.values()) == sorted(names)
    assert {"a_b.jpg", "レ.jpg", "x_y.jpg", "A.jpg", "a_2.jpg"} == set(found)


def test_two_backups_to_one_file_at_the_same_time_leave_a_whole_one(workspace, catalogue, tmp_path, monkeypatch):
    """The second begins and ends while the first packs."""
    catalogue.add_character("Rei")
    out, copy = tmp_path / "b.zip", backups.copy_catalogue

    def meanwhile(source, target):
        monkeypatch.setattr(backups, "copy_catalogue", copy)
        back_up(workspace, out)
        copy(source, target)

    monkeypatch.setattr(backups, "copy_catalogue", meanwhile)
    assert back_up(workspace, out) == out
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
    assert [path.name for path in tmp_path.glob("*.zip*")] == ["b.zip"]
