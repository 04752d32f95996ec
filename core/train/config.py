"""Everything that decides a training, on one value; saved as config.json beside what it produced."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, cast

from core.atomic import write_json
from core.documents import parse_json
from core.errors import DataError
from core.vision.specs import ARCHITECTURES

INITS = ("pretrained", "imagenet", "random")
MINERS = ("batch_hard", "batch_all", "semi_hard", "none")
SCHEDULES = ("cosine", "step", "constant")
OPTIMISERS = ("adamw", "adam")
AUGMENTS = ("none", "article", "light", "standard", "strong")
PRECISIONS = ("auto", "float32", "bfloat16", "fastest")

CHOICES = {
    "init": INITS,
    "architecture": ARCHITECTURES,
    "mining": MINERS,
    "schedule": SCHEDULES,
    "optimiser": OPTIMISERS,
    "augment": AUGMENTS,
    "precision": PRECISIONS,
    "freeze_batchnorm": (False, True),
}

WHOLE_NUMBERS = {
    "image_size": (32, 512),
    "embedding_dim": (2, 2048),
    "width": (4, 256),
    "classes_per_batch": (2, 256),
    "samples_per_class": (2, 64),
    "microbatch": (0, 16_384),
    "step_epochs": (1, 10_000),
    "epochs": (1, 10_000),
    "max_steps": (1, 10_000_000),
    "frozen_epochs": (0, 10_000),
    "frozen_stages": (0, 7),
    "validate_every": (1, 10_000),
    "patience": (1, 10_000),
    "seed": (0, 2**63 - 1),
}
NUMBERS = {
    "margin": (1e-3, 10.0),
    "triplet_weight": (0.0, 100.0),
    "cross_entropy": (0.0, 100.0),
    "label_smoothing": (0.0, 0.9),
    "learning_rate": (1e-8, 1.0),
    "backbone_lr_scale": (0.0, 10.0),
    "weight_decay": (0.0, 1.0),
    "warmup_fraction": (0.0, 1.0),
    "step_factor": (0.01, 1.0),
    "ema_decay": (0.0, 0.9999),
    "refit_fraction": (0.0, 1.0),
    "refit_lr_scale": (0.0, 10.0),
    "weight_interpolation": (0.0, 1.0),
}
"""Smallest and largest value of every number."""

OLD_NAMES = {
    "size": "image_size",
    "dim": "embedding_dim",
    "characters": "classes_per_batch",
    "faces": "samples_per_class",
    "triplet": "mining",
    "rate": "learning_rate",
    "backbone_rate": "backbone_lr_scale",
    "warm_up": "warmup_fraction",
    "average": "ema_decay",
    "refit": "refit_fraction",
    "refit_rate": "refit_lr_scale",
    "keep": "weight_interpolation",
}
"""What the settings were called before; both names are read, the new one is written."""


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """The settings of one training; the defaults are the preset Recommended, from random weights.

    preset: a short name that the run's folder is called after.
    init: the weights to start from: `pretrained` (the shipped encoder; it brings its own architecture, image_size and
    embedding_dim), `imagenet` or `random`.
    classes_per_batch, samples_per_class: a batch holds P different characters with K faces each.
    microbatch: faces in each part of a batch that a group of processor cores works on (core.train.microbatches); 0 is
    the whole batch at once, as a GPU always takes it.
    mining: which triplets of a batch are learned from. margin None is the soft margin.
    cross_entropy: weight of a classifier behind the BNNeck, 0 switches it off.
    learning_rate: peak rate of the new layers; the backbone's is learning_rate x backbone_lr_scale. frozen_epochs:
    epochs during which the backbone does not change. frozen_stages: so many of the shipped encoder's seven stages,
    counted from the pixels, keep the weights and statistics that they came with. freeze_batchnorm: the backbone's
    batch normalisation keeps the statistics that it came with. warmup_fraction: share of the steps.
    ema_decay: decay of the averaged weights (exponential moving average), 0 switches them off.
    patience: validations without a better MAP@R before training ends. max_steps: upper limit that shortens the
    training of large sets.
    refit_fraction: share of the epochs for which the chosen weights go on with all faces, validation included,
    starting at refit_lr_scale x learning_rate.
    weight_interpolation: share of the weights before the training in the result (core.train.blend), so that other
    characters are not forgotten; only from `pretrained`.
    precision: `auto` is float32 on a processor and the faster of both on a GPU; `fastest` is the faster of both
    anywhere (core.train.speed). What was chosen stands in config.json.
    """

    preset: str = "recommended"
    init: str = "random"
    architecture: str = "small"
    image_size: int = 112
    embedding_dim: int = 128
    width: int = 32
    classes_per_batch: int = 8
    samples_per_class: int = 4
    microbatch: int = 0
    mining: str = "batch_hard"
    margin: float | None = None
    triplet_weight: float = 1.0
    cross_entropy: float = 1.0
    label_smoothing: float = 0.1
    augment: str = "standard"
    optimiser: str = "adamw"
    learning_rate: float = 2e-3
    backbone_lr_scale: float = 1.0
    weight_decay: float = 0.02
    schedule: str = "cosine"
    warmup_fraction: float = 0.1
    step_epochs: int = 3
    step_factor: float = 0.8
    epochs: int = 60
    max_steps: int = 2000
    frozen_epochs: int = 0
    frozen_stages: int = 0
    freeze_batchnorm: bool = False
    ema_decay: float = 0.98
    validate_every: int = 3
    patience: int = 6
    refit_fraction: float = 0.2
    refit_lr_scale: float = 0.5
    weight_interpolation: float = 0.0
    precision: str = "auto"
    seed: int = 0

    def __post_init__(self) -> None:
        if not isinstance(self.preset, str) or not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,39}", self.preset):
            raise DataError(
                f"The training's preset names its folder: up to 40 of a-z, 0-9, - and _, got {self.preset!r}."
            )
        for name, allowed in CHOICES.items():
            value = getattr(self, name)
            if value not in allowed or not isinstance(value, type(allowed[0])):
                raise DataError(f"Training knows no {name} {value!r}; choose one of: {', '.join(map(str, allowed))}.")
        for name, (low, high) in WHOLE_NUMBERS.items():
            self._in_range(name, low, high, int, "a whole number")
        for name, (least, largest) in NUMBERS.items():
            if not (name == "margin" and self.margin is None):
                self._in_range(name, least, largest, (int, float), "a number")
        if (self.mining == "none" or self.triplet_weight == 0) and self.cross_entropy == 0:
            raise DataError(
                "Nothing would be learned: mining is 'none' or triplet_weight is 0, and cross_entropy is 0. "
                "Switch one of the two losses on."
            )
        if self.freeze_batchnorm and self.init == "random":
            raise DataError("freeze_batchnorm keeps statistics that random weights do not have. Choose another init.")
        if self.frozen_stages and self.init != "pretrained":
            raise DataError("frozen_stages keeps what the shipped encoder has learned. Choose init pretrained, or 0.")
        if self.mining == "semi_hard" and self.margin is None:
            raise DataError("The semi-hard triplet loss needs a margin, for example 0.2.")

    def _in_range(self, name: str, low: float, high: float, kind: type | tuple[type, ...], word: str) -> None:
        value = getattr(self, name)
        fits = isinstance(value, kind) and not isinstance(value, bool) and low <= cast(float, value) <= high
        if not fits:
            raise DataError(f"The training's {name} is {word} from {low:g} to {high:g}, got {value!r}.")

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> TrainConfig:
        """The config of a dict; keys may have their old names. Unknown keys are refused by name."""
        named: dict[str, Any] = {}
        for key, value in values.items():
            name = OLD_NAMES.get(key, key)
            if name in named:
                raise DataError(f"A training's config has {name} twice, by its old name and its new one. Keep one.")
            named[name] = value
        unknown = set(named) - {f.name for f in fields(cls)}
        if unknown:
            raise DataError(
                f"A training's config knows no {', '.join(sorted(unknown))}. Was it made by another version?"
            )
        return cls(**named)

    def with_settings(self, settings: Sequence[str]) -> TrainConfig:
        """The config with some settings replaced, each given as NAME=VALUE (`--set`); old names are read too.

        Raises DataError for an unknown name, a name given twice (by both its names too) and a value out of range.
        """
        changes: dict[str, Any] = {}
        known = self.as_dict()
        for text in settings:
            key, sign, value = text.partition("=")
            name = OLD_NAMES.get(key, key)
            if not sign or name not in known:
                raise DataError(f"--set takes NAME=VALUE, got {text!r}. Names: {', '.join(known)}.")
            if name in changes:
                was = f" ({key} is its old name)" if key != name else ""
                raise DataError(f"--set gives {name} twice{was}. Keep one of them.")
            changes[name] = _parsed(name, value)
        return replace(self, **changes)

    def save(self, path: Path) -> None:
        """Write config.json."""
        write_json(path, self.as_dict())

    @classmethod
    def load(cls, path: Path) -> TrainConfig:
        """Read config.json. Raises DataError in words where it is missing or broken."""
        try:
            values = parse_json(Path(path).read_text(encoding="utf-8"))
            if not isinstance(values, dict):
                raise ValueError("not a JSON object")
            return cls.from_dict({"microbatch": 0} | values)  # before there were parts, a batch was always whole
        except (OSError, ValueError, DataError) as error:
            what_to_do = "Restore it, or train anew."
            raise DataError(f"{path} is not the config of a training ({error}). {what_to_do}") from error


def _parsed(name: str, value: str) -> Any:
    """The text of a setting in the setting's own type."""
    if name == "margin" and value.lower() == "none":
        return None
    if name == "freeze_batchnorm":
        return {"true": True, "false": False}.get(value.lower(), value)
    kind: type = int if name in WHOLE_NUMBERS else float if name in NUMBERS else str
    try:
        return kind(value)
    except ValueError as error:
        word = "a whole number" if kind is int else "a number"
        raise DataError(f"{name} takes {word}, got {value!r}.") from error
