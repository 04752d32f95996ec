"""Embedding a training's own pixels."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from core.errors import DataError
from core.train.data import FaceSet
from core.train.validate import embed, filled_up, measure
from core.vision.network import FaceVectors, build
from core.vision.specs import EncoderSpec

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def net():
    torch.manual_seed(0)
    return build(EncoderSpec(architecture="small", size=32, dim=8, width=4))


@pytest.fixture(scope="module")
def pixels():
    return torch.randint(0, 256, (5, 3, 32, 32), generator=torch.Generator().manual_seed(1), dtype=torch.uint8)


def test_rows_are_what_the_encoder_itself_gives_whatever_the_batch(net, pixels):
    wanted = FaceVectors(net.eval())(pixels.permute(0, 2, 3, 1)).detach().numpy()
    for batch in (1, 2, 64):
        assert embed(net, pixels, device=CPU, batch=batch) == pytest.approx(wanted, abs=1e-5)
    assert embed(net, pixels, device=CPU, flip=False) != pytest.approx(wanted, abs=1e-3)


@pytest.mark.parametrize(("batch", "whole"), [(1, 5), (2, 6), (5, 5), (64, 64)])
def test_a_cards_batches_are_of_one_size(pixels, batch, whole):
    found = filled_up(pixels, batch)
    assert found.shape == (whole, 3, 32, 32)
    assert torch.equal(found[:5], pixels)
    assert not found[5:].any()


def test_no_faces_are_an_empty_array(net, pixels):
    assert embed(net, pixels[:0], device=CPU).shape == (0, 8)


def test_strangers_are_left_out_of_the_quick_look(net, pixels):
    parts = ("train", "train", "validation", "validation", "stranger")
    faces = FaceSet([np.empty(0)] * 5, ("a", "b", "a", "b", "c"), parts)
    full, quick = (measure(net, pixels, faces, device=CPU, quick=quick) for quick in (False, True))
    assert (full.n, full.enrolled, full.strangers) == (2, 2, 1)
    assert (quick.n, quick.enrolled, quick.strangers) == (2, 2, 0)


def test_without_validation_faces_it_says_to_balance(net, pixels):
    faces = FaceSet([np.empty(0)] * 5, tuple("ababc"), ("train",) * 5)
    with pytest.raises(DataError, match="Balance first"):
        measure(net, pixels, faces, device=CPU)
