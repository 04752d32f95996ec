"""Ending a process with all that it started, also what has moved to a process group of its own (a browser does)."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

PATIENCE = 3.0
"""Seconds that ended processes get to be gone."""


def end_session(process: subprocess.Popen[bytes]) -> None:
    """End a process that was started with start_new_session, and everything in its session or below it; then wait."""
    if os.name == "posix":
        all_of_them = {process.pid, *members(process.pid)}
        for pid in all_of_them:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        process.wait()
        patience = time.monotonic() + PATIENCE
        while any(alive(pid) for pid in all_of_them) and time.monotonic() < patience:
            time.sleep(0.01)
    else:
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
    process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            stream.close()


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and is not yet collected does not."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[0] != "Z"
    except ProcessLookupError:
        return False
    except (OSError, IndexError):
        return not Path("/proc/self/stat").exists()


def members(leader: int) -> set[int]:
    """Ids of the processes whose session or group the leader began, or that descend from it; without itself."""
    found = {leader}
    rows = list(_table())
    while True:
        more = {pid for pid, parent, group, session in rows if found & {parent, group} or session == leader} - found
        if not more:
            return found - {leader}
        found |= more


def _table() -> Iterable[tuple[int, int, int, int]]:
    """(process, parent, group, session) of every process, from /proc or from ps; session 0 where it cannot be told."""
    if Path("/proc/self/stat").exists():
        for path in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError, ValueError, IndexError):
                # "pid (name) state ppid pgrp session ...": the name may hold spaces and brackets.
                fields = path.read_text(errors="replace").rpartition(")")[2].split()
                yield int(path.parent.name), int(fields[1]), int(fields[2]), int(fields[3])
        return
    listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,pgid="], capture_output=True, text=True, check=False).stdout
    for line in listing.splitlines():
        pid, parent, group = map(int, line.split())
        yield pid, parent, group, 0
