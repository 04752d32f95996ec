"""What users get without choosing. These are promises: saved runs, documents and scripts rely on them."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from core.balance.config import BalanceConfig
from core.collect.rate_limit import RateLimit
from core.collect.request import Limits
from core.crop.config import CropConfig
from core.settings import Settings
from core.train.augment import AugmentConfig
from core.train.config import TrainConfig
from core.train.presets import preset
from core.train.trainer import AUGMENTS
from core.visualise.map_settings import MapSettings

RECOMMENDED = {
    "preset": "recommended",
    "init": "random",
    "architecture": "small",
    "image_size": 112,
    "embedding_dim": 128,
    "width": 32,
    "classes_per_batch": 8,
    "samples_per_class": 4,
    "microbatch": 0,
    "mining": "batch_hard",
    "margin": None,
    "triplet_weight": 1.0,
    "cross_entropy": 1.0,
    "label_smoothing": 0.1,
    "augment": "standard",
    "optimiser": "adamw",
    "learning_rate": 0.002,
    "backbone_lr_scale": 1.0,
    "weight_decay": 0.02,
    "schedule": "cosine",
    "warmup_fraction": 0.1,
    "step_epochs": 3,
    "step_factor": 0.8,
    "epochs": 60,
    "max_steps": 2000,
    "frozen_epochs": 0,
    "frozen_stages": 0,
    "freeze_batchnorm": False,
    "ema_decay": 0.98,
    "validate_every": 3,
    "patience": 6,
    "refit_fraction": 0.2,
    "refit_lr_scale": 0.5,
    "weight_interpolation": 0.0,
    "precision": "auto",
    "seed": 0,
}
ARTICLE = {
    "preset": "article",
    "init": "imagenet",
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
QUICK = {"preset": "quick", "image_size": 96, "width": 24, "epochs": 50, "max_steps": 900, "validate_every": 5}


@pytest.mark.parametrize(
    ("name", "init", "differs"),
    [
        ("recommended", "random", {}),
        ("article", None, ARTICLE),
        ("quick", "random", QUICK | {"refit_fraction": 0.0}),
        (
            "recommended",
            "imagenet",
            {
                "init": "imagenet",
                "architecture": "resnet18",
                "image_size": 128,
                "learning_rate": 1e-3,
                "backbone_lr_scale": 0.3,
                "frozen_epochs": 1,
                "epochs": 20,
                "max_steps": 800,
            },
        ),
    ],
)
def test_each_preset_is_what_its_documents_say(name, init, differs):
    assert preset(name, init=init).as_dict() == RECOMMENDED | differs


@pytest.mark.parametrize(
    ("name", "allowed", "refused"),
    [
        ("image_size", (32, 512), (31, 513)),
        ("embedding_dim", (2, 2048), (1, 2049)),
        ("width", (4, 256), (3, 257)),
        ("classes_per_batch", (2, 256), (1, 257)),
        ("samples_per_class", (2, 64), (1, 65)),
        ("microbatch", (0, 16_384), (-1, 16_385)),
        ("step_epochs", (1, 10_000), (0, 10_001)),
        ("epochs", (1, 10_000), (0, 10_001)),
        ("max_steps", (1, 10_000_000), (0, 10_000_001)),
        ("frozen_epochs", (0, 10_000), (-1, 10_001)),
        ("frozen_stages", (0, 7), (-1, 8)),
        ("validate_every", (1, 10_000), (0, 10_001)),
        ("patience", (1, 10_000), (0, 10_001)),
        ("seed", (0, 2**63 - 1), (-1, 2**63)),
        ("margin", (1e-3, 10.0), (0.0, 10.1)),
        ("triplet_weight", (0.0, 100.0), (-0.1, 100.1)),
        ("cross_entropy", (0.0, 100.0), (-0.1, 100.1)),
        ("label_smoothing", (0.0, 0.9), (-0.1, 0.91)),
        ("learning_rate", (1e-8, 1.0), (0.0, 1.1)),
        ("backbone_lr_scale", (0.0, 10.0), (-0.1, 10.1)),
        ("weight_decay", (0.0, 1.0), (-0.1, 1.1)),
        ("warmup_fraction", (0.0, 1.0), (-0.1, 1.1)),
        ("step_factor", (0.01, 1.0), (0.0, 1.1)),
        ("ema_decay", (0.0, 0.9999), (-0.1, 1.0)),
        ("refit_fraction", (0.0, 1.0), (-0.1, 1.1)),
        ("refit_lr_scale", (0.0, 10.0), (-0.1, 10.1)),
        ("weight_interpolation", (0.0, 1.0), (-0.1, 1.1)),
    ],
)
def test_a_training_s_numbers_are_taken_up_to_their_ends_and_not_beyond(name, allowed, refused):
    from core.errors import DataError

    base = {"init": "pretrained"} if name in ("weight_interpolation", "frozen_stages") else {}
    for value in allowed:
        assert getattr(TrainConfig(**base, **{name: value}), name) == value
    for value in refused:
        with pytest.raises(DataError, match=name):
            TrainConfig(**base, **{name: value})


def test_balance_divides_as_the_article_does():
    assert asdict(BalanceConfig()) == {
        "per_character": 32,
        "cap": False,
        "mode": "copy",
        "validation": 0.25,
        "strangers": 0,
        "seed": 0,
    }


def test_crop_starts_with_the_detector_s_own_operating_point():
    assert asdict(CropConfig()) == {
        "detector": "auto",
        "accept": None,
        "propose": 0.7,
        "min_side": 24,
        "batch": 16,
        "redo": False,
        "embed": False,
    }


def test_a_map_is_flat_and_repeats_itself():
    settings = asdict(MapSettings())
    assert (settings["dimensions"], settings["seed"]) == (2, 0)


def test_hosts_are_asked_politely_and_no_answer_is_endless():
    assert asdict(RateLimit()) == {
        "pause": 0.5,
        "attempts": 3,
        "back_off": 1.0,
        "longest_wait": 60.0,
        "most_failures": 8,
        "longest_crawl_delay": 10.0,
    }
    assert asdict(Limits()) == {
        "bytes": 25_000_000,
        "seconds": 60.0,
        "connect": 10.0,
        "silence": 15.0,
        "redirects": 5,
        "connections": 32,
    }
    assert Settings().request_pause == RateLimit().pause


def test_a_drawing_is_changed_a_little_and_never_erased_unless_asked():
    assert asdict(AugmentConfig()) == {
        "flip": True,
        "zoom": (0.75, 1.1),
        "stretch": 0.06,
        "turn": 10.0,
        "shift": 0.06,
        "brightness": 0.12,
        "contrast": 0.25,
        "cast": 0.06,
        "soften_share": 0.25,
        "erase_share": 0.0,
        "grey_share": 0.0,
        "line_share": 0.0,
        "jpeg_share": 0.0,
        "warp": 0.0,
    }
    nothing = asdict(AugmentConfig.none())
    assert nothing.pop("zoom") == (1.0, 1.0)
    assert not any(nothing.values())


ALWAYS = {"flip": True, "stretch": 0.06}
STRENGTHS = {
    "none": {},
    "article": {"flip": True, "turn": 10.0, "grey_share": 0.1},
    "light": ALWAYS
    | {"zoom": (0.85, 1.05), "turn": 6.0, "shift": 0.06, "brightness": 0.08, "contrast": 0.15, "cast": 0.03},
    "standard": asdict(AugmentConfig()),
    "strong": asdict(AugmentConfig())
    | {"zoom": (0.65, 1.15), "turn": 15.0, "shift": 0.08, "erase_share": 0.4, "jpeg_share": 0.1},
}


@pytest.mark.parametrize("name", STRENGTHS)
def test_each_strength_of_augmentation_is_what_runs_were_trained_with(name):
    assert asdict(AUGMENTS[name]) == asdict(AugmentConfig.none()) | STRENGTHS[name]
