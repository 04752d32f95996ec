"""The newest map as a small picture: drawn in milliseconds from what is on disk, without an encoder or embeddings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from sqlalchemy import select

from core.visualise.map_settings import RESULT
from core.visualise.maps import load_map
from core.visualise.markers import markers
from core.workspace import tables as t
from core.workspace.project import Project
from core.workspace.states import FaceState

FINE = 16
"""OpenCV places a circle to a 16th of a pixel."""


@dataclass(frozen=True)
class LastMap:
    """points float32 (n, 2); colours: of each point's character, #rrggbb, as on the map itself; method; at: when it was
    made, as an ISO time; key: changes with anything drawn."""

    points: np.ndarray
    colours: tuple[str, ...]
    method: str
    at: str
    key: str


def last_map(project: Project) -> LastMap | None:
    """The newest map of two dimensions that is on disk, with the names of today; None where there is none.

    Faces that were rejected or recut since are left out.
    """
    for result in project.catalogue.results(RESULT):
        settings = result.detail.get("settings", {})
        known = load_map(project.workspace, result.detail["key"]) if settings.get("dimensions") == 2 else None
        if not known:
            continue
        faces = t.faces.c
        query = select(faces.id, faces.sha256, faces.character_id).where(faces.state == FaceState.KEPT)
        with project.catalogue.reading() as db:
            rows = [row for row in db.execute(query.order_by(faces.id)) if (row.id, row.sha256) in known]
        everybody = sorted(project.catalogue.characters(removed=True), key=lambda c: c.id)
        mark_of = markers(c.name for c in everybody)
        colour_of = {c.id: mark_of[c.name].colour for c in everybody}
        there = [row for row in rows if row.character_id in colour_of]
        if not there:
            continue
        points = np.stack([known[row.id, row.sha256] for row in there])
        owners = hash(tuple((row.id, row.character_id) for row in there))
        key = f"{result.detail['key']} {owners}"
        return LastMap(points, tuple(colour_of[r.character_id] for r in there), settings["method"], result.at, key)
    return None


def draw_points(
    points: np.ndarray, colours: Sequence[str], *, width: int, height: int, paper: str = "#ffffff"
) -> np.ndarray:
    """Points float (n, 2) as dots on paper, uint8 (height, width, 3) RGB; the second axis points up, as on the map."""
    picture = np.empty((height, width, 3), np.uint8)
    picture[:] = _rgb(paper)
    radius = max(round(min(width, height) / (60 if len(points) < 1000 else 110)), 2)
    low, high = points.min(axis=0), points.max(axis=0)
    span = np.where(high > low, high - low, 1)
    room = np.array([width, height]) - 4 * radius
    places = (points - low) / span * room + 2 * radius + np.where(high > low, 0, room / 2)
    places[:, 1] = height - places[:, 1]
    for (x, y), colour in zip(np.round(places * FINE).astype(int).tolist(), colours, strict=True):
        cv2.circle(picture, (x, y), radius * FINE, _rgb(colour), cv2.FILLED, cv2.LINE_AA, shift=4)
    return picture


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
