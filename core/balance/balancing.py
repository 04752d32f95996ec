"""The balance step: a plan is done, as one change, and taken back."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np
from sqlalchemy import select

from core.balance.config import AUGMENT, BalanceConfig
from core.balance.fill import SUFFIX, augment, copy_path
from core.balance.plan import BalancePlan, Copy, keep_leaks, plan
from core.balance.rows import PARTS
from core.balance.split import SPARE, STRANGER, TRAIN, VALIDATION, leaks
from core.errors import CatalogueError, PictureError
from core.imaging.reading import read_bytes, read_picture
from core.progress import Progress, Reporter, silent
from core.workspace import tables as t
from core.workspace.catalogue import Catalogue
from core.workspace.crops import Crop, read_face_file
from core.workspace.faces import Acts, NewFace, decide
from core.workspace.locks import step_lock
from core.workspace.moves import StagedFiles
from core.workspace.one_of import one_of
from core.workspace.project import Project
from core.workspace.staleness import faces_fingerprint
from core.workspace.states import FaceState, Part
from core.workspace.tables import Change, Face
from core.workspace.transaction import StagedCrop, Transaction


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


def balance(project: Project, config: BalanceConfig | None = None, *, report: Reporter = silent) -> BalanceReport:
    """Do what `plan` says, as one change: faces are divided, copies made, and those taken back that do not belong.

    A copy that is there already stays: doing it again changes nothing. Undoable. Raises CatalogueError where a face
    that is divided or copied was changed meanwhile: nothing is written then.
    """
    config = config or BalanceConfig()
    with step_lock(project.workspace, "balance"), StagedFiles(project.workspace) as staged:
        fingerprint = faces_fingerprint(project.catalogue)  # first: what is decided meanwhile makes the result stale
        todo = plan(project.catalogue, config)
        acts = _divided(todo)
        originals = {f.id: f for f in project.catalogue.faces(ids={copy.face_id for copy in todo.copies})}
        made, missing = _copies(project, todo, originals, config, staged, report)
        _match_copies(project.catalogue, acts, made)
        result = _report(todo, len(made), missing)

        def result_too(tx: Transaction) -> None:
            _check_unmoved(tx, originals)
            detail = {"config": asdict(config), "report": asdict(result)}
            tx.record_result("balance", "balance", fingerprint, detail)

        words = f"faces divided, {len(made)} balancing copies"
        decide(project, words, acts, settle=False, staged=staged, also=result_too)
        keep_leaks(project.catalogue, result.leaks)
        return result


def remove_copies(project: Project) -> Change | None:
    """Take every balancing copy back, into the bin. None where there is none."""
    copies = [copy for copy in _all_copies(project.catalogue) if copy.state == FaceState.KEPT]
    acts = Acts()
    acts.take_back(copies)
    if not copies:
        return None
    with step_lock(project.workspace, "balance"):
        return decide(project, f"{len(copies)} balancing copies taken back", acts, settle=False).change


def _divided(todo: BalancePlan) -> Acts:
    """The acts that give each face its part, where it has another one."""
    acts = Acts()
    for place, part in enumerate(PARTS):
        other = todo.faces.ids[(todo.parts == place) & (todo.faces.parts != place)]
        if len(other):
            acts.divide_all(other.tolist(), part)
    return acts


def _all_copies(catalogue: Catalogue) -> list[Face]:
    """Every balancing copy, whatever became of it."""
    with catalogue.reading() as db:
        ids = list(db.execute(select(t.faces.c.id).where(t.faces.c.copy_of.is_not(None))).scalars())
    return catalogue.faces(ids=ids) if ids else []


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
    data = read_face_file(project, original, read_bytes)
    if data is None:
        raise PictureError(f"The file {original.path} is gone.")
    rgb = read_picture(data, name=original.path)  # a copy of a damaged face would be one more
    hashes = {"sha256": original.sha256, "phash": original.phash}
    if config.mode == AUGMENT:
        crop = Crop.of(augment(rgb, np.random.default_rng([config.seed, n])))
        hashes, path = crop.hashes, staged.add(crop.data)
    else:
        path = staged.add(data, Path(original.path).suffix)
    same = ("picture_id", "character_id", "x", "y", "w", "h", "detector", "framing", "score", "quality")
    values = {key: getattr(original, key) for key in same}
    values |= {"path": copy.path, "state": FaceState.KEPT, "split": Part.TRAIN}
    return NewFace(values | {"copy_of": original.id, "made_by": config.mode}, "", StagedCrop(path, hashes))


def _check_unmoved(tx: Transaction, originals: Mapping[int, Face]) -> None:
    """Raises CatalogueError where an original lies elsewhere than when its copies were planned, or is another's."""
    rows = select(t.faces.c.id, t.faces.c.path, t.faces.c.character_id).where(one_of(t.faces.c.id, set(originals)))
    for row in tx.db.execute(rows):
        if (row.path, row.character_id) != (originals[row.id].path, originals[row.id].character_id):
            raise CatalogueError(f"Face {row.id} was changed elsewhere in the meantime. Balance again.")


def _match_copies(catalogue: Catalogue, acts: Acts, made: Sequence[NewFace]) -> None:
    """Keep the copies that are there and wanted, fetch back those that were, add the rest, take back the others."""
    old = _all_copies(catalogue)
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


def _report(todo: BalancePlan, copies: int, missing: Sequence[str]) -> BalanceReport:
    train, validation, stranger, spare = (
        int((todo.parts == part).sum()) for part in (TRAIN, VALIDATION, STRANGER, SPARE)
    )
    leaking = leaks(todo.parts, todo.groups)
    return BalanceReport(train, validation, stranger, spare, copies, leaking, (*todo.warnings, *missing))
