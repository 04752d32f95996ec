"""What was pressed in the review, as the browser sends it: a list of everything that was not acknowledged yet. Pure.

Streamlit merges what arrives while a script runs, so a press is no event of its own: it comes again and again, with the
same serial number, until it is acknowledged. Whoever applies presses in their order and only those above the last
acknowledged number loses none and does none twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ACTS = (
    "next", "back", "keep", "reject", "name", "only", "all", "aside", "select", "face", "move", "rename", "remove",
    "redraw", "zoom", "undo", "redo", "drawn", "pick", "unpick",
)  # fmt: skip
"""What a press can do; ui/crop/browser/model.js draws the same acts before Python has done them."""

MAX_TRIES = 2
"""A box that was drawn and still has not arrived after so many deliveries was none."""


@dataclass(frozen=True, slots=True)
class Press:
    """One key, click or edit, about the picture and the face that the person saw then.

    serial: 1 for the first of a tab's review. revision: the face's as it was shown, -1 for none. box: x, y, w, h in
    pixels of the picture (move). name: of a character (name, rename). region: x, y of the picture's part that was
    drawn on and pixels of the drawing a pixel of the picture (drawn); instead: the face whose box the drawn one
    replaces. faces: those that a press in the grid is about. tries: how often it was sent in vain.
    """

    serial: int
    act: str
    picture: int | None = None
    face: int | None = None
    revision: int = -1
    box: tuple[float, float, float, float] | None = None
    name: str = ""
    region: tuple[float, float, float] | None = None
    instead: int | None = None
    tries: int = 0
    faces: tuple[int, ...] = ()


def unapplied(sent: Mapping[str, Any] | None, token: str, acknowledged: int) -> list[Press]:
    """The presses of this review (`token`) above the last acknowledged number, in their order, each once.

    What is of another review (an old tab's) or malformed is left out: it comes from a browser.
    """
    if not isinstance(sent, Mapping) or sent.get("token") != token:
        return []
    found: dict[int, Press] = {}
    for item in sent.get("presses") or ():
        press = _press(item)
        if press is not None and press.serial > acknowledged:
            found[press.serial] = press
    return [found[serial] for serial in sorted(found)]


def _press(item: Any) -> Press | None:
    try:
        box, region, face, instead = (item.get(key) for key in ("box", "region", "face", "instead"))
        press = Press(
            serial=int(item["serial"]),
            act=str(item["act"]),
            picture=None if item.get("picture") is None else int(item["picture"]),
            face=None if face is None else int(face),
            revision=int(item.get("revision", -1)),
            box=None if box is None else _numbers4(box),
            name=str(item.get("name") or "").strip(),
            region=None if region is None else _numbers3(region),
            instead=None if instead is None else int(instead),
            tries=int(item.get("tries", 0)),
            faces=tuple(int(i) for i in item.get("faces") or ()),
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    return press if press.act in ACTS else None


def _numbers4(values: Any) -> tuple[float, float, float, float]:
    x, y, w, h = (float(v) for v in values)
    if not (w > 0 and h > 0):
        raise ValueError(f"a box of {w} x {h}")
    return x, y, w, h


def _numbers3(values: Any) -> tuple[float, float, float]:
    x, y, scale = (float(v) for v in values)
    if not scale > 0:
        raise ValueError(f"a scale of {scale}")
    return x, y, scale
