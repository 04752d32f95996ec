"""Training and measuring on a workspace: the glue between the catalogue and core.train's own values."""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

import numpy as np

from core.errors import DataError, PictureError
from core.progress import Progress, Reporter, silent
from core.similarity.evaluation import Evaluation, evaluate
from core.similarity.report import ReportFaces
from core.train.config import TrainConfig
from core.train.data import STRANGER, TRAIN, VALIDATION, FaceSet
from core.train.label_errors import FaceLabelError, LabelErrors, face_label_errors, read_label_errors
from core.train.run import train
from core.train.runs import CHOSEN, RunResult, faces_learned, new_run_folder, read_run
from core.train.speed import SPEED
from core.train.stages import Compute
from core.workspace.catalogue import Catalogue
from core.workspace.confirmed import is_confirmed
from core.workspace.crops import face_pixels
from core.workspace.folders import Workspace, inside
from core.workspace.locks import step_lock
from core.workspace.models import SHIPPED, encoder_path, shipped_path
from core.workspace.project import Project
from core.workspace.readable import embed_readable, passed_over, unreadable_faces
from core.workspace.staleness import split_fingerprint
from core.workspace.states import FaceState
from core.workspace.tables import Face


def split_of(catalogue: Catalogue, *, copies: bool) -> list[Face]:
    """The kept faces that have a part, with or without balancing copies of faces that are still kept.

    Raises DataError where nothing was split yet.
    """
    faces = catalogue.faces(state=FaceState.KEPT, split=(TRAIN, VALIDATION, STRANGER))
    if not faces:
        raise DataError("The faces are not divided yet. Balance first: it sets validation faces aside.")
    originals = {f.id for f in faces if f.copy_of is None}
    own = [f for f in faces if f.character_id is not None]  # a face that lost its name teaches nothing
    return [f for f in own if f.copy_of is None or (copies and f.copy_of in originals)]


def face_set(project: Project, report: Reporter = silent) -> FaceSet:
    """Today's split as what a training takes. A face whose file cannot be read is left out, and told; one whose file
    is moved meanwhile is read where it lies then."""
    faces = split_of(project.catalogue, copies=True)
    lost = unreadable_faces(project, faces)
    if lost:
        report(Progress("read", 0, len(faces), note=passed_over(lost)))
        gone = {f.id for f in lost}
        faces = [f for f in faces if f.id not in gone]
    names: dict[int | None, str] = {c.id: c.name for c in project.catalogue.characters(removed=True)}
    return FaceSet(
        [partial(face_pixels, project, f) for f in faces],
        tuple(names[f.character_id] for f in faces),
        tuple(f.split for f in faces),
        tuple(f.id for f in faces),
    )


def train_workspace(
    project: Project,
    config: TrainConfig,
    *,
    resume: str | None = None,
    report: Reporter = silent,
    compute: Compute | None = None,
) -> RunResult:
    """Train on the workspace's split; the run lands in its models folder and remembers what it was made from.

    compute: as in core.train.run.train. Labels that look wrong are listed beside it, before (reported as stage
    `labels`) and after the training. A run that is finished is given as it is: it stays a result of the faces that it
    learned from. Raises WorkspaceError, naming who does, where somebody trains in the workspace already.
    """
    with step_lock(project.workspace, "train"):
        return _train(project, config, resume, report, compute)


def _train(
    project: Project, config: TrainConfig, resume: str | None, report: Reporter, compute: Compute | None
) -> RunResult:
    going_on = None if resume is None else read_run(inside(project.workspace.models, resume))
    if going_on is not None and going_on.finished and _is_entered(project.catalogue, going_on):
        return going_on
    made_from = split_fingerprint(project.catalogue)  # first: what is decided meanwhile makes the run stale
    faces = face_set(project, report)
    if going_on is not None:
        folder = going_on.folder
        if going_on.finished and faces_learned(going_on) != faces.fingerprint():
            made_from = ""  # it ended unentered, and these are other faces
    else:
        folder = new_run_folder(project.workspace.models, config.preset)
        if config.init == SHIPPED and shipped_path().exists():
            found = workspace_label_errors(project, shipped_path(), report)
            before = LabelErrors(before=found)
            before.save(folder)
            report(Progress("labels", 1, 1, note=before.words, data={"doubtful": len(found)}))
    cache = project.workspace.models.parent / SPEED
    resumes = going_on is not None
    try:
        run = train(faces, config, folder, report=report, resume=resumes, speed_cache=cache, compute=compute)
    except PictureError as error:
        raise DataError(
            f"A face was lost while the training read it: {error} `train --resume {folder.name}` goes on with the "
            "faces that are there."
        ) from error
    if split_fingerprint(project.catalogue) == made_from:
        after = workspace_label_errors(project, run.chosen, report)
        replace(read_label_errors(folder), after=after).save(folder)
    project.catalogue.record_result(
        "run", run.name, made_from, {"config": asdict(run.config), "top1": run.metrics.get("top1")}
    )
    return run


def _is_entered(catalogue: Catalogue, run: RunResult) -> bool:
    return any(result.name == run.name for result in catalogue.results("run"))


def workspace_label_errors(project: Project, weights: Path, report: Reporter = silent) -> tuple[FaceLabelError, ...]:
    """Training and validation faces, without copies, whose labels look wrong to an encoder and were never confirmed."""
    faces = [f for f in split_of(project.catalogue, copies=False) if f.split != STRANGER]
    names: dict[int | None, str] = {c.id: c.name for c in project.catalogue.characters(removed=True)}
    faces, vectors = embed_readable(project, faces, weights, report)
    found = face_label_errors(vectors, [names[f.character_id] for f in faces], [f.id for f in faces])
    sure = {face.id for face, confirmed in zip(faces, is_confirmed(project.catalogue, faces), strict=True) if confirmed}
    return tuple(one for one in found if one.face not in sure)


def judged_weights(workspace: Workspace, encoder: str) -> Path:
    """The weights of an encoder that its validation faces may judge: a run's chosen ones, never the refitted."""
    path = encoder_path(workspace, encoder)
    chosen = path.with_name(CHOSEN)
    return chosen if encoder != SHIPPED and chosen.is_file() else path


def evaluate_workspace(
    project: Project,
    encoder: str,
    *,
    rerank: bool = False,
    report: Reporter = silent,
) -> Evaluation:
    """Both protocols on today's split: validation faces ask, training faces (no copies) answer, strangers stay out."""
    found, _, _ = measured_faces(project, encoder, report)
    enrolled = found.enrolled, [str(name) for name in found.enrolled_names]
    outside = found.strangers if len(found.strangers) else None
    names = [str(name) for name in found.query_names]
    return evaluate(found.queries, names, *enrolled, strangers=outside, rerank=rerank)


def measured_faces(
    project: Project, encoder: str, report: Reporter = silent
) -> tuple[ReportFaces, list[Face], list[Face]]:
    """Today's split as vectors by an encoder, and its validation and training faces (no copies) themselves."""
    weights = judged_weights(project.workspace, encoder)
    faces = split_of(project.catalogue, copies=False)
    names: dict[int | None, str] = {c.id: c.name for c in project.catalogue.characters(removed=True)}
    faces, vectors = embed_readable(project, faces, weights, report)

    def part(which: str) -> tuple[np.ndarray, np.ndarray, list[Face]]:
        chosen = [i for i, f in enumerate(faces) if f.split == which]
        own = [faces[i] for i in chosen]
        return vectors[chosen], np.array([names[f.character_id] for f in own], dtype=str), own

    (queries, query_names, asking), (enrolled, enrolled_names, answering) = part(VALIDATION), part(TRAIN)
    strangers, stranger_names, _ = part(STRANGER)
    found = ReportFaces(queries, query_names, enrolled, enrolled_names, strangers, stranger_names)
    return found, asking, answering
