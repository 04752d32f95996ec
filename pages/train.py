"""Train: an encoder learns to tell the characters of this workspace apart."""

from __future__ import annotations

import streamlit as st

from core.commands import train
from core.errors import EncoderError
from core.train.runs import list_runs
from core.train.speed import SPEED
from core.workspace.models import encoder_in_use
from core.workspace.staleness import split_fingerprint
from core.workspace.states import FaceState, Part
from ui.common.from_core import said
from ui.common.header import open_page, wait_for_faces
from ui.common.jobs import is_running, job_panel, start_button
from ui.common.language import _
from ui.common.links import lead_to, link
from ui.common.next import is_due, next_button
from ui.common.text import count, plain, sentence
from ui.train.form import settings_form, time_needed
from ui.train.progress import live
from ui.train.runs import choose, compare, damaged_line

project = open_page(
    _("Train"),
    "train",
    intro=_(
        "An encoder turns a face into numbers. Training moves faces of one character closer together, those of "
        "others further apart."
    ),
)
parts = project.catalogue.counts("faces", "split", state=FaceState.KEPT)
if not parts.get(Part.TRAIN):
    if not project.catalogue.counts("faces", state=FaceState.KEPT):
        wait_for_faces(project, _("There are no faces in this workspace yet."))
    words = _("The faces are not divided yet: training must not see the validation faces. Divide the faces first.")
    st.info(words, icon=":material/balance:")
    lead_to("balance")
    st.stop()

job_panel(project.workspace, "train", key="train_job", draw=live)
busy = is_running(project.workspace, "train")
if not busy:
    with st.container(border=True):
        characters = len(project.catalogue.counts("faces", state=FaceState.KEPT, split=Part.TRAIN))
        st.markdown(
            _(
                "**{faces}** of {characters} to train on, copies included; **{checked}** to validate with.",
                faces=count(parts["train"], "face"),
                characters=count(characters, "character"),
                checked=count(parts.get("validation", 0), "face"),
            )
        )
        config = settings_form()
        slot = st.empty()
        arguments = train.Arguments.of(config)
        due = is_due(project, "train")
        label = _("Train") if due else _("Train again")
        start_button(project, arguments, label, key="train_start", icon=":material/model_training:", primary=due)

runs = list_runs(project.workspace.models)
if busy and runs and not runs[0].finished:
    runs = runs[1:]
try:
    used = encoder_in_use(project)
except EncoderError:
    used = None
if used is not None:
    st.header(_("Encoders"))
    choose(project)
    st.caption(_("In use: {name}, {why}.", name=plain(used.name), why=said(used.why)))
damaged_line(project)
if runs:
    compare(project, runs, used.name if used else "")
if used is not None and not busy:
    with st.container(horizontal=True):
        link("visualise", _("Look at the map"))
    next_button(project, "train")

if not busy:
    slot.caption(f":material/schedule: {_('Estimating how long it will take …')}")
    speeds = project.workspace.models.parent / SPEED
    divided = split_fingerprint(project.catalogue)
    needed = time_needed(project.catalogue, str(project.catalogue.path), divided, config.as_dict(), speeds)
    slot.caption(f":material/schedule: {plain(sentence(said(needed)))} {_('Training may stop earlier.')}")
