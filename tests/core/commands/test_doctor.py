"""doctor: what is wrong is listed, and repaired on request."""

from __future__ import annotations

import json

import pytest

from core.cli import main
from core.commands.doctor import _told
from core.workspace.doctor import Problem
from core.workspace.workspaces import create_workspace
from tests.faces import add_faces

PROBLEM = Problem("face without its file", "faces/Rei/1.jpg", "It is cut again.")


def doctor(capsys, *options):
    code = main(["doctor", "--json", *options])
    return code, json.loads(capsys.readouterr().out)["workspaces"]


def test_a_face_whose_file_is_gone_is_listed_then_repaired(project, capsys):
    add_faces(project, {"Rei": 2})
    assert doctor(capsys, "--workspace", "test")[1][0]["problems"] == []
    project.workspace.path(project.catalogue.faces()[0].path).unlink()
    code, (found,) = doctor(capsys, "--workspace", "test")
    assert code == 0
    assert "face without its file" in {problem["kind"] for problem in found["problems"]}
    _, (found,) = doctor(capsys, "--workspace", "test", "--repair")
    assert (found["problems"], found["repaired"] > 0) == ([], True)


def test_without_a_name_every_workspace_is_looked_at_a_broken_one_too(settings, capsys):
    create_workspace("good", settings)
    create_workspace("bad", settings)
    for path in (settings.data_dir / "bad").glob("catalogue.db*"):
        path.unlink()
    (settings.data_dir / "bad" / "catalogue.db").write_bytes(b"noise" * 1000)
    code, found = doctor(capsys)
    assert code == 0
    assert [(one["workspace"], bool(one["error"])) for one in found] == [("bad", True), ("good", False)]
    assert [one["repaired"] for one in found] == [0, 0]
    assert main(["doctor", "--workspace", "bad"]) == 1


def test_where_no_workspace_can_be_opened_it_has_failed(settings, capsys):
    (settings.data_dir / "bad").mkdir(parents=True)
    (settings.data_dir / "bad" / "catalogue.db").write_bytes(b"noise" * 1000)
    assert main(["doctor"]) == 1
    assert "No workspace could be opened." in capsys.readouterr().err


def test_without_a_workspace_it_says_so(settings, capsys):
    assert main(["doctor"]) == 0
    assert capsys.readouterr().out == "There is no workspace yet.\n"


@pytest.mark.parametrize(("options", "left", "repaired"), [((), 3, 0), (("--repair",), 1, 2)])
def test_what_was_repaired_is_what_is_no_longer_found(workspace, capsys, monkeypatch, options, left, repaired):
    problems = [PROBLEM] * 3
    monkeypatch.setattr("core.workspace.doctor.inspect", lambda project: problems)
    monkeypatch.setattr("core.workspace.doctor.repair", lambda project: problems[:1])
    (found,) = doctor(capsys, "--workspace", "test", *options)[1]
    assert (len(found["problems"]), found["repaired"]) == (left, repaired)


@pytest.mark.parametrize(
    ("n", "repaired", "first", "last"),
    [
        (0, 2, "w: nothing is wrong. 2 repaired.", "w: nothing is wrong. 2 repaired."),
        (50, 0, "w: 50 to repair.", "kind  49     advice"),
        (52, 1, "w: 52 to repair. 1 repaired.", "... and 2 more."),
    ],
)
def test_fifty_problems_are_listed(n, repaired, first, last):
    problems = [{"kind": "kind", "about": str(i), "advice": "advice"} for i in range(n)]
    lines = _told({"workspace": "w", "repaired": repaired, "error": "", "problems": problems}).splitlines()
    assert (lines[0], lines[-1]) == (first, last)
    assert len(lines) == (1 if n == 0 else 3 + min(n, 50) + (n > 50))
