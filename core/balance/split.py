"""Which faces train and which are asked about: a split that never cuts a group. Pure: arrays in, an array out."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable

import numpy as np

from core.balance.config import BalanceConfig
from core.balance.rows import PARTS, FaceRows
from core.errors import DataError
from core.workspace.states import Part

TRAIN, VALIDATION, STRANGER, SPARE = (
    PARTS.index(part) for part in (Part.TRAIN, Part.VALIDATION, Part.STRANGER, Part.SPARE)
)
TOGETHER = 50_000
"""Groups that are ordered at once, so that the texts of a few only are held."""


def choose_strangers(characters: Iterable[int], config: BalanceConfig) -> set[int]:
    """Characters (ids) held out wholly, chosen by the seed. Raises DataError where fewer than two would be left."""
    characters = sorted(set(characters))
    if config.strangers and len(characters) - config.strangers < 2:
        raise DataError(
            f"{config.strangers} strangers leave {max(len(characters) - config.strangers, 0)} of {len(characters)} "
            f"characters to train on; at least 2 are needed. Hold out fewer."
        )
    ordered = sorted(characters, key=lambda c: _draw(config.seed, f"stranger {c}".encode()))
    return set(ordered[: config.strangers])


def held_back(faces: int, config: BalanceConfig) -> int:
    """How many of a character's faces are for validation at most: its share, and never all of them."""
    return min(round(faces * config.validation), faces - 1)


def split_faces(faces: FaceRows, group_of: np.ndarray, config: BalanceConfig) -> np.ndarray:
    """Part of each face, int8 (n,): train, validation or stranger, as its place in PARTS.

    Groups are taken in an order drawn by the seed from their content, so that new faces do not reshuffle old ones;
    each goes to validation while none of its characters then exceeds its share. A character with one group trains.
    """
    strangers = choose_strangers(np.unique(faces.characters).tolist(), config)
    held_out = np.isin(faces.characters, list(strangers))
    parts = np.where(held_out, STRANGER, TRAIN).astype(np.int8)
    order = np.flatnonzero(~held_out)
    order = order[np.argsort(group_of[order], kind="stable")]
    if not len(order):
        return parts
    starts = np.flatnonzero(np.append(True, group_of[order[1:]] != group_of[order[:-1]]))
    ends, owners = np.append(starts[1:], len(order)), faces.characters[order]
    alone = np.minimum.reduceat(owners, starts) == np.maximum.reduceat(owners, starts)
    total = dict(zip(*(found.tolist() for found in np.unique(owners, return_counts=True)), strict=True))
    left = {character: held_back(n, config) for character, n in total.items()}
    chosen = np.zeros(len(starts), bool)
    columns = (starts.tolist(), ends.tolist(), owners[starts].tolist(), alone.tolist())
    drawn = _order(faces, order, starts, ends, config.seed)
    for group in drawn.tolist():
        start, end, character, is_alone = (column[group] for column in columns)
        here = {character: end - start} if is_alone else Counter(owners[start:end].tolist())
        if all(n <= left[c] for c, n in here.items()):
            chosen[group] = True
            for c, n in here.items():
                left[c] -= n
    parts[order[np.repeat(chosen, ends - starts)]] = VALIDATION
    return parts


def leaks(parts: np.ndarray, group_of: np.ndarray) -> int:
    """Pairs of a training and a validation face that share a group: there must be none. Copies count as training.

    parts int8 (n,), places in PARTS; group_of int64 (n,), from 0 to n - 1.
    """
    train, validation = (np.bincount(group_of[parts == part], minlength=len(parts)) for part in (TRAIN, VALIDATION))
    return int((train * validation).sum())


def _order(faces: FaceRows, order: np.ndarray, starts: np.ndarray, ends: np.ndarray, seed: int) -> np.ndarray:
    """The groups, each `order[start:end]`, in the order that the seed draws from the least content of each."""
    digests = []
    for first in range(0, len(starts), TOGETHER):
        begin, end = starts[first : first + TOGETHER].tolist(), ends[first : first + TOGETHER].tolist()
        contents = faces.contents[order[begin[0] : end[-1]]].tolist()
        digests += [_draw(seed, min(contents[a - begin[0] : b - begin[0]])) for a, b in zip(begin, end, strict=True)]
    words = np.frombuffer(b"".join(digests), ">u8").reshape(-1, 4)
    return np.lexsort(words.T[::-1])


def _draw(seed: int, content: bytes) -> bytes:
    return hashlib.sha256(b"%d:%s" % (seed, content)).digest()
