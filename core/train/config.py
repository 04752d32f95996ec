"""Everything that decides a training, on one value; saved as config.json beside what it produced."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from core.errors import DataError
from core.workspace.atomic import write_json

INITS = ("pretrained", "imagenet", "random")
TRIPLETS = ("batch_hard", "batch_all", "semi_hard", "none")
SCHEDULES = ("cosine", "step", "constant")
OPTIMISERS = ("adamw", "adam")
AUGMENTS = ("none", "article", "light", "standard", "strong")
PRECISIONS = ("auto", "float32", "bfloat16")


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """The settings of one training; the defaults are the preset Recommended, from random weights.

    init: what the weights are before: `pretrained` (the shipped encoder; it brings its own architecture, size and dim),
    `imagenet` or `random`. A batch holds `characters` different characters (P) with `faces` faces each (K).
    margin None is the soft margin. cross_entropy is the weight of a classifier behind the BNNeck, 0 switches it off.
    rate: peak learning rate of the new layers; the backbone's is rate x backbone_rate; frozen_epochs leave the backbone
    as it is. warm_up: share of the steps. average: decay of the averaged weights (EMA), 0 switches them off.
    patience: validations without a better MAP@R before training ends. max_steps shortens the training of large
    sets, a part of it. refit: share of the epochs for which the chosen weights go on with all faces, validation too,
    from refit_rate x rate down.
    keep: share of the weights before the training in what comes out (core.train.blend), so that other characters are
    not forgotten; only from `pretrained`.
    precision auto: bfloat16 where it is faster (on some GPUs), else float32.
    """

    preset: str = "recommended"
    init: str = "random"
    architecture: str = "small"
    size: int = 112
    dim: int = 128
    width: int = 32
    characters: int = 8
    faces: int = 4
    triplet: str = "batch_hard"
    margin: float | None = None
    triplet_weight: float = 1.0
    cross_entropy: float = 1.0
    label_smoothing: float = 0.1
    augment: str = "standard"
    optimiser: str = "adamw"
    rate: float = 2e-3
    backbone_rate: float = 1.0
    weight_decay: float = 0.02
    schedule: str = "cosine"
    warm_up: float = 0.1
    step_epochs: int = 3
    step_factor: float = 0.8
    epochs: int = 60
    max_steps: int = 2000
    frozen_epochs: int = 0
    average: float = 0.98
    validate_every: int = 3
    patience: int = 6
    refit: float = 0.2
    refit_rate: float = 0.5
    keep: float = 0.0
    precision: str = "auto"
    seed: int = 0

    def __post_init__(self):
        self._one_of("init", INITS)
        self._one_of("triplet", TRIPLETS)
        self._one_of("schedule", SCHEDULES)
        self._one_of("optimiser", OPTIMISERS)
        self._one_of("augment", AUGMENTS)
        self._one_of("precision", PRECISIONS)
        self._between("characters", 2, 256)
        self._between("faces", 2, 64)
        self._between("epochs", 1, 10_000)
        self._between("max_steps", 1, 10_000_000)
        self._between("rate", 1e-8, 1.0)
        self._between("average", 0.0, 0.9999)
        self._between("refit", 0.0, 1.0)
        self._between("keep", 0.0, 1.0)
        self._between("label_smoothing", 0.0, 0.9)
        self._between("validate_every", 1, 10_000)
        if self.triplet == "none" and self.cross_entropy == 0:
            raise DataError(
                "Nothing would be learned: triplet is 'none' and cross_entropy is 0. Switch one of them on."
            )
        if self.triplet == "semi_hard" and self.margin is None:
            raise DataError("The semi-hard triplet loss needs a margin, for example 0.2.")

    def _one_of(self, name: str, allowed: tuple[str, ...]) -> None:
        if getattr(self, name) not in allowed:
            raise DataError(f"Training knows no {name} {getattr(self, name)!r}; choose one of: {', '.join(allowed)}.")

    def _between(self, name: str, low: float, high: float) -> None:
        if not low <= getattr(self, name) <= high:
            raise DataError(f"The training's {name} is from {low} to {high}, got {getattr(self, name)}.")

    def as_dict(self) -> dict:
        """For JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict) -> TrainConfig:
        """The config of a dict; keys of another version are refused by name."""
        unknown = set(values) - {f.name for f in fields(cls)}
        if unknown:
            raise DataError(
                f"A training's config knows no {', '.join(sorted(unknown))}. Was it made by another version?"
            )
        return cls(**values)

    def save(self, path: Path) -> None:
        """Write config.json."""
        write_json(path, self.as_dict())

    @classmethod
    def load(cls, path: Path) -> TrainConfig:
        """Read config.json. Raises DataError in words where it is missing or broken."""
        try:
            return cls.from_dict(json.loads(Path(path).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise DataError(f"{path} is not the config of a training ({error}).") from error
