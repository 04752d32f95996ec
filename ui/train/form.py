"""The settings of a training as widgets; what pages/train.py draws."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from core.errors import EncoderError, WhoAmIError
from core.train.config import TrainConfig
from core.train.estimate import estimate
from core.train.presets import PRESETS, default_init, preset, shipped, suggested
from core.train.speed import default_device
from core.train.start import resolve_config
from ui.common.text import plain

TITLES = {"recommended": "Recommended", "quick": "Quick CPU", "article": "Article"}
INITS = {
    "pretrained": "The shipped encoder, which already knows many anime faces, but none of yours",
    "imagenet": "ImageNet weights, which know photographs (downloaded once)",
    "random": "Random weights: the encoder learns from your faces alone",
}
ADVANCED = ("epochs", "seed")


def settings_form() -> TrainConfig:
    """Preset, start and the few numbers that a person may change, as a config."""
    keep: dict[str, Any] = {"persist_state": "session"}
    best_here = suggested(default_device().type, os.cpu_count() or 1)
    name = st.segmented_control(
        "Preset",
        list(PRESETS),
        format_func=TITLES.__getitem__,
        default=best_here,
        required=True,
        key="train_preset",
        **keep,
    )
    name = name or best_here
    st.caption(PRESETS[name] + (" Suggested here: no GPU and few cores." if name == best_here == "quick" else ""))
    inits = [i for i in INITS if i != "pretrained" or (shipped() and name != "article")]
    best = default_init(name)
    init = st.radio(
        "Start from", inits, index=inits.index(best), format_func=INITS.__getitem__, key=f"train_init_{name}", **keep
    )
    base = preset(name, init=init)
    with st.expander("More settings"):
        left, right = st.columns(2, gap="medium")
        epochs = left.number_input("Epochs", 1, 1000, base.epochs, key=f"train_epochs_{name}_{init}", **keep)
        seed = right.number_input("Seed", 0, 2**31 - 1, 0, key="train_seed", help="Same seed, same run.", **keep)
        with contextlib.suppress(EncoderError):  # broken shipped weights: the time needed says so
            st.caption(plain(in_words(resolve_config(base))))
    return replace(base, epochs=int(epochs), seed=int(seed))


def in_words(config: TrainConfig) -> str:
    """What is trained and how, in one line for those who know the words."""
    margin = "soft margin" if config.margin is None else f"margin {config.margin}"
    loss = f"{config.mining.replace('_', '-')} triplets, {margin}"
    loss += f", cross-entropy x {config.cross_entropy:g}" if config.cross_entropy else ""
    return (
        f"{config.architecture} at {config.image_size} px, {config.embedding_dim} numbers a face; {loss}; batches of "
        f"{config.classes_per_batch} characters x {config.samples_per_class} faces; "
        f"{config.optimiser} at {config.learning_rate:g}, {config.schedule}; augmentation {config.augment}."
    )


@st.cache_data(show_spinner=False, max_entries=20)
def time_needed(
    parts: tuple[str, ...], labels: tuple[str, ...], settings: Mapping[str, object], _speed_cache: Path
) -> str:
    """How long it will take, from the time of a step on this machine; the error's words where it cannot begin."""
    try:
        return estimate(parts, labels, TrainConfig.from_dict(dict(settings)), cache=_speed_cache).words
    except WhoAmIError as error:
        return str(error)
