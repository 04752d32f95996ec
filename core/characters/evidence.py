"""What speaks for an answer: the faces of a character that a face is nearest to, and whom a group may be."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.characters.naming import Session
from core.similarity.clustering import NAMED_FROM, NAMED_LEAD
from core.similarity.likelihood import Likelihood

SURE = 0.5
"""Mean probability from which on a group is likely to be a character."""


def nearest_named(session: Session, face: int, name: str, limit: int = 4) -> list[tuple[int, float]]:
    """Ids of the character's faces nearest to a face, with their similarity (cosine, centred), nearest first."""
    naming = session.naming
    if name not in naming.names or face not in session.rows:
        return []
    own = np.flatnonzero(naming.owner == naming.names.index(name))
    similarity = naming.vectors[own] @ naming.vectors[session.rows[face]]
    best = np.argsort(-similarity, kind="stable")[:limit]
    return [(session.faces[int(own[i])], float(similarity[i])) for i in best]


def open_groups(session: Session) -> list[tuple[int, ...]]:
    """Ids of the unnamed faces in each open group, largest group first."""
    found = [tuple(session.faces[i] for i in group) for group in session.naming.open_groups]
    return sorted(found, key=lambda group: (-len(group), group[0]))


def group_may_be(session: Session, faces: Sequence[int], limit: int = 5) -> tuple[list[str], bool]:
    """The named characters that a group of unnamed faces is nearest to, and whether the first is likely."""
    naming, rows = session.naming, session.rows
    if not naming.names:
        return [], False
    likelihood: Likelihood = naming.likelihood
    own = [likelihood.row[rows[face]] for face in faces if rows.get(face) in likelihood.row]
    if not own:
        return [], False
    similarity = likelihood.similarity[own]
    mean = np.where(np.isfinite(similarity), similarity, -1.0).mean(axis=0)
    near = [naming.names[int(i)] for i in np.argsort(-mean, kind="stable")[:limit]]
    best, second = np.sort(mean)[::-1][:2] if len(mean) > 1 else (mean[0], -1.0)
    clear = best >= NAMED_FROM and best - second >= NAMED_LEAD
    _, p = likelihood.best()
    return near, bool(clear or p[own].mean() >= SURE)
