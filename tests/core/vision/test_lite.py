import torch

from core.vision.lite import LiteNet
from core.vision.network import count_parameters


def test_it_has_the_published_number_of_weights():
    """4,652,008 in the paper's table, of them 1000 x 1280 + 1000 in the classifier that is left out here."""
    assert count_parameters(LiteNet()) == 4_652_008 - 1_281_000


def test_the_sides_are_halved_five_times():
    grid = LiteNet().eval().layers(torch.rand(1, 3, 64, 96))
    assert grid.shape == (1, 1280, 2, 3)
