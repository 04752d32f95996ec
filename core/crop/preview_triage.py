"""What other settings would make of the faces that were found, without looking at the pictures again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, case, func, select

from core.crop.config import CropConfig
from core.crop.queue import tally
from core.workspace import tables as t
from core.workspace.catalogue import Catalogue
from core.workspace.history import DETECTOR
from core.workspace.states import LIVE_FACES, OPEN_REVIEWS, Kind, PictureState, ReviewState

IN_ORDER = tuple(t.pictures.c[name] for name in ("state", "kind", "review", "character_id", "id"))
"""Groups by picture in the order of the index of the review's states (tables.pictures_by_state): by the id alone,
SQLite goes through all pictures to find the few that are open."""


@dataclass(frozen=True, slots=True)
class Recount:
    """Pictures by what they would be, faces that would be kept without a look, and pictures a person has settled."""

    sure: int
    look: int
    nothing: int
    kept: int
    done: int
    new: int


def preview_triage(catalogue: Catalogue, config: CropConfig, operating_point: float) -> Recount:
    """Judge the detections that the catalogue holds as the job with this config would: for a slider.

    operating_point: the detector's own score, which counts where the config names none.

    Only what was found can be counted: for scores below those proposed at the time, the detector must look again.
    One query, kept until somebody commits.
    """
    accept = operating_point if config.accept is None else config.accept
    key = ("preview", accept, config.propose, config.min_side)
    return catalogue.remembered(key, lambda: _recount(catalogue, accept, config))


def _recount(catalogue: Catalogue, accept: float, config: CropConfig) -> Recount:
    rows = _found(accept, accept * config.propose).subquery()
    sure = and_(rows.c.faces == 1, rows.c.strong == 1, rows.c.side >= config.min_side)
    query = select(
        func.count(),
        func.count(case((sure, 1))),
        func.count(case((rows.c.faces == 0, 1))),
    ).select_from(rows)
    with catalogue.reading() as db:
        pictures, kept, nothing = db.execute(query).one()
    counts = tally(catalogue)
    return Recount(
        sure=kept,
        look=pictures - kept - nothing,
        nothing=nothing,
        kept=kept,  # core.crop.findings.triage keeps the one face of a sure picture and no other
        done=counts.get(ReviewState.DONE, 0),
        new=counts.get(ReviewState.NEW, 0),
    )


def _found(accept: float, propose: float) -> Select[int, int, Any]:
    """A row for each picture that waits for a decision: its faces from the score `propose` on, how many of them reach
    `accept`, and the shorter side of the largest of these."""
    faces = t.faces.c
    live = and_(faces.picture_id == t.pictures.c.id, faces.copy_of.is_(None), faces.state.in_(LIVE_FACES))
    found = and_(live, faces.score >= propose, faces.decided_by == DETECTOR)
    strong = faces.score >= accept
    return (
        select(
            func.count(faces.id).label("faces"),
            func.count(case((strong, 1))).label("strong"),
            func.max(case((strong, func.min(faces.w, faces.h)))).label("side"),
        )
        .select_from(t.pictures.outerjoin(t.faces, found))
        .where(t.pictures.c.kind == Kind.PICTURE, t.pictures.c.state == PictureState.KEPT)
        .where(t.pictures.c.review.in_(OPEN_REVIEWS))
        .group_by(*IN_ORDER)
    )
