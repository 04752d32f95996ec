"""What to ask next, so that an answer names as many faces as possible.

Three kinds of steps: name a group, confirm a page of faces that look like named characters, pick out whom one knows
among the faces that look like nobody named. Each is worth the faces it is expected to name per action, and the most
worthwhile is offered. Of a page with probabilities p, sum(p) faces are named by one key for the page and one click for
each wrong face: sum(p) / (1 + sum(1 - p)). Beside the lead there are questions about one face at a time.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from core.similarity.naming import UNNAMED, Naming

PAGE = 240
"""Faces on a page to confirm, and of a group, at most; a larger group goes on on another page."""
ALTERNATIVES = 5
"""Characters offered for a single face, one key each."""
OTHERS = 4
"""Characters that a wrong face can be moved to by a click each."""
KNOWN_AMONG = 12
"""Faces among which one names whom one knows, at most: what the names teach changes who comes next."""
GROUP_PURITY, TRUST = 0.93, 30
"""Share of a group that is expected to be one character, and how many faces' worth of trust there is in it."""
SMALL, CAST_SHARE, CAST_TRUST = 15, 0.9, 5
"""Faces of a small group at most; the share of small groups that are somebody of the cast, and how many groups' worth
of trust there is in it: the others are set aside, and name nobody."""
LEAST_PER_ACTION = 0.75
"""Faces that a page has to name per action; with fewer, the faces that look like nobody are shown."""
LEAST_SHOWN = 0.33
"""A face that is less likely than this to be its best character is on no page: it would rather be a wrong one."""
LEAST = 0.15
"""A face that is less likely than this to be any named character is not asked "Is this X?"."""
CHUNK = 2048
"""Faces whose crowd is counted at once."""


@dataclass(frozen=True, slots=True)
class NameGroup:
    """Who is this? Faces of a group, nearest to its centre first, and the named characters that they may be.

    others: for each face whom it may be if it does not belong, likeliest first.
    """

    faces: tuple[int, ...]
    candidates: tuple[str, ...]
    others: dict[int, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConfirmFaces:
    """These look like X too. rows: a character and its faces, most likely first; expected: how many are right.

    others: for each face whom else it may be, likeliest first. One click moves a wrong face to one of them or out; one
    key confirms all the rest.
    """

    rows: tuple[tuple[str, tuple[int, ...]], ...]
    others: dict[int, tuple[str, ...]]
    expected: float


@dataclass(frozen=True, slots=True)
class NameFaces:
    """Whom do you know here? Faces for which nobody is proposed, likeliest of the cast first; a face costs an action
    only if it gets a name. others: for each face whom it may be, likeliest first."""

    faces: tuple[int, ...]
    others: dict[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class AskFace:
    """Is this X? candidates: X first, then whom else it may be; empty where nobody named comes near."""

    face: int
    candidates: tuple[str, ...]
    probability: float


@dataclass(frozen=True, slots=True)
class Finished:
    """Further answers would change nothing. unnamed: faces left. reason: in words."""

    unnamed: int
    reason: str


Step = NameGroup | ConfirmFaces | NameFaces | Finished


def next_step(naming: Naming) -> Step:
    """The step that is expected to name most faces per action."""
    group, by_group = _largest(naming)
    page, by_page = _page(naming)
    if group is not None and by_group >= max(by_page, 1.0):
        return group
    if page is not None and by_page >= LEAST_PER_ACTION:
        return page
    return _known_among(naming)


def group_left(naming: Naming) -> bool:
    """Whether there is a group to ask about."""
    return _largest(naming)[0] is not None


def ask_one(naming: Naming) -> AskFace | Finished:
    """The single face whose answer tells most.

    An answer tells most where it is open (p (1 - p) is large) and where many unnamed faces are near. Faces that look
    like no named character are left out, and it ends when there is no other: a yes or no about them would name nobody.
    """
    likelihood = naming.likelihood
    _, p = likelihood.best()
    asked = _waiting(naming) & (p >= LEAST)
    if not asked.any():
        return Finished(len(likelihood.faces), _why(naming, _waiting(naming)))
    value = (0.01 + p * (1 - p) * (1 + _crowd(naming))) * _strangeness(naming)
    best = int(np.argmax(np.where(asked, value, -1.0)))
    face = int(likelihood.faces[best])
    near = likelihood.candidates(face, ALTERNATIVES)
    return AskFace(face, tuple(naming.names[i] for i in near), float(p[best]))


def _known_among(naming: Naming) -> NameFaces | Finished:
    """Faces that nobody is proposed for: those that look most like the cast, and those in a crowd, first."""
    likelihood, waiting = naming.likelihood, _waiting(naming)
    if not waiting.any():
        return Finished(len(likelihood.faces), _why(naming, waiting))
    _, p = likelihood.best()
    value = (0.01 + p + 0.1 * np.minimum(_crowd(naming), 3)) * _strangeness(naming)
    order = np.argsort(np.where(waiting, -value, np.inf), kind="stable")[: min(KNOWN_AMONG, int(waiting.sum()))]
    faces = tuple(likelihood.faces[order].tolist())
    return NameFaces(faces, _others(naming, faces, 0))


def _waiting(naming: Naming) -> np.ndarray:
    """bool (u,): the unnamed faces that were not skipped."""
    return np.array([int(i) not in naming.skipped for i in naming.likelihood.faces], bool)


def _strangeness(naming: Naming) -> np.ndarray:
    """float (u,): a tenth for a face that looks like none."""
    return np.where(np.isin(naming.likelihood.faces, sorted(naming.non_faces)), 0.1, 1.0)


def _others(naming: Naming, faces: tuple[int, ...], passed_over: int) -> dict[int, tuple[str, ...]]:
    """The next OTHERS likeliest names of each face, after so many."""
    found = {face: naming.likelihood.candidates(face, passed_over + OTHERS)[passed_over:] for face in faces}
    return {face: tuple(naming.names[i] for i in places) for face, places in found.items()}


def _largest(naming: Naming) -> tuple[NameGroup | None, float]:
    """The largest open group that is not about to be confirmed anyway, and the faces it names per action."""
    likelihood = naming.likelihood
    place, p = likelihood.best()
    best, most = None, 0.0
    right, shown = naming.purity
    pure = (GROUP_PURITY * TRUST + right) / (TRUST + shown)
    small = _cast_share(naming)
    for faces in naming.open_groups:
        if len(faces) < 2 or any(i in naming.skipped for i in faces):
            continue
        rows = [likelihood.row[i] for i in faces]
        if p[rows].mean() > 0.5 and naming.unlike.isdisjoint(zip(faces, place[rows].tolist(), strict=True)):
            continue
        worth = (small if len(faces) <= SMALL else 1) * pure * len(faces) / (1 + (1 - pure) * len(faces))
        if worth > most:
            near = np.argsort(-_finite(likelihood.similarity[rows]).mean(axis=0), kind="stable")[:ALTERNATIVES]
            best, most = NameGroup(faces, tuple(naming.names[int(i)] for i in near)), worth
    return (best and replace(best, others=_others(naming, best.faces, 0))), most


def _cast_share(naming: Naming) -> float:
    """Share of small groups that are somebody of the cast, by those that were decided so far."""
    decided = [naming.owner[list(group)] for group in naming.groups if 2 <= len(group) <= SMALL]
    decided = [owner for owner in decided if (owner != UNNAMED).all()]
    cast = sum(bool((owner >= 0).any()) for owner in decided)
    return (cast + CAST_TRUST * CAST_SHARE) / (len(decided) + CAST_TRUST)


def _page(naming: Naming) -> tuple[ConfirmFaces | None, float]:
    """The faces to confirm together: by falling probability, as long as each adds more than it may cost."""
    likelihood = naming.likelihood
    place, p = likelihood.best()
    rows: dict[int, list[int]] = {}
    taken = _taken(naming)
    right = wrong = worth = 0.0
    shown = 0
    for i in np.argsort(-p, kind="stable"):
        if int(likelihood.faces[i]) in naming.skipped:
            continue
        if shown == PAGE or p[i] <= LEAST_SHOWN or p[i] < worth * (1 - p[i]):
            break
        key = (int(place[i]), int(naming.pictures[likelihood.faces[i]]))
        if (key[1] >= 0 and key in taken) or (int(likelihood.faces[i]), key[0]) in naming.unlike:
            continue
        taken.add(key)
        right, wrong, shown = right + p[i], wrong + 1 - p[i], shown + 1
        worth = max(worth, right / (1 + wrong))
        rows.setdefault(key[0], []).append(int(likelihood.faces[i]))
    if not rows:
        return None, 0.0
    ordered = sorted(rows.items(), key=lambda row: (-len(row[1]), row[0]))
    others = _others(naming, tuple(face for _, faces in ordered for face in faces), 1)
    shown_rows = tuple((naming.names[c], tuple(faces)) for c, faces in ordered)
    return ConfirmFaces(shown_rows, others, right), right / (1 + wrong)


def _taken(naming: Naming) -> set[tuple[int, int]]:
    """Characters that a picture shows already: one person is at most once in a picture."""
    named = np.flatnonzero((naming.owner >= 0) & (naming.pictures >= 0))
    return {(int(naming.owner[i]), int(naming.pictures[i])) for i in named}


def _crowd(naming: Naming) -> np.ndarray:
    """How many unnamed faces are near each unnamed one: the sum of similarities above one half."""
    vectors = naming.vectors[naming.likelihood.faces]
    found = np.empty(len(vectors), np.float32)
    for start in range(0, len(vectors), CHUNK):
        near = vectors[start : start + CHUNK] @ vectors.T
        found[start : start + CHUNK] = np.where(near > 0.5, near, 0).sum(axis=1) - 1
    return np.maximum(found, 0)


def _finite(values: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(values), values, -1.0)


def _why(naming: Naming, waiting: np.ndarray) -> str:
    if not len(naming.likelihood.faces):
        return "Every face has a name or is set aside."
    if not waiting.any():
        return "All faces that are left were skipped."
    return "No face that is left looks like a named character: further answers would change nothing."
