"""Processes that are killed at a durable moment: before or after the n-th rename, unlink, mkdir, fsync or commit.

Everything runs in forks of this warm process, so that a kill costs a fraction of a second.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path

import cv2
from sqlalchemy.engine.default import DefaultDialect

WRAPPED = ("replace", "rename", "unlink", "mkdir", "fsync")
FAILED = 70
"""The exit code of a fork whose act raised."""


def in_fork(act: Callable[[], None]) -> int:
    """Run an act in a fork; its exit code, or minus the signal that ended it. What it raises is printed there."""
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    try:
        cv2.setNumThreads(1)
        act()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(FAILED)


def moments(act: Callable[[], None], counted: Path) -> int:
    """How many durable moments an act has: each operation counts twice, before and after it."""

    def counting() -> None:
        counter = _install(None)
        act()
        counted.write_text(str(counter()))

    assert in_fork(counting) == 0
    return int(counted.read_text())


def killed_at(act: Callable[[], None], moment: int) -> bool:
    """Run an act that is killed at a moment; False where it ended before (threads may take another order)."""

    def dying() -> None:
        _install(moment)
        act()

    code = in_fork(dying)
    assert code in (0, -signal.SIGKILL), code
    return code != 0


def _install(moment: int | None) -> Callable[[], int]:
    """Wrap what lasts, in this process, to count moments and to die at one. Gives a function that tells the count."""
    guard = threading.Lock()
    count = 0

    def pass_by() -> None:
        nonlocal count
        with guard:
            count += 1
            if count == moment:
                os.kill(os.getpid(), signal.SIGKILL)

    def wrapped(function: Callable[..., object]) -> Callable[..., object]:
        def around(*args: object, **kwargs: object) -> object:
            pass_by()
            result = function(*args, **kwargs)
            pass_by()
            return result

        return around

    for name in WRAPPED:
        setattr(os, name, wrapped(getattr(os, name)))
    DefaultDialect.do_commit = wrapped(DefaultDialect.do_commit)  # type: ignore[method-assign,assignment]
    return lambda: count
