"""doctor: what is wrong is listed, and repaired on request."""

from __future__ import annotations

import json

from core.cli import main
from core.workspace.workspaces import create_workspace
from tests.faces import add_faces


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
