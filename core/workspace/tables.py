"""The tables of the catalogue and the values that their rows become."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, func

from core.imaging.boxes import Box
from core.workspace.states import CharacterState, FaceState, Kind, PictureState, ReviewState

SCHEMA = 6
"""Written into the file (PRAGMA user_version); an older one is migrated, a newer one refused in words."""

metadata = MetaData()


def _text(name: str) -> Column[str]:
    return Column(name, String, nullable=False, default="")


characters = Table(
    "characters",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("slug", String, nullable=False, unique=True),
    _text("series"),
    _text("query"),
    Column("wanted", Integer, nullable=False, default=0),
    Column("state", String, nullable=False, default=CharacterState.ACTIVE.value),
    Column("reference_face", Integer),
    Column("cover", Integer),
    _text("created_at"),
)

pictures = Table(
    "pictures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("character_id", ForeignKey("characters.id"), index=True),
    Column("kind", String, nullable=False, default=Kind.PICTURE.value),
    _text("path"),
    Column("state", String, nullable=False, default=PictureState.KEPT.value, index=True),
    _text("reason"),
    Column("duplicate_of", Integer),
    Column("review", String, nullable=False, default=ReviewState.NEW.value),
    _text("title"),
    _text("source"),
    _text("query"),
    _text("picture_url"),
    _text("page_url"),
    _text("author"),
    _text("licence"),
    _text("rating"),
    _text("tags"),
    _text("fetched_at"),
    Column("sha256", String, nullable=False, default="", index=True),
    _text("phash"),
    Column("width", Integer, nullable=False, default=0),
    Column("height", Integer, nullable=False, default=0),
    _text("group_key"),
    Column("known_faces", JSON, nullable=False, default=list),
)

faces = Table(
    "faces",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("picture_id", ForeignKey("pictures.id"), nullable=False),
    Column("character_id", ForeignKey("characters.id"), index=True),
    Column("path", String, nullable=False, default="", index=True),
    Column("x", Float, nullable=False, default=0.0),
    Column("y", Float, nullable=False, default=0.0),
    Column("w", Float, nullable=False, default=0.0),
    Column("h", Float, nullable=False, default=0.0),
    _text("detector"),
    _text("framing"),
    Column("score", Float, nullable=False, default=0.0),
    Column("quality", Float, nullable=False, default=0.0),
    Column("state", String, nullable=False, default=FaceState.PROPOSED.value, index=True),
    Column("enrolled", Boolean, nullable=False, default=False),
    Column("ignored", Boolean, nullable=False, default=False),
    Column("negatives", JSON, nullable=False, default=list),
    _text("reason"),
    _text("decided_by"),
    _text("decided_at"),
    _text("split"),
    Column("copy_of", ForeignKey("faces.id"), index=True),
    _text("made_by"),
    Column("sha256", String, nullable=False, default="", index=True),
    _text("phash"),
    Column("revision", Integer, nullable=False, default=0),
    _text("created_at"),
)

changes = Table(
    "changes",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("at"),
    _text("who"),
    _text("action"),
    Column("edits", JSON, nullable=False, default=list),
    _text("undone_at"),
)

results = Table(
    "results",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False, index=True),
    _text("name"),
    _text("made_from"),
    _text("at"),
    Column("detail", JSON, nullable=False, default=dict),
)

fetches = Table(
    "fetches",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("character_id", ForeignKey("characters.id"), index=True),
    _text("source"),
    _text("query"),
    Column("url", String, nullable=False),
    _text("page_url"),
    _text("outcome"),
    _text("reason"),
    Column("picture_id", Integer),
    _text("at"),
)
Index("one_fetch_a_url", func.coalesce(fetches.c.character_id, 0), fetches.c.url, unique=True)

pending_moves = Table(
    "pending_moves",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("source"),
    _text("target"),
    _text("sha256"),
    _text("at"),
)
"""File moves that a committed write has still to make, in order; paths in the workspace. target "": delete."""

notes = Table("notes", metadata, Column("key", String, primary_key=True), Column("value", JSON))

Index("faces_by_character_and_state", *(faces.c[name] for name in ("character_id", "state", "copy_of", "phash")))
# Counts are answered by these two alone: half a second instead of many at three million faces.
Index("pictures_by_state", *(pictures.c[name] for name in ("state", "kind", "review", "character_id")))
Index("faces_by_state", *(faces.c[n] for n in ("state", "copy_of", "character_id", "enrolled", "ignored", "split")))
# So is the review's queue, by the first and the next; the last is in the order of the grid.
_SHOWN = ("picture_id", "copy_of", "state", "character_id", "w", "h", "score", "quality", "decided_by")
Index("faces_of_picture", *(faces.c[name] for name in _SHOWN))
Index("faces_by_quality", *(faces.c[name] for name in ("state", "copy_of", "character_id", "quality")))

BY_NAME = {t.name: t for t in (characters, pictures, faces)}
"""The tables that a recorded change may edit."""


@dataclass(frozen=True, slots=True)
class Character:
    """An identity. `state`: states.CharacterState. `wanted`: how many faces the person wants, 0 = the default.

    reference_face: the face shown beside others in the review; cover: the one on the character's card (ids of faces).
    """

    id: int
    name: str
    slug: str
    series: str = ""
    query: str = ""
    wanted: int = 0
    state: str = CharacterState.ACTIVE
    reference_face: int | None = None
    cover: int | None = None
    created_at: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A whole image as collected, and where it came from.

    character_id None: nobody has said yet whose picture it is; its file lies in `pictures/unnamed/`.
    kind: `picture`, or `face` where the image is itself a face (its pixels are the face's file, path is "").
    state: states.PictureState, a duplicate one of `duplicate_of`; `reason` says why. review: states.ReviewState.
    known_faces: true boxes that the source brought, a list of {"box": [x, y, w, h], "name": str}.
    phash: 16 hex digits. group_key: pictures that share one are never split apart.
    """

    id: int
    character_id: int | None
    kind: str = Kind.PICTURE
    path: str = ""
    state: str = PictureState.KEPT
    reason: str = ""
    duplicate_of: int | None = None
    review: str = ReviewState.NEW
    title: str = ""
    source: str = ""
    query: str = ""
    picture_url: str = ""
    page_url: str = ""
    author: str = ""
    licence: str = ""
    rating: str = ""
    tags: str = ""
    fetched_at: str = ""
    sha256: str = ""
    phash: str = ""
    width: int = 0
    height: int = 0
    group_key: str = ""
    known_faces: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Face:
    """A box on a picture and its crop.

    character_id None: unnamed. state: states.FaceState. split: states.Part or "".
    Box in picture pixels, tight. `path`: the crop's place while kept; a rejected one lies under bin/ + path.
    detector and framing: what the box and its crop were made with. enrolled: recognising compares with it.
    ignored: nobody of this cast. negatives: ids of characters that a person said it is not.
    copy_of: the face it is a balancing copy of; made_by: copy or augment for those.
    revision counts decisions, so that two tabs cannot overwrite each other silently.
    """

    id: int
    picture_id: int
    character_id: int | None
    path: str = ""
    x: float = 0.0
    y: float = 0.0
    w: float = 0.0
    h: float = 0.0
    detector: str = ""
    framing: str = ""
    score: float = 0.0
    quality: float = 0.0
    state: str = FaceState.PROPOSED
    enrolled: bool = False
    ignored: bool = False
    negatives: Sequence[int] = ()
    reason: str = ""
    decided_by: str = ""
    decided_at: str = ""
    split: str = ""
    copy_of: int | None = None
    made_by: str = ""
    sha256: str = ""
    phash: str = ""
    revision: int = 0
    created_at: str = ""

    @property
    def box(self) -> Box:
        return Box(self.x, self.y, self.w, self.h)


@dataclass(frozen=True, slots=True)
class Change:
    """One decision, by whom, and when. edits: {"table", "id" (or "ids"), "before": {column: value}, "after": {...}}."""

    id: int
    at: str
    who: str
    action: str
    edits: list[dict[str, Any]]
    undone_at: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """Something made from the faces (balance, run, gallery, map) and the fingerprint of what it was made from."""

    id: int
    kind: str
    name: str
    made_from: str
    at: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fetch:
    """One address tried for one character: outcome kept, duplicate, refused or failed, with the reason."""

    id: int
    character_id: int | None
    source: str
    query: str
    url: str
    page_url: str
    outcome: str
    reason: str
    picture_id: int | None
    at: str
