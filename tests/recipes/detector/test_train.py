import cv2
import numpy as np
import pytest
import torch

from core.imaging.boxes import Box
from core.vision.cnn_network import DetectorNet, DetectorSpec, read_detector, save_detector
from recipes.detector.labels import agree
from recipes.detector.mean import mean
from recipes.detector.scenes import Mix, Painter, Scene
from recipes.detector.sources import Sprite, flat_background, held_out
from recipes.detector.train import loss_of, targets


def sprite(source="hololive", colour=(200, 150, 120)):
    """A disc for a face, its box known exactly, on flat grey."""
    pixels = np.full((120, 120, 3), 205, np.uint8)
    cv2.circle(pixels, (60, 66), 30, colour, -1)
    encoded = cv2.imencode(".png", pixels[..., ::-1])[1].tobytes()
    return Sprite("one", source, encoded, (Box(30, 36, 60, 60),), keyed=True)


@pytest.fixture
def painter():
    return Painter({"hololive": [sprite()], "warship_figures": [sprite("warship_figures")]}, pool=20)


def test_scenes_are_the_same_for_the_same_seed_and_hold_boxes_inside(painter):
    for seed in range(10):
        one, two = (painter.scene(np.random.default_rng(seed), 192) for _ in range(2))
        assert np.array_equal(one.pixels, two.pixels)
        assert one.pixels.shape == (192, 192, 3)
        for box in one.boxes:
            assert box.x >= 0 and box.right <= 192 and max(box.w, box.h) >= 11


def test_a_pasted_face_lies_where_its_box_says(painter):
    scene = Scene(np.zeros((200, 200, 3), np.uint8))
    rng = np.random.default_rng(1)
    rgb, alpha = sprite().decode()
    Painter._put(painter, scene, rng, rgb, alpha, sprite().boxes, 80, (90, 110), small_turn=True)
    (box,) = scene.boxes
    assert box.centre == pytest.approx((90, 110), abs=1)
    assert max(box.w, box.h) == pytest.approx(80, rel=0.2)
    assert scene.pixels[110, 90].max() > 0 and scene.pixels[10, 10].max() == 0


def test_a_face_that_is_covered_no_longer_counts(painter):
    scene = Scene(np.zeros((100, 100, 3), np.uint8), [Box(10, 10, 20, 20), Box(60, 60, 20, 20)])
    mask = np.full((15, 40), 255, np.uint8)
    painter._forget_covered(scene, mask, 0, 10)  # covers three quarters of the first
    assert scene.boxes == [Box(60, 60, 20, 20)]
    assert scene.ignored == [Box(10, 10, 20, 20)]


def test_empty_scenes_have_no_box():
    only = Mix(single=0, grid=0, paste=0, figure=0, empty=1, drawn=0)
    painter = Painter({"hololive": [sprite()]}, mix=only, pool=20)
    assert painter.scene(np.random.default_rng(0), 128).boxes == []


def test_flat_background_is_cut_away():
    _, alpha = sprite().decode()
    assert alpha[66, 60] == 255 and alpha[0, 0] == 0
    assert flat_background(np.random.default_rng(0).integers(0, 256, (60, 60, 3), dtype=np.uint8)) is None


def test_targets_peak_at_the_face_and_are_silent_where_ignored():
    scene = Scene(np.zeros((128, 128, 3), np.uint8), [Box(20, 36, 32, 16)], [Box(80, 80, 16, 16)])
    heat, edges, counts = targets([scene], 128)
    assert heat.shape == (1, 1, 16, 16) and edges.shape == (1, 4, 16, 16)
    assert heat[0, 0].argmax() == 5 * 16 + 4  # the centre (36, 44) lies in cell (4, 5)
    assert edges[0, :, 5, 4].tolist() == [2.0, 1.0, 2.0, 1.0]
    assert counts[0, 0, 10:12, 10:12].sum() == 0 and counts.sum() == 256 - 4


def test_the_right_answer_costs_less_than_a_wrong_one():
    scene = Scene(np.zeros((64, 64, 3), np.uint8), [Box(20, 20, 32, 32)])
    heat, edges, counts = targets([scene], 64)
    logit = torch.where(heat >= 0.999, 6.0, -6.0)
    right = torch.cat([logit, edges.log()], 1)
    shifted = torch.cat([logit, (edges + torch.tensor([2.0, 0, -1.5, 0])[:, None, None]).clamp(min=0.1).log()], 1)
    silent = torch.cat([torch.full_like(heat, -6.0), edges.log()], 1)
    assert loss_of(right, heat, edges, counts)[1] == pytest.approx(0, abs=1e-4)
    assert loss_of(shifted, heat, edges, counts)[1] > 0.3
    assert loss_of(silent, heat, edges, counts)[0] > 5 * loss_of(right, heat, edges, counts)[0]


def test_views_that_agree_beat_a_single_sure_one():
    from core.imaging.boxes import Detection

    views = [
        [Detection(Box(100, 0, 20, 20), 0.8), Detection(Box(0, 0, 20, 20), 0.6)],
        [Detection(Box(2, 0, 20, 20), 0.6)],
    ]
    box, score = agree(views)
    assert box.as_list() == [1.0, 0.0, 20.0, 20.0]
    assert score == pytest.approx(0.6)
    assert agree([[], []]) is None


def test_touhou_cards_and_crops_of_a_character_are_held_out_together():
    names = ["Cirno", "Marisa", "Reimu", "Sanae", "Sakuya", "Remilia", "Yukari", "Aya"]
    for name in names:
        assert held_out(f"faces/touhou/{name}/1.jpg") == held_out(f"pictures/touhou/{name}/2.png")
    assert not held_out("faces/hololive/Cirno/1.jpg")


def test_the_mean_of_two_networks_has_the_mean_of_their_weights(tmp_path):
    spec = DetectorSpec(widths=(4, 4, 4, 4, 4, 4), blocks=(0, 0, 0, 0, 0, 0), neck=4)
    for name, bias in (("one", 1.0), ("other", 2.0)):
        net = DetectorNet(spec)
        net.out.bias.data.fill_(bias)
        save_detector(tmp_path / name, net, spec, {"without": name})
    mean(tmp_path / "one", tmp_path / "other", tmp_path / "mean", 0.25)
    net, _, provenance = read_detector(tmp_path / "mean")
    assert net.out.bias.tolist() == [1.25] * 5
    assert provenance == {"without": "other", "mean_with": {"without": "one"}, "share": 0.25}
