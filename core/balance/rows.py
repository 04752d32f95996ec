"""What dividing needs of faces and pictures, as arrays: a hundred bytes a face instead of a kilobyte, for millions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Select, select

from core.workspace import tables as t
from core.workspace.catalogue import Catalogue
from core.workspace.states import FaceState, Part

PARTS = ("", *Part)
"""The part of a face as a number: its place here."""
AT_ONCE = 50_000
"""Rows that are read before they become arrays."""
NOBODY = 0
"""Instead of a character's, a picture's or a group's number, where there is none; ids begin at 1."""


@dataclass(frozen=True, eq=False)
class FaceRows:
    """ids, characters and pictures int64 (n,), by id; parts int8 (n,), places in PARTS; contents bytes (n,): what the
    seed draws by, the sha256 of the crop, or the id where there is none; hashed bool (n,): which of them is a sha256;
    hashes uint64 (n,): perceptual, and known bool (n,): where there is one."""

    ids: np.ndarray
    characters: np.ndarray
    pictures: np.ndarray
    parts: np.ndarray
    contents: np.ndarray
    hashed: np.ndarray
    hashes: np.ndarray
    known: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, eq=False)
class PictureRows:
    """ids int64 (m,), in order; originals int64 (m,): the picture that it repeats, or itself; groups int64 (m,): a
    number for each group_key; hashes and known as in FaceRows."""

    ids: np.ndarray
    originals: np.ndarray
    groups: np.ndarray
    hashes: np.ndarray
    known: np.ndarray


def named_rows(catalogue: Catalogue) -> FaceRows:
    """The kept faces that are somebody's, balancing copies and ignored ones aside: those that are divided."""
    faces = t.faces.c
    return _faces(catalogue, faces.copy_of.is_(None), faces.ignored.is_(False), faces.character_id.is_not(None))


def kept_rows(catalogue: Catalogue) -> FaceRows:
    """All kept faces, balancing copies among them."""
    return _faces(catalogue)


def face_rows(rows: Sequence[Sequence[Any]]) -> FaceRows:
    """Of (id, character_id, picture_id, split, sha256, phash) each."""
    ids, characters, pictures, splits, shas, hashes = zip(*rows, strict=True) if rows else ((),) * 6
    return FaceRows(
        np.array(ids, np.int64),
        np.array([c or NOBODY for c in characters], np.int64),
        np.array(pictures, np.int64),
        np.array([PARTS.index(part) for part in splits], np.int8),
        np.array([sha or str(i) for i, sha in zip(ids, shas, strict=True)], "S64"),
        np.array([bool(sha) for sha in shas], bool),
        *_hashes(hashes),
    )


def all_pictures(catalogue: Catalogue) -> PictureRows:
    """All pictures, whatever became of them."""
    columns = (t.pictures.c[name] for name in ("id", "duplicate_of", "group_key", "phash"))
    query, numbers = select(*columns).order_by(t.pictures.c.id), {"": NOBODY}
    parts = [picture_rows(rows, numbers) for rows in _read(catalogue, query)] or [picture_rows([])]
    return PictureRows(*(np.concatenate([getattr(part, name) for part in parts]) for name in _fields(PictureRows)))


def picture_rows(rows: Sequence[Sequence[Any]], numbers: dict[str, int] | None = None) -> PictureRows:
    """Of (id, duplicate_of, group_key, phash) each. numbers: of the keys so far, added to."""
    numbers = {"": NOBODY} if numbers is None else numbers
    ids, originals, keys, hashes = zip(*rows, strict=True) if rows else ((),) * 4
    return PictureRows(
        np.array(ids, np.int64),
        np.array([original or own for own, original in zip(ids, originals, strict=True)], np.int64),
        np.array([numbers.setdefault(key, len(numbers)) for key in keys], np.int64),
        *_hashes(hashes),
    )


def _faces(catalogue: Catalogue, *wanted: ColumnElement[bool]) -> FaceRows:
    columns = (t.faces.c[name] for name in ("id", "character_id", "picture_id", "split", "sha256", "phash"))
    query = select(*columns).where(t.faces.c.state == FaceState.KEPT, *wanted).order_by(t.faces.c.id)
    parts = [face_rows(rows) for rows in _read(catalogue, query)] or [face_rows([])]
    return FaceRows(*(np.concatenate([getattr(part, name) for part in parts]) for name in _fields(FaceRows)))


def _read(catalogue: Catalogue, query: Select[Any]) -> Iterator[Sequence[Sequence[Any]]]:
    with catalogue.reading() as db:
        yield from db.execute(query.execution_options(yield_per=AT_ONCE)).partitions()


def _hashes(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([int(text or "0", 16) for text in texts], np.uint64), np.array([bool(x) for x in texts], bool)


def _fields(kind: type[FaceRows] | type[PictureRows]) -> tuple[str, ...]:
    return tuple(kind.__dataclass_fields__)
