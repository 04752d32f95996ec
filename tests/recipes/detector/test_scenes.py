import cv2
import numpy as np
import pytest

from core.imaging.boxes import Box
from recipes.detector import hiding, shapes, tones
from recipes.detector.hiding import Frame, hide
from recipes.detector.measure import Labelled
from recipes.detector.negatives import surroundings
from recipes.detector.scenes import Mix, Painter, Scene, _placed
from recipes.detector.sources import HELD_OUT, Sprite, held_out
from recipes.detector.stress import covered, reduced, turned
from recipes.detector.train import Steps


def rng(seed=0):
    return np.random.default_rng(seed)


def sprite():
    pixels = np.full((90, 90, 3), 120, np.uint8)
    return Sprite("one", "hololive", cv2.imencode(".png", pixels)[1].tobytes(), (Box(30, 30, 40, 20),))


@pytest.mark.parametrize("kind", hiding.KINDS, ids=lambda kind: kind.__name__)
def test_what_hides_a_face_lies_on_it_and_leaves_the_rest_of_the_picture(kind, monkeypatch):
    monkeypatch.setattr(hiding, "KINDS", {kind: 1.0})
    for seed in range(5):
        before = rng(seed).integers(0, 256, (200, 200, 3), dtype=np.uint8)
        pixels = before.copy()
        hide(pixels, rng(seed), Frame((100, 100), 20, 24, np.deg2rad(90)))
        changed = np.argwhere((pixels != before).any(2))
        assert 40 < len(changed) < 0.3 * 200 * 200
        assert np.abs(changed - 100).max() <= 60  # 2.5 half axes


def test_how_often_faces_are_hidden_by_what_adds_up():
    assert sum(hiding.KINDS.values()) == pytest.approx(1)
    assert sum(shapes.KINDS.values()) == pytest.approx(1)


@pytest.mark.parametrize("kind", shapes.KINDS, ids=lambda kind: kind.__name__)
def test_a_drawn_thing_is_opaque_where_it_is_and_nothing_elsewhere(kind, monkeypatch):
    monkeypatch.setattr(shapes, "KINDS", {kind: 1.0})
    for seed in range(5):
        colour, alpha = shapes.patch(rng(seed))
        assert 0.01 < (alpha > 0).mean() < 0.9
        assert not colour[alpha == 0].any()
        again = shapes.patch(rng(seed))
        assert np.array_equal(colour, again[0]) and np.array_equal(alpha, again[1])


def test_grey_keeps_no_colour_and_pencil_keeps_edges_only():
    picture = np.full((60, 60, 3), 200, np.uint8)
    cv2.circle(picture, (30, 30), 15, (200, 40, 40), -1)
    grey = tones.grey(picture, rng(0)).astype(float)
    assert np.ptp(grey[10, 10] / grey[30, 30]) < 0.05  # one cast for all
    pencil = tones.pencil(picture, rng(1)).astype(int).mean(2)
    assert pencil[30, 15:17].min() < pencil[5, 5] - 60  # the edge is ink
    assert pencil[30, 30] > pencil[30, 15:17].min() + 40  # what it goes round is paper


def test_a_duotone_lies_between_two_colours():
    picture = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, 2)
    found = tones.duotone(picture, rng(3)).astype(float)[0]
    middle = (found[0] + found[255]) / 2
    assert found[127] == pytest.approx(middle, abs=3)


@pytest.mark.parametrize("angle", [0, 90, -90, 180, 37])
def test_a_picture_is_laid_with_its_face_where_it_was_asked_for(angle):
    box = Box(30, 50, 40, 20)
    matrix, affine, (stretch, turn) = _placed(rng(), box, 80.0, (120, 70), angle)
    assert affine @ [*box.centre, 1] == pytest.approx([120, 70])
    assert abs(np.linalg.det(matrix)) == pytest.approx(4)  # twice as large
    assert np.rad2deg(turn) == pytest.approx(angle) and 0.7 < stretch < 1.4


def test_a_face_that_lies_has_a_box_that_lies(monkeypatch):
    monkeypatch.setattr("recipes.detector.scenes._angle", lambda rng, small_turn: 90.0)
    scene = Scene(np.zeros((200, 200, 3), np.uint8))
    rgb, alpha = sprite().decode()
    Painter({"hololive": [sprite()]}, pool=0)._put(scene, rng(), rgb, alpha, sprite().boxes, 80, (100, 100))
    (box,) = scene.boxes
    assert box.h > 1.5 * box.w  # it was twice as wide as high
    assert box.centre == pytest.approx((100, 100), abs=1)


def test_pieces_that_look_like_faces_are_none():
    only = Mix(single=0, grid=0, paste=0, figure=0, empty=1, drawn=0)
    piece = np.full((40, 40, 3), (255, 0, 0), np.uint8)
    painter = Painter({"hololive": [sprite()]}, mix=only, pool=0, pieces=[piece])
    scene = Scene(np.zeros((128, 128, 3), np.uint8))
    for seed in range(8):
        painter._strew(scene, rng(seed))
    assert scene.boxes == [] and scene.pixels.any()


def test_a_piece_touches_no_face():
    face = Box(50, 0, 40, 40)
    assert surroundings(Box(50, 80, 40, 40), (face,), (200, 200)).as_list() == [36, 66, 68, 68]  # 1.7 x 40
    near = surroundings(Box(50, 50, 40, 40), (face,), (200, 200))
    assert near.intersection(face) == 0 and near.w < 68
    assert surroundings(Box(55, 5, 30, 30), (face,), (200, 200)) is None


def test_a_step_is_painted_alike_whenever_training_went_on(monkeypatch):
    monkeypatch.setattr("recipes.detector.train.SIDES", ((64, 2),))
    painter = Painter({"hololive": [sprite()]}, pool=0)
    one, two = Steps(painter, 7, 0)[3], Steps(painter, 7, 2)[1]
    assert one[0].equal(two[0])


def test_every_second_character_of_the_new_sources_is_left_to_the_second_look():
    names = [f"faces/zenless/{letter}/1.jpg" for letter in "abcdefgh"]
    assert sum(map(held_out, names)) == 4
    assert set(HELD_OUT) >= {"touhou", "shiny_colors"}


def test_the_altered_pictures_keep_their_faces_places():
    picture = Labelled("a/1", np.zeros((100, 60, 3), np.uint8), (Box(10, 20, 20, 30),), ("front",))
    assert turned(picture).boxes == (Box(20, 30, 30, 20),)  # 60 - 30 from the top, what was 20 from the top is left
    hidden = covered(picture, rng(), [np.full((9, 9, 3), 255, np.uint8)])
    box = hidden.boxes[0]
    assert hidden.rgb.any() and not hidden.rgb[round(box.bottom) + 20 :].any()
    assert reduced(Labelled("a/1", np.zeros((1800, 900, 3), np.uint8), (Box(10, 20, 20, 30),), ())).boxes == (
        Box(5, 10, 10, 15),
    )
