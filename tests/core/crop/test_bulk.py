"""Many faces at once: which is the best of each picture, one undo for all, and what leaving them open costs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.crop.bulk import Waiting, best_of_each, keep_best_of_each, waiting, with_kept
from core.errors import CatalogueError
from core.imaging.boxes import Box
from core.workspace import undo as history
from core.workspace.faces import reject
from core.workspace.tables import Face


def face(face_id, picture, score=0.5, state="proposed", side=50.0):
    return Face(face_id, picture, 1, w=side, h=side, score=score, state=state)


def ids(faces):
    return [f.id for f in faces]


def test_the_highest_score_of_each_picture_is_the_best():
    best, rest = best_of_each([face(1, 7, 0.4), face(2, 7, 0.6), face(3, 8, 0.1)])
    assert (ids(best), ids(rest)) == ([2, 3], [1])


def test_a_kept_face_is_better_than_any_score_and_size_decides_between_equals():
    best, rest = best_of_each([face(1, 7, 0.9), face(2, 7, 0.2, "kept"), face(3, 8), face(4, 8, side=60.0)])
    assert (ids(best), ids(rest)) == ([2, 4], [1, 3])


def test_two_characters_of_one_picture_have_a_best_face_each():
    other = replace(face(2, 7, 0.3), character_id=2)
    best, rest = best_of_each([face(1, 7, 0.9), other, face(3, 7, 0.8)])
    assert (ids(best), ids(rest)) == ([1, 2], [3])


def test_a_face_that_was_kept_before_beats_the_proposals_of_its_picture(made, project):
    boxes = [Box(10, 10, 50, 50), Box(100, 100, 50, 50)]
    _, (kept, proposal) = made.picture(boxes, states=["kept", "proposed"], scores=[0.4, 0.9])
    assert ids(with_kept(project.catalogue, [proposal])) == [proposal.id, kept.id]
    keep_best_of_each(project, with_kept(project.catalogue, [proposal]))
    assert [project.catalogue.face(f.id).state for f in (kept, proposal)] == ["kept", "rejected"]


def test_one_undo_takes_all_of_it_back(made, project):
    boxes = [Box(10, 10, 50, 50), Box(100, 100, 50, 50)]
    faces = [f for _ in range(3) for f in made.picture(boxes, scores=[0.3, 0.6])[1]]
    change = keep_best_of_each(project, faces)
    assert change.action == "kept the best face of 3 pictures, rejected 3"
    states = lambda: [project.catalogue.face(f.id).state for f in faces]  # noqa: E731
    assert states() == ["rejected", "kept"] * 3
    history.undo(project)
    assert states() == ["proposed"] * 6


def test_a_face_that_was_decided_elsewhere_stops_all_of_it(made, project):
    _, faces = made.picture([Box(10, 10, 50, 50), Box(100, 100, 50, 50)])
    reject(project, [faces[0]], "logo")
    with pytest.raises(CatalogueError, match="changed elsewhere"):
        keep_best_of_each(project, faces)
    assert project.catalogue.face(faces[1].id).state == "proposed"


def test_what_waits_is_counted_with_the_characters_that_need_it(made, project):
    for _ in range(5):
        made.picture(states=["kept"], review="sure", scores=[0.9])
    made.picture()
    made.picture([Box(10, 10, 50, 50), Box(100, 100, 50, 50)], character=made.asuka)
    made.picture([], review="nothing", character=made.asuka)
    assert waiting(project.catalogue) == Waiting(pictures=3, proposed=3, kept=5, thin={"Asuka": 0})
