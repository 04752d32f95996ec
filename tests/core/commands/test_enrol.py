"""enrol: everybody, a character by some faces, or again by another encoder."""

from __future__ import annotations

import pytest

from core.commands.enrol import Arguments
from core.errors import DataError
from tests.coloured_faces import MeanColour, add_face


@pytest.fixture(autouse=True)
def encoder(monkeypatch):
    """An encoder that sees colours only."""
    seen = MeanColour()
    monkeypatch.setattr("core.workspace.embeddings.load_encoder", lambda *a, **k: seen, raising=False)
    return seen


def test_who_is_meant_is_said_once():
    assert Arguments() == Arguments((), None, False)
    with pytest.raises(DataError, match="--again enrols nobody new"):
        Arguments((("Rei", "1"),), again=True)
    with pytest.raises(DataError, match="Name the faces of Rei too"):
        Arguments((("Rei",),))


def test_by_itself_everybody_is_enrolled_and_counted(run, project):
    for name, colours in {"Rei": 3, "Asuka": 2}.items():
        character = project.catalogue.add_character(name)
        for i in range(colours):
            add_face(project, character, f"{i}", (200 - i, 10 + i, len(name)))
    code, document, _ = run("enrol", "--encoder", "pretrained")
    assert code == 0
    assert (document["faces"], document["characters"]) == (5, {"Rei": 3, "Asuka": 2})
    assert document["encoder"] == "pretrained"
    assert all(f.enrolled for f in project.catalogue.faces(state="kept"))


def test_a_character_is_enrolled_by_the_ids_of_its_faces(run, project):
    rei = project.catalogue.add_character("Rei")
    one, two, other = (add_face(project, rei, str(i), (200, 10 * i, 5)) for i in range(3))
    document = run("enrol", "--encoder", "pretrained", "--character", "Rei", one.id, two.id)[1]
    assert document["characters"] == {"Rei": 2}
    assert not project.catalogue.face(other.id).enrolled
    assert run("enrol", "--encoder", "pretrained", "--again")[1]["faces"] == 2
