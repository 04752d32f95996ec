"""What is wrong with a workspace, in words, and its repair: nothing is deleted that cannot be had again.

`inspect` changes nothing and needs no lock; `repair` finishes what can be finished and puts the rest aside, undoably.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from core.errors import PictureError
from core.imaging.reading import read_picture
from core.workspace.blocks import BLOCK
from core.workspace.cast import give_away_orphans, put_in_place
from core.workspace.counters import untrue_counts
from core.workspace.faces import Acts, decide
from core.workspace.folders import Workspace
from core.workspace.history import SYNC
from core.workspace.locks import WAIT_SECONDS, step_lock, write_lock
from core.workspace.misplaced import Misplaced, misplaced
from core.workspace.moves import REPLACED, STAGING, pending, recover
from core.workspace.orphans import orphaned_faces, orphaned_pictures
from core.workspace.project import Project
from core.workspace.readable import unreadable_faces
from core.workspace.states import FaceState, PictureState, ReviewState
from core.workspace.survey import Survey, survey
from core.workspace.sync import about, complete, mend_hashes
from core.workspace.tables import Face, Picture
from core.workspace.transaction import transaction
from core.workspace.triggers import lost_triggers, make_anew, unmarked_blocks

UNFINISHED, LEFTOVER, FACE_GONE, PICTURE_GONE, NO_HASH, REPLACED_PICTURE, REPLACED_FACE, STRAY_COPY, BROKEN_ROW = (
    "unfinished write",
    "leftover of a killed write",
    "face without its file",
    "picture without its file",
    "face without a hash",
    "picture that was replaced",
    "face that was replaced",
    "file named like a balancing copy",
    "row that points to nothing",
)
UNTRUE_COUNT, LOST_TRIGGER = "count that is not true", "trigger that is gone"
UNMARKED_BLOCK = "faces whose changes are not noticed"
DAMAGED_FACE, DAMAGED_PICTURE = "face whose file is damaged", "picture whose file is damaged"
ORPHANED_PICTURE, ORPHANED_FACE = "picture of a removed character", "face of a removed character"
MISPLACED = "file outside its character's folder"
KINDS = (
    *(UNFINISHED, LEFTOVER, FACE_GONE, PICTURE_GONE, NO_HASH, REPLACED_PICTURE, REPLACED_FACE, STRAY_COPY),
    *(DAMAGED_FACE, DAMAGED_PICTURE, ORPHANED_PICTURE, ORPHANED_FACE, MISPLACED),
    *(LOST_TRIGGER, UNTRUE_COUNT, UNMARKED_BLOCK, BROKEN_ROW),
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: its kind, what it is about (a path, or words), and what repairing does."""

    kind: str
    about: str
    advice: str


def inspect(project: Project) -> list[Problem]:
    """Everything that is wrong, the most serious kinds first; nothing is changed."""
    found = survey(project)
    problems = [Problem(UNFINISHED, m.source, "The move is made.") for m in pending(project.catalogue)]
    problems += [Problem(LEFTOVER, name, "It is deleted.") for name in _leftovers(project.workspace)]
    damaged, spoilt = _damaged_faces(project, found), _damaged_pictures(project, found)
    bad = {face.path for face in damaged} | {picture.path for picture in spoilt}
    problems += [Problem(DAMAGED_FACE, f.path, "It is cut again; else the face is taken out.") for f in damaged]
    problems += [Problem(DAMAGED_PICTURE, p.path, "The picture is taken out; its file stays.") for p in spoilt]
    problems += [Problem(NO_HASH, f.path, "It is computed.") for f in found.faces_unhashed if f.path not in bad]
    problems += [Problem(FACE_GONE, f.path, "It is cut again; else the face is taken out.") for f in found.faces_gone]
    problems += [Problem(PICTURE_GONE, p.path, "The picture is taken out.") for p in found.pictures_gone]
    new_faces, new_pictures = (sorted({*paths} - bad) for paths in (found.faces_changed, found.replaced))
    problems += [Problem(REPLACED_FACE, path, "The new file counts.") for path in new_faces]
    problems += [Problem(REPLACED_PICTURE, path, "It is looked at again.") for path in new_pictures]
    problems += [Problem(STRAY_COPY, path, f"It is put into {REPLACED}/.") for path in found.stray_copies]
    problems += _orphaned(project)
    problems += [Problem(MISPLACED, one.path, "It is moved into that folder.") for one in _misplaced(project)]
    problems += _untrue(project)
    problems += [Problem(BROKEN_ROW, words, "Restore a backup.") for words in _broken_rows(project)]
    return problems


def repair(project: Project) -> list[Problem]:
    """Repair what `inspect` tells; what is left afterwards. A picture or face that is taken out comes back by undo."""
    with step_lock(project.workspace, "doctor"):
        recover(project.catalogue, project.workspace, timeout=WAIT_SECONDS)
        _mend_counts(project)
        if _orphaned(project):
            give_away_orphans(project)
        if _misplaced(project):
            put_in_place(project)
        found = survey(project)
        damaged, spoilt = _damaged_faces(project, found), _damaged_pictures(project, found)
        mend_hashes(project, [f for f in (*found.faces_unhashed, *found.faces_changed.values()) if f not in damaged])
        _put_aside(project, [face.path for face in damaged])
        _, failed = complete(project, [*found.faces_gone, *damaged])
        acts = Acts()
        lost = set(failed)
        acts.take_back([f for f in (*found.faces_gone, *damaged) if f.path in lost], "its file is gone")
        for picture in (*found.pictures_gone, *spoilt):
            why = "its file is damaged" if picture in spoilt else "its file is gone"
            acts.set_picture(picture.id, state=PictureState.REMOVED, reason=why)
            proposed = project.catalogue.faces(picture_id=picture.id, state=FaceState.PROPOSED)
            acts.take_back(proposed, "the picture's file is gone")
        _mend_pictures(project, acts, [path for path, picture in found.replaced.items() if picture not in spoilt])
        if acts:
            decide(project, "what is gone was taken out", acts, settle=False)
        _put_aside(project, found.stray_copies)
    return inspect(project)


def _damaged_faces(project: Project, found: Survey) -> list[Face]:
    """Kept faces whose file changed, or was never hashed, and cannot be read."""
    return unreadable_faces(project, [*found.faces_unhashed, *found.faces_changed.values()])


def _damaged_pictures(project: Project, found: Survey) -> list[Picture]:
    """Pictures whose file changed and cannot be read."""
    damaged = []
    for path, picture in found.replaced.items():
        try:
            read_picture(project.workspace.path(path))
        except PictureError:
            damaged.append(picture)
    return damaged


def _mend_pictures(project: Project, acts: Acts, paths: list[str]) -> None:
    """Replaced pictures are new ones: their hashes are taken over, and the review begins again."""
    for picture in project.catalogue.pictures(path=paths, state=PictureState.KEPT):
        acts.set_picture(picture.id, review=ReviewState.NEW, **about(project.workspace.path(picture.path)))


def summary(problems: list[Problem]) -> dict[str, int]:
    """How many problems there are of each kind, in the order of KINDS."""
    counts = Counter(problem.kind for problem in problems)
    return {kind: counts[kind] for kind in KINDS if counts[kind]}


def _leftovers(workspace: Workspace) -> list[str]:
    staging = workspace.root / STAGING
    return [workspace.relative(path) for path in sorted(staging.glob("*")) if path.is_dir()]


def _broken_rows(project: Project) -> list[str]:
    with project.catalogue.reading() as db:
        broken = db.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        whole = db.exec_driver_sql("PRAGMA quick_check(5)").scalars().all()
    rows = [
        f"{table} row {row_id} points to a row of {parent} that is not there" for table, row_id, parent, _ in broken
    ]
    return rows + [words for words in whole if words != "ok"]


def _orphaned(project: Project) -> list[Problem]:
    """What no page shows, for its character is gone."""
    with project.catalogue.reading() as db:
        pictures, faces = orphaned_pictures(db), orphaned_faces(db)
    advice = "It goes to whoever the character was merged into; else it is nobody's."
    problems = [Problem(ORPHANED_PICTURE, one.path or f"picture {one.id}", advice) for one in pictures]
    return problems + [Problem(ORPHANED_FACE, one.path or f"face {one.id}", advice) for one in faces]


def _misplaced(project: Project) -> list[Misplaced]:
    with project.catalogue.reading() as db:
        return misplaced(db)


def _untrue(project: Project) -> list[Problem]:
    """What the catalogue should keep of itself and does not."""
    with project.catalogue.reading() as db:
        lost, untrue, unmarked = lost_triggers(db), untrue_counts(db), unmarked_blocks(db)
    wrong = [Problem(LOST_TRIGGER, name, "It is made anew, and what it keeps is counted.") for name in lost]
    wrong += [Problem(UNTRUE_COUNT, words, "It is counted anew.") for words in untrue]
    first = [block * BLOCK for block in unmarked]
    return wrong + [Problem(UNMARKED_BLOCK, f"from face {n} on", "They are marked as changed.") for n in first]


def _mend_counts(project: Project) -> None:
    """First of all repairs, since those that follow count by what is kept."""
    if _untrue(project):
        with write_lock(project.workspace), project.catalogue.writing() as db:
            make_anew(db)


def _put_aside(project: Project, paths: list[str]) -> None:
    if paths:
        with transaction(project, SYNC) as tx:
            for path in paths:
                tx.move(path, f"{REPLACED}/{path}")
