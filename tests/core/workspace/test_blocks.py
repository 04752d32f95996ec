"""Marks of blocks of faces: those that changed get another one."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.workspace.blocks import BLOCK, face_blocks
from tests.faces import add_faces


def marks(catalogue):
    with catalogue.reading() as db:
        return dict(db.execute(select(face_blocks)).all())


@pytest.mark.parametrize(
    ("values", "marked"), [({"split": "train"}, True), ({"sha256": "a"}, True), ({"score": 0.1, "reason": "b"}, False)]
)
def test_only_what_a_fingerprint_stands_on_marks_a_block(project, values, marked):
    (face, *_) = add_faces(project, {"Rei": 2})["Rei"]
    before = marks(project.catalogue)
    project.catalogue.set_values("faces", {face: values})
    assert (marks(project.catalogue) != before) is marked


def test_a_face_marks_the_block_of_its_id(project):
    add_faces(project, {"Rei": 1})
    (before,) = marks(project.catalogue).items()
    row = {"id": 2 * BLOCK, "picture_id": 1, "character_id": 1}
    project.catalogue.add_faces([row], action="found")
    now = marks(project.catalogue)
    assert set(now) == {0, 2}
    assert (0, now[0]) == before
