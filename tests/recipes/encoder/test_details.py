"""The projection of details: what tells characters of one source apart counts, whatever tells sources apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from core.errors import EncoderError
from core.vision.network import EncoderSpec, build
from recipes.encoder.details import Choice, contrastive_loss, projection, views, with_details
from recipes.encoder.faces import Faces

QUICK = replace(Choice(), length=3, steps=300, rate=1e-2, dropout=0.0)


def test_the_loss_of_a_face_is_how_unlikely_its_own_are_among_its_source():
    """Two faces of one character at cosine 1, a third at 0, one of another source: -log(e / (e + 1)) by hand."""
    vectors = torch.tensor([[1.0, 0], [1.0, 0], [0, 1.0], [1.0, 0]])
    labels, sources = torch.tensor([0, 0, 1, 2]), torch.tensor([0, 0, 0, 1])
    found = float(contrastive_loss(vectors, labels, sources, 1.0))
    assert found == pytest.approx(-np.log(np.e / (np.e + 1)), abs=1e-5)


def test_what_varies_within_characters_and_what_tells_sources_apart_counts_little():
    """Three numbers: who it is, noise, the source."""
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(60), 6)
    sources = labels // 20
    who = rng.normal(size=60)[labels]
    seen = np.stack([who, 2 * rng.normal(size=360), 0.5 * sources], axis=1)[:, None].repeat(2, 1)
    seen = seen + 0.05 * rng.normal(size=seen.shape)
    _, basis = projection(seen.astype(np.float32), labels, sources, QUICK)
    own, noise, _ = np.linalg.norm(basis, axis=1) * seen[:, 0].std(0)
    assert own > 2 * noise


def test_the_network_stays_and_two_runs_give_the_same():
    rng = np.random.default_rng(0)
    hues = np.repeat(rng.integers(0, 256, (8, 3)), 3, axis=0)
    pixels = np.clip(hues[:, None, None] + rng.integers(-20, 20, (24, 64, 64, 3)), 0, 255).astype(np.uint8)
    faces = Faces(pixels, tuple(f"here/c{i}" for i in range(8)), np.repeat(np.arange(8), 3), ("f",) * 24)
    torch.manual_seed(0)
    net = build(EncoderSpec("efficientnet_lite0", size=64, dim=8)).eval()
    one, two = (with_details(net, faces, replace(QUICK, share=0.3, steps=20)) for _ in range(2))
    assert (one.spec.details, one.spec.detail_share) == (3, 0.3)
    torch.testing.assert_close(one.details.basis, two.details.basis)
    seen = torch.from_numpy(pixels[::3]).permute(0, 3, 1, 2).float() / 255
    with torch.inference_mode():
        torch.testing.assert_close(F.normalize(one.embed(seen)[:, :8]), net.embed(seen))


def test_a_network_that_has_no_such_middle_is_refused():
    net = build(EncoderSpec(width=8, size=32, dim=4)).eval()
    with pytest.raises(EncoderError, match="not for small"):
        views(net, np.zeros((1, 32, 32, 3), np.uint8))
