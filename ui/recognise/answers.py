"""Answers to a picture: the faces on it, each with its verdict, what speaks for it, and a way to enrol it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import streamlit as st

from core.datasets.tables import table_text
from core.recognise.pictures import RecognisedFace
from core.recognise.recogniser import enrol
from core.recognise.threshold import Threshold
from core.recognise.verdict import MATCH, UNKNOWN, UNSURE, Evidence, Identification
from core.workspace.project import Project
from ui.common.charts import similarity_bars
from ui.common.errors import show_errors
from ui.common.face_actions import face_tile
from ui.common.grid import square, thumb
from ui.common.names import name_picker
from ui.common.state import flash
from ui.common.text import count, plain

COLOURS = {MATCH: (0, 130, 80), UNSURE: (200, 120, 0), UNKNOWN: (90, 100, 110)}
BADGES = {MATCH: ("green", ":material/check_circle:"), UNSURE: ("orange", ":material/help:")}
SIDE = 92
ANSWER_WIDTH = 570
SHOWN = 4
"""So many of the nearest enrolled faces stand beside the query."""


@dataclass(frozen=True)
class QueryResult:
    """A picture that was asked about: its name, key (its bytes' digest), and the answers.

    small: its pixels as shown, uint8 HxWx3; scale: shown side over the side of the picture, whose pixels boxes are in.
    """

    name: str
    key: str
    small: np.ndarray
    scale: float
    answers: tuple[RecognisedFace, ...]


def show_asked(project: Project, asked: QueryResult, threshold: Threshold) -> None:
    """One picture with all its faces."""
    with st.container(border=True):
        st.markdown(f"**{plain(asked.name)}** · {count(len(asked.answers), 'face')}")
        if not asked.answers:
            st.image(asked.small, width=260, alt=asked.name)
            st.info(
                "No face was found on it. If the picture is itself a face, say so with the switch above; else crop the "
                "face by hand and ask with that.",
                icon=":material/search_off:",
            )
            return
        with st.container(horizontal=True, gap="medium"):
            with st.container(width=300):
                st.image(with_boxes(asked), width=300, alt=asked.name)
            with st.container(width=ANSWER_WIDTH, gap="medium"):
                for number, one in enumerate(asked.answers, 1):
                    _face(project, asked, number, one, threshold)


def verdict_words(answer: Identification) -> str:
    """The verdict in a few words of Markdown, names escaped.

    A stranger gets no name, and an unsure one a question mark.
    """
    if answer.verdict == UNKNOWN:
        return ":gray-badge[:material/person_off: unknown] Nobody who is enrolled."
    colour, icon = BADGES[answer.verdict]
    name = plain(answer.character or "")
    words = f"**{name}**" if answer.verdict == MATCH else f"Perhaps **{name}**?"
    return f":{colour}-badge[{icon} {answer.verdict}] {words}"


def with_boxes(asked: QueryResult) -> np.ndarray:
    """The picture as shown, with a numbered box in the verdict's colour for each face."""
    small = asked.small.copy()
    for number, one in enumerate(asked.answers, 1):
        box, colour = one.box.scale(asked.scale), COLOURS[one.answer.verdict]
        corners = (round(box.x), round(box.y)), (round(box.right), round(box.bottom))
        cv2.rectangle(small, *corners, (255, 255, 255), 5)
        cv2.rectangle(small, *corners, colour, 3)
        if len(asked.answers) > 1:
            x, y = max(round(box.x), 0), max(round(box.y), 26)
            cv2.rectangle(small, (x, y - 26), (x + 26, y), colour, -1)
            cv2.putText(small, str(number), (x + 6, y - 6), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (255, 255, 255), 2)
    return small


def as_json(asked: Sequence[QueryResult]) -> str:
    """The same document as `recognise --json`."""
    document = [{"picture": one.name, "faces": [a.as_dict() for a in one.answers]} for one in asked]
    return json.dumps(document, ensure_ascii=False, indent=2)


def as_csv(asked: Sequence[QueryResult]) -> str:
    """One line a face."""
    head = ("picture", "face", "x", "y", "w", "h", "verdict", "character", "similarity", "why")
    rows: list[list[object]] = []
    for one in asked:
        for number, face in enumerate(one.answers, 1):
            answer = face.answer
            figures = [answer.verdict, answer.character or "", f"{answer.similarity:.4f}", answer.reason]
            rows.append([one.name, number, *face.box.as_list(), *figures])
        if not one.answers:
            rows.append([one.name, 0, *[""] * 7, "no face found"])
    return table_text(head, rows)


def _probability_words(answer: Identification) -> str:
    """How probable the best name is; nothing for an unknown face, which is given no name."""
    if answer.probability is None or answer.verdict == UNKNOWN:
        return ""
    return f" · right with a probability of {min(max(round(100 * answer.probability), 1), 99)} %"


def _face(
    project: Project,
    asked: QueryResult,
    number: int,
    one: RecognisedFace,
    threshold: Threshold,
) -> None:
    key, answer = f"{asked.key}_{number}", one.answer
    with st.container(gap="small"):
        st.markdown((f"**{number}** " if len(asked.answers) > 1 else "") + verdict_words(answer))
        st.caption(plain(answer.reason) + _probability_words(answer))
        with st.container(horizontal=True, gap="small"):
            with st.container(width=SIDE + 14, gap=None):
                st.image(square(one.face, SIDE * 2), width=SIDE, alt="the face asked about")
                st.caption("**asked**")
            for near in answer.evidence[:SHOWN]:
                _evidence(project, near)
        names = [c.character for c in answer.candidates]
        similarities = [c.similarity for c in answer.candidates]
        bars = similarity_bars(names, similarities, match=threshold.match, unsure=threshold.unsure)
        st.plotly_chart(bars, key=f"bars_{key}", config={"displayModeBar": False})
        with st.popover("Enrol this face", icon=":material/person_add:"):
            _enrol(project, one, key)


def _evidence(project: Project, near: Evidence) -> None:
    with st.container(width=SIDE, gap=None):
        found = project.catalogue.faces(ids=[int(near.face)]) if near.face.isdigit() else []
        picture = thumb(face_tile(project.workspace, found[0]).source, SIDE * 2) if found else None
        if picture is not None:
            st.image(picture, width=SIDE, alt=near.character)
        st.caption(plain(f"{near.character} {near.similarity:.2f}"))


def _enrol(project: Project, one: RecognisedFace, key: str) -> None:
    first = one.answer.character or one.answer.candidates[0].character
    st.caption("New pictures are compared with this face from then on; no training is needed.")
    name = name_picker(
        project,
        "Who is it?",
        proposed=first if one.answer.verdict != UNKNOWN else None,
        placeholder="choose, or write a new name",
        key=f"enrol_name_{key}",
    )
    if st.button("Enrol", key=f"enrol_{key}", type="primary", disabled=not (name and name.strip())) and name:
        with show_errors():
            enrol(project, name, [one.as_lone()])
            flash(f"Enrolled as {plain(name)}. New pictures are compared with it from now on.")
            st.rerun()
