"""The review queue: which pictures a person should look at, the worst first, and why."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import isinf
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, false, func, select

from core.errors import DataError
from core.workspace import tables as t
from core.workspace.catalogue import Catalogue
from core.workspace.counters import picture_faces
from core.workspace.one_of import one_of
from core.workspace.states import OPEN_REVIEWS, Kind, PictureState, ReviewState

SEVERAL, UNSURE, SMALL, BLURRED, ODD, RECOGNISED, NOTHING, FINE, NEW = (
    "several faces",
    "unsure",
    "small",
    "blurred or cut off",
    "outlier",
    "recognised",
    "nothing found",
    "fine",
    "not looked at",
)
REASONS = (SEVERAL, UNSURE, SMALL, BLURRED, ODD, RECOGNISED, NOTHING, FINE, NEW)
"""Why a picture stands in the queue, worst first. Where nothing was found there is mostly nothing to find: those
pictures come after all faces that wait for a decision. recognised: the picture is nobody's, its face got a name."""

DOUBTS = (SEVERAL, UNSURE, SMALL, BLURRED, ODD, RECOGNISED, NOTHING)

STATUSES = ("open", *OPEN_REVIEWS, ReviewState.DONE, ReviewState.NEW, "all")
"""open: whatever gives reason for doubt and no person has decided; the others are a picture's `review`."""

SIZES = {"any": (0.0, float("inf")), "small": (0.0, 48.0), "middle": (48.0, 128.0), "large": (128.0, float("inf"))}
"""Shorter side of a picture's smallest face, in pixels: from, to."""

SMALL_SIDE = 32
"""Pixels: a smaller face carries little of who it is."""

BLURRED_BELOW = 0.25
"""Quality (core.vision.quality, 0 to 1) below which a face is worth a look; 0 means that it was not measured."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What is wanted of the queue. Empty collections: everything."""

    status: str = "open"
    characters: tuple[int, ...] = ()
    size: str = "any"
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise DataError(f"There is no review status {self.status!r}. Choose one of: {', '.join(STATUSES)}.")
        if self.size not in SIZES:
            raise DataError(f"There is no face size {self.size!r}. Choose one of: {', '.join(SIZES)}.")


@dataclass(frozen=True, slots=True)
class Item:
    """A picture of the queue: why it is there, how many faces it has (kept or proposed), how sure the least sure is,
    and the shorter side of the smallest in pixels (0 where there is none)."""

    picture_id: int
    character_id: int | None
    reason: str
    faces: int
    score: float
    side: float
    review: str


def review_queue(
    catalogue: Catalogue, wanted: Filter | None = None, *, odd: Collection[int] = frozenset()
) -> list[Item]:
    """The pictures to look at, worst first: several faces in a picture of one character, unsure, small, blurred, odd
    ones out (`odd`: ids of faces), nothing found, and the rest. One query: 5,000 pictures are not to be waited for.
    """
    queue = _ordered(catalogue, wanted or Filter(), odd)
    with catalogue.reading() as db:
        return [
            Item(row.id, row.character_id, REASONS[row.reason], row.faces, row.score or 0.0, row.side, row.review)
            for row in db.execute(queue)
        ]


def queue_order(
    catalogue: Catalogue, wanted: Filter | None = None, *, odd: Collection[int] = frozenset()
) -> dict[int, str]:
    """The same queue as ids of pictures and why they are in it, in its order: what a page keeps of it."""
    rows = _ordered(catalogue, wanted or Filter(), odd)
    with catalogue.reading() as db:
        shown = rows.with_only_columns(rows.selected_columns.id, rows.selected_columns.reason)
        return {number: REASONS[reason] for number, reason in db.execute(shown).all()}


def tally(catalogue: Catalogue) -> dict[str, int]:
    """How many pictures stand at each review state: {"nothing": 3, "look": 40, "sure": 350, "done": 12}."""
    return catalogue.counts("pictures", "review", kind=Kind.PICTURE, state=PictureState.KEPT)


def sources(catalogue: Catalogue) -> list[str]:
    """The sources that pictures came from, sorted."""
    return sorted(catalogue.counts("pictures", "source", kind=Kind.PICTURE, state=PictureState.KEPT))


def neighbour(ids: Sequence[int], current: int | None, step: int) -> int | None:
    """The id `step` places on; it stays at the first and the last. None where there is none at all.

    >>> neighbour([7, 5, 9], 5, 1), neighbour([7, 5, 9], 9, 1), neighbour([], None, 1)
    (9, 9, None)
    """
    if not ids:
        return None
    at = ids.index(current) + step if current in ids else 0
    return ids[min(max(at, 0), len(ids) - 1)]


def _ordered(catalogue: Catalogue, wanted: Filter, odd: Collection[int]) -> Select[Any]:
    """The pictures that are wanted with what an Item says of each, worst first; reason: a place in REASONS."""
    odd_pictures = {f.picture_id for f in catalogue.faces(ids=odd)} if odd else set()
    found = _looked_up(wanted).subquery()
    side = func.coalesce(found.c.side, 0.0)
    reason = _reason(found, side, one_of(found.c.id, odd_pictures) if odd_pictures else false())
    query = select(found.c.id, found.c.character_id, found.c.review, found.c.faces, found.c.score)
    rows = query.add_columns(side.label("side"), found.c.quality, reason.label("reason")).subquery()
    ordered = select(rows).order_by(rows.c.reason, _badness(rows), rows.c.id)
    if wanted.size != "any":
        low, high = SIZES[wanted.size]
        ordered = ordered.where(rows.c.faces > 0, rows.c.side >= low)
        ordered = ordered if isinf(high) else ordered.where(rows.c.side < high)
    if wanted.status == "open":
        ordered = ordered.where(rows.c.reason.in_([REASONS.index(doubt) for doubt in DOUBTS]))
    return ordered


def _looked_up(wanted: Filter) -> Select[Any]:
    """The pictures that are wanted with what is seen of their faces, which triggers keep beside them."""
    seen = picture_faces.c
    recognised = and_(seen.named, t.pictures.c.character_id.is_(None))
    query = (
        select(
            t.pictures.c.id,
            t.pictures.c.character_id,
            t.pictures.c.review,
            func.coalesce(seen.faces, 0).label("faces"),
            seen.score,
            seen.side,
            seen.quality,
            recognised.label("recognised"),
        )
        .select_from(t.pictures.outerjoin(picture_faces, seen.picture_id == t.pictures.c.id))
        .where(t.pictures.c.kind == Kind.PICTURE, t.pictures.c.state == PictureState.KEPT)
    )
    if wanted.status == "open":
        query = query.where(t.pictures.c.review.in_(OPEN_REVIEWS))
    elif wanted.status != "all":
        query = query.where(t.pictures.c.review == wanted.status)
    if wanted.characters:
        query = query.where(t.pictures.c.character_id.in_(wanted.characters))
    if wanted.sources:
        query = query.where(t.pictures.c.source.in_(wanted.sources))
    return query


def _reason(row: Subquery, side: ColumnElement[float], odd: ColumnElement[bool]) -> ColumnElement[int]:
    """The first that is true."""
    look = row.c.review == ReviewState.LOOK
    return case(
        (row.c.review == ReviewState.NEW, REASONS.index(NEW)),
        (row.c.review == ReviewState.DONE, REASONS.index(FINE)),
        (row.c.faces == 0, REASONS.index(NOTHING)),
        (and_(look, row.c.faces > 1), REASONS.index(SEVERAL)),
        (side < SMALL_SIDE, REASONS.index(SMALL)),
        (and_(look, row.c.recognised), REASONS.index(RECOGNISED)),
        (look, REASONS.index(UNSURE)),
        (row.c.quality < BLURRED_BELOW, REASONS.index(BLURRED)),  # of those that were measured
        (odd, REASONS.index(ODD)),
        else_=REASONS.index(FINE),
    )


def _badness(rows: Subquery) -> ColumnElement[float]:
    """Smaller is worse, within one reason."""
    return case(
        (rows.c.reason == REASONS.index(SEVERAL), -rows.c.faces),
        (rows.c.reason == REASONS.index(SMALL), rows.c.side),
        (rows.c.reason == REASONS.index(BLURRED), rows.c.quality),
        else_=func.coalesce(rows.c.score, 0.0),
    )
