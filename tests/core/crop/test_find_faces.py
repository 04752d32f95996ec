"""The crop step proposes, keeps what is sure, and leaves a person's decisions alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import chain

import numpy as np
import pytest

from core.crop import eyes
from core.crop import find_faces as step
from core.crop.config import CropConfig
from core.crop.preview_triage import preview_triage
from core.crop.review import live_faces
from core.errors import Cancelled, DataError, DetectorError
from core.imaging.boxes import Box, Detection
from core.imaging.reading import read_picture
from core.workspace import characters
from core.workspace import faces as acts_on
from core.workspace.catalogue import Catalogue
from core.workspace.embeddings import cached_embeddings
from core.workspace.models import EncoderChoice
from core.workspace.project import Project
from core.workspace.undo import undo
from tests.coloured_faces import MeanColour


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
    monkeypatch.setattr(eyes, "load_detector", lambda name, settings: bright)
    return bright


def new(made, *boxes):
    """A picture that no detector has seen, with bright rectangles in the boxes."""
    return made.picture([], shown=boxes, review="new")[0]


def test_a_sure_face_is_kept_with_its_crop(made, project, detector):
    picture = new(made, Box(60, 40, 50, 60))
    empty = new(made)
    done = step.crop(project)
    assert (done.pictures, done.sure, done.nothing, done.kept) == (2, 1, 1, 1)
    (face,) = live_faces(project.catalogue, picture.id)
    assert face.box.iou(Box(60, 40, 50, 60)) > 0.9
    assert (face.state, face.decided_by) == ("kept", "detector")
    assert read_picture(project.workspace.path(face.path)).shape[0] == pytest.approx(120, abs=6)
    assert project.catalogue.picture(empty.id).review == "nothing"


def test_a_faint_face_is_proposed_and_has_no_file(made, project, detector):
    detector.score = 0.4
    picture = new(made, Box(60, 40, 50, 60))
    step.crop(project)
    (face,) = live_faces(project.catalogue, picture.id)
    assert face.state == "proposed"
    assert not project.workspace.path(face.path).exists()
    assert project.catalogue.picture(picture.id).review == "look"


def test_looking_again_leaves_what_a_person_decided(made, project, detector):
    mine, theirs = new(made, Box(60, 40, 50, 60)), new(made, Box(20, 20, 50, 50))
    step.crop(project)
    acts_on.reject(project, live_faces(project.catalogue, mine.id), "logo")
    drawn = acts_on.draw(project, mine, made.rei, Box(100, 100, 40, 40))
    before = live_faces(project.catalogue, theirs.id)
    step.crop(project, CropConfig(redo=True))
    assert [f.id for f in live_faces(project.catalogue, mine.id)] == [drawn.id]
    again = live_faces(project.catalogue, theirs.id)
    assert len(again) == 1
    assert again[0].id == before[0].id  # found again as it was
    assert project.workspace.path(before[0].path).exists()


def test_faces_of_one_picture_get_names_of_their_own(made, project, detector):
    picture = new(made, Box(60, 40, 50, 60))
    step.crop(project)
    (first,) = live_faces(project.catalogue, picture.id)
    second = acts_on.draw(project, picture, made.rei, Box(10, 10, 40, 40))
    assert first.path != second.path


def test_an_unreadable_picture_is_told_and_the_others_are_done(made, project, detector):
    broken, fine = new(made, Box(60, 40, 50, 60)), new(made, Box(60, 40, 50, 60))
    project.workspace.path(broken.path).write_bytes(b"not a picture")
    done = step.crop(project)
    assert (done.pictures, len(done.failed)) == (1, 1)
    assert project.catalogue.picture(fine.id).review == "sure"


def test_stopping_keeps_what_is_done(made, project, detector):
    for _ in range(4):
        new(made, Box(60, 40, 50, 60))

    def stop_after_two(progress):
        if progress.n >= 2:
            raise Cancelled("Stopped as you asked.")

    with pytest.raises(Cancelled):
        step.crop(project, CropConfig(batch=1), report=stop_after_two)
    assert len(project.catalogue.faces(state="kept")) == 2
    assert step.crop(project).pictures == 2


def test_without_a_detector_the_boxes_that_came_along_are_used(made, project, monkeypatch):
    def none(name, settings):
        raise DetectorError("No face detector can be had.")

    monkeypatch.setattr(eyes, "load_detector", none)
    picture = new(made, Box(60, 40, 50, 60))
    with pytest.raises(DetectorError):
        step.crop(project)
    known = [{"box": [60, 40, 50, 60], "name": "Rei Ayanami"}]
    project.catalogue.set_values("pictures", {picture.id: {"known_faces": known}})
    done = step.crop(project)
    assert (done.detector, done.kept) == ("source", 1)
    assert "brought along" in done.note


def test_no_pictures_is_told(project):
    with pytest.raises(DataError, match="no pictures"):
        step.crop(project)


def test_a_restart_in_the_middle_loses_nothing(made, project, detector):
    picture = new(made, Box(60, 40, 50, 60))
    step.crop(project)
    (face,) = live_faces(project.catalogue, picture.id)
    acts_on.reject(project, [face], "logo")
    project.catalogue.close()
    with Catalogue(project.workspace.catalogue_path) as again:
        assert again.face(face.id).reason == "logo"
        assert undo(Project(project.workspace, again)).action == "rejected a face: logo"


@pytest.mark.parametrize("score", [0.9, 0.4, 0.3, 0.2])
def test_the_preview_counts_what_the_job_with_the_same_settings_makes(made, project, detector, score):
    new(made, Box(60, 40, 50, 60))
    detector.score = score
    step.crop(project, CropConfig(propose=0.1))  # everything that can be seen is in the catalogue now
    for config in (CropConfig(), CropConfig(accept=0.35), CropConfig(accept=0.9, min_side=60)):
        expected = preview_triage(project.catalogue, config, detector.operating_point)
        done = step.crop(project, replace(config, redo=True))
        assert (expected.sure, expected.look, expected.nothing) == (done.sure, done.look, done.nothing), config
        assert expected.kept == done.kept
        step.crop(project, CropConfig(propose=0.1, redo=True))


def test_the_detector_is_looked_for_in_the_folders_of_the_project(made, project, monkeypatch):
    asked = []

    def load_detector(name, *, settings):
        asked.append((name, settings))
        return Bright()

    monkeypatch.setattr(eyes, "load_detector", load_detector)
    new(made, Box(60, 40, 50, 60))
    step.crop(project, CropConfig("cascade"))
    assert asked == [("cascade", project.settings)]


def test_faces_are_embedded_as_they_are_found_where_that_is_asked_for(made, project, detector, monkeypatch, tmp_path):
    encoder = tmp_path / "encoder.safetensors"
    encoder.write_bytes(b"weights")
    monkeypatch.setattr(step, "encoder_in_use", lambda project: EncoderChoice("run-1", encoder, "for this test"))
    monkeypatch.setattr(eyes, "load_encoder", lambda path: MeanColour())
    picture = new(made, Box(60, 40, 50, 60))
    step.crop(project, CropConfig(embed=True))
    faces = live_faces(project.catalogue, picture.id)
    known, vectors = cached_embeddings(project, faces, encoder)
    crop = read_picture(project.workspace.path(faces[0].path))
    assert known == faces and len(faces) == 1
    assert np.allclose(vectors, MeanColour().embed([crop]), atol=0.01)


def test_where_every_picture_was_looked_at_nothing_is_opened(made, project, monkeypatch):
    made.picture()
    monkeypatch.setattr(eyes, "load_detector", lambda *_, **__: pytest.fail("nothing is to be done"))
    done = step.crop(project)
    assert (done.detector, done.pictures, done.note[:36]) == ("none", 0, "Every picture has been looked at. `-")


def beside(*acts: Callable[[], object]) -> step.Looker:
    """The looker of one machine. One act after the other is done each time that it has been told what to look at and
    has not read it yet."""
    left = list(acts)

    def look(eyes, batches):
        first = next(batches)
        if left:
            left.pop(0)()
        yield from step.look_here(eyes, chain([first], batches))

    return look


def test_pictures_of_a_character_that_comes_in_beside_a_crop_are_looked_at_too(made, project, detector):
    new(made, Box(60, 40, 50, 60))
    later = []

    def come_in():
        later.append(project.catalogue.add_character("Misato"))
        later.append(made.picture([], shown=[Box(60, 40, 50, 60)], character=later[0], review="new")[0])

    told = []
    done = step.crop(project, CropConfig(batch=1), look=beside(come_in), report=told.append)
    assert (done.pictures, done.kept, done.failed) == (2, 2, [])
    (face,) = live_faces(project.catalogue, later[1].id)
    assert (face.character_id, face.path) == (later[0].id, "faces/Misato/002_1.jpg")
    assert [(p.n, p.total) for p in told] == [(0, 1), (1, 1), (2, 2)]


@pytest.mark.parametrize(
    ("act", "name"),
    [
        (lambda project, rei: characters.rename(project, rei, "Ayanami"), "Ayanami"),
        (lambda project, rei: characters.merge(project, rei, project.catalogue.character("Asuka")), "Asuka"),
    ],
    ids=["renamed", "merged"],
)
def test_a_crop_follows_pictures_that_are_moved_beside_it(made, project, detector, act, name):
    pictures = [new(made, Box(60, 40, 50, 60)) for _ in range(3)]
    told = []
    done = step.crop(project, CropConfig(batch=2), look=beside(lambda: act(project, made.rei)), report=told.append)
    assert (done.pictures, done.kept, done.failed) == (3, 3, [])
    assert (told[-1].n, told[-1].total) == (3, 3)
    for picture in pictures:
        (face,) = live_faces(project.catalogue, picture.id)
        assert (face.character_id, face.path.split("/")[1]) == (project.catalogue.character(name).id, name)
        assert project.workspace.path(face.path).is_file()


def test_pictures_that_are_deleted_beside_a_crop_are_no_failure(made, project, detector):
    mine, other = new(made, Box(60, 40, 50, 60)), made.picture([], character=made.asuka, review="new")[0]
    done = step.crop(project, look=beside(lambda: characters.delete(project, made.rei)))
    assert (done.pictures, done.nothing, done.failed) == (1, 1, [])
    assert project.catalogue.picture(mine.id).state == "removed"
    assert project.catalogue.picture(other.id).review == "nothing"


def test_a_picture_that_is_moved_again_and_again_is_told_and_the_next_crop_takes_it(made, project, detector):
    new(made, Box(60, 40, 50, 60))

    def rename(to):
        return lambda: characters.rename(project, project.catalogue.character(made.rei.id), to)

    done = step.crop(project, look=beside(*(rename(f"Rei {i}") for i in range(step.TURNS))))
    assert done.pictures == 0
    assert done.failed == ["pictures/Rei_2/001.jpg was moved while it was looked at. The next crop takes it."]
    assert step.crop(project).kept == 1


def test_a_name_that_was_given_before_a_renaming_is_still_that_characters(made, project, monkeypatch):
    def none(name, settings):
        raise DetectorError("No face detector can be had.")

    monkeypatch.setattr(eyes, "load_detector", none)
    picture = new(made, Box(60, 40, 50, 60))
    known = [{"box": [60, 40, 50, 60], "name": "Asuka"}]
    project.catalogue.set_values("pictures", {picture.id: {"known_faces": known}})
    step.crop(project, look=beside(lambda: characters.rename(project, made.asuka, "Soryu")))
    assert [f.character_id for f in live_faces(project.catalogue, picture.id)] == [made.asuka.id]
