"""A black-and-white face is compared with the enrolled ones in black and white."""

import shutil

import numpy as np
import pytest

from core.drawn import cast
from core.drawn.picture import draw_face
from core.imaging.one_colour import without_colour
from core.imaging.reading import encode_jpeg
from core.recognise.colourless import EACH, ColourlessGallery, mostly_colourless
from core.recognise.enrolment import open_colourless
from core.recognise.gallery import Gallery
from core.recognise.impostors import has_colourless_bank
from core.recognise.recogniser import enrol, open_recogniser
from core.recognise.threshold import Scores, choose_threshold
from core.recognise.verdict import ALL_COLOURLESS, COLOURLESS, MATCH
from core.settings import PRETRAINED, Settings
from core.workspace.impostors import BANK
from core.workspace.project import open_project
from tests.coloured_faces import add_face

SHIPPED = pytest.mark.skipif(
    not (BANK.is_file() and (PRETRAINED / "encoder.safetensors").is_file()), reason="no encoder is shipped"
)
CAST = cast(4, seed=3)


@pytest.fixture(scope="module")
def house_once(tmp_path_factory):
    """The data folder of four drawn characters, six faces each, enrolled by the shipped encoder."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("house") / "data", models_dir=None)
    with open_project("test", settings, create=True) as project:
        for one in CAST:
            enrol(project, one.name, [draw_face(one, seed) for seed in range(6)], encoder="pretrained")
    return settings.data_dir


@pytest.fixture
def house(house_once, settings):
    """A copy of it, opened."""
    shutil.copytree(house_once, settings.data_dir)
    with open_project("test", settings) as project:
        yield project


@SHIPPED
def test_a_black_and_white_face_is_named_and_the_reason_says_how_it_was_compared(house):
    recogniser = open_recogniser(house, far=0.05, encoder="pretrained")
    new = {one.name: [draw_face(one, seed) for seed in range(20, 25)] for one in CAST}
    right = {"with": 0, "without": 0, "colour": 0}
    for name, faces in new.items():
        for face in faces:
            grey = without_colour(face)
            (found,) = recogniser.ask(grey, is_face_crop=True)
            assert found.answer.reason.endswith(COLOURLESS)
            assert found.colourless is not None
            right["with"] += found.answer.verdict == MATCH and found.answer.character == name
            (plain,) = recogniser.ask(face, is_face_crop=True)
            assert COLOURLESS not in plain.answer.reason
            assert plain.colourless is None
            right["colour"] += plain.answer.character == name
    assert right["with"] >= 10, right
    assert right["colour"] >= 10, right


@SHIPPED
def test_the_shipped_cast_is_asked_about_a_black_and_white_face_before_anybody_is_enrolled(settings):
    with open_project("new", settings, create=True) as project:
        recogniser = open_recogniser(project, encoder="pretrained", shipped_cast=True)
        (found,) = recogniser.ask(without_colour(draw_face(CAST[0], 30)), is_face_crop=True)
    assert (found.answer.verdict, found.answer.reason) == ("unknown", "nobody is enrolled")


@SHIPPED
def test_its_gallery_is_made_when_the_first_such_face_asks_and_with_some_faces_of_each(house, monkeypatch):
    recogniser = open_recogniser(house, encoder="pretrained")
    assert "made" not in vars(recogniser.gallery.colourless)
    recogniser.ask(without_colour(draw_face(CAST[0], 30)), is_face_crop=True)
    gallery, threshold = recogniser.gallery.colourless.made
    assert gallery.is_colourless
    assert gallery.characters == recogniser.gallery.characters
    assert gallery.faces == recogniser.gallery.faces
    assert "not enrolled, moved" in threshold(0.05).scores.who, "by the bank of strangers without colours"
    assert not np.allclose(gallery.embeddings, recogniser.gallery.embeddings, atol=0.01)
    monkeypatch.setattr("core.recognise.enrolment.EACH", 4)
    few = open_colourless(house, recogniser.choice)
    assert [few.count(name) for name in few.names] == [4] * 4
    assert EACH == 24


@SHIPPED
def test_without_strangers_without_colours_a_face_is_compared_as_it_is(house, monkeypatch):
    monkeypatch.setattr("core.recognise.recogniser.has_colourless_bank", lambda project, gallery: False)
    recogniser = open_recogniser(house, encoder="pretrained")
    assert recogniser.gallery.colourless is None
    (found,) = recogniser.ask(without_colour(draw_face(CAST[0], 30)), is_face_crop=True)
    assert found.colourless is None
    assert COLOURLESS not in found.answer.reason


@SHIPPED
def test_where_the_files_of_all_enrolled_faces_are_gone_it_is_compared_as_it_is(house):
    """Their vectors are kept, so colours still answer."""
    open_recogniser(house, encoder="pretrained")
    for face in house.catalogue.faces():
        house.workspace.path(face.path).unlink()
    recogniser = open_recogniser(house, encoder="pretrained")
    (found,) = recogniser.ask(without_colour(draw_face(CAST[0], 30)), is_face_crop=True)
    assert found.answer.candidates
    assert COLOURLESS not in found.answer.reason


def test_an_encoder_without_a_bank_has_none_without_colours_either(project, monkeypatch):
    monkeypatch.setattr("core.recognise.impostors.find_bank", lambda project, gallery: None)
    assert not has_colourless_bank(project, Gallery.empty("e", 3))


def test_the_threshold_is_that_of_the_rate_asked_for():
    """Strangers score 0 to .999: 1 % lie above .99, 5 % above .95; the face scores 1 / 2 of .96 and of its mean's."""
    none = np.array([], np.float32)
    scores = Scores(none, np.arange(1000, dtype=np.float32) / 1000, none, none > 0)
    face = np.array([[0.96, 0.28]], np.float32)
    gallery = Gallery(np.array([[1, 0]], np.float32), ("a",), ("1",), "e", is_colourless=True)
    sibling = ColourlessGallery(lambda: (gallery, lambda far: choose_threshold(scores, far)))
    needed = [sibling.answer(face, far)[0].needed for far in (0.01, 0.05)]
    assert needed == pytest.approx([0.99, 0.95], abs=0.002)


@SHIPPED
def test_a_manga_is_asked_without_colours_whatever_the_picture(project):
    """Most enrolled faces are black and white: the threshold that is shown is that of faces without colours, too."""
    for one in CAST[:3]:
        faces = [draw_face(one, seed) for seed in range(6)]
        shown = [without_colour(face) if seed < 4 else face for seed, face in enumerate(faces)]
        enrol(project, one.name, shown, encoder="pretrained")
    recogniser = open_recogniser(project, far=0.05, encoder="pretrained")
    assert recogniser.gallery.is_colourless
    assert recogniser.gallery.colourless is None
    assert len(recogniser.gallery) == 18
    assert recogniser.gallery.space != recogniser.gallery.encoder
    face = draw_face(CAST[0], 30)
    (coloured,), (grey,) = (recogniser.ask(one, is_face_crop=True) for one in (face, without_colour(face)))
    assert coloured.answer.reason.endswith(ALL_COLOURLESS)
    assert grey.answer.reason.endswith(ALL_COLOURLESS)
    assert coloured.embedding == pytest.approx(grey.embedding, abs=1e-3)
    assert coloured.answer.needed == pytest.approx(recogniser.threshold.match + float(needs(recogniser, coloured)))


def needs(recogniser, face):
    return recogniser.threshold.beyond(face.embedding[None])[0]


def test_what_cannot_be_read_does_not_say_whether_most_faces_have_colours(project):
    rei = project.catalogue.add_character("Rei")
    faces = [add_face(project, rei, str(n), (40 * n, 0, 0)) for n in range(3)]
    assert mostly_colourless(project, faces), "flat faces"
    noise = np.random.default_rng(0).integers(256, size=(3, 32, 32, 3), dtype=np.uint8)
    for face, pixels in zip(faces, noise, strict=True):
        project.workspace.path(face.path).write_bytes(encode_jpeg(pixels))
    assert not mostly_colourless(project, faces)
    project.workspace.path(faces[0].path).unlink()
    project.workspace.path(faces[1].path).write_bytes(b"")
    assert not mostly_colourless(project, faces)
    assert not mostly_colourless(project, [])
