"""What balancing would do: the part of each face and the copies to make. Looked at first, then done by `balancing`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import select

from core.balance.config import BalanceConfig
from core.balance.fill import choose_copies, copy_path
from core.balance.grouping import group_faces
from core.balance.rows import PARTS, FaceRows, all_pictures, kept_rows, named_rows
from core.balance.split import SPARE, TRAIN, choose_strangers, held_back, leaks, split_faces
from core.errors import DataError
from core.workspace import tables as t
from core.workspace.catalogue import Catalogue
from core.workspace.one_of import one_of
from core.workspace.staleness import split_fingerprint
from core.workspace.states import FaceState, Part
from core.workspace.tables import Character

AT_ONCE = 100_000
"""Faces up to which a page works a plan out while it waits: about a second. Of more it shows an estimate."""
FEW = 5
"""Training faces of its own below which a character gets a warning."""
LEAKS = "leaks"
"""The note that keeps the last leak check: the split it was made of (its fingerprint), and the pairs found."""

Counts = dict[int, Counter[str]]


@dataclass(frozen=True, slots=True)
class Copy:
    """A face to be copied and the place of its copy."""

    face_id: int
    path: str


@dataclass(frozen=True, eq=False)
class BalancePlan:
    """faces: those that are divided; parts int8 (n,), the part of each as its place in PARTS; groups int64 (n,): which
    belong together; the copies to make, and warnings in words."""

    faces: FaceRows
    parts: np.ndarray
    groups: np.ndarray
    copies: tuple[Copy, ...]
    warnings: tuple[str, ...] = ()

    def counts(self) -> Counts:
        """For each character: faces in each part, and `copies`."""
        owners, place = np.unique(self.faces.characters, return_inverse=True)
        kinds = len(PARTS) + 1
        copied = place[np.searchsorted(self.faces.ids, [copy.face_id for copy in self.copies])]
        cells = np.concatenate([place * kinds + self.parts, copied * kinds + kinds - 1]).astype(np.int64)
        table = np.bincount(cells, minlength=len(owners) * kinds).reshape(-1, kinds).tolist()
        names = (*PARTS, "copies")
        return {
            owner: Counter({name: n for name, n in zip(names, row, strict=True) if n})
            for owner, row in zip(owners.tolist(), table, strict=True)
        }


@dataclass(frozen=True)
class Estimate:
    """What balancing would do as far as the numbers of faces tell: groups that must stay together may move a few."""

    table: Counts
    copies: tuple[Copy, ...] = ()
    warnings: tuple[str, ...] = ()

    def counts(self) -> Counts:
        """For each character: faces in each part, and `copies`."""
        return self.table


def plan(catalogue: Catalogue, config: BalanceConfig | None = None) -> BalancePlan:
    """Split today's kept faces and choose the copies; nothing is changed. Raises DataError where nothing is kept."""
    config = config or BalanceConfig()
    faces = named_rows(catalogue)
    if not len(faces):
        raise _nothing()
    groups = group_faces(faces, all_pictures(catalogue))
    parts = split_faces(faces, groups, config)
    rng = np.random.default_rng(config.seed)
    order = np.argsort(faces.characters, kind="stable")
    owners = faces.characters[order]
    copies: list[Copy] = []
    warnings = []
    for character in catalogue.characters():
        own = order[np.searchsorted(owners, character.id) : np.searchsorted(owners, character.id, "right")]
        training = own[parts[own] == TRAIN]
        if config.cap and len(training) > config.per_character:
            parts[rng.permutation(training)[config.per_character :]] = SPARE
            training = own[parts[own] == TRAIN]
        warnings += _warnings(character, len(own), len(training))
        chosen = choose_copies(faces.ids[training].tolist(), config.per_character, rng)
        copies += _placed(catalogue, character, chosen) if chosen else ()
    return BalancePlan(faces, parts, groups, tuple(copies), tuple(warnings))


def estimate(catalogue: Catalogue, config: BalanceConfig) -> Estimate:
    """The same from the number of faces of each character alone: at once, whatever their number. Raises as `plan`."""
    own = catalogue.counts("faces", state=FaceState.KEPT, copy_of=None, ignored=False)
    own.pop(None, None)
    if not own:
        raise _nothing()
    strangers = choose_strangers(own, config)
    table: Counts = {}
    for character, n in sorted(own.items()):
        if character in strangers:
            table[character] = Counter({Part.STRANGER: n})
            continue
        validation = held_back(n, config)
        train = n - validation
        spare = max(train - config.per_character, 0) if config.cap else 0
        copies = max(config.per_character - train, 0)
        row = {Part.TRAIN: train - spare, Part.VALIDATION: validation, Part.SPARE: spare, "copies": copies}
        table[character] = Counter({name: number for name, number in row.items() if number})
    warnings: list[str] = []
    for one in catalogue.characters():
        warnings += _warnings(one, own.get(one.id, 0), table.get(one.id, Counter())[Part.TRAIN])
    return Estimate(table, warnings=tuple(warnings))


def leak_check(catalogue: Catalogue) -> int:
    """Pairs of a training and a validation face that show the same picture; copies stand for their originals."""
    faces = kept_rows(catalogue)
    return leaks(faces.parts, group_faces(faces, all_pictures(catalogue))) if len(faces) else 0


def known_leaks(catalogue: Catalogue) -> int | None:
    """What the leak check said of today's split, None where it was not made since."""
    kept = catalogue.note(LEAKS)
    known = isinstance(kept, dict) and kept.get("split") == split_fingerprint(catalogue)
    return int(kept["pairs"]) if known else None


def keep_leaks(catalogue: Catalogue, pairs: int) -> None:
    """Remember what the leak check of today's split said. A catalogue that is read-only is passed over."""
    if not catalogue.read_only:
        catalogue.set_note(LEAKS, {"split": split_fingerprint(catalogue), "pairs": pairs})


def _nothing() -> DataError:
    return DataError("There are no faces to balance that have a name. Crop some, import faces, or name those you have.")


def _warnings(character: Character, faces: int, training: int) -> list[str]:
    if not faces:
        return [f"{character.name} has no face at all."]
    if 0 < training < FEW:
        return [f"{character.name} has only {training} faces of its own to train on; copies add nothing new."]
    return []


def _placed(catalogue: Catalogue, character: Character, chosen: Sequence[int]) -> list[Copy]:
    """The copies of a character's faces, each at a path that no face of the character has."""
    faces: Any = t.faces.c
    with catalogue.reading() as db:
        own = select(faces.path).where(faces.character_id == character.id, faces.copy_of.is_(None))
        taken = {path.casefold() for path in db.execute(own).scalars()}
        rows = db.execute(select(faces.id, faces.path).where(one_of(faces.id, set(chosen))))
        path_of = {row.id: row.path for row in rows}
    found = []
    for face_id in chosen:
        path = copy_path(path_of[face_id], taken)
        taken.add(path.casefold())
        found.append(Copy(face_id, path))
    return found
