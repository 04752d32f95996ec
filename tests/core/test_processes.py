"""Processes that outlive their parent: known again by when they began, ended with their children."""

from __future__ import annotations

import os
import subprocess
import sys

from core.processes import birth, detached, end_group

PARENT = "import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE); print(p.pid, flush=True); p.wait()"  # noqa: E501  # one line for -c


def test_a_process_is_known_by_when_it_began():
    one = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    began = birth(one.pid)
    assert began
    assert birth(one.pid) == began
    one.communicate()
    assert birth(one.pid) == ""
    assert birth(os.getpid()) != ""


def test_one_that_has_ended_and_is_not_collected_is_none_any_more():
    one = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, one.pid, os.WEXITED | os.WNOWAIT)
    assert birth(one.pid) == ""
    one.wait()


def test_a_detached_process_leads_its_group_and_ends_with_its_children():
    one = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, **detached())
    assert os.getpgid(one.pid) == one.pid != os.getpgid(0)
    child = int(one.stdout.readline())
    assert birth(child)
    end_group(one.pid)
    assert one.wait() == -9
    assert one.stdout.read() == b""  # the child held it open until its own end
    one.stdout.close()
    end_group(one.pid)  # nobody there is no error
