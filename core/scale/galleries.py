"""The engine that searches a workspace's enrolled faces, by the settings: exact, or an index in Milvus that follows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from core.errors import DataError
from core.progress import Progress, Reporter, silent
from core.scale.index import IndexedFaces, follow
from core.scale.milvus import MilvusIndex
from core.scale.search import IndexedScorer
from core.similarity.prototypes import centred
from core.similarity.scorer import CharacterScorer
from core.workspace.arrays import load_arrays, save_arrays
from core.workspace.project import Project

EXACT, MILVUS = "exact", "milvus"
MOVED = 0.02
"""By how much the gallery's centre may have moved before the index is written anew with today's."""


def open_index(
    project: Project,
    enrolled: CharacterScorer,
    faces: IndexedFaces,
    encoder: str,
    report: Reporter = silent,
) -> IndexedScorer | None:
    """The index that the settings ask for, made to hold exactly these faces; None where comparing exactly is asked for.

    enrolled, faces: the same faces (unit vectors), in the same order. encoder: its digest. Stage reported: `index`.
    Raises DataError where Milvus cannot be had.
    """
    if project.settings.gallery_index == EXACT:
        return None
    path = project.workspace.cache / "index" / f"{encoder[:16]}.npz"
    state = load_arrays(path) or {}
    centre = state.get("centre")
    if centre is None or centre.shape != enrolled.centre.shape or np.linalg.norm(centre - enrolled.centre) > MOVED:
        centre = enrolled.centre
    held = IndexedFaces(faces.ids, centred(faces.vectors, centre), faces.characters, faces.series)
    index = _opened(project, faces.vectors.shape[1], _collection(project, encoder, centre), path.with_suffix(".db"))
    digest = np.frombuffer(hashlib.sha256(repr(sorted(held.stamps().items())).encode()).digest(), np.uint8)
    if not np.array_equal(state.get("followed", ()), digest) or index.count() != len(held):
        report(Progress("index", 0, len(held), note="The index follows who is enrolled."))
        follow(index, held)
        index.drop_others(_prefix(project, encoder))
        save_arrays(path, {"centre": centre, "followed": digest})
        report(Progress("index", len(held), len(held)))
    return IndexedScorer(enrolled, index, faces.ids, centre)


def indexed(
    ids: Sequence[str], vectors: np.ndarray, characters: Sequence[str], series: Mapping[str, str]
) -> IndexedFaces:
    """A gallery's columns as an index holds them."""
    return IndexedFaces(
        np.array([int(i) for i in ids], np.int64),
        vectors,
        tuple(characters),
        tuple(series.get(name, "") for name in characters),
    )


def _opened(project: Project, dim: int, collection: str, path: Path) -> MilvusIndex:
    settings = project.settings
    uri = settings.milvus_uri
    if not uri:
        path.parent.mkdir(parents=True, exist_ok=True)
        uri = str(path)
    try:
        return MilvusIndex(uri, dim, token=settings.milvus_token, engine=settings.milvus_engine, collection=collection)
    except DataError as error:
        raise DataError(f"{error} `gallery_index = exact` in the settings does without.") from error


def _prefix(project: Project, encoder: str) -> str:
    """Of the collections of a workspace and an encoder, in a Milvus that several may share."""
    where = hashlib.sha256(str(project.workspace.root.resolve()).encode()).hexdigest()
    return f"faces_{where[:12]}_{encoder[:12]}_"


def _collection(project: Project, encoder: str, centre: np.ndarray) -> str:
    """With the centre in its name, so that vectors less another one never meet these."""
    kind = project.settings.milvus_engine.lower()
    digest = hashlib.sha256(np.ascontiguousarray(centre, "<f4").tobytes()).hexdigest()
    return f"{_prefix(project, encoder)}{kind}_{digest[:12]}"
