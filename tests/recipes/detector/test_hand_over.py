"""A second look goes on to an encoder that sees the same features, and to no other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from core.errors import DataError
from core.vision.network import EncoderSpec, FaceNet, build, save_encoder
from core.vision.second_look import Regression, digest, read_regression
from recipes.detector.hand_over import hand_over
from recipes.detector.second_look import write

SPEC = EncoderSpec(width=8, size=32, dim=4)


@pytest.fixture
def before(tmp_path) -> Path:
    torch.manual_seed(0)
    return saved(tmp_path / "before.safetensors", build(SPEC))


def saved(path: Path, net: FaceNet) -> Path:
    save_encoder(path, net, net.spec, {})
    return path


def second_look(folder: Path, encoder: Path) -> Path:
    path = folder / "second_look.safetensors"
    write(path, Regression(np.arange(3, dtype=np.float32), 0.5, -1.0), encoder, {"penalty": 10.0})
    return path


def test_colours_behind_the_embedding_change_nothing_of_what_it_sees(tmp_path, before):
    torch.manual_seed(0)
    net = build(SPEC)
    coloured = build(replace(SPEC, colours=2, colour_share=0.2))
    coloured.load_state_dict(net.state_dict() | {k: v for k, v in coloured.state_dict().items() if "colours." in k})
    coloured.embedding.weight.data *= 2
    after, path = saved(tmp_path / "after.safetensors", coloured), second_look(tmp_path, before)
    hand_over(path, before, after)
    found, belongs = read_regression(path)
    assert belongs["encoder"] == digest(after)
    assert belongs["provenance"] == '{"penalty": 10.0}'
    np.testing.assert_array_equal(found.weights, [0, 1, 2])
    assert (found.share, found.bias) == (0.5, -1.0)


def test_another_backbone_has_to_be_learned_from(tmp_path, before):
    torch.manual_seed(0)
    net = build(SPEC)
    next(net.backbone.parameters()).data[0] += 0.5
    after, path = saved(tmp_path / "after.safetensors", net), second_look(tmp_path, before)
    bytes_before = path.read_bytes()
    with pytest.raises(DataError, match="Fit the second look anew"):
        hand_over(path, before, after)
    assert path.read_bytes() == bytes_before


def test_a_second_look_of_another_encoder_is_not_given_away(tmp_path, before):
    other = saved(tmp_path / "other.safetensors", build(SPEC))
    with pytest.raises(DataError, match="was not fitted to"):
        hand_over(second_look(tmp_path, other), before, before)
