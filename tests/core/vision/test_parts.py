"""The parts of a crop: each pixel counts for what it lies in, alike in the mirror."""

from __future__ import annotations

import pytest
import torch

from core.vision.parts import PARTS, pixel_shares


@pytest.mark.parametrize("side", [4, 6, 32])
def test_every_part_shares_itself_out_among_its_pixels_and_is_the_same_in_the_mirror(side):
    shares = pixel_shares(side, side)
    assert shares.shape == (len(PARTS), side * side)
    torch.testing.assert_close(shares.sum(1), torch.ones(len(PARTS)))
    torch.testing.assert_close(shares.view(-1, side, side).flip(2), shares.view(-1, side, side))


def test_of_six_by_six_pixels_the_hair_above_has_eight():
    """Rows at .08 and .25 (above .375), columns at .25 to .75 (between .1875 and .8125)."""
    above = pixel_shares(6, 6)[0].view(6, 6)
    assert (above[:2, 1:5] == 1 / 8).all()
    assert float(above.sum()) == pytest.approx(1)


def test_a_part_without_a_pixel_of_its_own_counts_nothing():
    """Of two by two pixels none lies beside the face: columns at .25 and .75."""
    shares = pixel_shares(2, 2)
    assert torch.isfinite(shares).all()
    assert float(shares[1].sum()) == 0
