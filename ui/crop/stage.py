"""The stage of the review: our own component, which shows the picture with its boxes, takes keys and mouse, and holds
the next pictures ready, so that the one after a key is drawn without waiting for Python."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from core.crop.canvas_edits import View
from core.errors import PictureError
from core.workspace.catalogue import Catalogue
from core.workspace.project import Project
from core.workspace.tables import Face, Picture
from ui.common.component import component
from ui.common.language import N_, _
from ui.common.served import served
from ui.crop import shortcuts
from ui.crop.canvas import as_it_is, background
from ui.crop.found import WITHOUT_DETECTOR
from ui.crop.presses import STAGE
from ui.crop.state import Review

BROWSER = Path(__file__).parent / "browser"

SHOWN = (1280, 1000)
"""Pixels: the largest that a picture is sent."""

MAX_SIDE = 1800
"""Pixels: a picture with a longer side is made smaller before it is sent."""

AHEAD, BEHIND = 24, 2
"""Pictures that the browser holds ready after and before the one shown."""

PATIENCE = 0.12
"""Seconds that a run may spend on pictures to come; the rest follow with the next."""

FILES = ("queue.js", "model.js", "stage.js", "dialogs.js", "review.js")
HTML = """<div class="wr-stage" tabindex="0" role="group">
<div class="wr-picture"></div><div class="wr-boxes" aria-hidden="true"></div>
<div class="wr-status" role="status"></div></div>"""


WORDS = (
    N_("Keys"),
    N_("Cancel"),
    N_("Close"),
    N_("Whose face is this?"),
    N_("Name of the character"),
    N_("Use this name"),
    N_("There is no face here. Draw one, or go on."),
    N_("The names for this face are not there yet."),
    N_("Picture {place} of {total}, 1 face."),
    N_("Picture {place} of {total}, {n} faces."),
    N_("Selected: {name}, {state}."),
    N_("picture with boxes"),
    N_("unnamed"),
    N_("proposed"),
    N_("kept"),
    N_("rejected"),
)
"""What the scripts in the browser say, by its English words."""


def stage(project: Project, review: Review, suggested: Sequence[str]) -> None:
    """Mount the component with the picture shown and those beside it. `suggested`: names for the active face."""
    drawn = component("review", BROWSER, HTML, "stage.css", *FILES, isolate_styles=False)
    drawn(key=STAGE, data=_data(project, review, suggested), on_presses_change=_nothing)


def _nothing() -> None:
    """The presses are read at the beginning of the run (ui/crop/presses.py)."""


def _data(project: Project, review: Review, suggested: Sequence[str]) -> dict[str, Any]:
    names = {c.id: c.name for c in project.catalogue.characters(removed=True)}
    first, last, pictures = _window(project, review)
    faces = _faces_of(project.catalogue, [p.id for p in pictures])
    return {
        "token": review.token,
        "acknowledged": review.acknowledged,
        "at": review.at,
        "active": review.active,
        "redraw": review.redraw,
        "zoom": review.zoom,
        "total": len(review.ids),
        "earlier": first > 0,
        "more": last < len(review.ids) - 1,
        "reach": last,
        "pictures": [_picture(project, review, p, faces.get(p.id, []), names) for p in pictures],
        "detail": _detail(project, review, pictures),
        "suggested": {"face": review.active, "names": list(suggested)},
        "names": sorted(c.name for c in project.catalogue.characters()),
        "keys": shortcuts.KEYS,
        "buttons": shortcuts.BUTTONS,
        "sheet": [(_(key), _(does)) for key, does in shortcuts.SHEET],
        "words": {words: _(words) for words in WORDS},
    }


def _window(project: Project, review: Review) -> tuple[int, int, list[Picture]]:
    """Places of the first and the last picture that the browser gets, and the pictures in the queue's order.

    The one shown first, then what comes next as far as there is time; a picture that cannot be read comes with no
    pixels, and the page says why when the person gets there.
    """
    at = review.place - 1
    if at < 0:
        return 0, -1, []
    ids = review.ids[max(at - BEHIND, 0) : at + AHEAD + 1]
    by_id = {p.id: p for p in project.catalogue.pictures(ids=ids)}
    for gone in set(review.urls) - set(ids):  # another picture may have taken its place
        del review.urls[gone]
    began, last = time.monotonic(), at
    for place in range(at, min(at + AHEAD + 1, len(review.ids))):
        if place > at + 1 and time.monotonic() - began > PATIENCE:
            break
        _url(project, review, by_id[review.ids[place]])
        last = place
    first = max(at - BEHIND, 0)
    return first, last, [by_id[i] for i in review.ids[first : last + 1]]


def _picture(
    project: Project, review: Review, picture: Picture, faces: Sequence[Face], names: Mapping[int, str]
) -> dict[str, Any]:
    return {
        "id": picture.id,
        "url": _url(project, review, picture),
        "width": picture.width,
        "height": picture.height,
        "place": review.ids.index(picture.id) + 1,
        "faces": [
            {
                **{"id": f.id, "x": f.x, "y": f.y, "w": f.w, "h": f.h, "state": f.state, "revision": f.revision},
                "name": names.get(f.character_id or 0, ""),
                "score": 0 if f.detector in WITHOUT_DETECTOR else f.score,
            }
            for f in faces
        ],
    }


def _faces_of(catalogue: Catalogue, ids: Sequence[int]) -> dict[int, list[Face]]:
    from core.crop.review import live_faces

    found: dict[int, list[Face]] = {}
    for face in live_faces(catalogue, ids):
        found.setdefault(face.picture_id, []).append(face)
    return found


def _url(project: Project, review: Review, picture: Picture) -> str:
    """Where the browser gets the picture; a grey pixel where it cannot be read."""
    if picture.id not in review.urls:
        path = project.workspace.path(picture.path)
        place = f"review.{review.ids.index(picture.id) % 64}"
        try:
            small = max(picture.width, picture.height) <= MAX_SIDE
            found = as_it_is(path) if small else None
            data, kind = found or (background(path, View.of(picture.width, picture.height, SHOWN)), "image/jpeg")
        except PictureError:
            return "data:image/gif;base64,R0lGODlhAQABAIAAAMLCwgAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw=="
        review.urls[picture.id] = served(data, place, kind)
    return review.urls[picture.id]


def _detail(project: Project, review: Review, pictures: Sequence[Picture]) -> dict[str, Any] | None:
    """The surroundings of the active face in the picture's own resolution, while they are zoomed to."""
    picture = next((p for p in pictures if p.id == review.at), None)
    face = next((f for f in review.faces if f.id == review.active), None)
    if not review.zoom or picture is None or face is None:
        return None
    view = View.of(picture.width, picture.height, SHOWN, face.box)
    try:
        data = background(project.workspace.path(picture.path), view)
    except PictureError:
        return None
    x, y, w, h = view.region.as_list()
    return {"picture": picture.id, "url": served(data, "review.detail"), "x": x, "y": y, "w": w, "h": h}
