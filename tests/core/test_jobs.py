"""Jobs: real subprocesses whose progress and end are on disk, whoever looks."""

from __future__ import annotations

import json
import os
import shutil
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


@pytest.fixture
def reported(tmp_path, monkeypatch):
    """A reporter whose clock is set by hand; the numbers that it wrote."""
    now = [100.0]
    monkeypatch.setattr(jobs.time, "monotonic", lambda: now[0])
    report = jobs.reporter(tmp_path)

    def at(seconds, *progress):
        now[0] = 100.0 + seconds
        report(Progress(*progress))
        lines = (tmp_path / "progress.jsonl").read_text().splitlines()
        return [json.loads(line)["n"] for line in lines]

    return at


def test_of_one_stage_five_reports_a_second_are_written_and_the_last_always(reported):
    assert reported(0.0, "crop", 1, 9) == [1]
    assert reported(0.1, "crop", 2, 9) == [1]
    assert reported(0.25, "crop", 3, 9) == [1, 3]
    assert reported(0.3, "crop", 9, 9) == [1, 3, 9], "it is the last"
    assert reported(0.31, "train", 1, 9) == [1, 3, 9, 1], "another stage"


def test_a_report_with_data_is_always_written(reported):
    assert reported(0.0, "crop", 1, 9) == [1]
    assert reported(0.01, "crop", 2, 9, 0.0, "", {"kept": 1}) == [1, 2]


def test_the_last_report_is_found_behind_many_others(tmp_path):
    lines = [json.dumps({"stage": "crop", "n": n, "total": 5000}) for n in range(5000)]
    (tmp_path / "progress.jsonl").write_text("\n".join(lines) + "\n")
    assert jobs._reports(tmp_path / "progress.jsonl", last_only=True)[-1].n == 4999
    assert len(jobs._reports(tmp_path / "progress.jsonl")) == 5000
    (tmp_path / "progress.jsonl").write_text(lines[0] + "\n" + lines[1][:9])
    assert [one.n for one in jobs._reports(tmp_path / "progress.jsonl", last_only=True)] == [0]
    assert jobs._reports(tmp_path / "none") == []


@pytest.mark.parametrize(
    ("code", "state"), [(0, jobs.DONE), (3, jobs.CANCELLED), (1, jobs.FAILED), (2, jobs.FAILED), (137, jobs.FAILED)]
)
def test_the_exit_code_tells_how_a_job_ended(workspace, code, state):
    finished(workspace, "20260101-000000-000000")
    folder = workspace.jobs / "20260101-000000-000000"
    jobs.finish(folder, code, "as it was")
    job = jobs.read_job(folder)
    assert (job.state, job.sentence, job.over) == (state, "as it was", True)
    for damaged in ("{", '{"code": false}'):
        (folder / "exit").write_text(damaged)
        assert "exit cannot be read" in jobs.read_job(folder).sentence


@pytest.mark.parametrize(("error", "code"), [(Cancelled("Stopped."), 3), (WorkspaceError("No."), 1)])
def test_an_error_has_its_exit_code(error, code):
    assert jobs.exit_code(error) == code


@pytest.mark.parametrize(("age", "state"), [(9, jobs.RUNNING), (11, jobs.DIED)])
def test_a_job_that_was_never_started_is_told_after_ten_seconds(workspace, age, state):
    finished(workspace, "20260101-000000-000000")
    folder = workspace.jobs / "20260101-000000-000000"
    (folder / "exit").unlink()
    then = time.time() - age
    os.utime(folder / "job.json", (then, then))
    assert jobs.read_job(folder).state == state


def test_a_job_whose_process_is_gone_and_that_was_asked_to_stop_was_cancelled(workspace):
    finished(workspace, "20260101-000000-000000")
    folder = workspace.jobs / "20260101-000000-000000"
    (folder / "exit").unlink()
    (folder / "job.json").write_text(
        json.dumps({"step": "crop", "arguments": [], "started": "", "pid": 2**22 + 1, "born": "1"})
    )
    (folder / "cancel").touch()
    assert jobs.read_job(folder).state == jobs.CANCELLED


@pytest.mark.parametrize(("text", "output"), [("", None), (" \n", None), ("{", None), ('{"a": 1}', {"a": 1})])
def test_a_job_s_document_is_read_where_it_is_one(workspace, text, output):
    finished(workspace, "20260101-000000-000000")
    folder = workspace.jobs / "20260101-000000-000000"
    assert jobs.read_job(folder).output() is None
    (folder / "output.json").write_text(text)
    assert jobs.read_job(folder).output() == output


def test_the_newest_job_of_a_step_is_the_latest(workspace):
    assert jobs.jobs(workspace) == [] and jobs.latest(workspace, "crop") is None
    for name, step in (("1", "crop"), ("2", "crop"), ("3", "train")):
        finished(workspace, f"2026010{name}-000000-000000", step)
    assert jobs.latest(workspace, "crop").id.startswith("20260102")
    assert [job.id[7] for job in jobs.jobs(workspace)] == ["3", "2", "1"]
    assert jobs.job(workspace, "20260103-000000-000000").step == "train"


def test_a_workspace_that_never_had_a_job_has_none(workspace):
    shutil.rmtree(workspace.jobs, ignore_errors=True)
    assert jobs.jobs(workspace) == []


def test_a_job_that_ends_while_it_is_looked_at_is_done(workspace, monkeypatch):
    finished(workspace, "20260101-000000-000000")
    folder = workspace.jobs / "20260101-000000-000000"
    (folder / "exit").unlink()
    about = json.loads((folder / "job.json").read_text()) | {"pid": 7, "born": "1"}
    (folder / "job.json").write_text(json.dumps(about))
    monkeypatch.setattr(jobs, "_alive", lambda pid, born: bool(jobs.finish(folder, 0, "done at last")))
    assert (jobs.read_job(folder).state, jobs.read_job(folder).sentence) == (jobs.DONE, "done at last")
