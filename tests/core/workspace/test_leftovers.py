from __future__ import annotations

import os
import time

import pytest

from core.errors import WorkspaceError
from core.workspace import leftovers
from core.workspace.leftovers import delete_leftovers, find_leftovers


@pytest.fixture
def cache(workspace):
    """Two old uploads (a file of 100 bytes; a folder with 30), an old video of 5, and an upload of this minute."""
    files = {"uploads/old.zip": 100, "uploads/heap/Rei/a.png": 30, "videos/e.npz": 5, "uploads/new.mp4": 7}
    for name, size in files.items():
        path = workspace.cache / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * size)
    before = time.time() - 2 * leftovers.RECENT
    for path in workspace.cache.rglob("*"):
        if path.name != "new.mp4":
            os.utime(path, (before, before))
    (workspace.cache / "embeddings").mkdir()
    return workspace.cache


def names(cache, found):
    return sorted(path.relative_to(cache).as_posix() for path in found.paths)


def test_old_uploads_and_videos_are_left_over_and_new_ones_are_not(workspace, cache):
    found = find_leftovers(workspace)
    assert names(cache, found) == ["uploads/heap", "uploads/old.zip", "videos/e.npz"]
    assert (found.bytes, found.kept) == (135, 1)
    delete_leftovers(found)
    assert sorted(p.name for p in cache.rglob("*")) == ["embeddings", "new.mp4", "uploads", "videos"]
    delete_leftovers(found)  # gone already


@pytest.mark.parametrize("named", ["uploads/heap", "uploads/heap/Rei/a.png", "uploads"])
def test_what_a_running_job_names_is_kept(workspace, cache, named):
    found = find_leftovers(workspace, ["--kind", "", "pictures", str(cache / named)])
    assert "uploads/heap" not in names(cache, found)
    assert "videos/e.npz" in names(cache, found)


def test_a_folder_is_as_new_as_its_newest_file(workspace, cache):
    (cache / "uploads" / "heap" / "Rei" / "a.png").touch()
    assert "uploads/heap" not in names(cache, find_leftovers(workspace))
    assert "uploads/heap" in names(cache, find_leftovers(workspace, now=time.time() + leftovers.RECENT + 1))


def test_of_a_link_only_the_link_goes(workspace, cache, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.png").write_bytes(b"x" * 1000)
    (cache / "uploads" / "link").symlink_to(tmp_path / "mine")
    found = find_leftovers(workspace, now=time.time() + leftovers.RECENT + 1)
    assert found.bytes < 1000
    delete_leftovers(found)
    assert (tmp_path / "mine" / "a.png").exists()
    assert not (cache / "uploads" / "link").is_symlink()


def test_what_cannot_be_deleted_is_named(workspace, cache, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(leftovers.shutil, "rmtree", refuse)
    with pytest.raises(WorkspaceError, match="heap cannot be deleted: Permission denied"):
        delete_leftovers(find_leftovers(workspace))


def test_a_link_that_leads_to_itself_is_left_over_like_any_other(workspace, cache):
    loop = cache / "uploads" / "loop"
    loop.symlink_to(loop)
    later = time.time() + leftovers.RECENT + 1
    assert "uploads/loop" in names(cache, find_leftovers(workspace, now=later))


def test_nothing_is_deleted_behind_a_link_that_stands_for_all_uploads(workspace, tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "a.png").write_bytes(b"x")
    workspace.cache.mkdir(parents=True, exist_ok=True)
    (workspace.cache / "videos").symlink_to(mine)
    assert not find_leftovers(workspace, now=time.time() + leftovers.RECENT + 1).paths


def test_halves_of_files_that_a_killed_process_was_writing_are_left_over(workspace):
    halves = [workspace.cache / "embeddings" / ".part-1.vectors", workspace.models / "run" / ".part-2.json"]
    for path in (*halves, workspace.cache / "embeddings" / "whole.vectors"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * 10)
    assert find_leftovers(workspace).paths == (), "one that is being written is none"
    found = find_leftovers(workspace, now=time.time() + leftovers.RECENT + 1)
    assert (sorted(found.paths), found.bytes) == (sorted(halves), 20)
    delete_leftovers(found)
    assert (workspace.cache / "embeddings" / "whole.vectors").exists()


def test_halves_of_folders_beside_the_workspaces_are_left_over(workspace):
    data, models = workspace.root.parent, workspace.models.parent
    halves = [data / f"{leftovers.HEAP}a1", data / ".incoming-copy", models / ".incoming-copy", data / ".part-1-test"]
    for path in (*halves, data / ".bin" / "old.1", data / "another"):
        path.mkdir(parents=True)
        (path / "a.png").write_bytes(b"x" * 10)
    assert find_leftovers(workspace).paths == (), "a folder that is being filled is none"
    found = find_leftovers(workspace, now=time.time() + leftovers.RECENT + 1)
    assert (sorted(found.paths), found.bytes) == (sorted(halves), 40)
    delete_leftovers(found)
    assert not any(path.exists() for path in halves)
    assert (data / ".bin" / "old.1" / "a.png").exists() and (data / "another" / "a.png").exists()
