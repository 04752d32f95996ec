"""The grid's faces: pages in order, counts, and the best of each picture, as lists of all of them would give."""

from __future__ import annotations

import pytest

from core.crop.bulk import best_of_each, with_kept
from core.crop.face_list import FaceList
from core.imaging.boxes import Box

TWO = [Box(10, 10, 50, 50), Box(100, 100, 50, 50)]


def ids(faces):
    return [face.id for face in faces]


def test_proposals_come_with_the_least_sure_first_page_by_page(made, catalogue):
    faces = [made.picture(scores=[score])[1][0] for score in (0.5, 0.2, 0.9, 0.2)]
    found = FaceList("proposed")
    order = [faces[n].id for n in (1, 3, 0, 2)]
    assert (found.count(catalogue), found.ids(catalogue)) == (4, order)
    assert [ids(found.page(catalogue, at, 3)) for at in (0, 3)] == [order[:3], order[3:]]


def test_only_some_characters_and_only_some_ids(made, catalogue):
    (one,), (two,) = (made.picture()[1] for _ in range(2))
    (asuka,) = made.picture(character=made.asuka)[1]
    assert FaceList("proposed", (made.asuka.id,)).ids(catalogue) == [asuka.id]
    assert FaceList("proposed", only=frozenset({two.id, 99})).ids(catalogue) == [two.id]
    assert FaceList("proposed", (made.rei.id,)).among(catalogue, {one.id, asuka.id}) == {one.id}
    assert FaceList("kept").among(catalogue, {one.id}) == set()


@pytest.mark.parametrize("state", ["proposed", "kept", "rejected"])
def test_the_best_of_each_picture_are_counted_as_they_would_be_chosen(made, catalogue, state):
    made.picture(TWO, states=["kept", "proposed"])
    made.picture(TWO, states=["kept", "kept"])
    made.picture(TWO, scores=[0.3, 0.6])
    made.picture(TWO, states=["rejected", "proposed"])
    best, rest = best_of_each(with_kept(catalogue, catalogue.faces(state=state, copy_of=None)))
    assert FaceList(state).best_of_each(catalogue) == (len(best), len(rest))


def test_the_list_follows_what_is_decided(made, catalogue, project):
    from core.workspace.faces import keep

    (face,) = made.picture()[1]
    found = FaceList("proposed")
    assert found.count(catalogue) == 1
    keep(project, [face])
    assert (found.count(catalogue), found.page(catalogue, 0, 40)) == (0, [])
