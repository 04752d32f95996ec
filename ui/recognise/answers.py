"""The answer to one face: the verdict in words, the enrolled faces that speak for it, its picture, the candidates."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import streamlit as st
from PIL import Image

from core.recognise.annotating import annotated
from core.recognise.answer_table import MadeBy, table_of
from core.recognise.pictures import RecognisedFace
from core.recognise.seen_before import with_seen
from core.recognise.threshold import Threshold
from core.recognise.verdict import MATCH, UNKNOWN, UNSURE, Evidence, Identification
from core.workspace.project import Project
from ui.common.charts import similarity_bars
from ui.common.face_actions import face_tile
from ui.common.from_core import said_sentence
from ui.common.grid import on_paper, thumb
from ui.common.language import _
from ui.common.text import plain
from ui.recognise.asked import AskedPicture

BADGES = {MATCH: ("green", ":material/check_circle:"), UNSURE: ("orange", ":material/help:")}
SIDE = 70
SHOWN = 3
"""So many of the nearest enrolled faces stand beside the query."""
PICTURE = 360
"""Pixels: width at which the picture stands beside the answer."""


def verdict_words(answer: Identification) -> str:
    """The verdict in a few words of Markdown, names escaped.

    A stranger gets no name, and an unsure one a question mark.
    """
    if answer.verdict == UNKNOWN:
        like = answer.looks_like
        if like is None:
            words = _("Nobody who is enrolled.")
        else:
            about = {"name": plain(like.name), "work": plain(like.work)}
            words = _("Looks like **{name}** from {work} (shipped cast).", **about)
        return f":gray-badge[:material/person_off: {_('unknown')}] {words}"
    colour, icon = BADGES[answer.verdict]
    name = plain(answer.character or "")
    words = f"**{name}**" if answer.verdict == MATCH else _("Perhaps **{name}**?", name=name)
    series = f" · {plain(answer.series)}" if answer.series else ""
    return f":{colour}-badge[{icon} {_(answer.verdict)}] {words}{series}"


def probability_words(answer: Identification, threshold: Threshold) -> str:
    """How often such a name is right, and why a guess is none yet; nothing for an unknown face, which has no name.

    >>> probability_words(answer, threshold)                    # doctest: +SKIP
    'Such a name is right about 97 times in 100, if every second face asked about is a stranger.'
    """
    if answer.probability is None or answer.verdict == UNKNOWN:
        return ""
    times = min(max(round(100 * answer.probability), 1), 99)
    if answer.verdict == MATCH:
        return _(
            "Such a name is right about {n} times in 100, if every second face asked about is a stranger.", n=times
        )
    return _(
        "Such a guess is right about {n} times in 100, if every second face asked about is a stranger. It is no "
        "match, because at most {far:g}% of strangers may be given a name.",
        n=times,
        far=100 * threshold.far,
    )


def show_verdict(project: Project, one: RecognisedFace, threshold: Threshold) -> None:
    """The verdict, its reason, and the face beside the enrolled faces that are nearest to it."""
    answer = one.answer
    st.markdown(verdict_words(answer))
    st.caption(f"{plain(said_sentence(answer.reason))} {probability_words(answer, threshold)}")
    with st.container(horizontal=True, gap="small"):
        with st.container(width=SIDE, gap=None):
            st.image(on_paper(one.face, SIDE * 2), width="stretch", alt=_("the face asked about"))
            st.caption(f"**{_('this face')}**")
        for near in answer.evidence[:SHOWN]:
            _evidence(project, near)


def say_if_enrolled(project: Project, one: RecognisedFace, picture: np.ndarray) -> None:
    """One line where the face or its picture (uint8 HxWx3) is among those that answer: then it is no test of them."""
    (face,) = with_seen(project.catalogue, [one], picture)
    if face.enrolled_already:
        words = _(
            "This picture, or one just like it, is enrolled already: the answer says little about pictures that are "
            "new."
        )
        st.caption(f":material/content_copy: {words}")


def thresholds_of(answer: Identification, threshold: Threshold) -> tuple[float, float]:
    """From which similarity this face is a match, and from which a guess: it may need more or less than a usual one."""
    if answer.needed is None or answer.guessed_from is None:
        return threshold.match, threshold.unsure
    return answer.needed, answer.guessed_from


def show_candidates(one: RecognisedFace, threshold: Threshold) -> None:
    """The most similar characters as bars, with the thresholds of this face."""
    answer = one.answer
    if not answer.candidates:
        return
    names = [c.character for c in answer.candidates]
    similarities = [c.similarity for c in answer.candidates]
    match, unsure = thresholds_of(answer, threshold)
    bars = similarity_bars(names, similarities, match=match, unsure=unsure)
    st.plotly_chart(bars, key="answer_bars", config={"displayModeBar": False})


def with_boxes(asked: AskedPicture, chosen: int = 0) -> np.ndarray:
    """The picture as shown, with boxes and names drawn on it; the box of the chosen face (from 1) is the strongest.

    One that is smaller than it is shown is enlarged first: names that are drawn on an icon would grow with it.
    """
    if asked.small is None:
        raise ValueError(f"{asked.name} was not read")
    height, width = asked.small.shape[:2]
    larger = max(PICTURE / width, 1.0)
    shown = Image.fromarray(asked.small).resize((round(width * larger), round(height * larger)))
    faces = [_scaled(face, asked.scale * larger) for face in asked.faces]
    return annotated(np.asarray(shown), faces, chosen=chosen - 1 if len(faces) > 1 else None)


def as_json(asked: Sequence[AskedPicture]) -> str:
    """The same document as `recognise --json`."""
    return json.dumps([one.answered().as_dict() for one in asked], ensure_ascii=False, indent=2)


def as_csv(asked: Sequence[AskedPicture], made_by: MadeBy) -> bytes:
    """The same table as `recognise --csv`: a line a face."""
    return table_of(made_by.on(one.answered().as_dict()) for one in asked)


def _scaled(face: RecognisedFace, scale: float) -> RecognisedFace:
    return replace(face, box=face.box.scale(scale))


def _evidence(project: Project, near: Evidence) -> None:
    with st.container(width=SIDE, gap=None):
        found = project.catalogue.faces(ids=[int(near.face)]) if near.face.isdigit() else []
        picture = thumb(face_tile(project.workspace, found[0]).source, SIDE * 2) if found else None
        if picture is not None:
            st.image(picture, width="stretch", alt=near.character)
        st.caption(plain(f"{near.character} {near.similarity:.2f}"))
