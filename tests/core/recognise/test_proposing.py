"""Names for found faces: of matches alone, each at most once on a picture."""

import cv2
import numpy as np
import pytest
from safetensors.numpy import save_file

from core.imaging.boxes import Box
from core.recognise.enrolment import enrol_all
from core.recognise.proposing import gallery_namer
from tests.coloured_faces import MeanColour, add_face

RED, BLUE, GREEN = (210, 5, 21), (10, 25, 200), (0, 200, 0)
LEFT, RIGHT = Box(25, 30, 20, 20), Box(105, 30, 20, 20)


@pytest.fixture
def cast(project, monkeypatch):
    path = project.workspace.models / "run1" / "encoder.safetensors"
    path.parent.mkdir(parents=True)
    save_file({}, path, {"spec": "{}"})
    (path.parent / "metrics.json").write_text("{}")
    monkeypatch.setattr("core.workspace.embeddings.load_embedder", lambda path: MeanColour())
    for module in ("enrolment", "recogniser"):
        monkeypatch.setattr(f"core.recognise.{module}.load_encoder", lambda path: MeanColour())
    monkeypatch.setattr("core.recognise.enrolment.drawn_stranger_vectors", lambda *_: None)
    for name, colour in (("Rei", (200, 0, 20)), ("Asuka", (0, 20, 200))):
        character = project.catalogue.add_character(name)
        for i in range(8):
            add_face(project, character, f"{name}{i}", (colour[0] + 4 * i, colour[1] + 3 * i, colour[2]))
    return project


def picture(left, right):
    rgb = np.zeros((80, 160, 3), np.uint8)
    cv2.rectangle(rgb, (0, 0), (79, 79), left, -1)
    cv2.rectangle(rgb, (80, 0), (159, 79), right, -1)
    return rgb


def test_matches_get_their_names_and_nobody_else(cast):
    enrol_all(cast)
    name = gallery_namer(cast)
    pictures = [picture(RED, GREEN), picture(BLUE, RED), picture(RED, RED), picture(GREEN, GREEN)]
    boxes = [[LEFT, RIGHT], [LEFT, RIGHT], [LEFT, RIGHT], []]
    found = name(pictures, boxes)
    assert found[:2] == [["Rei", ""], ["Asuka", "Rei"]] and found[3] == []
    assert sorted(found[2]) == ["", "Rei"], "one person is once on a picture"


def test_without_anybody_enrolled_or_without_an_encoder_nobody_is_named(cast, monkeypatch, tmp_path):
    assert gallery_namer(cast) is None
    enrol_all(cast)
    (cast.workspace.models / "run1" / "metrics.json").unlink()
    (cast.workspace.models / "run1" / "encoder.safetensors").unlink()
    monkeypatch.setattr("core.workspace.models.PRETRAINED", tmp_path / "none")
    assert gallery_namer(cast) is None
