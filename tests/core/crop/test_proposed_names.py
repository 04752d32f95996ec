"""Names proposed for faces on unnamed frames of videos."""

from types import SimpleNamespace

import numpy as np
import pytest

from core.crop import eyes
from core.crop import find_faces as step
from core.crop.find_faces import crop, look_here
from core.crop.findings import Proposal
from core.crop.looking import Seen, SeenFace
from core.crop.proposed_names import proposed, with_names
from core.crop.review import live_faces
from core.imaging.boxes import Box, Detection
from core.imaging.framing import face_crop
from core.workspace.crops import Crop
from core.workspace.faces import keep
from tests.core.crop.test_find_faces import Bright

FACE = Box(60, 40, 50, 60)


def seen_face(kept):
    crop = Crop.of(np.zeros((8, 8, 3), np.uint8)) if kept else None
    return SeenFace(Proposal(Detection(FACE, 0.9), kept), 0.5, crop, np.ones(2, np.float32))


def test_a_named_face_is_a_proposal_to_look_at_and_the_others_stay_as_they_are():
    seen = Seen("sure", (seen_face(True), seen_face(False)))
    found = proposed(seen, ["Rei", ""])
    assert (found.review, found.faces[1]) == ("look", seen.faces[1])
    assert (found.faces[0].proposal.name, found.faces[0].proposal.kept, found.faces[0].crop) == ("Rei", False, None)
    assert found.faces[0].vector is None, "it was of the crop that is gone"
    assert proposed(seen, ["", ""]) is seen


@pytest.fixture
def frames(made, project, monkeypatch):
    """Four pictures that no detector has seen: two frames of nobody, one of Rei, and nobody's from a folder."""
    monkeypatch.setattr(eyes, "load_detector", lambda name, settings: Bright())
    found = []
    for source, nobody in (("video", True), ("video", True), ("video", False), ("folder", True)):
        picture, faces = made.picture([FACE], review="new", source=source)
        project.catalogue.set_values("faces", {f.id: {"state": "removed"} for f in faces})
        if nobody:
            project.catalogue.set_values("pictures", {picture.id: {"character_id": None}})
        found.append(picture)
    return found


def test_only_unnamed_frames_are_named_and_unknown_faces_stay_unnamed(made, project, frames):
    asked = []

    def name(pixels, boxes):
        asked.append((len(pixels), [len(own) for own in boxes]))
        assert face_crop(pixels[0], boxes[0][0]).max() > 200, "the pixels are those of the picture"
        return [["Asuka"], [""]]

    crop(project, look=with_names(look_here, name))
    assert asked == [(2, [1, 1])]
    named, unknown, rei, heap = [live_faces(project.catalogue, p.id)[0] for p in frames]
    assert (named.character_id, named.state, named.decided_by) == (made.asuka.id, "proposed", "detector")
    assert (unknown.character_id, unknown.state) == (None, "kept")
    assert (rei.character_id, rei.state) == (made.rei.id, "kept")
    assert (heap.character_id, heap.state) == (None, "kept")
    assert [project.catalogue.picture(p.id).review for p in frames] == ["look", "sure", "sure", "sure"]


def test_a_frame_that_is_deleted_before_it_is_named_is_passed_over(made, project, frames):
    asked = []

    def look(eyes, batches):
        for one in look_here(eyes, batches):
            project.workspace.path(frames[0].path).unlink()
            yield one

    def name(pixels, boxes):
        asked.append(len(pixels))
        return [["Asuka"]]

    crop(project, look=with_names(look, name))
    assert asked == [1]
    assert live_faces(project.catalogue, frames[1].id)[0].character_id == made.asuka.id


def test_keeping_the_proposal_makes_it_the_characters(made, project, frames):
    crop(project, look=with_names(look_here, lambda pixels, boxes: [["Asuka"] for _ in boxes]))
    keep(project, live_faces(project.catalogue, frames[0].id))
    (face,) = live_faces(project.catalogue, frames[0].id)
    assert (face.state, face.character_id) == ("kept", made.asuka.id)
    assert project.workspace.path(face.path).is_file() and face.path.startswith("faces/Asuka/")


def test_a_looker_that_is_left_is_closed():
    closed = []

    def look(eyes, batches):
        try:
            yield step.Looked()
            yield step.Looked()
        finally:
            closed.append(True)

    found = with_names(look, lambda pixels, boxes: [])(SimpleNamespace(), iter(()))
    next(found)
    found.close()
    assert closed == [True]
