"""The same face through other eyes."""

import pytest
import torch

from recipes.encoder.tones import TONES, duotone, grey, luma, relight, retone, screentone, tint


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def faces(n=6):
    return torch.rand(n, 3, 24, 24, generator=seeded(9))


@pytest.mark.parametrize("tone", TONES)
def test_a_tone_changes_the_face_and_leaves_the_original_alone(tone):
    before = faces()
    given = before.clone()
    out = tone(given, seeded())
    assert out.shape == before.shape
    assert (out - before).abs().mean() > 0.02
    assert torch.equal(given, before)


def test_the_same_generator_gives_the_same_faces_in_0_to_1():
    out = retone(faces(40), seeded(3))
    assert torch.equal(out, retone(faces(40), seeded(3)))
    assert out.min() >= 0
    assert out.max() <= 1


@pytest.mark.parametrize("tone", [grey, screentone])
def test_without_colour_all_channels_are_alike(tone):
    out = tone(faces(), seeded())
    assert torch.equal(out[:, 0], out[:, 1])
    assert torch.equal(out[:, 0], out[:, 2])


def test_a_duotone_lies_on_a_line_between_its_two_colours():
    """White is the light colour, black the dark one, and the middle lies in the middle."""
    ramp = torch.tensor([0.0, 0.5, 1.0]).view(1, 1, 1, 3).expand(1, 3, 1, 3)
    out = duotone(ramp, seeded())[0, :, 0]
    torch.testing.assert_close(out[:, 1], (out[:, 0] + out[:, 2]) / 2)
    assert out[:, 0].max() <= 0.45
    assert out[:, 2].min() >= 0.55


def test_screentone_has_more_white_where_the_face_is_brighter():
    levels = [screentone(torch.full((1, 3, 64, 64), value), seeded()).mean().item() for value in (0.1, 0.4, 0.7, 1.0)]
    assert levels == sorted(levels)
    assert levels[0] < 0.01
    assert levels[-1] > 0.8


def test_a_tint_keeps_the_order_of_brightness_of_greys_and_gives_them_a_colour():
    ramp = torch.linspace(0, 1, 8).view(1, 1, 1, 8).expand(1, 3, 1, 8)
    out = tint(ramp, seeded())
    assert (luma(out).diff(dim=3) > 0).all()
    assert out[0, :, 0, 7].std() > 0.01


def test_light_comes_from_one_side():
    out = luma(relight(torch.full((1, 3, 32, 32), 0.5), seeded()))[0, 0]
    corners = torch.stack([out[0, 0], out[0, -1], out[-1, 0], out[-1, -1]])
    assert corners.max() > 1.1 * corners.min()
