"""What a job that runs is making, as pictures: the newest ones, then faces, then how far the training is."""

from __future__ import annotations

import streamlit as st

from core.jobs import Job
from core.progress import Progress
from core.workspace.newest import newest_faces, newest_pictures
from core.workspace.project import Project
from ui.common.grid import Tile, picture_grid
from ui.common.language import N_, _
from ui.common.text import plain, sentence

SHOWN = 14
SAID = {
    "demo": N_("Draw pictures"),
    "crop": N_("Find the faces"),
    "balance": N_("Divide them"),
    "train": N_("Train an encoder"),
    "evaluate": N_("Measure it"),
    "enrol": N_("Enrol everybody"),
    "map": N_("Draw the map"),
    "recognise": N_("Recognise somebody"),
}
"""The steps of the tour, in words."""


def live(project: Project, job: Job) -> None:
    """Draw what the job has made so far."""
    if job.progress is not None and job.step == "tour":
        st.markdown(step_line(job.progress))
    faces = newest_faces(project.catalogue, SHOWN)
    if faces:
        tiles = [Tile(f"f{face.id}", project.workspace.path(face.path)) for face in faces]
    else:
        pictures = newest_pictures(project.catalogue, SHOWN)
        tiles = [Tile(f"p{one.id}", project.workspace.path(one.path)) for one in pictures]
    picture_grid(tiles, key="home_live", side=92)
    if job.progress is not None:
        _figures(job.progress)


def step_line(progress: Progress) -> str:
    """The steps of the tour in one line of Markdown: those that are done, the one that runs, those to come."""
    at = list(SAID).index(progress.data["step"]) if progress.data.get("step") in SAID else -1
    words = []
    for number, said in enumerate(map(_, SAID.values())):
        if number < at:
            words.append(f":green[:material/check_circle: {said}]")
        elif number == at:
            words.append(f"**:blue[:material/progress_activity: {said}]**")
        else:
            words.append(f":gray[{said}]")
    return " → ".join(words)


def _figures(progress: Progress) -> None:
    """The newest figures of a training."""
    data = progress.data
    if "loss" in data:
        words = _("Epoch {epoch}, loss {loss:.3f}", epoch=data.get("epoch", ""), loss=data["loss"])
        if "top1" in data:
            words += "; " + _("{share:.0%} of the validation faces get the right name", share=data["top1"])
        st.caption(plain(sentence(words)))
