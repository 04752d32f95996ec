"""The projection of colours: what varies within a character and what another light changes count less."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from core.vision.network import EncoderSpec, build
from recipes.encoder import colours
from recipes.encoder.colours import Choice, projection, tinted, with_colours
from recipes.encoder.faces import Faces


def test_a_light_scales_each_channel_of_a_face_and_never_makes_it_brighter():
    faces = np.full((50, 2, 2, 3), 200, np.uint8)
    other = tinted(faces)
    assert (other == other[:, :1, :1]).all(), "one light for the whole face"
    assert other.max() <= 200
    assert len(np.unique(other.reshape(50, -1), axis=0)) == 50
    np.testing.assert_array_equal(other, tinted(faces))


@pytest.mark.parametrize("noisy", ["within characters", "by light"])
def test_a_direction_that_says_nothing_of_who_it_is_counts_less(monkeypatch, noisy):
    """Two directions of the same spread between characters; the second also varies."""
    monkeypatch.setattr(colours, "AXES", 2)
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(40), 6)
    who, varies = rng.normal(size=(40, 2)), np.stack([np.zeros(240), rng.normal(size=240)], 1)
    plain = who[labels] + 0.1 * rng.normal(size=(240, 2))
    light = plain + varies * (noisy == "by light")
    plain = plain + varies * (noisy != "by light")
    _, basis = projection(plain, light, labels, np.ones(240), Choice(length=2, flatten=0.0))
    steady, moved = np.linalg.norm(basis, axis=1)
    assert moved < 0.5 * steady


def test_the_network_stays_and_faces_of_one_colour_come_nearer_together():
    rng = np.random.default_rng(0)
    hues = np.repeat(rng.integers(0, 256, (8, 3)), 4, axis=0)
    pixels = np.clip(hues[:, None, None] + rng.integers(-20, 20, (32, 32, 32, 3)), 0, 255).astype(np.uint8)
    faces = Faces(pixels, tuple(f"here/c{i}" for i in range(8)), np.repeat(np.arange(8), 4), ("f",) * 32)
    torch.manual_seed(0)
    net = build(EncoderSpec(width=8, size=32, dim=4)).eval()
    seeing = with_colours(net, faces, replace(Choice(), length=3, share=0.5))
    assert (seeing.spec.colours, seeing.spec.colour_share) == (3, 0.5)
    seen = torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255
    with torch.inference_mode():
        torch.testing.assert_close(seeing(seen)[1], net(seen)[1])
        vectors = seeing.colours(seen)
    alike = (vectors @ vectors.T).numpy()
    same = faces.labels[:, None] == faces.labels
    assert alike[same].min() > 0.8
    assert alike[~same].mean() < 0.5
