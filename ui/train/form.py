"""The settings of a training as widgets; what pages/train.py draws."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from core.errors import EncoderError
from core.failures import explain, is_expected
from core.train.config import TrainConfig
from core.train.divided import Divided, divided_faces
from core.train.estimate import estimate
from core.train.presets import PRESETS, default_init, preset, shipped, suggested
from core.train.speed import default_device
from core.train.start import resolve_config
from core.workspace.catalogue import Catalogue
from ui.common.from_core import said
from ui.common.language import N_, _, labels
from ui.common.text import plain

TITLES = {"recommended": N_("Recommended"), "quick": N_("Quick CPU"), "article": N_("Article")}
INITS = {
    "pretrained": N_("The shipped encoder, which already knows many anime faces, but none of yours"),
    "imagenet": N_("ImageNet weights, which know photographs (downloaded once)"),
    "random": N_("Random weights: the encoder learns from your faces alone"),
}


def settings_form() -> TrainConfig:
    """Preset, start and the few numbers that a person may change, as a config."""
    keep: dict[str, Any] = {"persist_state": "session"}
    best_here = suggested(default_device().type, os.cpu_count() or 1)
    name = st.segmented_control(
        _("Preset"),
        list(PRESETS),
        format_func=labels(TITLES),
        default=best_here,
        required=True,
        key="train_preset",
        **keep,
    )
    name = name or best_here
    small = f" {_('Suggested here: no GPU and few cores.')}" if name == best_here == "quick" else ""
    st.caption(said(PRESETS[name]) + small)
    inits = [i for i in INITS if i != "pretrained" or (shipped() and name != "article")]
    best = default_init(name)
    init = st.radio(
        _("Start from"), inits, index=inits.index(best), format_func=labels(INITS), key=f"train_init_{name}", **keep
    )
    base = preset(name, init=init)
    with st.expander(_("More settings")):
        left, right = st.columns(2, gap="medium")
        epochs = left.number_input(_("Epochs"), 1, 1000, base.epochs, key=f"train_epochs_{name}_{init}", **keep)
        seed = right.number_input(_("Seed"), 0, 2**31 - 1, 0, key="train_seed", help=_("Same seed, same run."), **keep)
        with contextlib.suppress(EncoderError):  # broken shipped weights: the time needed says so
            st.caption(plain(in_words(resolve_config(base))))
    return replace(base, epochs=int(epochs), seed=int(seed))


def in_words(config: TrainConfig) -> str:
    """What is trained and how, in one line for those who know the words."""
    margin = _("soft margin") if config.margin is None else _("margin {margin}", margin=config.margin)
    loss = _("{mining} triplets, {margin}", mining=config.mining.replace("_", "-"), margin=margin)
    loss += _(", cross-entropy x {weight:g}", weight=config.cross_entropy) if config.cross_entropy else ""
    return _(
        "{architecture} at {px} px, {numbers} numbers per face; {loss}; batches of {characters} characters x {faces} "
        "faces; {optimiser} at {rate:g}, {schedule}; augmentation {augment}.",
        architecture=config.architecture,
        px=config.image_size,
        numbers=config.embedding_dim,
        loss=loss,
        characters=config.classes_per_batch,
        faces=config.samples_per_class,
        optimiser=config.optimiser,
        rate=config.learning_rate,
        schedule=config.schedule,
        augment=config.augment,
    )


@st.cache_data(show_spinner=False, max_entries=20)
def time_needed(
    _catalogue: Catalogue, path: str, fingerprint: str, settings: Mapping[str, object], _speed_cache: Path
) -> str:
    """How long it will take, from the time of a step on this machine; the error's words where it cannot begin.

    path, fingerprint: of the catalogue and its divided faces (split_fingerprint), which are read where these changed.
    """
    faces = Divided.of(divided_faces(_catalogue))
    try:
        return estimate(faces, TrainConfig.from_dict(dict(settings)), cache=_speed_cache).words
    except Exception as error:
        if not is_expected(error):
            raise
        return explain(error)
