"""Processes that are killed at a durable moment: before or after the n-th rename, unlink, mkdir, fsync or commit.

Everything runs in forks of this warm process, so that a kill costs a fraction of a second.
"""

from __future__ import annotations

import errno
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


def start_fork(act: Callable[[], None]) -> int:
    """Run an act in a fork; its process id. What it raises is printed there.

    OpenCV's threads are ended before: a fork has none of them, and would wait for them for ever.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    pid = os.fork()
    if pid:
        cv2.setNumThreads(threads)
        return pid
    try:
        act()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(FAILED)


def end_of(pid: int) -> int:
    """The exit code of a fork, once it has ended; minus the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def in_fork(act: Callable[[], None]) -> int:
    """Run an act in a fork to its end; its exit code."""
    return end_of(start_fork(act))


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


def without_space_at(act: Callable[[], None], moment: int) -> None:
    """Run an act that finds the disk full from a moment on; it may fail or not."""

    def failing() -> None:
        _install(moment, full=True)
        act()

    assert in_fork(failing) in (0, FAILED)


def _install(moment: int | None, *, full: bool = False) -> Callable[[], int]:
    """Wrap what lasts, in this process, to count moments and to die at one, or to find the disk full from one on.

    Gives a function that tells the count.
    """
    guard = threading.Lock()
    count = 0

    def pass_by() -> None:
        nonlocal count
        with guard:
            count += 1
            if full and moment is not None and count >= moment:
                raise OSError(errno.ENOSPC, "No space left on device")
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
