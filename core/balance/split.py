"""Which faces train and which are asked about: groups that belong together, and a split that never cuts one. Pure."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from core.balance.config import BalanceConfig
from core.errors import DataError
from core.imaging.hashes import groups, near_pairs
from core.workspace.states import Part
from core.workspace.tables import Face, Picture

NEAR_FACES = 4
"""Bits between near-duplicate crops: fewer than for whole pictures, for faces of one style look alike anyway."""


def group_faces(faces: Sequence[Face], pictures: Mapping[int, Picture]) -> list[int]:
    """Group number of each face: same picture, source id or bytes, and near-duplicate pictures or crops, share one."""
    first: dict[tuple[str, int | str], int] = {}
    pairs = []
    for i, face in enumerate(faces):
        picture = pictures[face.picture_id]
        keys: list[tuple[str, int | str]] = [
            ("picture", face.picture_id),
            ("picture", picture.duplicate_of or face.picture_id),
        ]
        keys += [("group", picture.group_key)] if picture.group_key else []
        keys += [("bytes", face.sha256)] if face.sha256 else []
        for key in keys:
            pairs.append((first.setdefault(key, i), i))
    for hashes, limit in (
        ([face.phash for face in faces], NEAR_FACES),
        ([pictures[face.picture_id].phash for face in faces], NEAR_FACES),
    ):
        known = [i for i, text in enumerate(hashes) if text]
        near = near_pairs([int(hashes[i], 16) for i in known], limit)
        pairs += [(known[a], known[b]) for a, b in near]
    return groups(len(faces), pairs)


def choose_strangers(faces: Sequence[Face], config: BalanceConfig) -> set[int]:
    """Characters (ids) held out wholly, chosen by the seed. Raises DataError where fewer than two would be left."""
    characters = sorted({face.character_id for face in faces if face.character_id is not None})
    if config.strangers and len(characters) - config.strangers < 2:
        raise DataError(
            f"{config.strangers} strangers leave {max(len(characters) - config.strangers, 0)} of {len(characters)} "
            f"characters to train on; at least 2 are needed. Hold out fewer."
        )
    ordered = sorted(characters, key=lambda c: _draw(config.seed, f"stranger {c}"))
    return set(ordered[: config.strangers])


def split_faces(faces: Sequence[Face], group_of: Sequence[int], config: BalanceConfig) -> list[Part]:
    """Part of each face: train, validation or stranger.

    Groups are taken in an order drawn by the seed from their content, so that new faces do not reshuffle old ones;
    each goes to validation while none of its characters then exceeds its share. A character with one group trains.
    """
    strangers = choose_strangers(faces, config)
    members: dict[int, list[int]] = defaultdict(list)
    for i, group in enumerate(group_of):
        if faces[i].character_id not in strangers:
            members[group].append(i)
    total = Counter(faces[i].character_id for group in members.values() for i in group)
    target = {c: min(round(n * config.validation), n - 1) for c, n in total.items()}
    filled: Counter[int | None] = Counter()
    parts = [Part.STRANGER if face.character_id in strangers else Part.TRAIN for face in faces]

    def order(group: int) -> str:
        content = min(faces[i].sha256 or str(faces[i].id) for i in members[group])
        return _draw(config.seed, content)

    for group in sorted(members, key=order):
        here = Counter(faces[i].character_id for i in members[group])
        if all(filled[c] + n <= target[c] for c, n in here.items()):
            filled.update(here)
            for i in members[group]:
                parts[i] = Part.VALIDATION
    return parts


def leaks(faces: Sequence[Face], group_of: Sequence[int]) -> list[tuple[int, int]]:
    """Pairs (training face id, validation face id) that share a group: there must be none. Copies count as training."""
    by_group: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for face, group in zip(faces, group_of, strict=True):
        if face.split == Part.TRAIN:
            by_group[group][0].append(face.id)
        elif face.split == Part.VALIDATION:
            by_group[group][1].append(face.id)
    return [(a, b) for train, validation in by_group.values() for a in train for b in validation]


def _draw(seed: int, content: str) -> str:
    return hashlib.sha256(f"{seed}:{content}".encode()).hexdigest()
