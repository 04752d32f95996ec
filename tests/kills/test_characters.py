"""Edits of characters: files and enrolment right afterwards and after undo, and two processes at the same moment."""

from __future__ import annotations

import os

import pytest

from core.recognise.enrolment import enrolled_faces
from core.settings import Settings
from core.workspace.project import open_project
from core.workspace.undo import undo
from tests.kills.harness import FAILED, end_of, in_fork, start_fork
from tests.kills.scenes import EDITS, run, snapshot

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork"),
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
]

ENROLLED = {
    "rename": {"Rei Ayanami": 4, "Asuka": 4},
    "merge": {"Asuka": 8},
    "split": {"Rei": 1, "Yui": 3, "Asuka": 4},
    "delete": {"Asuka": 4},
    "name a group": {"Rei": 4, "Asuka": 4},
}
"""Whom recognising compares with afterwards, and with how many faces."""


def enrolled(settings: Settings) -> dict[str, int]:
    with open_project("test", settings) as project:
        names = enrolled_faces(project.catalogue)[1]
    return {name: names.count(name) for name in names}


@pytest.mark.parametrize("name", EDITS)
def test_files_and_enrolment_follow_an_edit_and_its_undo(name, made, tmp_path):
    make, act = EDITS[name]
    settings = made(make, tmp_path)
    before, enrolled_before = snapshot(settings), enrolled(settings)
    assert in_fork(lambda: run(act, settings)) == 0
    after = snapshot(settings)
    assert after["whole"] and not after["left"] and after != before
    assert enrolled(settings) == ENROLLED[name]
    assert in_fork(lambda: run(undo, settings)) == 0
    again = snapshot(settings)
    for part in ("faces", "pictures", "files", "whole", "left"):
        assert again[part] == before[part], part
    assert [row for row in again["cast"] if row[2] == "active"] == before["cast"]
    assert enrolled(settings) == enrolled_before


@pytest.mark.parametrize("name", EDITS)
def test_the_same_edit_by_two_processes_gives_what_one_gives(name, made, tmp_path):
    make, act = EDITS[name]
    one, two = (made(make, tmp_path / kind) for kind in ("one", "two"))
    assert in_fork(lambda: run(act, one)) == 0
    running = [start_fork(lambda: run(act, two)) for _ in range(2)]
    assert sorted(end_of(pid) for pid in running) in ([0, 0], [0, FAILED])
    assert snapshot(two) == snapshot(one)
