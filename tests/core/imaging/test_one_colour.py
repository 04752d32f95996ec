"""Which faces have no colours, and what they look like without."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from core.drawn import cast
from core.drawn.picture import draw_face
from core.imaging.one_colour import is_one_coloured, without_colour

CAST = cast(12)
RAMP = np.repeat(np.linspace(0, 255, 64).astype(np.uint8)[None, :, None], 64, axis=0)


def grey(face):
    return cv2.cvtColor(face, cv2.COLOR_RGB2GRAY)[..., None] / 255


TINTS = {
    "black and white": lambda light: np.repeat(light, 3, axis=2) * 255,
    "red light": lambda light: light * [255, 120, 120],
    "sepia": lambda light: light**0.9 * [255, 230, 190],
    "blue ink": lambda light: 255 - (1 - light) * [225, 225, 55],
    "purple to yellow": lambda light: light * [255, 240, 150] + (1 - light) * [60, 10, 80],
}


def saved(pixels, quality=95):
    """As a JPEG of that quality gives it back."""
    file = io.BytesIO()
    Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(file, "jpeg", quality=quality)
    return np.asarray(Image.open(file))


@pytest.mark.parametrize("tint", TINTS)
def test_a_tinted_face_has_one_colour_also_as_a_jpeg(tint):
    faces = [draw_face(one, seed) for seed, one in enumerate(CAST) if not is_one_coloured(draw_face(one, seed))]
    assert len(faces) >= 10
    found = [is_one_coloured(saved(TINTS[tint](grey(face)))) for face in faces]
    assert np.mean(found) >= 0.9


def test_a_face_in_colours_has_more_than_one():
    colourful = np.concatenate([np.repeat(RAMP, 3, axis=2), RAMP * np.array([1, 0, 0], np.uint8)])
    assert not is_one_coloured(colourful), "grey above, red below: the same lightness in two colours"
    assert is_one_coloured(colourful[:64])
    assert is_one_coloured(colourful[64:])


def test_a_flat_picture_has_one_colour():
    flat = np.full((7, 5, 3), (30, 200, 90), np.uint8)
    assert is_one_coloured(flat)
    assert np.array_equal(without_colour(flat), np.full((7, 5, 3), 200)), "the lightest of equal channels"


def test_of_a_tinted_picture_the_channel_with_the_contrast_is_what_is_seen():
    """Red light leaves the red channel, blue ink takes it away: both give the ramp back as it was."""
    for tint in ("red light", "blue ink"):
        shown = without_colour(np.clip(TINTS[tint](RAMP / 255), 0, 255).astype(np.uint8))
        expected = RAMP if tint == "red light" else 255 - (255 - RAMP.astype(float)) * 225 / 255
        assert np.abs(shown - expected).max() <= 1
        assert is_one_coloured(shown)


def test_of_a_picture_in_colours_the_lightness_is_seen():
    face = draw_face(CAST[0], 0)
    assert np.array_equal(without_colour(face)[..., 1], cv2.cvtColor(face, cv2.COLOR_RGB2GRAY))
    assert without_colour(face).shape == face.shape
