"""Who appears when: a lane a character with a bar for each appearance; the one that is open with its evidence."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from core.imaging.reading import read_picture
from core.recognise.pictures import RecognisedFace
from core.recognise.shipped_cast import Likeness
from core.recognise.threshold import Threshold
from core.recognise.timeline import Appearance, Timeline
from core.recognise.timeline_files import subtitles, timeline_document, timeline_table
from core.workspace.project import Project
from ui.common.component import component, jpeg_source
from ui.common.grid import Tile, picture_grid, thumb
from ui.common.language import _
from ui.common.text import count, duration, plain
from ui.recognise.answers import show_candidates, show_verdict
from ui.recognise.asked import Asking
from ui.recognise.corrections import correct_face, show_done
from ui.recognise.lanes import Lane, lanes, marks, span

BROWSER = Path(__file__).parent / "browser"
SIDE = 44
"""Pixels of a lane's face."""
PAGE = 24


def show_timeline(project: Project, asking: Asking, told: Timeline, threshold: Threshold, key: str) -> None:
    """All of it. key: of the video, so that another one has its own fields."""
    _head(told)
    show_done(project, asking)
    if not told.appearances:
        st.info(_("No face was found in this video."), icon=":material/search_off:")
        return
    chosen = st.session_state.setdefault(f"appearance_{key}", 0)
    chosen = min(chosen, len(told.appearances) - 1)
    _draw(told, lanes(told), chosen, key)
    _appearance(project, asking, told, chosen, threshold, key)
    with st.expander(
        _("All {appearances} in their order", appearances=count(len(told.appearances), "appearance")),
        icon=":material/view_list:",
    ):
        tiles = [
            Tile(f"{key}_{number}", one.crop, f"{span(one)} {name_of(one)}")
            for number, one in enumerate(told.appearances)
        ]
        picture_grid(tiles, key=f"appearances_{key}", side=104, page_size=PAGE)


def name_of(one: Appearance) -> str:
    """Whom an appearance shows, in a word: a name, a name with a question mark, whom of the shipped cast it looks like,
    or unknown."""
    if one.answer.looks_like is not None:
        return _like(one.answer.looks_like)
    if one.answer.character is None:
        return _(one.answer.verdict)
    return one.answer.character if one.answer.verdict == "match" else f"{one.answer.character}?"


def _like(like: Likeness) -> str:
    return _("looks like {name} ({work})", name=like.name, work=like.work)


def _head(told: Timeline) -> None:
    """What was watched, and the files."""
    stem = Path(told.video).stem
    named = len({one.whom for one in told.appearances} - {None})
    figures = _(
        "{time} in {shots}: {characters}",
        time=duration(told.seconds),
        shots=count(told.shots, "shot"),
        characters=count(named, "character"),
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{plain(told.video)}** · {figures}", width="content")
        document = json.dumps(timeline_document(told), ensure_ascii=False, indent=2)
        files = [("CSV", timeline_table(told), ".csv", "text/csv"), ("JSON", document, ".json", "application/json")]
        for label, text, ending, kind in [*files, ("SRT", subtitles(told), ".srt", "application/x-subrip")]:
            st.download_button(
                label,
                text,
                stem + ending,
                kind,
                icon=":material/download:",
                type="tertiary",
                key=f"timeline{ending}",
                on_click="ignore",
                help=_("Subtitles with the names, for any player.") if ending == ".srt" else None,
            )
    if told.damaged:
        words = _(
            "{parts} of the file could not be decoded; the timeline has holes there.", parts=count(told.damaged, "part")
        )
        st.warning(words, icon=":material/broken_image:")


def _appearance(project: Project, asking: Asking, told: Timeline, number: int, threshold: Threshold, key: str) -> None:
    """The appearance that is open: when, who, why, and what can be said of it."""
    one = told.appearances[number]
    looks = count(one.looks, "look")
    if one.tracks > 1:
        looks = _("{looks} in {shots}", looks=looks, shots=count(one.tracks, "shot"))
    face = RecognisedFace(one.box, read_picture(one.crop), np.zeros(0, np.float32), one.answer)
    with st.container(border=True, key="answer_face"):
        st.markdown(f"**{span(one)}** · {looks}")
        answer, bars = st.columns(2, gap="medium")
        with answer:
            show_verdict(project, face, threshold)
            correct_face(project, asking, face, picture=f"{told.video} {span(one)}", key=f"{key}_{number}")
        with bars:
            show_candidates(face, threshold)


def _draw(told: Timeline, rows: Sequence[Lane], chosen: int, key: str) -> None:
    data = {
        "lanes": [_line(told, lane) for lane in rows],
        "marks": [{"left": left, "label": label} for left, label in marks(told.seconds)],
        "chosen": chosen,
    }

    def happened() -> None:
        did: dict[str, Any] = st.session_state[f"lanes_{key}"].get("did") or {}
        if "open" in did:
            st.session_state[f"appearance_{key}"] = int(did["open"])

    drawn = component("timeline", BROWSER, "<div class='lanes'></div>", "timeline.css", "timeline.js")
    drawn(key=f"lanes_{key}", data=data, on_did_change=happened)


def _line(told: Timeline, lane: Lane) -> dict[str, Any]:
    face = thumb(told.appearances[lane.best].crop, SIDE * 2)
    bars = []
    for bar in lane.bars:
        one = told.appearances[bar.number]
        label = f"{name_of(one)}, {span(one)}"
        bars.append({"id": bar.number, "left": bar.left, "width": bar.width, "label": label})
    return {
        "name": _like(lane.like) if lane.like else lane.name if lane.verdict == "match" else _(lane.verdict),
        "kind": lane.verdict,
        "total": duration(lane.seconds),
        "src": jpeg_source(face),
        "bars": bars,
    }
