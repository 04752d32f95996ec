"""Three trainings to choose from: as the article did it, what we recommend, and a quick one for two CPU cores."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.errors import DataError
from core.settings import PRETRAINED
from core.train.config import TrainConfig

PRESETS = {
    "recommended": "The best result: from the shipped encoder, larger faces, more steps.",
    "quick": "Small faces, few steps: the shortest, for a machine without a GPU and for a first look.",
    "article": "EfficientNet-B3 at 225 px, hard margin 0.15, no classifier: as the article did it. Needs a GPU.",
}
"""Name and what to say of it. How long each takes is for the estimate to say: it knows the faces and the machine."""

SMALL = 4
"""Cores up to which a machine without a GPU is a small one."""


def shipped() -> bool:
    """Whether the encoder that comes with the app is there."""
    return (PRETRAINED / "encoder.safetensors").is_file()


def suggested(device: str, cores: int) -> str:
    """The preset for this machine: `quick` where it is small, with neither a GPU nor more than four cores.

    >>> suggested("cpu", 2), suggested("cpu", 16), suggested("cuda", 2)
    ('quick', 'recommended', 'recommended')
    """
    return "quick" if device == "cpu" and cores <= SMALL else "recommended"


def default_init(name: str) -> str:
    """`pretrained` where the shipped encoder is there, else `random`; the article started from ImageNet."""
    if name == "article":
        return "imagenet"
    return "pretrained" if shipped() else "random"


def preset(name: str = "recommended", *, init: str | None = None, seed: int = 0) -> TrainConfig:
    """The config of a preset. init None: the best start there is (see default_init)."""
    if name not in PRESETS:
        raise DataError(f"There is no preset {name!r}; choose one of: {', '.join(PRESETS)}.")
    config = TrainConfig(preset=name, init=init or default_init(name), seed=seed)
    if name == "article":
        return replace(config, **ARTICLE)
    if name == "quick":
        config = replace(config, **QUICK)
    if config.init == "pretrained":
        return replace(config, **(QUICK_FROM_PRETRAINED if name == "quick" else FROM_PRETRAINED))
    if config.init == "imagenet":
        return replace(config, **FROM_IMAGENET)
    return config


ARTICLE: dict[str, Any] = {
    "architecture": "efficientnet_b3",
    "image_size": 225,
    "embedding_dim": 1536,
    "classes_per_batch": 4,
    "samples_per_class": 4,
    "margin": 0.15,
    "cross_entropy": 0.0,
    "augment": "article",
    "optimiser": "adam",
    "learning_rate": 1e-4,
    "weight_decay": 0.0,
    "schedule": "step",
    "warmup_fraction": 0.0,
    "epochs": 25,
    "max_steps": 1_000_000,
    "ema_decay": 0.0,
    "validate_every": 1,
    "patience": 25,
    "refit_fraction": 0.0,
}
QUICK: dict[str, Any] = {
    "image_size": 96,
    "width": 24,
    "epochs": 50,
    "max_steps": 900,
    "validate_every": 5,
    "refit_fraction": 0.0,
}
FROM_PRETRAINED: dict[str, Any] = {
    "learning_rate": 1e-3,
    "backbone_lr_scale": 0.5,
    "epochs": 24,
    "max_steps": 600,
    "validate_every": 2,
    "weight_interpolation": 0.5,
    "microbatch": 16,
    "frozen_stages": 2,
}
"""On 18 characters that the encoder had never seen (13 faces each), three seeds, before and after: top-1 .968 and .981,
precision@5 .923 and .974, EER .104 and .038; on 1,171 faces of others 3-shot top-1 .669 and .674, EER .081 and .081:
with half of the start kept nothing is forgotten. With none of it kept (one seed): .651 and .098 on the others. That
the first two stages do not learn saves a fifth to a quarter of a step and changes nothing that could be measured
(docs/encoder.md)."""
QUICK_FROM_PRETRAINED: dict[str, Any] = FROM_PRETRAINED | {"epochs": 6, "max_steps": 200}
FROM_IMAGENET: dict[str, Any] = {
    "architecture": "resnet18",
    "image_size": 128,
    "learning_rate": 1e-3,
    "backbone_lr_scale": 0.3,
    "frozen_epochs": 1,
    "epochs": 20,
    "max_steps": 800,
}
