"""Ending a process with all that it started."""

from __future__ import annotations

import os
import subprocess
import sys

from core.collect.processes import alive, end_session, members

CHILD = "import os, sys, time; os.setsid(); print(os.getpid(), flush=True); time.sleep(600)"
PARENT = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {CHILD!r}]); time.sleep(600)"


def start():
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    assert process.stdout is not None
    return process, int(process.stdout.readline())


def test_a_child_in_a_session_of_its_own_is_a_member_and_ends_too():
    process, child = start()
    assert members(process.pid) == {child}
    assert process.pid in members(os.getpid())
    assert os.getppid() not in members(os.getpid())
    assert alive(child)
    end_session(process)
    assert not alive(child)
    assert not alive(process.pid)
    assert process.returncode == -9
    assert process.stdout.closed and process.stdin.closed


def test_a_process_that_has_ended_and_is_not_collected_does_not_run():
    process = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert not alive(process.pid)
    process.wait()
    assert not alive(process.pid)
    assert alive(os.getpid())
