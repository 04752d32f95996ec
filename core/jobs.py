"""Long work in a subprocess, its progress on disk: it outlives a page, a tab and the server.

A job is `python -m core STEP ... --json` with a folder of its own, data/<workspace>/jobs/<id>/:

    job.json        step, arguments, when it was started, process id and that process's start
    progress.jsonl  one line for each report (see Progress), the newest last
    output.json     what the step printed on standard output (its one JSON document)
    log.txt         standard error
    cancel          made by whoever wants it to stop
    exit            the exit code, written last: a job without one whose process is gone has died
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.atomic import write_json
from core.documents import parse_json
from core.errors import Cancelled, WhoAmIError, WorkspaceError
from core.processes import birth, detached, end_group
from core.progress import Progress, Reporter
from core.settings import ROOT, Settings, current_settings
from core.workspace.folders import Workspace, inside

RUNNING, DONE, FAILED, CANCELLED, DIED = "running", "done", "failed", "cancelled", "died"
CANCELLED_CODE = 3
KEPT_JOBS = 10
"""Finished jobs of each step whose folders are kept; older ones are deleted when the step starts again."""
STOPPED = "The job stopped unexpectedly (restart or out of memory)."
MINIMUM_INTERVAL = 0.2
"""Seconds between two written reports of one stage, so that a fast loop does not fill the disk."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job as its folder tells it. state: running, done, failed, cancelled or died; `sentence` says why in words."""

    id: str
    step: str
    arguments: tuple[str, ...]
    started: str
    folder: Path
    state: str
    progress: Progress | None
    sentence: str = ""

    @property
    def over(self) -> bool:
        return self.state != RUNNING

    def output(self) -> Any:
        """The step's JSON document, or None where it printed none."""
        path = self.folder / "output.json"
        try:
            text = path.read_text(encoding="utf-8")
            return parse_json(text) if text.strip() else None
        except (OSError, ValueError):
            return None

    def history(self) -> list[Progress]:
        """All reports, oldest first: the live curves."""
        return _reports(self.folder / "progress.jsonl")


def start(workspace: Workspace, step: str, arguments: Sequence[str] = (), *, settings: Settings | None = None) -> Job:
    """Start `python -m core STEP --workspace W ...` as a job of its own session. Raises WorkspaceError where the
    same step runs already in this workspace."""
    settings = settings or current_settings()
    for job in jobs(workspace):
        if job.step == step and not job.over:
            raise WorkspaceError(f"{step} is running already in {workspace.name}. Wait for it or cancel it.")
    prune(workspace, step)
    folder = _new_folder(workspace)
    command = [sys.executable, "-m", "core", step, "--workspace", workspace.name]
    command += ["--data-dir", str(settings.data_dir), "--models-dir", str(settings.models), "--json"]
    command += ["--job", str(folder), *arguments]
    write_json(folder / "job.json", {"step": step, "arguments": list(arguments), "started": _now(), "pid": 0})
    environment = os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
    with (folder / "output.json").open("wb") as output, (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=log, **detached()
        )
    about = {"step": step, "arguments": list(arguments), "started": _now(), "pid": process.pid}
    write_json(folder / "job.json", about | {"born": birth(process.pid)})
    _children[process.pid] = process
    return read_job(folder)


def jobs(workspace: Workspace) -> list[Job]:
    """All jobs of a workspace, newest first."""
    if not workspace.jobs.is_dir():
        return []
    folders = sorted((p.parent for p in workspace.jobs.glob("*/job.json")), key=lambda p: p.name, reverse=True)
    return [read_job(folder) for folder in folders]


def prune(workspace: Workspace, step: str, keep: int = KEPT_JOBS) -> None:
    """Delete the folders of a step's finished jobs, the newest `keep` aside."""
    finished = [job for job in jobs(workspace) if job.step == step and job.over]
    for job in finished[keep:]:
        shutil.rmtree(job.folder, ignore_errors=True)


def latest(workspace: Workspace, step: str) -> Job | None:
    """The newest job of a step, or None."""
    return next((job for job in jobs(workspace) if job.step == step), None)


def job(workspace: Workspace, job_id: str) -> Job:
    """One job by id. Raises WorkspaceError where there is none."""
    folder = inside(workspace.jobs, job_id)
    if not (folder / "job.json").exists():
        raise WorkspaceError(f"There is no job {job_id!r} in {workspace.name}.")
    return read_job(folder)


def cancel(job: Job, *, wait: float = 10.0) -> None:
    """Ask a job to stop at the next report; it keeps what is done. After `wait` seconds its process group is ended."""
    (job.folder / "cancel").touch()
    end = time.monotonic() + wait
    while time.monotonic() < end:
        if read_job(job.folder).over:
            return
        time.sleep(0.05)
    about = _about(job.folder)
    if about is not None and _alive(about["pid"], about["born"]):
        end_group(about["pid"])


def read_job(folder: Path) -> Job:
    """The job of a folder, its state worked out from what is on disk and whether its process lives. One that has said
    how it ended is not read again."""
    try:
        ended = (folder / "exit").stat().st_mtime_ns
    except OSError:
        return _read_job(folder)
    return _read_ended(folder, ended)


@lru_cache(maxsize=512)
def _read_ended(folder: Path, ended: int) -> Job:
    return _read_job(folder)


def _read_job(folder: Path) -> Job:
    about = _about(folder)
    if about is None:
        why = f"{folder / 'job.json'} cannot be read. Delete the folder {folder.name}, or start the job again."
        return Job(folder.name, "", (), "", folder, DIED, None, why)
    reports = _reports(folder / "progress.jsonl", last_only=True)
    state, sentence = _state(folder, about)
    progress = reports[-1] if reports else None
    arguments = tuple(about["arguments"])
    return Job(folder.name, about["step"], arguments, about["started"], folder, state, progress, sentence)


def reporter(folder: Path) -> Reporter:
    """The reporter of a job: writes progress.jsonl and raises Cancelled once `cancel` stands in the folder."""
    path = folder / "progress.jsonl"
    last_stage, last_at = "", 0.0

    def report(progress: Progress) -> None:
        nonlocal last_stage, last_at
        at = time.monotonic()
        fresh = progress.stage != last_stage or at - last_at >= MINIMUM_INTERVAL
        if fresh or progress.data or progress.n == progress.total:
            with path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(progress), ensure_ascii=False) + "\n")
            last_stage, last_at = progress.stage, at
        if (folder / "cancel").exists():
            raise Cancelled("Stopped as you asked. What was done so far is kept.")

    return report


def finish(folder: Path, code: int, sentence: str = "") -> None:
    """Say that a job is over: the last thing it does."""
    write_json(folder / "exit", {"code": code, "sentence": sentence})


def exit_code(error: WhoAmIError) -> int:
    """1 for a failure that has a sentence, 3 for a cancelled job."""
    return CANCELLED_CODE if isinstance(error, Cancelled) else 1


_children: dict[int, subprocess.Popen[bytes]] = {}


def _about(folder: Path) -> dict[str, Any] | None:
    """job.json with every key of the right type, or None where it is damaged or missing."""
    try:
        about = parse_json((folder / "job.json").read_text(encoding="utf-8"))
        return {
            "step": str(about["step"]),
            "arguments": [str(one) for one in about["arguments"]],
            "started": str(about["started"]),
            "pid": int(about["pid"]),
            "born": str(about.get("born") or ""),
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return None


def _exit(folder: Path) -> tuple[str, str] | None:
    """How a job ended, by its own word; None while it has not said so."""
    try:
        end = parse_json((folder / "exit").read_text(encoding="utf-8"))
        code = end["code"]
        if not isinstance(code, int) or isinstance(code, bool):
            raise TypeError(f"an exit code is a whole number, got {code!r}")
        return {0: DONE, CANCELLED_CODE: CANCELLED}.get(code, FAILED), str(end.get("sentence", ""))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return FAILED, f"{folder / 'exit'} cannot be read, so how the job ended is not known. Start it again."


def _state(folder: Path, about: dict[str, Any]) -> tuple[str, str]:
    end = _exit(folder)
    if end is not None:
        return end
    pid = about["pid"]
    if pid <= 0:  # the starter is between making the folder and starting the process, or died there
        age = time.time() - (folder / "job.json").stat().st_mtime
        return (RUNNING, "") if age < 10 else (DIED, "It was never started: the app stopped at that moment.")
    if _alive(pid, about["born"]):
        return RUNNING, ""
    end = _exit(folder)
    if end is not None:  # it ended while we looked
        return end
    if (folder / "cancel").exists():
        return CANCELLED, "Stopped as you asked. What was done so far is kept."
    tail = (
        (folder / "log.txt").read_text(errors="replace").strip().splitlines()[-1:]
        if (folder / "log.txt").exists()
        else []
    )
    why = f" Last log line: {tail[0]}" if tail else ""
    return DIED, f"{STOPPED}{why} Start it again."


def _reports(path: Path, *, last_only: bool = False) -> list[Progress]:
    if not path.exists():
        return []
    if last_only:
        with path.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(file.tell() - 65536, 0))
            lines = file.read().decode(errors="replace").splitlines()[-2:]
    else:
        lines = path.read_text("utf-8", "replace").splitlines()
    found = []
    for line in lines:
        try:
            found.append(Progress(**parse_json(line)))
        except (ValueError, TypeError):
            continue  # a line that is being written, or whose start was cut off
    return found


def _new_folder(workspace: Workspace) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    folder = workspace.jobs / stamp
    folder.mkdir(parents=True)
    return folder


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _alive(pid: int, born: str) -> bool:
    """Whether the process that was started then still runs. One without a birth time is never taken for a job's: a
    job.json that came from elsewhere must not end a process of somebody else."""
    child = _children.get(pid)
    if child is not None:
        return child.poll() is None
    return bool(born) and birth(pid) == born
