"""Processes of their own: started apart from this one, known again by when they began, ended with their children."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from typing import Any


def detached() -> dict[str, Any]:
    """What subprocess.Popen is told, so that the process outlives this one and its terminal."""
    if os.name == "nt":
        return {"creationflags": 0x00000200 | 0x00000008}  # CREATE_NEW_PROCESS_GROUP | DETACHED_PROCESS
    return {"start_new_session": True}


def birth(pid: int) -> str:
    """When a process began, so that a reused number is not taken for it; empty where there is no such process."""
    try:
        if Path("/proc/self/stat").exists():
            stat = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rsplit(")", 1)[1].split()
            return "" if stat[0] == "Z" else stat[19]
        if os.name == "nt":
            ask = ["powershell", "-NoProfile", "-Command", f"(Get-Process -Id {pid}).StartTime.Ticks"]
        else:
            ask = ["ps", "-o", "lstart=", "-p", str(pid)]
        return subprocess.run(ask, capture_output=True, text=True, check=False).stdout.strip()
    except (OSError, IndexError):
        return ""


def end_group(pid: int) -> None:
    """End a process that was started with `detached`, and its children."""
    if os.name == "nt":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(pid)], capture_output=True, check=False)
        return
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
