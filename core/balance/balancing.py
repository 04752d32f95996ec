"""The balance step: a plan that can be looked at, its doing, and its taking back."""

from __future__ import annotations

import shutil
import time
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from core.balance.config import AUGMENT, BalanceConfig
from core.balance.fill import augment, choose_copies, copy_path
from core.balance.split import group_faces, leaks, split_faces
from core.errors import DataError
from core.imaging.hashes import perceptual, sha256
from core.imaging.reading import encode_jpeg, read_picture
from core.progress import Progress, Reporter, silent
from core.workspace.atomic import write_bytes, write_with
from core.workspace.catalogue import Catalogue, Edit
from core.workspace.decisions import decide
from core.workspace.folders import Workspace
from core.workspace.project import Project
from core.workspace.staleness import faces_fingerprint
from core.workspace.states import FaceState, Part
from core.workspace.tables import Change, Face


@dataclass(frozen=True, slots=True)
class Copy:
    """A face to be copied and the place of its copy."""

    face_id: int
    path: str


@dataclass(frozen=True)
class BalancePlan:
    """What balancing would do: the part of each face, the copies to make, and warnings in words."""

    parts: dict[int, Part]
    copies: tuple[Copy, ...]
    character_of: dict[int, int]
    warnings: tuple[str, ...] = ()

    def counts(self) -> dict[int, Counter[str]]:
        """For each character: faces in each part, and `copies`."""
        table: dict[int, Counter[str]] = defaultdict(Counter)
        for face_id, part in self.parts.items():
            table[self.character_of[face_id]][part] += 1
        for copy in self.copies:
            table[self.character_of[copy.face_id]]["copies"] += 1
        return dict(table)


@dataclass(frozen=True)
class BalanceReport:
    """What was done: faces in each part, copies made, and the leak check over the result (0: no leak)."""

    train: int
    validation: int
    stranger: int
    spare: int
    copies: int
    leaks: int
    warnings: tuple[str, ...] = field(default_factory=tuple)


def plan(catalogue: Catalogue, config: BalanceConfig | None = None) -> BalancePlan:
    """Split today's kept faces and choose the copies; nothing is changed. Raises DataError where nothing is kept."""
    config = config or BalanceConfig()
    faces = catalogue.faces(state=FaceState.KEPT, copy_of=None)
    if not faces:
        raise DataError("There are no faces to balance. Crop some, or import faces.")
    parts = dict(zip([f.id for f in faces], split_faces(faces, _groups(catalogue, faces), config), strict=True))
    rng = np.random.default_rng(config.seed)
    copies, warnings = [], []
    for character in catalogue.characters():
        own = [f for f in faces if f.character_id == character.id]
        training = [f.id for f in own if parts[f.id] == Part.TRAIN]
        if config.cap and len(training) > config.per_character:
            surplus = rng.permutation(training)[config.per_character :].tolist()
            parts |= dict.fromkeys(surplus, Part.SPARE)
            training = [i for i in training if parts[i] == Part.TRAIN]
        if not own:
            warnings.append(f"{character.name} has no face at all.")
        elif 0 < len(training) < 5:
            warnings.append(
                f"{character.name} has only {len(training)} faces of its own to train on; copies add nothing new."
            )
        paths = {f.id: f.path for f in own}
        taken = {f.path.casefold() for f in catalogue.faces(character_id=character.id, copy_of=None)}
        for face_id in choose_copies(training, config.per_character, rng):
            path = copy_path(paths[face_id], taken)
            taken.add(path.casefold())
            copies.append(Copy(face_id, path))
    character_of = {f.id: f.character_id for f in faces if f.character_id is not None}
    return BalancePlan(parts, tuple(copies), character_of, tuple(warnings))


def balance(project: Project, config: BalanceConfig | None = None, *, report: Reporter = silent) -> BalanceReport:
    """Do what `plan` says; copies of an earlier balance are taken back first. Undoable."""
    config = config or BalanceConfig()
    remove_copies(project)
    todo = plan(project.catalogue, config)
    fingerprint = faces_fingerprint(project.catalogue)
    originals = {f.id: f for f in project.catalogue.faces(ids=todo.parts)}
    start = time.monotonic()
    report(Progress("balance", 0, len(todo.copies)))
    rows = []
    for n, copy in enumerate(todo.copies, 1):
        rows.append(_make(project.workspace, originals[copy.face_id], copy, config, n))
        report(Progress("balance", n, len(todo.copies), time.monotonic() - start))
    decide(project, "split", [Edit("faces", i, {"split": part}) for i, part in todo.parts.items()])
    if rows:
        project.catalogue.add_faces(rows, action=f"{len(rows)} balancing copies", who="person")
    result = _report(project.catalogue, todo)
    project.catalogue.record_result(
        "balance", "balance", fingerprint, {"config": asdict(config), "report": asdict(result)}
    )
    return result


def remove_copies(project: Project) -> Change | None:
    """Take every balancing copy back, into the bin. None where there is none."""
    copies = [f for f in project.catalogue.faces(state=FaceState.KEPT) if f.copy_of is not None]
    edits = [Edit("faces", f.id, {"state": FaceState.REMOVED}) for f in copies]
    return decide(project, f"{len(copies)} balancing copies taken back", edits) if edits else None


def leak_check(catalogue: Catalogue) -> list[tuple[int, int]]:
    """Pairs (training face, validation face) that show the same picture; copies stand for their originals."""
    faces = catalogue.faces(state=FaceState.KEPT)
    return leaks(faces, _groups(catalogue, faces))


def _groups(catalogue: Catalogue, faces: list[Face]) -> list[int]:
    return group_faces(faces, {p.id: p for p in catalogue.pictures()})


def _make(workspace: Workspace, original: Face, copy: Copy, config: BalanceConfig, n: int) -> dict[str, Any]:
    target = workspace.path(copy.path)
    row = {"sha256": original.sha256, "phash": original.phash, "made_by": config.mode}
    if config.mode == AUGMENT:
        pixels = augment(read_picture(workspace.path(original.path)), np.random.default_rng([config.seed, n]))
        data = encode_jpeg(pixels)
        write_bytes(target, data)
        row |= {"sha256": sha256(data), "phash": f"{perceptual(pixels):016x}"}
    else:
        write_with(target, lambda temporary: shutil.copyfile(workspace.path(original.path), temporary))
    same = ("picture_id", "character_id", "x", "y", "w", "h", "detector", "score", "quality")
    return (
        row
        | {key: getattr(original, key) for key in same}
        | {
            "path": copy.path,
            "state": FaceState.KEPT,
            "split": Part.TRAIN,
            "copy_of": original.id,
        }
    )


def _report(catalogue: Catalogue, todo: BalancePlan) -> BalanceReport:
    counts = Counter(todo.parts.values())
    return BalanceReport(
        counts[Part.TRAIN],
        counts[Part.VALIDATION],
        counts[Part.STRANGER],
        counts[Part.SPARE],
        len(todo.copies),
        len(leak_check(catalogue)),
        todo.warnings,
    )
