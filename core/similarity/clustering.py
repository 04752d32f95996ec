"""Who belongs together? Groups of faces that nobody has named.

Neighbours first, then the two nearest groups join as long as their centres agree and enough of their faces are each
other's neighbours (agglomeration); what is left may join a finished group (attaching), what the finished groups would
not have leaves (pruning). The least similarity follows the spread of the heap. Figures: docs/groups.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

from core.errors import DataError
from core.similarity.agglomeration import MergeRule, agglomerate
from core.similarity.attaching import attach
from core.similarity.neighbours import Neighbours, nearest_neighbours
from core.similarity.prototypes import centred, l2_normalize
from core.similarity.pruning import prune
from core.similarity.suggestions import Likeness

NEIGHBOURS = 20
"""Nearest faces looked at; the first LINKED of them are edges of the graph."""
LINKED = 10
SMALLEST = 3
"""Faces of a group at least."""
SIMILARITY, LINKAGE = 0.65, 0.35
"""The rule of a join at granularity 0.5, in a heap of usual spread."""
USUAL_SPREAD, SLOPE = 0.213, 2.0
"""Standard deviation of a heap's similarities: .18 (75 characters) to .33 (3); SLOPE: the least similarity follows."""
HALVED = 0.04
"""By how much more spread the least linkage is halved: the many faces of each of few characters have their nearest
neighbours in their own outfit, and few in the others."""
NAMED_FROM, NAMED_LEAD = 0.6, 0.1
"""From which similarity to a named character a group is said to look like it, and by how much before the second."""
NON_FACE_NEIGHBOURS = 20
ENOUGH_TO_CENTRE = 50
"""Different faces from which their mean is taken for what all faces have in common. The mean of five faces of one
character is that character: less of it is subtracted the fewer there are."""
CHUNK = 4096
"""Faces compared with the bank at once."""


@dataclass(frozen=True, slots=True)
class Group:
    """Faces that look like one character.

    faces: their indices, nearest to the group's centre first. cover: the face to show. cohesion: mean similarity of two
    of its faces, -1 to 1. looks_like: the named character that it may be, None where there is none near enough;
    similarity: to the nearest named character, -1 without any.
    """

    faces: tuple[int, ...]
    cover: int
    cohesion: float
    looks_like: str | None = None
    similarity: float = -1.0


@dataclass(frozen=True, slots=True)
class Groups:
    """groups: largest first. ungrouped: indices of all other faces, ascending; non_faces: those among them that look
    more like no face than like a face."""

    groups: tuple[Group, ...]
    ungrouped: tuple[int, ...]
    non_faces: tuple[int, ...] = ()


def group_faces(
    embeddings: np.ndarray,
    *,
    pictures: np.ndarray | None = None,
    quality: np.ndarray | None = None,
    attractors: Likeness | None = None,
    non_faces: np.ndarray | None = None,
    others: np.ndarray | None = None,
    granularity: float = 0.5,
) -> Groups:
    """Group unit embeddings, float32 (n, d). The order of the faces changes nothing.

    pictures int (n,): two faces of one picture never come into one group; a negative number is a picture of its own.
    quality float (n,), 0 to 1: how much a face says about its group's centre. attractors: named characters that a group
    may look like. non_faces (m, d): embeddings of crops that hold no face; faces that are nearer to them than to the
    heap stay ungrouped. others (k, d): embeddings of named faces; they help to say what all faces have in common, which
    a heap of the last few faces cannot. granularity: 0 few groups that are sure, 1 many and large ones.

    Raises DataError for anything but finite numbers, for lengths that do not agree, for a granularity outside 0 to 1.
    """
    embeddings = check_embeddings(embeddings)
    n = len(embeddings)
    pictures = -np.ones(n, np.int64) if pictures is None else _of_length(pictures, n, "pictures").astype(np.int64)
    quality = np.ones(n) if quality is None else _of_length(quality, n, "quality").astype(float)
    if not np.isfinite(quality).all():
        raise DataError("The quality of a face is a number from 0 to 1; at least one is none. Leave quality out.")
    if not 0 <= granularity <= 1:
        raise DataError(f"Granularity lies between 0 (few, sure) and 1 (many, large); got {granularity}.")
    if n < SMALLEST:
        return Groups((), tuple(range(n)))
    order, first, copy_of = _canonical(embeddings, pictures, quality)
    unique = embeddings[first]
    centre = common(unique if others is None else np.concatenate([unique, check_embeddings(others)]))
    vectors = centred(unique, centre)
    weights = weights_of(quality)
    neighbours = nearest_neighbours(vectors, NEIGHBOURS)
    strange = _non_faces(vectors, neighbours, non_faces, centre)
    group = _grouped(vectors, neighbours, weights[first], pictures[first], strange, granularity)
    labels = np.empty(n, np.int64)
    labels[order] = _each_picture_once(group[copy_of], pictures[order])
    everyone = np.empty_like(vectors, shape=(n, vectors.shape[1]))
    everyone[order] = vectors[copy_of]
    found = _described(labels, everyone, weights, attractors, centre)
    alone = np.ones(n, bool)
    for one in found:
        alone[list(one.faces)] = False
    odd = np.zeros(n, bool)
    odd[order] = strange[copy_of]
    return Groups(found, tuple(np.flatnonzero(alone).tolist()), tuple(np.flatnonzero(alone & odd).tolist()))


def common(embeddings: np.ndarray) -> np.ndarray:
    """What faces have in common, to be subtracted: float32 (d,), the mean of (n, d), n / ENOUGH_TO_CENTRE of it where
    there are fewer faces than that.

    >>> common(np.array([[1.0, 0.0]] * 25)).tolist()
    [0.5, 0.0]
    """
    share = min(len(embeddings) / ENOUGH_TO_CENTRE, 1.0)
    return np.asarray(embeddings.mean(axis=0) * share, np.float32)


def weights_of(quality: np.ndarray) -> np.ndarray:
    """How much faces of these qualities (0 to 1) count in their group's centre: from 0.3 to 1.

    >>> weights_of(np.array([0.0, 0.5, 1.0, 7.0])).round(2).tolist()
    [0.3, 0.65, 1.0, 1.0]
    """
    return np.asarray(0.3 + 0.7 * np.clip(quality, 0, 1))


def rule_of(n: int, heap_spread: float, granularity: float) -> MergeRule:
    """When groups of a heap of n different faces join, by the spread of its similarities.

    A heap of 50 faces that is spread by 0.08 more than usual, half of which counts: the least similarity is 0.08 less,
    the least linkage half. A granularity of 1 takes another 0.2 off, and lets a quarter of the linkage do.

    >>> [round(rule_of(50, 0.293, g).similarity, 6) for g in (0.5, 1.0)]
    [0.57, 0.37]
    >>> [round(rule_of(50, 0.293, g).linkage, 6) for g in (0.5, 1.0)]
    [0.175, 0.04375]
    """
    more = float(np.clip((heap_spread - USUAL_SPREAD) * n / (n + 50), -0.05, 0.1))
    least = SIMILARITY - SLOPE * more + 0.4 * (0.5 - granularity)
    linked = LINKAGE * 0.5 ** (max(more, 0.0) / HALVED)
    return MergeRule(least, linked * 4.0 ** (1 - 2 * granularity))


def halves(vectors: np.ndarray, faces: Sequence[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Two or more of the unit vectors (n, d), split where Ward's linkage joins last; the larger half first."""
    faces = tuple(faces)
    tree = linkage(np.asarray(vectors, np.float64)[list(faces)], "ward")
    side = fcluster(tree, 2, "maxclust") if tree[-1, 2] > 0 else 1 + (np.arange(len(faces)) > 0)
    parts = [tuple(face for face, where in zip(faces, side, strict=True) if where == half) for half in (1, 2)]
    first, second = sorted(parts, key=len, reverse=True)
    return first, second


def check_embeddings(embeddings: np.ndarray) -> np.ndarray:
    """Embeddings as float32 (n, d) of length 1. Raises DataError for another shape, for NaN and for infinity."""
    embeddings = np.asarray(embeddings, np.float32)
    if embeddings.ndim != 2:
        raise DataError(f"Embeddings are one row a face, (n, d); got an array of shape {embeddings.shape}.")
    broken = np.flatnonzero(~np.isfinite(embeddings).all(axis=1))
    if len(broken):
        raise DataError(
            f"The embedding of face {broken[0]} is not finite (NaN or infinity), one of {len(broken)} such faces "
            f"out of {len(embeddings)}. Embed these faces again."
        )
    return l2_normalize(embeddings)


def spread(vectors: np.ndarray) -> float:
    """Standard deviation of the cosine of two different of the unit vectors (n, d), without the n x n matrix.

    The sum of all squared cosines is the squared Frobenius norm of the d x d matrix of second moments.
    """
    n = len(vectors)
    if n < 2:
        return 0.0
    vectors = np.asarray(vectors, np.float64)
    squares = float(((vectors.T @ vectors) ** 2).sum()) - float((vectors**2).sum(axis=1) @ (vectors**2).sum(axis=1))
    mean = (float((vectors.sum(axis=0) ** 2).sum()) - float((vectors**2).sum())) / (n * (n - 1))
    return float(np.sqrt(max(squares / (n * (n - 1)) - mean**2, 0.0)))


def _of_length(values: np.ndarray, n: int, what: str) -> np.ndarray:
    values = np.asarray(values)
    if values.shape != (n,):
        raise DataError(f"{what} holds one value for each of the {n} faces; got an array of shape {values.shape}.")
    return values


def _canonical(
    embeddings: np.ndarray, pictures: np.ndarray, quality: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """An order that depends on the faces and not on how they came, and copies told apart from originals.

    Returns order (n,), the indices of the different faces in that order (u,), and which of them each face of the order
    is a copy of (n,). Twenty copies of a face are one face to the graph: they would be each other's only neighbours.
    """
    rows = np.ascontiguousarray(embeddings + np.float32(0)).view([("", np.uint8, embeddings.shape[1] * 4)]).ravel()
    _, rank = np.unique(rows, return_inverse=True)
    order = np.lexsort((pictures, -quality, rank))
    new = np.diff(rank[order], prepend=-1) > 0
    return order, order[new], np.cumsum(new) - 1


def _non_faces(vectors: np.ndarray, neighbours: Neighbours, bank: np.ndarray | None, centre: np.ndarray) -> np.ndarray:
    """bool (n,): nearer to the bank's nearest crops than to the heap's nearest faces, of a small heap to fewer."""
    if bank is None or len(bank) == 0 or neighbours.k == 0:
        return np.zeros(len(vectors), bool)
    bank = centred(check_embeddings(bank), centre)
    near = min(NON_FACE_NEIGHBOURS, len(bank))
    like = min(max(len(vectors) * NON_FACE_NEIGHBOURS // 200, SMALLEST), neighbours.k)
    found = np.empty(len(vectors), bool)
    for start in range(0, len(vectors), CHUNK):
        rows = slice(start, start + CHUNK)
        top = np.partition(vectors[rows] @ bank.T, len(bank) - near, axis=1)[:, -near:]
        found[rows] = top.mean(axis=1) > neighbours.similarity[rows, :like].mean(axis=1)
    return found


def _grouped(
    vectors: np.ndarray,
    neighbours: Neighbours,
    weights: np.ndarray,
    pictures: np.ndarray,
    strange: np.ndarray,
    granularity: float,
) -> np.ndarray:
    """The group of each different face, -1 for none."""
    rule = rule_of(len(vectors), spread(vectors), granularity)
    index, similarity = neighbours.index[:, :LINKED], neighbours.similarity[:, :LINKED].copy()
    similarity[strange] = 0
    similarity[strange[index]] = 0
    roots = agglomerate(vectors, Neighbours(index, similarity), rule, weights=weights, pictures=pictures)
    _, place, sizes = np.unique(roots, return_inverse=True, return_counts=True)
    # copies of a face do not make a group of their own large enough: sizes count different faces
    group = np.where(sizes[place] >= SMALLEST, place, -1)
    free = (group < 0) & ~strange
    found = attach(vectors, neighbours, group, free, weights=weights, pictures=pictures, least=rule.similarity)
    return prune(vectors, found)


def _each_picture_once(labels: np.ndarray, pictures: np.ndarray) -> np.ndarray:
    """Copies of one face in one picture: only the first stays in the group."""
    labels = labels.copy()
    seen: set[tuple[int, int]] = set()
    for i in np.flatnonzero((pictures >= 0) & (labels >= 0)):
        key = (int(labels[i]), int(pictures[i]))
        if key in seen:
            labels[i] = -1
        seen.add(key)
    return labels


def _described(
    labels: np.ndarray, vectors: np.ndarray, weights: np.ndarray, attractors: Likeness | None, centre: np.ndarray
) -> tuple[Group, ...]:
    order = np.argsort(labels, kind="stable")
    borders = np.searchsorted(labels[order], np.arange(labels.max() + 2))
    pulls = None if attractors is None or not attractors.names else centred(attractors.vectors, centre)
    found = []
    for left, right in pairwise(borders):
        if right - left < SMALLEST:
            continue
        members = order[left:right]
        middle = l2_normalize((vectors[members] * weights[members, None].astype(np.float32)).sum(axis=0))
        near = vectors[members] @ middle
        size = len(members)
        total = float((vectors[members].sum(axis=0).astype(float) ** 2).sum())
        shown = members[np.lexsort((members, -near))]
        cover = members[np.lexsort((members, -(near * weights[members])))[0]]
        name, similarity = _looks_like(middle, attractors, pulls)
        cohesion = (total - size) / (size * (size - 1))
        found.append(Group(tuple(shown.tolist()), int(cover), cohesion, name, similarity))
    return tuple(sorted(found, key=lambda g: (-len(g.faces), -g.cohesion, g.faces[0])))


def _looks_like(middle: np.ndarray, attractors: Likeness | None, pulls: np.ndarray | None) -> tuple[str | None, float]:
    if attractors is None or pulls is None:
        return None, -1.0
    similarity = pulls @ middle
    best = int(similarity.argmax())
    second = float(np.delete(similarity, best).max()) if len(similarity) > 1 else -np.inf
    good = similarity[best] >= NAMED_FROM and similarity[best] - second >= NAMED_LEAD
    return (attractors.names[best] if good else None), float(similarity[best])
