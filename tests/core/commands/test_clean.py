"""clean: what was uploaded and read is deleted, what a running job reads is not."""

from __future__ import annotations

import errno
import os

import pytest

from core import jobs
from core.atomic import write_json

KEPT_NONE = {"kept": 0, "deleted": True}


@pytest.fixture
def uploads(workspace):
    folder = workspace.cache / "uploads"
    folder.mkdir(parents=True)
    for name in ("a.zip", "b.zip"):
        (folder / name).write_bytes(b"x" * 10)
        os.utime(folder / name, (0, 0))
    return folder


def a_job(workspace, *arguments):
    """An import that was started this moment."""
    folder = workspace.jobs / "20261127-000000-000000"
    folder.mkdir(parents=True)
    write_json(folder / "job.json", {"step": "import", "arguments": list(arguments), "started": "", "pid": 0})
    return folder


def test_what_a_running_job_reads_is_deleted_only_after_it(run, workspace, uploads):
    folder = a_job(workspace, str(uploads / "a.zip"), "--kind", "faces")
    code, document, _ = run("clean", "--dry-run")
    assert (code, document) == (0, {"paths": ["cache/uploads/b.zip"], "bytes": 10, "kept": 1, "deleted": False})
    assert len(list(uploads.iterdir())) == 2
    assert run("clean")[1]["deleted"]
    assert [path.name for path in uploads.iterdir()] == ["a.zip"]
    jobs.finish(folder, 0)
    assert run("clean")[1]["paths"] == ["cache/uploads/a.zip"]
    assert list(uploads.iterdir()) == []


def test_a_full_disk_on_which_no_catalogue_can_be_opened_is_cleaned(run, uploads, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("core.workspace.project.Catalogue", full)
    assert run("status")[0] == 1
    assert run("clean")[:2] == (0, {"paths": [f"cache/uploads/{n}.zip" for n in "ab"], "bytes": 20} | KEPT_NONE)
    assert list(uploads.iterdir()) == []


def test_it_says_how_much(told, uploads):
    assert told("clean").startswith("Deleted: 2 uploads, videos and unfinished files, 0.0 MB.")
    assert told("clean").startswith("Deleted: 0 uploads, videos and unfinished files")


def test_a_half_of_a_run_s_file_is_deleted_too(run, workspace):
    half = workspace.models / "run" / ".part-1.json"
    half.parent.mkdir(parents=True)
    half.touch()
    os.utime(half, (0, 0))
    assert run("clean")[1]["paths"] == [str(half)]
    assert not half.exists()
