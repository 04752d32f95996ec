import pytest
import torch

from core.vision.lite import LiteNet, round_channels
from core.vision.network import count_parameters


@pytest.mark.parametrize(
    ("architecture", "published"), [("efficientnet_lite0", 4_652_008), ("efficientnet_lite2", 6_092_072)]
)
def test_it_has_the_published_number_of_weights(architecture: str, published: int):
    """Of them 1000 x 1280 + 1000 in the classifier that is left out here."""
    assert count_parameters(LiteNet(architecture)) == published - 1_281_000


def test_channels_are_rounded_to_eighths_and_not_far_down():
    """21.0 would be 16, more than a tenth below."""
    assert [round_channels(c, 1.1) for c in (16, 24, 40, 192)] == [16, 24, 48, 208]
    assert round_channels(14, 1.5) == 24


def test_the_sides_are_halved_five_times():
    grid = LiteNet().eval().layers(torch.rand(1, 3, 64, 96))
    assert grid.shape == (1, 1280, 2, 3)
