"""The projection of colours: what varies within a character and what another light changes count less."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from core.similarity.clustering import spread
from core.similarity.prototypes import l2_normalize
from core.vision.network import EncoderSpec, build
from recipes.encoder import colours
from recipes.encoder.colours import Choice, projection, tinted, with_colours
from recipes.encoder.faces import Faces
from recipes.encoder.whiten import flattening


def coloured_faces() -> Faces:
    """Eight characters of one colour each, four noisy faces of each."""
    rng = np.random.default_rng(0)
    hues = np.repeat(rng.integers(0, 256, (8, 3)), 4, axis=0)
    pixels = np.clip(hues[:, None, None] + rng.integers(-20, 20, (32, 32, 32, 3)), 0, 255).astype(np.uint8)
    return Faces(pixels, tuple(f"here/c{i}" for i in range(8)), np.repeat(np.arange(8), 4), ("f",) * 32)


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


def test_the_backbone_stays_and_faces_of_one_colour_come_nearer_together():
    faces = coloured_faces()
    torch.manual_seed(0)
    net = build(EncoderSpec(width=8, size=32, dim=4)).eval()
    backbone = {name: value.clone() for name, value in net.backbone.state_dict().items()}
    seeing = with_colours(net, faces, replace(Choice(), length=3, share=0.5))
    assert (seeing.spec.colours, seeing.spec.colour_share) == (3, 0.5)
    seen = torch.from_numpy(faces.pixels).permute(0, 3, 1, 2).float() / 255
    with torch.inference_mode():
        vectors = seeing.colours(seen)
    torch.testing.assert_close(dict(seeing.backbone.state_dict()), backbone)
    alike = (vectors @ vectors.T).numpy()
    same = faces.labels[:, None] == faces.labels
    assert alike[same].min() > 0.8
    assert alike[~same].mean() < 0.5


def test_directions_spread_more_bring_similarities_further_apart():
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(400, 4)) * [3, 2, 1, 1]
    before, after = (spread(l2_normalize(vectors @ flattening(vectors, -power))) for power in (0.0, 0.2))
    assert after > before + 0.01
