"""The tables of the catalogue and the values that their rows become."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import JSON, Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, UniqueConstraint

from core.imaging.boxes import Box

SCHEMA = 1
"""Written into the file (PRAGMA user_version); a newer one is refused in words."""

metadata = MetaData()


def _text(name: str) -> Column:
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
    Column("state", String, nullable=False, default="active"),
    Column("reference_face", Integer),
    _text("created_at"),
)

pictures = Table(
    "pictures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("character_id", ForeignKey("characters.id"), nullable=False, index=True),
    Column("kind", String, nullable=False, default="picture"),
    _text("path"),
    Column("state", String, nullable=False, default="kept", index=True),
    _text("reason"),
    Column("duplicate_of", Integer),
    Column("review", String, nullable=False, default="new"),
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
    Column("picture_id", ForeignKey("pictures.id"), nullable=False, index=True),
    Column("character_id", ForeignKey("characters.id"), nullable=False, index=True),
    Column("path", String, nullable=False, default="", index=True),
    Column("x", Float, nullable=False, default=0.0),
    Column("y", Float, nullable=False, default=0.0),
    Column("w", Float, nullable=False, default=0.0),
    Column("h", Float, nullable=False, default=0.0),
    _text("detector"),
    Column("score", Float, nullable=False, default=0.0),
    Column("quality", Float, nullable=False, default=0.0),
    Column("state", String, nullable=False, default="proposed", index=True),
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
    Column("character_id", ForeignKey("characters.id"), nullable=False, index=True),
    _text("source"),
    _text("query"),
    Column("url", String, nullable=False),
    _text("page_url"),
    _text("outcome"),
    _text("reason"),
    Column("picture_id", Integer),
    _text("at"),
    UniqueConstraint("character_id", "url", name="one_fetch_a_url"),
)

notes = Table("notes", metadata, Column("key", String, primary_key=True), Column("value", JSON))

Index("faces_by_character_and_state", faces.c.character_id, faces.c.state)

BY_NAME = {t.name: t for t in (characters, pictures, faces)}
"""The tables that a recorded change may edit."""


@dataclass(frozen=True, slots=True)
class Character:
    """An identity. `state`: active or removed. `wanted`: how many faces the person wants, 0 = the default."""

    id: int
    name: str
    slug: str
    series: str = ""
    query: str = ""
    wanted: int = 0
    state: str = "active"
    reference_face: int | None = None
    created_at: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A whole image as collected, and where it came from.

    kind: `picture`, or `face` where the image is itself a face (its pixels are the face's file, path is "").
    state: kept, duplicate (of `duplicate_of`), rejected (by a person) or removed; `reason` says why.
    review: new (no detector has seen it), sure, look, nothing (found) or done (a person has decided).
    known_faces: true boxes that the source brought, a list of {"box": [x, y, w, h], "name": str}.
    phash: 16 hex digits. group_key: pictures that share one are never split apart.
    """

    id: int
    character_id: int
    kind: str = "picture"
    path: str = ""
    state: str = "kept"
    reason: str = ""
    duplicate_of: int | None = None
    review: str = "new"
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
    known_faces: list | tuple = ()


@dataclass(frozen=True, slots=True)
class Face:
    """A box on a picture and its crop.

    state: proposed, kept, rejected or removed (taken back). split: "", train, validation, stranger, spare (beyond N).
    Box in picture pixels, tight. `path`: the crop's place while kept; a rejected one lies under bin/ + path.
    copy_of: the face it is a balancing copy of; made_by: copy or augment for those.
    revision counts decisions, so that two tabs cannot overwrite each other silently.
    """

    id: int
    picture_id: int
    character_id: int
    path: str = ""
    x: float = 0.0
    y: float = 0.0
    w: float = 0.0
    h: float = 0.0
    detector: str = ""
    score: float = 0.0
    quality: float = 0.0
    state: str = "proposed"
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
    """One decision: what was edited, by whom, when, and whether it was undone."""

    id: int
    at: str
    who: str
    action: str
    edits: list
    undone_at: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """Something made from the faces (balance, run, gallery, map) and the fingerprint of what it was made from."""

    id: int
    kind: str
    name: str
    made_from: str
    at: str
    detail: dict


@dataclass(frozen=True, slots=True)
class Fetch:
    """One address tried for one character: outcome kept, duplicate, refused or failed, with the reason."""

    id: int
    character_id: int
    source: str
    query: str
    url: str
    page_url: str
    outcome: str
    reason: str
    picture_id: int | None
    at: str
