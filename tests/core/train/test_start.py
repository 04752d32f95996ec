"""What a training starts from: random weights by the seed, the shipped encoder with its own shape, words for each."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from core.errors import EncoderError
from core.train import start
from core.train.config import INITS, TrainConfig
from core.train.start import LABELS, first_network, resolve_config
from core.vision.network import IMAGENET_MEAN
from core.vision.specs import read_encoder_header

CONFIG = TrainConfig(image_size=32, width=4, embedding_dim=4)


def weights(config):
    return first_network(config).embedding.weight


def test_the_seed_decides_and_nobody_elses_numbers_change():
    torch.manual_seed(5)
    before = torch.get_rng_state()
    assert torch.equal(weights(CONFIG), weights(CONFIG))
    assert not torch.equal(weights(CONFIG), weights(replace(CONFIG, seed=1)))
    assert torch.equal(torch.get_rng_state(), before)


def test_a_network_from_nothing_has_the_configs_shape():
    spec = first_network(CONFIG).spec
    assert (spec.architecture, spec.size, spec.dim, spec.width) == ("small", 32, 4, 4)
    other = first_network(replace(CONFIG, architecture="efficientnet_lite0")).spec
    assert (other.architecture, other.mean) == ("efficientnet_lite0", IMAGENET_MEAN)
    assert spec.mean == (0.5, 0.5, 0.5)


def test_the_shipped_encoder_brings_its_own_shape_and_others_keep_theirs():
    shipped = read_encoder_header(start.pretrained_path())[0]
    resolved = resolve_config(replace(CONFIG, init="pretrained"))
    assert (resolved.architecture, resolved.image_size) == (shipped.architecture, shipped.size)
    assert (resolved.embedding_dim, resolved.width) == (shipped.dim, shipped.width)
    assert resolve_config(CONFIG) == CONFIG


def test_a_copy_without_the_shipped_encoder_says_what_else_there_is(monkeypatch):
    monkeypatch.setattr(start, "pretrained_path", lambda: Path("/nowhere/encoder.safetensors"))
    with pytest.raises(EncoderError, match="Start from 'imagenet' or 'random'"):
        resolve_config(replace(CONFIG, init="pretrained"))


def test_every_start_has_its_words():
    assert set(LABELS) == set(INITS)
