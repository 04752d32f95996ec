"""Some faces of each character, evenly spread: the same as if all were read and picked from."""

from __future__ import annotations

import pytest

from core.workspace.samples import spread_ids
from tests.faces import add_faces


@pytest.fixture
def made(project):
    return add_faces(project, {"Rei": 5, "Asuka": 2})


def test_the_first_and_the_last_are_among_them_and_few_are_all(project, made):
    rei, asuka = (project.catalogue.character(name).id for name in ("Rei", "Asuka"))
    assert spread_ids(project.catalogue, 3) == {rei: made["Rei"][::2], asuka: made["Asuka"]}
    assert spread_ids(project.catalogue, 1, character_id=[rei]) == {rei: made["Rei"][:1]}
    assert spread_ids(project.catalogue, 3, character_id=[]) == {}


def test_characters_come_in_the_order_of_their_first_faces(project, made):
    rei, asuka = (project.catalogue.character(name).id for name in ("Rei", "Asuka"))
    assert list(spread_ids(project.catalogue, 3)) == [rei, asuka]
    project.catalogue.set_values("faces", {made["Rei"][0]: {"character_id": asuka}})
    assert list(spread_ids(project.catalogue, 3)) == [asuka, rei]


@pytest.mark.parametrize(
    ("values", "counts"),
    [
        ({"state": "proposed"}, False),
        ({"character_id": None}, False),
        ({"copy_of": 1}, False),
        ({"ignored": True}, False),
        ({"enrolled": True, "split": "train"}, True),
    ],
)
def test_only_kept_faces_of_somebody_count(project, made, values, counts):
    face = made["Rei"][2]
    project.catalogue.set_values("faces", {face: values})
    found = spread_ids(project.catalogue, 9, ignored=False)
    assert (face in found[project.catalogue.character("Rei").id]) is counts
    assert (face in [i for own in spread_ids(project.catalogue, 9).values() for i in own]) is (
        counts or "ignored" in values
    )
