"""What a training starts from: the shipped encoder, ImageNet, or random weights; each said in words."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import torch

from core.errors import EncoderError
from core.train.config import TrainConfig
from core.vision.encoder import pretrained_path
from core.vision.network import IMAGENET_MEAN, IMAGENET_STD, EncoderSpec, FaceNet, build, read_encoder
from core.vision.specs import read_encoder_header

LABELS = {
    "pretrained": "started from the shipped encoder, which knows anime faces",
    "imagenet": "started from ImageNet weights, which know photographs",
    "random": "started from random weights: all that it knows comes from these faces",
}


def resolve_config(config: TrainConfig) -> TrainConfig:
    """The config with the architecture of the weights that it starts from written in.

    Raises EncoderError where the shipped weights are asked for and not there.
    """
    if config.init == "pretrained":
        if not pretrained_path().is_file():
            raise EncoderError(
                f"The shipped encoder is not in this copy ({pretrained_path()}). Start from 'imagenet' or 'random'."
            )
        spec = _spec(pretrained_path(), pretrained_path().stat().st_mtime_ns)
        config = replace(
            config,
            architecture=spec.architecture,
            image_size=spec.size,
            embedding_dim=spec.dim,
            width=spec.width,
        )
    return config


@lru_cache(maxsize=4)
def _spec(path: Path, changed: int) -> EncoderSpec:
    """Read once for as long as the file stays as it is: a page resolves its config at every click."""
    return read_encoder_header(path)[0]


def first_network(config: TrainConfig) -> FaceNet:
    """The network before its first step. Random weights follow the config's seed and touch no global generator."""
    if config.init == "pretrained":
        return read_encoder(pretrained_path())[0]
    spec = EncoderSpec(
        architecture=config.architecture, size=config.image_size, dim=config.embedding_dim, width=config.width
    )
    if config.architecture != "small":
        spec = replace(spec, mean=IMAGENET_MEAN, std=IMAGENET_STD)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        return build(spec, imagenet=config.init == "imagenet")
