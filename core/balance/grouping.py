"""Which faces belong together, so that a division never parts them. Pure: arrays in, an array out."""

from __future__ import annotations

import numpy as np

from core.balance.rows import NOBODY, FaceRows, PictureRows
from core.imaging.hashes import near_places

NEAR_FACES = 4
"""Bits between near-duplicate crops: fewer than for whole pictures, for faces of one style look alike anyway."""

Edges = tuple[np.ndarray, np.ndarray]


def group_faces(faces: FaceRows, pictures: PictureRows) -> np.ndarray:
    """Group of each face, int64 (n,), the place of its first face: same picture, source id or bytes, and near-duplicate
    pictures or crops, share one.

    pictures: all that the faces lie on, and any others.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n = len(faces)
    used, own = np.unique(faces.pictures, return_inverse=True)
    at = np.searchsorted(pictures.ids, used)
    _, originals = np.unique(np.concatenate([used, pictures.originals[at]]), return_inverse=True)
    groups = pictures.groups[at]
    # places: the faces, then their pictures, then the pictures' originals, one for each id
    edges = [
        (np.arange(n), n + own),
        (n + np.arange(len(used)), n + len(used) + originals[: len(used)]),
        (n + np.arange(len(used)), n + len(used) + originals[len(used) :]),
        _shifted(_equal(groups, groups != NOBODY), n),
        _equal(faces.contents, faces.hashed),
        _near(faces.hashes, faces.known),
        _shifted(_near(pictures.hashes[at], pictures.known[at]), n),
    ]
    first, second = (np.concatenate(side) for side in zip(*edges, strict=True))
    size = n + 3 * len(used)
    joined = coo_array((np.ones(len(first), bool), (first, second)), shape=(size, size))
    labels = connected_components(joined, directed=False)[1][:n]
    _, place, label = np.unique(labels, return_index=True, return_inverse=True)
    return np.asarray(place[label], np.int64)


def _equal(values: np.ndarray, counted: np.ndarray) -> Edges:
    """Each place with the next that has the same value, of those that count."""
    places = np.flatnonzero(counted)
    order = places[np.argsort(values[places], kind="stable")]
    same = np.flatnonzero(values[order[1:]] == values[order[:-1]])
    return order[same], order[same + 1]


def _near(hashes: np.ndarray, known: np.ndarray) -> Edges:
    """Places whose hashes are near; of many equal ones not every pair."""
    places = np.flatnonzero(known)
    different, first = np.unique(hashes[places], return_index=True)
    one, other = near_places(different, NEAR_FACES)
    repeats = _equal(hashes, known)
    at = places[first]
    return np.concatenate([repeats[0], at[one]]), np.concatenate([repeats[1], at[other]])


def _shifted(edges: Edges, by: int) -> Edges:
    return edges[0] + by, edges[1] + by
