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
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.errors import Cancelled, WhoAmIError, WorkspaceError
from core.progress import Progress, Reporter
from core.settings import ROOT, Settings
from core.workspace.atomic import write_json
from core.workspace.folders import Workspace, inside

RUNNING, DONE, FAILED, CANCELLED, DIED = "running", "done", "failed", "cancelled", "died"
CANCELLED_CODE = 3
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

    def output(self) -> dict | list | None:
        """The step's JSON document, or None where it printed none."""
        path = self.folder / "output.json"
        text = path.read_text() if path.exists() else ""
        return json.loads(text) if text.strip() else None

    def history(self) -> list[Progress]:
        """All reports, oldest first: the live curves."""
        return _reports(self.folder / "progress.jsonl")


def start(workspace: Workspace, step: str, arguments: Sequence[str] = (), *, settings: Settings | None = None) -> Job:
    """Start `python -m core STEP --workspace W ...` as a job of its own session. Raises WorkspaceError where the
    same step runs already in this workspace."""
    settings = settings or Settings()
    for job in jobs(workspace):
        if job.step == step and not job.over:
            raise WorkspaceError(f"{step} is running already in {workspace.name}. Wait for it or cancel it.")
    folder = _new_folder(workspace)
    command = [sys.executable, "-m", "core", step, "--workspace", workspace.name]
    command += ["--data-dir", str(settings.data_dir), "--models-dir", str(settings.models), "--json"]
    command += ["--job", str(folder), *arguments]
    write_json(folder / "job.json", {"step": step, "arguments": list(arguments), "started": _now(), "pid": 0})
    environment = os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
    with (folder / "output.json").open("wb") as output, (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=log, **_detached()
        )
    about = {"step": step, "arguments": list(arguments), "started": _now(), "pid": process.pid}
    write_json(folder / "job.json", about | {"born": _birth(process.pid)})
    _children[process.pid] = process
    return read_job(folder)


def jobs(workspace: Workspace) -> list[Job]:
    """All jobs of a workspace, newest first."""
    if not workspace.jobs.is_dir():
        return []
    folders = sorted((p.parent for p in workspace.jobs.glob("*/job.json")), key=lambda p: p.name, reverse=True)
    return [read_job(folder) for folder in folders]


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
    about = json.loads((job.folder / "job.json").read_text())
    if about["pid"] and _alive(about["pid"], about.get("born")):
        _end(about["pid"])


def read_job(folder: Path) -> Job:
    """The job of a folder, its state worked out from what is on disk and whether its process lives."""
    about = json.loads((folder / "job.json").read_text())
    reports = _reports(folder / "progress.jsonl", last_only=True)
    state, sentence = _state(folder, about)
    progress = reports[-1] if reports else None
    arguments = tuple(about["arguments"])
    return Job(folder.name, about["step"], arguments, about["started"], folder, state, progress, sentence)


def reporter(folder: Path) -> Reporter:
    """The reporter of a job: writes progress.jsonl and raises Cancelled once `cancel` stands in the folder."""
    path = folder / "progress.jsonl"
    last = {"stage": "", "at": 0.0}

    def report(progress: Progress) -> None:
        at = time.monotonic()
        fresh = progress.stage != last["stage"] or at - last["at"] >= MINIMUM_INTERVAL
        if fresh or progress.data or progress.n == progress.total:
            with path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(progress), ensure_ascii=False) + "\n")
            last.update(stage=progress.stage, at=at)
        if (folder / "cancel").exists():
            raise Cancelled("Stopped as you asked. What was done so far is kept.")

    return report


def finish(folder: Path, code: int, sentence: str = "") -> None:
    """Say that a job is over: the last thing it does."""
    write_json(folder / "exit", {"code": code, "sentence": sentence})


def exit_code(error: WhoAmIError) -> int:
    """1 for a failure that has a sentence, 3 for a cancelled job."""
    return CANCELLED_CODE if isinstance(error, Cancelled) else 1


_children: dict[int, subprocess.Popen] = {}


def _state(folder: Path, about: dict) -> tuple[str, str]:
    path = folder / "exit"
    if path.exists():
        end = json.loads(path.read_text())
        state = {0: DONE, CANCELLED_CODE: CANCELLED}.get(end["code"], FAILED)
        return state, end.get("sentence", "")
    pid = about["pid"]
    if not pid:  # the starter is between making the folder and starting the process, or died there
        age = time.time() - (folder / "job.json").stat().st_mtime
        return (RUNNING, "") if age < 10 else (DIED, "It was never started: the app stopped at that moment.")
    if _alive(pid, about.get("born")):
        return RUNNING, ""
    if path.exists():  # it ended while we looked
        return _state(folder, about)
    if (folder / "cancel").exists():
        return CANCELLED, "Stopped as you asked. What was done so far is kept."
    tail = (
        (folder / "log.txt").read_text(errors="replace").strip().splitlines()[-1:]
        if (folder / "log.txt").exists()
        else []
    )
    why = f" Its last words: {tail[0]}" if tail else ""
    return DIED, f"It ended without a word: the machine was restarted, or it ran out of memory.{why} Start it again."


def _reports(path: Path, *, last_only: bool = False) -> list[Progress]:
    if not path.exists():
        return []
    if last_only:
        with path.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(file.tell() - 65536, 0))
            lines = file.read().decode(errors="replace").splitlines()[-2:]
    else:
        lines = path.read_text(errors="replace").splitlines()
    found = []
    for line in lines:
        try:
            found.append(Progress(**json.loads(line)))
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


def _detached() -> dict:
    if os.name == "nt":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.DETACHED_PROCESS}
    return {"start_new_session": True}


def _birth(pid: int) -> str:
    """When a process began, so that a reused number is not taken for it; empty where the system does not tell."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
    except (OSError, IndexError):
        return ""


def _alive(pid: int, born: str | None) -> bool:
    child = _children.get(pid)
    if child is not None:
        return child.poll() is None
    try:
        stat = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return _answers(pid) if not Path("/proc/self/stat").exists() else False
    return stat[0] != "Z" and (not born or stat[19] == born)


def _answers(pid: int) -> bool:
    if os.name == "nt":
        listing = subprocess.run(["tasklist", "/FI", f"PID eq {pid}"], capture_output=True, text=True, check=False)
        return str(pid) in listing.stdout
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _end(pid: int) -> None:
    if os.name == "nt":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(pid)], capture_output=True, check=False)
        return
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
