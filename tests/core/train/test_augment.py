from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from core.train.augment import AugmentConfig, _luma, augment, rotate_hue

NOTHING = AugmentConfig.none()


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def faces() -> torch.Tensor:
    return torch.randint(0, 256, (6, 3, 32, 32), generator=seeded(1), dtype=torch.uint8)


def test_nothing_asked_for_changes_nothing(faces: torch.Tensor):
    torch.testing.assert_close(augment(faces, NOTHING, seeded()), faces / 255.0, atol=1e-5, rtol=0)


def test_result_is_float_in_0_to_1_of_the_asked_size(faces: torch.Tensor):
    config = AugmentConfig(erase_share=1, grey_share=0.5, line_share=0.5, jpeg_share=0.5, soften_share=1)
    out = augment(faces, config, seeded(), size=24)
    assert out.shape == (6, 3, 24, 24)
    assert out.dtype == torch.float32
    assert out.min() >= 0
    assert out.max() <= 1


def test_the_same_seed_gives_the_same_batch_and_another_another(faces: torch.Tensor):
    config = AugmentConfig(erase_share=0.5, jpeg_share=0.5)
    first = augment(faces, config, seeded(3))
    assert torch.equal(first, augment(faces, config, seeded(3)))
    assert not torch.equal(first, augment(faces, config, seeded(4)))


def test_the_faces_given_are_left_as_they_were(faces: torch.Tensor):
    before = faces.clone()
    augment(faces, AugmentConfig(erase_share=1, jpeg_share=1), seeded())
    assert torch.equal(faces, before)


def test_flip_mirrors_some_and_leaves_others(faces: torch.Tensor):
    out = augment(faces, replace(NOTHING, flip=True), seeded())
    same = [torch.allclose(a, b / 255.0, atol=1e-4) for a, b in zip(out, faces, strict=True)]
    mirrored = [torch.allclose(a, b.flip(2) / 255.0, atol=1e-4) for a, b in zip(out, faces, strict=True)]
    assert all(a != b for a, b in zip(same, mirrored, strict=True))
    assert any(same)
    assert any(mirrored)


def test_a_known_zoom_takes_the_middle(faces: torch.Tensor):
    out = augment(faces, NOTHING, seeded(), size=16, zoom=torch.full((6,), 0.5))
    torch.testing.assert_close(out, faces[:, :, 8:24, 8:24] / 255.0, atol=1e-4, rtol=0)


def test_a_known_centre_moves_the_frame(faces: torch.Tensor):
    centre = torch.tensor([[0.25, -0.25]]).repeat(6, 1)  # to the right and up
    out = augment(faces, NOTHING, seeded(), size=16, zoom=torch.full((6,), 0.5), centre=centre)
    torch.testing.assert_close(out, faces[:, :, 0:16, 16:32] / 255.0, atol=1e-4, rtol=0)


def test_a_wider_frame_repeats_the_border():
    face = torch.full((1, 3, 8, 8), 200, dtype=torch.uint8)
    out = augment(face, NOTHING, seeded(), zoom=torch.tensor([2.0]))
    torch.testing.assert_close(out, torch.full_like(out, 200 / 255))


def test_grey_has_three_equal_channels(faces: torch.Tensor):
    out = augment(faces, replace(NOTHING, grey_share=1.0), seeded())
    torch.testing.assert_close(out[:, 0], out[:, 2])


def test_line_art_is_white_where_nothing_changes():
    flat = torch.full((1, 3, 16, 16), 90, dtype=torch.uint8)
    flat[:, :, :, 8] = 0
    out = augment(flat, replace(NOTHING, line_share=1.0), seeded())
    assert (out[..., :4] > 0.999).all()
    assert (out[..., 8] < 0.5).all()


def test_erasing_is_off_by_default():
    assert AugmentConfig().erase_share == 0


def test_brightness_keeps_differences(faces: torch.Tensor):
    middle = (faces // 4 + 96).to(torch.uint8)
    out = augment(middle, replace(NOTHING, brightness=0.1), seeded())
    moved = out - middle / 255.0
    assert moved.std(dim=(1, 2, 3)).max() < 1e-5
    assert moved.abs().max() <= 0.1 + 1e-5


def test_turning_the_hue_by_a_full_circle_changes_nothing(faces: torch.Tensor):
    turned = rotate_hue(faces, torch.full((6,), 360.0))
    assert (turned.int() - faces.int()).abs().max() <= 1


def test_turning_the_hue_leaves_grey_and_moves_red():
    picture = torch.tensor([[150, 100, 100], [120, 120, 120]], dtype=torch.uint8).view(2, 3, 1, 1)
    turned = rotate_hue(picture, torch.tensor([120.0, 120.0])).view(2, 3).tolist()
    assert turned[1] == [120, 120, 120]
    assert turned[0] != [150, 100, 100]
    luma = sum(a * b for a, b in zip(turned[0], (0.299, 0.587, 0.114), strict=True))
    assert luma == pytest.approx(115.0, abs=2)


def test_a_warp_moves_the_inside_and_says_how_far():
    picture = torch.linspace(0, 255, 64).expand(8, 3, 64, 64).to(torch.uint8)
    still = replace(AugmentConfig.none(), warp=0.0)
    moved = augment(picture, replace(still, warp=0.05), seeded())
    gap = (moved - augment(picture, still, seeded())).abs()
    assert 0.003 < gap.mean() < 0.06
    assert gap.max() < 0.15


def test_grey_is_the_brightness_that_an_eye_sees():
    """ITU-R BT.601: 0.299 red, 0.587 green, 0.114 blue."""
    pure = torch.eye(3).view(3, 3, 1, 1)
    torch.testing.assert_close(_luma(pure).flatten(), torch.tensor([0.299, 0.587, 0.114]))
    grey = augment((pure * 255).byte().expand(3, 3, 8, 8), replace(NOTHING, grey_share=1.0), seeded())
    torch.testing.assert_close(grey[:, 0, 4, 4], torch.tensor([0.299, 0.587, 0.114]), atol=1e-3, rtol=0)
