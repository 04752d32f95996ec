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
from core.processes import birth
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


def finished(workspace, name: str, step: str = "crop") -> None:
    folder = workspace.jobs / name
    folder.mkdir(parents=True)
    about = {"step": step, "arguments": [], "started": "2026-01-01T00:00:00+00:00", "pid": 0}
    (folder / "job.json").write_text(json.dumps(about))
    jobs.finish(folder, 0, "done")


def test_the_newest_finished_jobs_of_a_step_are_kept(workspace):
    for n in range(5):
        finished(workspace, f"2026010{n}-000000-000000")
        finished(workspace, f"2026010{n}-000001-000000", "train")
    running = workspace.jobs / "20250101-000000-000000"
    finished(workspace, running.name)
    (running / "exit").unlink()  # started a moment ago: its folder is new, and it has not ended
    jobs.prune(workspace, "crop", keep=2)
    left = [job.id[:15] for job in jobs.jobs(workspace) if job.step == "crop"]
    assert left == ["20260104-000000", "20260103-000000", "20250101-000000"]
    assert len([job for job in jobs.jobs(workspace) if job.step == "train"]) == 5


def test_a_job_without_a_birth_time_is_never_taken_for_a_process_of_somebody_else(workspace):
    folder = workspace.jobs / "20260101-000000-000000"
    folder.mkdir(parents=True)
    about = {"step": "crop", "arguments": [], "started": "2026-01-01T00:00:00+00:00", "pid": os.getpid()}
    (folder / "job.json").write_text(json.dumps(about))
    job = jobs.read_job(folder)
    assert job.state == jobs.DIED
    jobs.cancel(job, wait=0)  # would end this very process
    assert job.sentence.startswith("The job stopped unexpectedly (restart or out of memory).")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"step": "crop"}', '{"step": 1, "arguments": 5, "started": "", "pid": "x"}']
)
def test_a_damaged_job_is_told_and_hides_no_other(workspace, text):
    finished(workspace, "20260101-000000-000000")
    folder = workspace.jobs / "20260102-000000-000000"
    folder.mkdir()
    (folder / "job.json").write_text(text)
    damaged, good = jobs.jobs(workspace)
    assert (damaged.state, good.state) == (jobs.DIED, jobs.DONE)
    assert "job.json cannot be read" in damaged.sentence


def test_the_last_line_of_the_log_is_told(workspace):
    finished(workspace, "20260101-000000-000000")
    folder = workspace.jobs / "20260101-000000-000000"
    (folder / "exit").unlink()
    about = json.loads((folder / "job.json").read_text()) | {"pid": 2**22 + 1, "born": "1"}
    (folder / "job.json").write_text(json.dumps(about))
    (folder / "log.txt").write_text("one\nKilled\n")
    assert jobs.read_job(folder).sentence == (
        "The job stopped unexpectedly (restart or out of memory). Last log line: Killed Start it again."
    )


@pytest.mark.parametrize("job_id", ["../..", "nothing"])
def test_unknown_jobs_are_an_error(workspace, job_id):
    with pytest.raises(WorkspaceError):
        jobs.job(workspace, job_id)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only Linux tells when a process was born")
def test_another_process_with_the_number_of_a_job_is_not_taken_for_it(tmp_path):
    """This test's own process plays the one that got the number of a job that died."""
    about = {"id": "1", "step": "balance", "started": "2026-01-01T00:00:00+00:00", "arguments": [], "pid": os.getpid()}
    for born, state in ((birth(os.getpid()), jobs.RUNNING), ("1", jobs.DIED)):
        (tmp_path / "job.json").write_text(json.dumps(about | {"born": born}))
        assert jobs.read_job(tmp_path).state == state
