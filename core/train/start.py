"""What a training starts from: the shipped encoder, ImageNet, or random weights; each said in words."""

from __future__ import annotations

from dataclasses import replace

import torch

from core.errors import EncoderError
from core.train.config import TrainConfig
from core.vision.encoder import pretrained_path
from core.vision.network import IMAGENET_MEAN, IMAGENET_STD, EncoderSpec, FaceNet, build, read_encoder

LABELS = {
    "pretrained": "started from the shipped encoder, which knows anime faces",
    "imagenet": "started from ImageNet weights, which know photographs",
    "random": "started from random weights: all that it knows comes from these faces",
}


def resolve_config(config: TrainConfig) -> TrainConfig:
    """The config with all that is decided at the start written in: the architecture of shipped weights, the precision.

    Raises EncoderError where the shipped weights are asked for and not there.
    """
    if config.init == "pretrained":
        if not pretrained_path().is_file():
            raise EncoderError(
                f"The shipped encoder is not in this copy ({pretrained_path()}). Start from 'imagenet' or 'random'."
            )
        spec = read_encoder(pretrained_path())[1]
        config = replace(
            config,
            architecture=spec.architecture,
            image_size=spec.size,
            embedding_dim=spec.dim,
            width=spec.width,
        )
    if config.precision == "auto":
        config = replace(config, precision="bfloat16" if has_bfloat16() else "float32")
    return config


def has_bfloat16() -> bool:
    """Whether this machine trains with bfloat16 faster than with float32: some GPUs do.

    No processor does: without AMX the gradients of 3x3 convolutions are 3 to 5 times slower in bfloat16, and with it
    EfficientNet-Lite2 still takes 1.3 times as long as in float32 (48 steps of Quick: 40 s and 30 s).
    """
    return torch.cuda.is_available() and torch.cuda.is_bf16_supported()


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
