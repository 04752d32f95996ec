"""status: six steps, how far each is, and which comes next."""

from __future__ import annotations

from core.workspace.history import Edit
from tests.edits import change
from tests.faces import add_faces


def test_an_empty_workspace_begins_with_collecting(run):
    code, document, _ = run("status")
    assert code == 0
    assert (document["workspace"], document["next"]) == ("test", "collect")
    assert [one["step"] for one in document["steps"]] == [
        "collect",
        "crop",
        "balance",
        "train",
        "visualise",
        "recognise",
    ]


def test_with_faces_the_next_step_is_another_and_the_words_say_the_same(run, told, project):
    add_faces(project, {"Rei": 8, "Asuka": 8})
    following = run("status")[1]["next"]
    assert following == "balance"
    assert told("status").splitlines()[-1] == "Next: balance."


def test_faces_without_a_name_are_named_next_as_on_the_pages(run, told, project):
    add_faces(project, {"Rei": 8, "Asuka": 8})
    nobodys = [Edit("faces", face.id, {"character_id": None}) for face in project.catalogue.faces()]
    change(project, "nobody's", *nobodys)
    document = run("status")[1]
    assert (document["next"], len(document["steps"])) == ("characters", 6)
    assert told("status").splitlines()[-1] == "Next: characters."


def test_a_workspace_that_is_not_there_is_told(run):
    code, document, words = run("status", workspace="nobody")
    assert (code, document) == (1, None)
    assert "nobody" in words
