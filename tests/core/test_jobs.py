"""Jobs: real subprocesses whose progress and end are on disk, whoever looks."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest

from core import jobs
from core.errors import Cancelled, WorkspaceError
from core.progress import Progress
from tests.faces import add_faces


def wait(job: jobs.Job) -> jobs.Job:
    """The job once its process has ended."""
    pid = json.loads((job.folder / "job.json").read_text())["pid"]
    jobs._children[pid].wait(timeout=120)
    return jobs.read_job(job.folder)


def pid_of(job: jobs.Job) -> int:
    return json.loads((job.folder / "job.json").read_text())["pid"]


def test_a_job_does_the_step_and_leaves_its_answer(project, settings):
    add_faces(project, {"Rei": 4, "Asuka": 4})
    job = wait(jobs.start(project.workspace, "balance", ["--per-character", "6"], settings=settings))
    assert (job.state, job.output()["copies"]) == (jobs.DONE, 6)
    assert job.history()[-1].n == job.history()[-1].total == 6
    assert "6 copies made" in job.sentence
    assert len([f for f in project.catalogue.faces(state="kept") if f.copy_of]) == 6
    assert jobs.latest(project.workspace, "balance").id == job.id


def test_a_failed_job_says_why(workspace, settings):
    job = wait(jobs.start(workspace, "balance", settings=settings))
    assert job.state == jobs.FAILED
    assert "no faces to balance" in job.sentence


def test_a_killed_job_is_found_dead_also_after_a_restart_of_the_server(workspace, settings):
    job = jobs.start(workspace, "balance", settings=settings)
    os.kill(pid_of(job), signal.SIGKILL)
    process = jobs._children.pop(pid_of(job))
    process.wait()
    job = jobs.read_job(job.folder)
    assert job.state == jobs.DIED
    assert "Start it again" in job.sentence


def test_the_same_step_does_not_run_twice_at_once(workspace, settings):
    job = jobs.start(workspace, "balance", settings=settings)
    with pytest.raises(WorkspaceError, match="running already"):
        jobs.start(workspace, "balance", settings=settings)
    wait(job)


def test_a_reporter_writes_progress_and_stops_when_asked(tmp_path):
    report = jobs.reporter(tmp_path)
    report(Progress("crop", 1, 4, 2.0, data={"kept": 1}))
    (tmp_path / "cancel").touch()
    with pytest.raises(Cancelled):
        report(Progress("crop", 2, 4, 4.0))
    first, *_ = (json.loads(line) for line in (tmp_path / "progress.jsonl").read_text().splitlines())
    assert first["data"] == {"kept": 1}
    assert Progress(**first).eta == pytest.approx(6.0)


def test_a_half_written_line_of_progress_is_passed_over(workspace, settings):
    job = wait(jobs.start(workspace, "balance", settings=settings))
    with (job.folder / "progress.jsonl").open("a") as file:
        file.write('{"stage": "cro')
    assert jobs.read_job(job.folder).state == jobs.FAILED


def test_cancel_ends_a_job_that_does_not_listen(workspace, settings):
    job = jobs.start(workspace, "balance", settings=settings)
    os.kill(pid_of(job), signal.SIGSTOP)  # it cannot read the request
    start = time.monotonic()
    jobs.cancel(job, wait=0.2)
    jobs._children[pid_of(job)].wait(timeout=20)
    assert jobs.read_job(job.folder).state == jobs.CANCELLED
    assert time.monotonic() - start < 20


@pytest.mark.parametrize("job_id", ["../..", "nothing"])
def test_unknown_jobs_are_an_error(workspace, job_id):
    with pytest.raises(WorkspaceError):
        jobs.job(workspace, job_id)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only Linux tells when a process was born")
def test_another_process_with_the_number_of_a_job_is_not_taken_for_it(tmp_path):
    """This test's own process plays the one that got the number of a job that died."""
    about = {"id": "1", "step": "balance", "started": "2026-01-01T00:00:00+00:00", "arguments": [], "pid": os.getpid()}
    for born, state in ((jobs._birth(os.getpid()), jobs.RUNNING), ("1", jobs.DIED)):
        (tmp_path / "job.json").write_text(json.dumps(about | {"born": born}))
        assert jobs.read_job(tmp_path).state == state
