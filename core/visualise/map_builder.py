"""The map of a workspace: its kept faces, their embeddings, where they lie, and whether that is still so."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

import numpy as np

from core.errors import DataError
from core.progress import Progress, Reporter, silent
from core.visualise.map_data import MapData
from core.visualise.map_settings import RESULT, MapSettings
from core.visualise.maps import Points, load_map, map_key, save_map
from core.visualise.projection import SMALLEST, Projection, fit_projection, transform
from core.workspace.catalogue import Catalogue
from core.workspace.embeddings import Loader, cached_embeddings, encoder_digest
from core.workspace.locks import step_lock
from core.workspace.project import Project
from core.workspace.readable import embed_readable
from core.workspace.staleness import faces_fingerprint
from core.workspace.states import FaceState
from core.workspace.tables import Face


def mapped_faces(catalogue: Catalogue) -> tuple[list[Face], list[str]]:
    """The kept faces of active characters, without balancing copies, and the true names they bear."""
    names = {character.id: character.name for character in catalogue.characters()}
    faces = catalogue.faces(state=FaceState.KEPT, copy_of=None)
    named = [(face, names[face.character_id]) for face in faces if face.character_id in names]
    return [face for face, _ in named], [name for _, name in named]


def mapped_count(catalogue: Catalogue) -> int:
    """How many faces `mapped_faces` gives: counted, not read."""
    active = {character.id for character in catalogue.characters()}
    counts = catalogue.counts("faces", state=FaceState.KEPT, copy_of=None)
    return sum(n for owner, n in counts.items() if owner in active)


def prepare_map(
    project: Project,
    encoder: Path,
    report: Reporter = silent,
    settings: MapSettings | None = None,
    *,
    load: Loader | None = None,
) -> MapData:
    """Embed what is not embedded yet, project, keep both on disk, and remember what the map was made from.

    Stages reported: `embed`, then the name of the method. Raises DataError where there are too few faces,
    WorkspaceError, naming who draws it, where a map is being drawn already.
    """
    with step_lock(project.workspace, "map"):
        return _prepare(project, encoder, report, settings or MapSettings(), load)


def _prepare(project: Project, encoder: Path, report: Reporter, settings: MapSettings, load: Loader | None) -> MapData:
    made_from = faces_fingerprint(project.catalogue)
    faces, labels = mapped_faces(project.catalogue)
    least = SMALLEST[settings.method]
    if len(faces) < least:
        raise DataError(f"A map by {settings.method} needs {least} faces or more, there are {len(faces)}. Crop more.")
    name_of = dict(zip((face.id for face in faces), labels, strict=True))
    faces, embeddings = embed_readable(project, faces, encoder, report, load=load)
    labels = [name_of[face.id] for face in faces]
    digest = encoder_digest(encoder)
    key = map_key(digest, faces, settings)
    start = time.monotonic()
    report(Progress(settings.method, 0, 1))
    known = load_map(project.workspace, key)
    if known is None:
        projection = fit_projection(embeddings, settings)
        save_map(project.workspace, key, faces, projection.points)
    else:
        projection = _known(known, faces, settings)
    seconds = time.monotonic() - start
    report(Progress(settings.method, 1, 1, seconds))
    detail = {
        "encoder": encoder_name(encoder),
        "encoder_digest": digest,
        "settings": settings.relevant(),
        "key": key,
        "faces": len(faces),
        "seconds": round(seconds, 2),
    }
    project.catalogue.record_result(RESULT, f"{settings.method}-{settings.dimensions}d", made_from, detail)
    return MapData(tuple(faces), tuple(labels), embeddings, projection, encoder_name(encoder), _drawn_key(key, labels))


def ready_map(project: Project, encoder: Path, settings: MapSettings) -> MapData | None:
    """The map as far as it can be drawn without waiting; None where there is nothing to draw yet.

    PCA is computed on the spot from the embeddings at hand. The others come from the newest map of these settings:
    faces rejected since are left out, faces kept since are placed among their neighbours.
    """
    everything, names = mapped_faces(project.catalogue)
    name_of = dict(zip((face.id for face in everything), names, strict=True))
    faces, embeddings = cached_embeddings(project, everything, encoder)
    if not faces:
        return None
    labels = [name_of[face.id] for face in faces]
    digest = encoder_digest(encoder)
    placed = 0
    if settings.method == "pca":
        projection = fit_projection(embeddings, settings)
    else:
        known = _newest(project, digest, faces, settings)
        there = [] if known is None else [i for i, f in enumerate(faces) if (f.id, f.sha256) in known]
        if not there:
            return None
        old = _known(known or {}, [faces[i] for i in there], settings)
        projection = Projection(settings, _with_newcomers(old, embeddings, there))
        placed = len(faces) - len(there)
    key = _drawn_key(map_key(digest, faces, settings), labels)
    unseen = len(everything) - len(faces)
    return MapData(tuple(faces), tuple(labels), embeddings, projection, encoder_name(encoder), key, placed, unseen)


def encoder_name(encoder: Path) -> str:
    """The run whose weights these are, or `pretrained`: the folder that they lie in."""
    return encoder.parent.name


def _newest(project: Project, digest: str, faces: list[Face], settings: MapSettings) -> Points | None:
    exact = load_map(project.workspace, map_key(digest, faces, settings))
    if exact is not None:
        return exact
    for result in project.catalogue.results(RESULT):
        same = result.detail.get("encoder_digest") == digest and result.detail.get("settings") == settings.relevant()
        known = load_map(project.workspace, result.detail["key"]) if same else None
        if known is not None:
            return known
    return None


def _known(known: Points, faces: list[Face], settings: MapSettings) -> Projection:
    return Projection(settings, np.stack([known[face.id, face.sha256] for face in faces]))


def _with_newcomers(old: Projection, embeddings: np.ndarray, there: list[int]) -> np.ndarray:
    points = np.empty((len(embeddings), old.points.shape[1]), np.float32)
    points[there] = old.points
    new = np.setdiff1d(np.arange(len(embeddings)), there)
    if len(new):
        points[new] = transform(old, embeddings[there], embeddings[new])
    return points


def _drawn_key(key: str, labels: list[str]) -> str:
    return f"{key}-{hashlib.sha256(chr(0).join(labels).encode()).hexdigest()[:12]}"
