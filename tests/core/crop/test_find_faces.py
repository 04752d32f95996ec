"""The crop step proposes, keeps what is sure, and leaves a person's decisions alone."""

from __future__ import annotations

import numpy as np
import pytest

from core.crop import find_faces as step
from core.crop.config import CropConfig
from core.crop.review import draw_box, live_faces, reject_faces
from core.errors import Cancelled, DataError, DetectorError
from core.imaging.boxes import Box, Detection
from core.imaging.reading import read_picture
from core.workspace.catalogue import Catalogue


class Bright:
    """Finds the bright rectangles of the test's pictures, with the scores it was given."""

    name, operating_point = "bright", 0.5

    def __init__(self, score=0.9):
        self.score = score

    def detect_many(self, pictures, *, min_score=None):
        found = []
        for rgb in pictures:
            ys, xs = np.nonzero(rgb.min(axis=2) > 150)
            box = Box.from_corners(xs.min(), ys.min(), xs.max() + 1, ys.max() + 1) if len(xs) else None
            found.append([Detection(box, self.score, self.name)] if box and self.score >= min_score else [])
        return found


@pytest.fixture
def detector(monkeypatch):
    bright = Bright()
    monkeypatch.setattr(step, "load_detector", lambda name: bright)
    return bright


def new(made, *boxes):
    """A picture that no detector has seen, with bright rectangles in the boxes."""
    picture, faces = made.picture(boxes, review="new")
    made.catalogue.set_values("faces", {f.id: {"state": "removed"} for f in faces})
    return picture


def test_a_sure_face_is_kept_with_its_crop(made, workspace, catalogue, detector):
    picture = new(made, Box(60, 40, 50, 60))
    empty = new(made)
    done = step.crop(workspace, catalogue)
    assert (done.pictures, done.sure, done.nothing, done.kept) == (2, 1, 1, 1)
    (face,) = live_faces(catalogue, picture.id)
    assert face.box.iou(Box(60, 40, 50, 60)) > 0.9
    assert (face.state, face.decided_by) == ("kept", "detector")
    assert read_picture(workspace.path(face.path)).shape[0] == pytest.approx(120, abs=6)
    assert catalogue.picture(empty.id).review == "nothing"


def test_a_faint_face_is_proposed_and_has_no_file(made, workspace, catalogue, detector):
    detector.score = 0.4
    picture = new(made, Box(60, 40, 50, 60))
    step.crop(workspace, catalogue)
    (face,) = live_faces(catalogue, picture.id)
    assert face.state == "proposed"
    assert not workspace.path(face.path).exists()
    assert catalogue.picture(picture.id).review == "look"


def test_looking_again_leaves_what_a_person_decided(made, workspace, catalogue, detector):
    mine, theirs = new(made, Box(60, 40, 50, 60)), new(made, Box(20, 20, 50, 50))
    step.crop(workspace, catalogue)
    reject_faces(workspace, catalogue, live_faces(catalogue, mine.id), "logo")
    drawn = draw_box(workspace, catalogue, mine, made.rei, Box(100, 100, 40, 40))
    before = live_faces(catalogue, theirs.id)
    step.crop(workspace, catalogue, CropConfig(redo=True))
    assert [f.id for f in live_faces(catalogue, mine.id)] == [drawn.id]
    again = live_faces(catalogue, theirs.id)
    assert len(again) == 1
    assert again[0].id != before[0].id
    assert not workspace.path(before[0].path).exists()


def test_faces_of_one_picture_get_names_of_their_own(made, workspace, catalogue, detector):
    picture = new(made, Box(60, 40, 50, 60))
    step.crop(workspace, catalogue)
    (first,) = live_faces(catalogue, picture.id)
    second = draw_box(workspace, catalogue, picture, made.rei, Box(10, 10, 40, 40))
    assert first.path != second.path


def test_an_unreadable_picture_is_told_and_the_others_are_done(made, workspace, catalogue, detector):
    broken, fine = new(made, Box(60, 40, 50, 60)), new(made, Box(60, 40, 50, 60))
    workspace.path(broken.path).write_bytes(b"not a picture")
    done = step.crop(workspace, catalogue)
    assert (done.pictures, len(done.failed)) == (1, 1)
    assert catalogue.picture(fine.id).review == "sure"


def test_stopping_keeps_what_is_done(made, workspace, catalogue, detector):
    for _ in range(4):
        new(made, Box(60, 40, 50, 60))

    def stop_after_two(progress):
        if progress.n >= 2:
            raise Cancelled("Stopped as you asked.")

    with pytest.raises(Cancelled):
        step.crop(workspace, catalogue, CropConfig(batch=1), report=stop_after_two)
    assert len(catalogue.faces(state="kept")) == 2
    assert step.crop(workspace, catalogue).pictures == 2


def test_without_a_detector_the_boxes_that_came_along_are_used(made, workspace, catalogue, monkeypatch):
    def none(name):
        raise DetectorError("No face detector can be had.")

    monkeypatch.setattr(step, "load_detector", none)
    picture = new(made, Box(60, 40, 50, 60))
    with pytest.raises(DetectorError):
        step.crop(workspace, catalogue)
    known = [{"box": [60, 40, 50, 60], "name": "Rei Ayanami"}]
    catalogue.set_values("pictures", {picture.id: {"known_faces": known}})
    done = step.crop(workspace, catalogue)
    assert (done.detector, done.kept) == ("source", 1)
    assert "brought along" in done.note


def test_no_pictures_is_told(workspace, catalogue):
    with pytest.raises(DataError, match="no pictures"):
        step.crop(workspace, catalogue)


def test_a_restart_in_the_middle_loses_nothing(made, workspace, catalogue, detector):
    picture = new(made, Box(60, 40, 50, 60))
    step.crop(workspace, catalogue)
    (face,) = live_faces(catalogue, picture.id)
    reject_faces(workspace, catalogue, [face], "logo")
    catalogue.close()
    with Catalogue(workspace.catalogue_path) as again:
        assert again.face(face.id).reason == "logo"
        assert again.undo().action == "rejected a face: logo"
