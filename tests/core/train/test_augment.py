from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch

from core.train import augment as module
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


@pytest.fixture
def drawn(monkeypatch):
    """Every draw lies at the same share of its range: 0 its lower end, 1 its upper."""

    def at(share: float) -> None:
        monkeypatch.setattr(
            module, "_uniform", lambda g, *shape, low=0.0, high=1.0: torch.full(shape, low + share * (high - low))
        )

    return at


def placement(config: AugmentConfig, **options) -> list[list[float]]:
    """Where the new frame's points lie on the old one, as the 2 x 3 matrix of an affine map of -1..1, read off a
    picture that gets redder to the right and greener downwards."""
    ramp = torch.arange(256, dtype=torch.uint8).expand(1, 256, 256)
    faces = torch.stack([ramp, ramp.transpose(1, 2), torch.zeros_like(ramp)], 1)
    out = augment(faces, config, seeded(), size=33, **options)[0, :2]
    place = (255 * out + 0.5) / 128 - 1
    step = 2 / 33
    found = [(place[:, 16, 17] - place[:, 16, 16]) / step, (place[:, 17, 16] - place[:, 16, 16]) / step]
    return torch.stack([*found, place[:, 16, 16]], 1).tolist()


NEAR = replace(NOTHING, zoom=(0.5, 0.6))


@pytest.mark.parametrize(
    ("config", "share", "expected"),
    [
        (NEAR, 0, [[0.5, 0, 0], [0, 0.5, 0]]),
        (NEAR, 1, [[0.6, 0, 0], [0, 0.6, 0]]),
        (NEAR, 0.5, [[0.3**0.5, 0, 0], [0, 0.3**0.5, 0]]),
        (replace(NEAR, flip=True), 0, [[-0.5, 0, 0], [0, 0.5, 0]]),
        (replace(NEAR, flip=True), 0.5, [[0.3**0.5, 0, 0], [0, 0.3**0.5, 0]]),
        (replace(NEAR, stretch=0.1), 1, [[0.6 * math.exp(0.1), 0, 0], [0, 0.6 * math.exp(-0.1), 0]]),
        (replace(NEAR, stretch=0.1), 0, [[0.5 * math.exp(-0.1), 0, 0], [0, 0.5 * math.exp(0.1), 0]]),
        (replace(NEAR, turn=30), 1, [[0.6 * 0.75**0.5, -0.3, 0], [0.3, 0.6 * 0.75**0.5, 0]]),
        (replace(NEAR, turn=30), 0, [[0.5 * 0.75**0.5, 0.25, 0], [-0.25, 0.5 * 0.75**0.5, 0]]),
        (replace(NEAR, turn=30, flip=True), 0, [[-0.5 * 0.75**0.5, 0.25, 0], [0.25, 0.5 * 0.75**0.5, 0]]),
        (replace(NEAR, shift=0.05), 1, [[0.6, 0, 0.1], [0, 0.6, 0.1]]),
        (replace(NEAR, shift=0.05), 0, [[0.5, 0, -0.1], [0, 0.5, -0.1]]),
        (replace(NEAR, warp=0.05), 1, [[0.6, 0, 0.06], [0, 0.6, 0.06]]),
        (replace(NEAR, warp=0.05), 0, [[0.5, 0, -0.05], [0, 0.5, -0.05]]),
    ],
)
def test_the_new_frame_lies_where_zoom_stretch_turn_mirror_shift_and_warp_say(drawn, config, share, expected):
    drawn(share)
    torch.testing.assert_close(torch.tensor(placement(config)), torch.tensor(expected), atol=2e-3, rtol=0)


def test_stretched_and_turned_at_once(drawn):
    drawn(1)
    wide, high = 0.6 * math.exp(0.1), 0.6 * math.exp(-0.1)
    expected = [[wide * 0.75**0.5, -high / 2, 0], [wide / 2, high * 0.75**0.5, 0]]
    found = placement(replace(NEAR, stretch=0.1, turn=30))
    torch.testing.assert_close(torch.tensor(found), torch.tensor(expected), atol=2e-3, rtol=0)


def test_a_known_centre_is_shifted_as_well(drawn):
    drawn(1)
    known = {"zoom": torch.tensor([0.25]), "centre": torch.tensor([[0.125, -0.25]])}
    found = placement(replace(NEAR, shift=0.05), **known)
    expected = [[0.25, 0, 0.35], [0, 0.25, -0.4]]
    torch.testing.assert_close(torch.tensor(found), torch.tensor(expected), atol=2e-3, rtol=0)


@pytest.mark.parametrize(
    ("values", "share", "dark", "light"),
    [
        ({"contrast": 0.5}, 1, 0.25, 0.85),  # 0.35 and 0.75 lie 0.2 from their middle, 0.3 afterwards
        ({"contrast": 0.5}, 0, 0.45, 0.65),
        ({"brightness": 0.1}, 1, 0.45, 0.85),
        ({"brightness": 0.1}, 0, 0.25, 0.65),
        ({"cast": 0.1}, 1, 0.45, 0.85),
        ({"cast": 0.1}, 0, 0.25, 0.65),
        ({"brightness": 0.1, "cast": 0.05}, 0, 0.2, 0.6),
        ({"brightness": 0.3}, 1, 0.65, 1.0),
        ({"contrast": 0.9, "brightness": 0.3}, 1, 0.47, 1.0),
    ],
)
def test_contrast_moves_away_from_the_middle_and_brightness_and_cast_add(drawn, values, share, dark, light):
    faces = torch.full((2, 3, 8, 8), round(0.35 * 255), dtype=torch.uint8)
    faces[..., 4:] = round(0.75 * 255)
    drawn(share)
    out = augment(faces, replace(NOTHING, **values), seeded())
    assert out[..., 0].flatten().tolist() == pytest.approx([dark] * 48, abs=0.005)
    assert out[..., 7].flatten().tolist() == pytest.approx([light] * 48, abs=0.005)


@pytest.mark.parametrize(("share", "small"), [(0.0, 13), (0.5, 19), (0.99, 25)])
def test_a_soft_face_was_a_thumbnail_of_two_to_four_fifths(drawn, faces, monkeypatch, share, small):
    sizes, resize = [], torch.nn.functional.interpolate

    def counted(pixels, size, **options):
        sizes.append((len(pixels), tuple(size)))
        return resize(pixels, size=size, **options)

    monkeypatch.setattr(module.F, "interpolate", counted)
    drawn(share)
    augment(faces, replace(NOTHING, soften_share=1.0), seeded())
    assert sizes == [(6, (small, small)), (6, (32, 32))]


def test_only_the_drawn_share_of_faces_is_changed(faces):
    """Of 600 faces about a third; each of the others is what it was."""
    many = faces.repeat(100, 1, 1, 1)
    for name in ("soften_share", "line_share", "grey_share", "erase_share", "jpeg_share"):
        out = augment(many, replace(NOTHING, **{name: 1 / 3}), seeded())
        changed = (out - many / 255.0).abs().amax(dim=(1, 2, 3)) > 1e-3
        assert 150 < int(changed.sum()) < 250, name


@pytest.mark.parametrize(("share", "height", "width"), [(0.0, 3, 6), (0.5, 11, 11), (0.999, 20, 10)])
def test_a_rectangle_of_two_to_twenty_hundredths_of_the_face_is_erased(drawn, share, height, width):
    """2 % of 32 x 32 at a ratio of e^-0.7, 11 % as a square, 20 % at e^0.7; all of one colour."""
    faces = torch.full((20, 3, 32, 32), 255, dtype=torch.uint8)
    drawn(share)
    out = augment(faces, replace(NOTHING, erase_share=1.0), seeded())
    for face in out:
        places = (face[0] != 1).nonzero()
        assert len(places) == height * width
        assert (places.amax(0) - places.amin(0) + 1).tolist() == [height, width]
        assert face[:, places[0, 0], places[0, 1]].tolist() == pytest.approx([share] * 3, abs=1e-6)


def test_a_rectangle_may_touch_every_border_and_never_leaves_the_face(drawn):
    faces = torch.full((300, 3, 8, 8), 255, dtype=torch.uint8)
    gone = augment(faces, replace(NOTHING, erase_share=1.0), seeded())[:, 0] != 1
    areas = gone.any(1).sum(1) * gone.any(2).sum(1)
    assert torch.equal(gone.sum(dim=(1, 2)), areas), "each is one whole rectangle"
    assert (int(areas.min()), int(areas.max())) == (1, 16)  # 2 to 20 % of 64, sides rounded
    assert gone[:, 0].any() and gone[:, 7].any() and gone[:, :, 0].any() and gone[:, :, 7].any()
    drawn(0.9)
    pixel = augment(torch.zeros(1, 3, 1, 1, dtype=torch.uint8), replace(NOTHING, erase_share=1.0), seeded())
    assert pixel.flatten().tolist() == pytest.approx([0.9] * 3)


def test_files_have_a_quality_of_twenty_to_sixty(monkeypatch):
    asked, encode = set(), module.cv2.imencode

    def counted(ending, picture, options):
        assert options[0] == module.cv2.IMWRITE_JPEG_QUALITY
        asked.add(options[1])
        return encode(ending, picture, options)

    monkeypatch.setattr(module.cv2, "imencode", counted)
    augment(torch.zeros(800, 3, 8, 8, dtype=torch.uint8), replace(NOTHING, jpeg_share=1.0), seeded())
    assert (min(asked), max(asked)) == (20, 60)


def test_a_saved_face_keeps_its_colours_and_its_place():
    face = torch.tensor([250, 20, 120], dtype=torch.uint8).view(1, 3, 1, 1).repeat(1, 1, 16, 16)
    face[..., 8:, :] = 0
    out = augment(face, replace(NOTHING, jpeg_share=1.0), seeded())
    assert out[0, :, 2, 8].tolist() == pytest.approx([250 / 255, 20 / 255, 120 / 255], abs=0.1)
    assert out[0, :, 14, 8].tolist() == pytest.approx([0, 0, 0], abs=0.1)


def test_a_line_is_as_dark_as_four_times_its_difference_from_the_seven_columns_around():
    face = torch.full((1, 3, 16, 16), 90, dtype=torch.uint8)
    face[..., 8] = 70
    out = augment(face, replace(NOTHING, line_share=1.0), seeded())
    around = (6 * 90 + 70) / 7
    assert out[0, 0, :, 8].tolist() == pytest.approx([1 - 4 * (around - 70) / 255] * 16, abs=1e-4)
    assert (out[..., [0, 3, 7, 9, 15]] > 0.9999).all(), "lighter than around, at the border too, is white"


def test_what_is_not_asked_for_draws_nothing(monkeypatch, faces):
    for name in ("save_as_jpeg", "_soften", "_lines", "_erase"):
        monkeypatch.setattr(module, name, lambda *_: pytest.fail("nobody asked for it"))
    augment(faces, NOTHING, seeded())


def test_hues_turn_as_the_yiq_rotation_says():
    red = torch.tensor([200, 100, 100], dtype=torch.uint8).view(1, 3, 1, 1)
    turned = [rotate_hue(red, torch.tensor([d])).flatten().tolist() for d in (0.0, 120.0, 240.0)]
    assert turned == [[200, 100, 100], [109, 116, 253], [80, 173, 37]]
    # What would leave the range stays at its end.
    red, yellow = (torch.tensor(c, dtype=torch.uint8).view(1, 3, 1, 1) for c in ((255, 0, 0), (255, 255, 0)))
    assert rotate_hue(red, torch.tensor([180.0])).min() == 0
    assert rotate_hue(yellow, torch.tensor([120.0])).flatten().tolist() == [255, 147, 255]
