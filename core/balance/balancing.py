"""The balance step: a plan that can be looked at, its doing, and its taking back."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

import numpy as np

from core.balance.config import AUGMENT, BalanceConfig
from core.balance.fill import SUFFIX, augment, choose_copies, copy_path
from core.balance.split import group_faces, leaks, split_faces
from core.errors import DataError, PictureError
from core.imaging.reading import read_picture
from core.progress import Progress, Reporter, silent
from core.workspace.catalogue import Catalogue
from core.workspace.crops import Crop
from core.workspace.faces import Acts, NewFace, decide
from core.workspace.locks import step_lock
from core.workspace.moves import StagedFiles
from core.workspace.project import Project
from core.workspace.staleness import faces_fingerprint
from core.workspace.states import FaceState, Part
from core.workspace.tables import Change, Face
from core.workspace.transaction import StagedCrop, Transaction


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
    faces = [
        f for f in catalogue.faces(state=FaceState.KEPT, copy_of=None, ignored=False) if f.character_id is not None
    ]
    if not faces:
        raise DataError(
            "There are no faces to balance that have a name. Crop some, import faces, or name those you have."
        )
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
    """Do what `plan` says, as one change: faces are divided, copies made, and those taken back that do not belong.

    A copy that is there already stays: doing it again changes nothing. Undoable.
    """
    config = config or BalanceConfig()
    with step_lock(project.workspace, "balance"), StagedFiles(project.workspace) as staged:
        todo = plan(project.catalogue, config)
        fingerprint = faces_fingerprint(project.catalogue)
        originals = {f.id: f for f in project.catalogue.faces(ids=todo.parts)}
        acts = Acts()
        for face_id, part in todo.parts.items():
            acts.divide(originals[face_id], part)
        made, missing = _copies(project, todo, originals, config, staged, report)
        _match_copies(project.catalogue, acts, made)

        result = _report(project.catalogue, todo, list(originals.values()), len(made), missing)

        def result_too(tx: Transaction) -> None:
            detail = {"config": asdict(config), "report": asdict(result)}
            tx.record_result("balance", "balance", fingerprint, detail)

        words = f"faces divided, {len(made)} balancing copies"
        decide(project, words, acts, settle=False, staged=staged, also=result_too)
        return result


def remove_copies(project: Project) -> Change | None:
    """Take every balancing copy back, into the bin. None where there is none."""
    copies = [f for f in project.catalogue.faces(state=FaceState.KEPT) if f.copy_of is not None]
    acts = Acts()
    acts.take_back(copies)
    if not copies:
        return None
    with step_lock(project.workspace, "balance"):
        return decide(project, f"{len(copies)} balancing copies taken back", acts, settle=False).change


def leak_check(catalogue: Catalogue) -> list[tuple[int, int]]:
    """Pairs (training face, validation face) that show the same picture; copies stand for their originals."""
    faces = catalogue.faces(state=FaceState.KEPT)
    return leaks(faces, _groups(catalogue, faces))


def _groups(catalogue: Catalogue, faces: list[Face]) -> list[int]:
    return group_faces(faces, {p.id: p for p in catalogue.pictures()})


def _copies(
    project: Project,
    todo: BalancePlan,
    originals: Mapping[int, Face],
    config: BalanceConfig,
    staged: StagedFiles,
    report: Reporter,
) -> tuple[list[NewFace], list[str]]:
    """The planned copies, their files staged, and the originals whose files cannot be read, in words."""
    start = time.monotonic()
    report(Progress("balance", 0, len(todo.copies)))
    made: list[NewFace] = []
    missing: dict[int, str] = {}
    for n, copy in enumerate(todo.copies, 1):
        try:
            made.append(_copy(project, originals[copy.face_id], copy, config, n, staged))
        except PictureError as error:
            missing[copy.face_id] = f"{originals[copy.face_id].path} was not copied: {error} `doctor --repair` helps."
        report(Progress("balance", n, len(todo.copies), time.monotonic() - start))
    return made, list(missing.values())


def _copy(project: Project, original: Face, copy: Copy, config: BalanceConfig, n: int, staged: StagedFiles) -> NewFace:
    source = project.workspace.path(original.path)
    rgb = read_picture(source)  # a copy of a damaged face would be one more
    hashes = {"sha256": original.sha256, "phash": original.phash}
    if config.mode == AUGMENT:
        crop = Crop.of(augment(rgb, np.random.default_rng([config.seed, n])))
        hashes, path = crop.hashes, staged.add(crop.data)
    else:
        path = staged.copy(source)
    same = ("picture_id", "character_id", "x", "y", "w", "h", "detector", "framing", "score", "quality")
    values = {key: getattr(original, key) for key in same}
    values |= {"path": copy.path, "state": FaceState.KEPT, "split": Part.TRAIN}
    return NewFace(values | {"copy_of": original.id, "made_by": config.mode}, "", StagedCrop(path, hashes))


def _match_copies(catalogue: Catalogue, acts: Acts, made: Sequence[NewFace]) -> None:
    """Keep the copies that are there and wanted, fetch back those that were, add the rest, take back the others."""
    old = [f for f in catalogue.faces() if f.copy_of is not None]
    known = {(f.copy_of, f.path, f.sha256): f for f in sorted(old, key=lambda f: f.state == FaceState.KEPT)}
    taken = {f.path.casefold() for f in old} | {new.values["path"].casefold() for new in made}
    occupied = {f.path.casefold() for f in old}
    wanted = set()
    for new in made:
        assert new.crop is not None
        path = new.values["path"]
        same = known.get((new.values["copy_of"], path, new.crop.hashes["sha256"]))
        if same is not None:
            wanted.add(same.id)
            acts.keep([same])
            acts.divide(same, Part.TRAIN)
            continue
        if path.casefold() in occupied:  # another copy had that name, and undo would look for its file there
            path = copy_path(path.replace(SUFFIX, "", 1), taken)
            taken.add(path.casefold())
        acts.add(replace(new, values={**new.values, "path": path}))
    acts.take_back(f for f in old if f.state == FaceState.KEPT and f.id not in wanted)


def _report(
    catalogue: Catalogue, todo: BalancePlan, originals: list[Face], copies: int, missing: Sequence[str]
) -> BalanceReport:
    counts = Counter(todo.parts.values())
    divided = [replace(face, split=todo.parts[face.id]) for face in originals]
    leaking = len(leaks(divided, _groups(catalogue, divided)))
    return BalanceReport(
        train=counts[Part.TRAIN],
        validation=counts[Part.VALIDATION],
        stranger=counts[Part.STRANGER],
        spare=counts[Part.SPARE],
        copies=copies,
        leaks=leaking,
        warnings=(*todo.warnings, *missing),
    )
