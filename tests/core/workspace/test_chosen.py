"""Faces that a person names by their ids: originals, never balancing copies."""

from __future__ import annotations

import pytest

from core.errors import CatalogueError
from core.workspace.chosen import chosen_faces
from core.workspace.enrolment import enrol_as
from tests.faces import add_faces


@pytest.fixture
def with_copy(project):
    """A workspace with two faces, and a copy of the first: its id."""
    add_faces(project, {"Rei": 2})
    first = project.catalogue.faces()[0]
    row = {"picture_id": first.picture_id, "character_id": first.character_id, "copy_of": first.id}
    row |= {"state": first.state, "x": first.x, "y": first.y, "w": first.w, "h": first.h, "path": "faces/Rei/c.jpg"}
    (copy,) = project.catalogue.add_faces([row], action="copied")
    return copy.id


def test_they_come_in_the_order_of_their_ids_as_given(project, with_copy):
    first, second = (face.id for face in project.catalogue.faces(copy_of=None))
    assert [face.id for face in chosen_faces(project.catalogue, [second, first])] == [second, first]
    with pytest.raises(CatalogueError, match="no row 99"):
        chosen_faces(project.catalogue, [first, 99])


def test_a_balancing_copy_is_refused_and_its_original_named(project, with_copy):
    with pytest.raises(CatalogueError, match=r"is a balancing copy of face 1\. Choose face 1"):
        chosen_faces(project.catalogue, [1, with_copy])
    with pytest.raises(CatalogueError, match="is a balancing copy"):
        enrol_as(project, "Asuka", [with_copy])
    assert [c.name for c in project.catalogue.characters()] == ["Rei"]
