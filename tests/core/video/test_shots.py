import cv2
import numpy as np
import pytest

pytest.importorskip("scenedetect")

from core.video.shots import CutDetector, differs

COLOURS = ((200, 60, 60), (60, 180, 80), (70, 80, 210))


def scene(number, n):
    """n frames of one scene that moves a little."""
    colour, still = (
        np.array(COLOURS[number]),
        cv2.resize(np.random.default_rng(number).uniform(-40, 40, (4, 6, 3)), (96, 54)),
    )
    return [np.clip(np.roll(colour + still, k, axis=1), 0, 255).astype(np.uint8) for k in range(n)]


def test_a_shot_begins_with_its_first_frame_and_movement_is_no_cut():
    detector = CutDetector()
    frames = [*scene(0, 12), *scene(1, 9), *scene(2, 12)]
    assert [n for n, frame in enumerate(frames) if detector.cut_at(frame)] == [0, 12, 21]


def test_a_held_drawing_shows_nothing_new():
    first, second = scene(0, 1)[0], scene(1, 1)[0]
    assert not differs(first, first)
    assert not differs(first, np.clip(first.astype(int) + 2, 0, 255).astype(np.uint8)), "noise of the compression"
    assert differs(first, second)
    assert differs(first, first[:, :50])
