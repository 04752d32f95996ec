"""The review queue: which pictures a person should look at, the worst first, and why."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, and_, case, func, select

from core.errors import DataError
from core.workspace import tables as t
from core.workspace.catalogue import Catalogue
from core.workspace.states import LIVE_FACES, OPEN_REVIEWS, FaceState, Kind, PictureState, ReviewState

SEVERAL, UNSURE, SMALL, BLURRED, ODD, RECOGNISED, NOTHING, FINE, NEW = (
    "several faces",
    "unsure",
    "small",
    "blurred or cut off",
    "odd one out",
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
    wanted = wanted or Filter()
    low, high = SIZES[wanted.size]
    odd_pictures = {f.picture_id for f in catalogue.faces(ids=odd)} if odd else set()
    found = []
    with catalogue.reading() as db:
        for row in db.execute(_query(wanted)):
            side = row.side or 0.0
            if wanted.size != "any" and not (row.faces and low <= side < high):
                continue
            reason = _reason(row, side, row.id in odd_pictures)
            if wanted.status == "open" and reason not in DOUBTS:
                continue
            score = row.score if row.score is not None else 0.0
            item = Item(row.id, row.character_id, reason, row.faces, score, side, row.review)
            found.append((REASONS.index(reason), _badness(item, row.quality), row.id, item))
    found.sort(key=lambda entry: entry[:3])
    return [item for *_, item in found]


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


def _query(wanted: Filter) -> Select[Any]:
    live = and_(t.faces.c.picture_id == t.pictures.c.id, t.faces.c.copy_of.is_(None))
    live = and_(live, t.faces.c.state.in_(LIVE_FACES))
    shorter = func.min(t.faces.c.w, t.faces.c.h)  # of two values, as SQLite has it
    named = and_(t.faces.c.state == FaceState.PROPOSED, t.faces.c.character_id.is_not(None))
    recognised = case((and_(named, t.pictures.c.character_id.is_(None)), 1), else_=0)
    measured = case((t.faces.c.quality > 0, t.faces.c.quality))
    query = (
        select(
            t.pictures.c.id,
            t.pictures.c.character_id,
            t.pictures.c.review,
            func.count(t.faces.c.id).label("faces"),
            func.min(t.faces.c.score).label("score"),
            func.min(shorter).label("side"),
            func.min(measured).label("quality"),
            func.max(recognised).label("recognised"),
        )
        .select_from(t.pictures.outerjoin(t.faces, live))
        .where(t.pictures.c.kind == Kind.PICTURE, t.pictures.c.state == PictureState.KEPT)
        .group_by(t.pictures.c.id)
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


def _reason(row: Row[Any], side: float, odd: bool) -> str:
    if row.review == ReviewState.NEW:
        return NEW
    if row.review == ReviewState.DONE:
        return FINE
    if not row.faces:
        return NOTHING
    if row.review == ReviewState.LOOK and row.faces > 1:
        return SEVERAL
    if side < SMALL_SIDE:
        return SMALL
    if row.review == ReviewState.LOOK:
        return RECOGNISED if row.recognised else UNSURE
    if 0 < (row.quality or 0.0) < BLURRED_BELOW:
        return BLURRED
    return ODD if odd else FINE


def _badness(item: Item, quality: float | None) -> float:
    """Smaller is worse, within one reason."""
    if item.reason == BLURRED:
        assert quality is not None  # it was measured
        return quality
    return {SEVERAL: float(-item.faces), SMALL: item.side}.get(item.reason, item.score)
