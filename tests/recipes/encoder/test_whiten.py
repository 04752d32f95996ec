from __future__ import annotations

import numpy as np
import pytest
import torch

from core.vision.network import EncoderSpec, build
from recipes.encoder.faces import Faces
from recipes.encoder.whiten import features, flattening, fold, whiten, whitening, within_covariance


def test_covariance_within_characters_by_hand():
    vectors = np.array([[0.0, 0], [2, 0], [5, 1], [5, 3], [9, 9]])
    covariance = within_covariance(vectors, np.array([0, 0, 1, 1, 2]), np.ones(5))
    # first pair: variance 2 in x (n - 1 = 1); second: variance 2 in y; the lone face does not count
    np.testing.assert_allclose(covariance, [[1, 0], [0, 1]])


def test_whitening_makes_the_covariance_the_identity():
    covariance = np.array([[4.0, 1], [1, 2]])
    matrix = whitening(covariance, ridge=0.0)
    np.testing.assert_allclose(matrix.T @ covariance @ matrix, np.eye(2), atol=1e-9)


@pytest.mark.parametrize(("power", "spreads"), [(0.0, [4, 1, 0.5]), (0.5, [2, 1, 0.707]), (1.0, [1, 1, 1])])
def test_flattening_takes_a_power_of_each_direction_s_spread(monkeypatch, power, spreads):
    monkeypatch.setattr("recipes.encoder.whiten.FLOOR", 0.0)
    vectors = np.random.default_rng(0).normal(size=(4000, 3)) * [4, 1, 0.5]
    flat = vectors @ flattening(vectors, power)
    np.testing.assert_allclose(flat.std(0), spreads, rtol=0.05)


def test_directions_that_hardly_vary_are_not_blown_up():
    """A fiftieth of the largest variance counts with each: 4 -> 4 / (16 x 1.02) ** .5, .01 -> .01 / .32 ** .5."""
    vectors = np.random.default_rng(0).normal(size=(4000, 2)) * [4, 0.01]
    np.testing.assert_allclose((vectors @ flattening(vectors, 1.0)).std(0), [0.99, 0.0177], rtol=0.05)


@pytest.fixture
def faces() -> Faces:
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (24, 32, 32, 3), np.uint8)
    return Faces(pixels, tuple(f"here/c{i}" for i in range(6)), np.repeat(np.arange(6), 4), ("f",) * 24)


def test_folding_gives_the_turned_features_around_their_mean(faces: Faces):
    torch.manual_seed(0)
    net = build(EncoderSpec(width=8, size=32, dim=4))
    net(torch.rand(16, 3, 32, 32))  # the neck has seen something
    net.eval()
    before = features(net, faces.pixels, np.arange(24)).double()
    matrix = np.random.default_rng(1).normal(size=(4, 4))
    fold(net, matrix, before)
    after = features(net, faces.pixels, np.arange(24)).double()
    expected = before @ torch.from_numpy(matrix)
    expected = expected - expected.mean(0)
    expected = expected / expected.var(0).mean().sqrt()
    torch.testing.assert_close(after, expected, atol=1e-3, rtol=1e-3)


def test_a_whitened_network_can_be_trained_further(faces: Faces):
    torch.manual_seed(0)
    net = whiten(build(EncoderSpec(width=8, size=32, dim=4)).eval(), faces)
    before, after = net.train()(torch.rand(8, 3, 32, 32))
    after.sum().backward()
    assert torch.isfinite(net.embedding.weight.grad).all()
    assert before.shape == after.shape == (8, 4)


def test_a_flattened_network_gives_lower_cosines_and_nothing_else_is_done(faces: Faces):
    torch.manual_seed(0)
    net = build(EncoderSpec(width=8, size=32, dim=4)).eval()
    before = features(net, faces.pixels, np.arange(24)).double()
    whiten(net, faces, flatten=0.3)
    matrix = flattening(torch.nn.functional.normalize(before).numpy(), 0.3)
    turned = (before - before.mean(0)) @ torch.from_numpy(matrix)
    after = features(net, faces.pixels, np.arange(24)).double()
    torch.testing.assert_close(after, turned / turned.var(0).mean().sqrt(), atol=1e-3, rtol=1e-2)
