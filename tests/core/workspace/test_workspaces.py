"""Workspaces as a whole survive renaming, copying, the bin and a backup."""

from __future__ import annotations

import zipfile

import pytest

from core.errors import WorkspaceError
from core.settings import Settings
from core.workspace.backups import back_up, restore_backup
from core.workspace.catalogue import Catalogue
from core.workspace.workspaces import (
    copy_workspace,
    create_workspace,
    delete_workspace,
    deleted_workspaces,
    disk_use,
    open_workspace,
    rename_workspace,
    restore_workspace,
    workspace_names,
)


@pytest.fixture
def filled(workspace, catalogue):
    catalogue.add_character("Rei")
    (workspace.pictures / "Rei").mkdir()
    (workspace.pictures / "Rei" / "001.jpg").write_bytes(b"x" * 100)
    workspace.models.mkdir(parents=True)
    (workspace.models / "config.json").write_text("{}")
    catalogue.close()
    return workspace


def characters(workspace) -> list[str]:
    with Catalogue(workspace.catalogue_path) as opened:
        return [c.name for c in opened.characters()]


def test_copy_and_rename(filled, settings):
    copy = copy_workspace(filled, "second", settings)
    moved = rename_workspace(copy, "third", settings)
    assert workspace_names(settings) == ["test", "third"]
    assert characters(moved) == ["Rei"]
    assert (moved.pictures / "Rei" / "001.jpg").stat().st_size == 100
    assert (moved.models / "config.json").exists()


def test_deleted_is_in_the_bin_and_comes_back(filled, settings):
    delete_workspace(filled)
    assert workspace_names(settings) == []
    (crop_path,) = deleted_workspaces(settings)
    again = restore_workspace(crop_path, settings)
    assert characters(again) == ["Rei"]
    assert (again.models / "config.json").exists()
    assert deleted_workspaces(settings) == []


def test_a_backup_holds_everything(filled, settings, tmp_path):
    archive = back_up(filled, tmp_path / "out" / "test.zip")
    again = restore_backup(archive, "again", settings)
    assert characters(again) == ["Rei"]
    assert (again.pictures / "Rei" / "001.jpg").read_bytes() == b"x" * 100


def test_a_backup_leaves_out_what_jobs_left_behind_and_half_written_files(filled, tmp_path):
    for name in ("jobs/1/log.txt", "pictures/Rei/.part-1.jpg", "cache/jobs.txt"):
        filled.path(name).parent.mkdir(parents=True, exist_ok=True)
        filled.path(name).write_text("x")
    with zipfile.ZipFile(back_up(filled, tmp_path / "test.zip")) as zipped:
        names = set(zipped.namelist())
    assert "data/cache/jobs.txt" in names
    assert not {name for name in names if name.startswith("data/jobs/") or ".part-" in name}


def test_a_zip_that_leads_outside_is_refused(settings, filled, tmp_path):
    archive = back_up(filled, tmp_path / "test.zip")
    with zipfile.ZipFile(archive, "a") as zipped:
        zipped.writestr("data/../../evil.txt", "x")
    with pytest.raises(WorkspaceError, match="outside"):
        restore_backup(archive, "evil", settings)
    assert not (settings.data_dir.parent / "evil.txt").exists()


def test_any_other_zip_is_refused(settings, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as zipped:
        zipped.writestr("a.txt", "x")
    with pytest.raises(WorkspaceError, match="not a backup"):
        restore_backup(tmp_path / "a.zip", "a", settings)


@pytest.mark.parametrize("name", ["../x", "a b", "CON", ""])
def test_awkward_names_are_refused_with_a_better_one(settings, name):
    with pytest.raises(WorkspaceError, match="such as"):
        create_workspace(name, settings)


def test_names_are_taken_once_whatever_their_case(filled, settings):
    with pytest.raises(WorkspaceError, match="already"):
        create_workspace("TEST", settings)
    with pytest.raises(WorkspaceError, match="There are: test"):
        open_workspace("other", settings)


def test_disk_use_counts_bytes(filled):
    assert disk_use(filled)["pictures"] == 100
    assert disk_use(filled)["bin"] == 0
    assert disk_use(filled)["models"] == 2


def test_the_settings_that_are_given_decide_whatever_the_environment_says(filled, settings, tmp_path):
    """A job and a second copy of the app are told their folders; WHOAMI_DATA_DIR names another here."""
    other = Settings(data_dir=tmp_path / "other")
    assert (workspace_names(other), deleted_workspaces(other)) == ([], [])
    made = create_workspace("elsewhere", other)
    assert made.root.parent == tmp_path / "other"
    assert open_workspace("elsewhere", other).root == made.root
    place = delete_workspace(made)
    assert deleted_workspaces(other) == [place]
    assert deleted_workspaces(settings) == []
    assert restore_workspace(place, other).root == made.root
    assert rename_workspace(made, "renamed", other).root.parent == tmp_path / "other"
    assert copy_workspace(filled, "copy", other).root.parent == tmp_path / "other"
    assert workspace_names(settings) == ["test"]


def test_without_settings_those_of_the_environment_count(filled, settings):
    assert workspace_names() == ["test"]
    assert open_workspace("test").root == filled.root
    place = delete_workspace(filled)
    assert deleted_workspaces() == [place]
    assert restore_workspace(place).name == "test"


def test_the_newest_deleted_one_comes_first(settings):
    places = [delete_workspace(create_workspace(name, settings)) for name in ("b", "a", "c")]
    assert deleted_workspaces(settings) == places[::-1]


def test_what_else_lies_in_a_workspace_counts_as_other(filled):
    other = disk_use(filled)["other"]
    (filled.root / "gallery.bin").write_bytes(b"12345")
    (filled.bin / "faces").mkdir(parents=True)
    (filled.bin / "faces" / "a.jpg").write_bytes(b"123")
    use = disk_use(filled)
    assert (use["other"], use["bin"], use["faces"]) == (other + 5, 3, 0)


@pytest.mark.parametrize("name", ["models", "Backups", "pretrained"])
def test_a_name_of_what_belongs_to_all_is_refused_with_another(settings, name):
    with pytest.raises(WorkspaceError, match=f"such as '{name}_cast'"):
        create_workspace(name, settings)


def test_a_copy_has_no_jobs_and_its_own_catalogue(filled, settings):
    (filled.jobs / "1").mkdir()
    (filled.path("pictures/Rei/.part-x.jpg")).write_bytes(b"x")
    copy = copy_workspace(filled, "copy", settings)
    assert list(copy.jobs.iterdir()) == []
    assert [p.name for p in copy.path("pictures/Rei").iterdir()] == ["001.jpg"]
    assert characters(copy) == ["Rei"]
    with pytest.raises(WorkspaceError, match="already"):
        copy_workspace(filled, "COPY", settings)


def test_names_are_sorted_and_hidden_folders_are_none(settings):
    for name in ("b", "a"):
        create_workspace(name, settings)
    (settings.data_dir / ".old").mkdir()
    (settings.data_dir / ".old" / "catalogue.db").write_bytes(b"")
    assert workspace_names(settings) == ["a", "b"]


def test_a_folder_that_somebody_renamed_opens_under_its_name(filled, settings):
    filled.root.rename(settings.data_dir / "my cast")
    assert open_workspace("my cast", settings).root == settings.data_dir / "my cast"
    with pytest.raises(WorkspaceError, match="'your cast' cannot be a workspace's name"):
        open_workspace("your cast", settings)


def test_what_a_killed_copy_left_is_no_part_of_the_next(filled, settings):
    left = settings.data_dir / ".incoming-copy"
    left.mkdir()
    (left / "old.jpg").write_bytes(b"x")
    assert not (copy_workspace(filled, "copy", settings).root / "old.jpg").exists()
    assert not left.exists()
