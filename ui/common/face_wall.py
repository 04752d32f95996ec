"""A wall of faces to click, with one field for a name and buttons with keys: a whole decision without a wait.

Clicks stay in the browser until a button, or Enter in the field, sends them all; where the wall is `live` they are sent
at once. A click on a face puts it into its last state, or back; where it has others, they are in a menu of the face,
which may end in a field for any other name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st

from ui.common.component import component, jpeg_source, told
from ui.common.grid import thumb
from ui.common.language import N_, _


@dataclass(frozen=True, slots=True)
class Mark:
    """What a click makes of a face, in an English word, or another's name. kind: `on`, `other` (a name), `ignore` or
    `out`."""

    label: str
    kind: str = "on"


@dataclass(frozen=True, slots=True)
class WallFace:
    """A face: id, file (or JPEG bytes), words for its tooltip, and what it can become: the last by a click on it, the
    others from a menu."""

    id: int
    source: Path | bytes
    label: str
    states: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class WallRow:
    """Faces under a title."""

    faces: Sequence[WallFace]
    title: str = ""


@dataclass(frozen=True, slots=True)
class NameField:
    """The field. names: what completes. candidates: offered while it is empty. sure: Enter alone takes the first."""

    names: Sequence[str]
    candidates: Sequence[str] = ()
    sure: bool = False
    label: str = N_("Name")
    placeholder: str = N_("Type a name and press Enter")


@dataclass(frozen=True, slots=True)
class Action:
    """A button, in English: the wall translates it. `{name}` and `{n}` in its label: the name in the field, the number
    of clicked faces. name, picks: it needs a name, clicked faces. untouched: its label while no face is clicked."""

    id: str
    label: str
    key: str = ""
    primary: bool = False
    name: bool = False
    picks: bool = False
    help: str = ""
    untouched: str = ""


@dataclass(frozen=True)
class Sent:
    """What came back. states: face id -> which of its states it is in, from 1; untouched faces left out. given: face
    id -> the name that was typed for it; its state is one more than it has."""

    action: str
    name: str = ""
    states: Mapping[int, int] = field(default_factory=dict)
    given: Mapping[int, str] = field(default_factory=dict)


def face_wall(
    rows: Sequence[WallRow],
    actions: Sequence[Action],
    *,
    key: str,
    step: str,
    field: NameField | None = None,
    states: Mapping[int, int] | None = None,
    on_live: Callable[[Mapping[int, int]], None] | None = None,
    side: int = 96,
    focus: bool = True,
    names: Sequence[str] | None = None,
) -> Sent | None:
    """Draw it; what was decided in this run, or None.

    step: another one forgets the clicks and the text. states: of faces from the start. on_live: is told
    of every click at once. focus: the field has the cursor from the start. names: what completes a
    name that is typed for a single face; None where a face takes none.
    """
    data = {
        "step": step,
        "rows": [{"title": row.title, "faces": [_tile(face, side) for face in row.faces]} for row in rows],
        "actions": [_action(action) for action in actions],
        "field": {**asdict(field), "label": _(field.label), "placeholder": _(field.placeholder)} if field else None,
        "whole_row": _("All of this row, or none"),
        "missing": _("cannot be read"),
        "other": _("Somebody else …"),
        "another": _("Another name"),
        "point": _("Point at a face, then type its name."),
        "names": None if names is None else list(names),
        "fresh": _("new: {name}", name="{name}"),
        "states": {str(face): n for face, n in (states or {}).items()},
        "live": on_live is not None,
        "side": side,
        "focus": focus,
        "heard": st.session_state.get(_heard(key), 0),
    }

    def heard() -> None:
        st.session_state[_heard(key)] = st.session_state.get(_heard(key), 0) + 1

    def clicked() -> None:
        states = told(key).get("states")
        if on_live is not None and states is not None:
            on_live(_states(states))

    drawn = component("face_wall", Path(__file__).parent, "<div id='wall'></div>", "face_wall.css", "face_wall.js")
    result = drawn(
        data=data,
        key=key,
        on_done_change=heard,
        on_states_change=clicked if on_live is not None else lambda: None,
    )
    done = result.get("done")
    if not done or done.get("step") != step:
        return None
    given = {int(face): str(name) for face, name in dict(done.get("given") or {}).items()}
    return Sent(str(done["action"]), str(done.get("name", "")), _states(done.get("states")), given)


def _heard(key: str) -> str:
    """Where it is counted how many answers came from a wall, so that the wall knows that its own did."""
    return f"{key}_heard"


def _action(action: Action) -> dict[str, Any]:
    words = {"label": _(action.label), "help": _(action.help), "untouched": _(action.untouched)}
    return {**asdict(action), **words}


def _tile(face: WallFace, side: int) -> dict[str, Any]:
    data = thumb(face.source, side * 2 if side < 80 else round(side * 1.5))
    return {
        "id": face.id,
        "src": jpeg_source(data),
        "label": face.label,
        "states": [{**asdict(mark), "label": _mark(mark)} for mark in face.states],
    }


def _mark(mark: Mark) -> str:
    return mark.label if mark.kind == "other" else _(mark.label)


def _states(given: Any) -> dict[int, int]:
    return {int(face): int(n) for face, n in dict(given or {}).items() if int(n) > 0}
