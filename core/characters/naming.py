"""Naming the heap, an answer at a time: what to ask next, and what an answer makes of the workspace.

`Session` is a value that holds what was computed once (who is near whom); each answer is written to the catalogue as
one change and gives the next session. Who is named, denied and ignored stands in the catalogue, so that after an undo,
a merge or an edit elsewhere `refreshed` has the truth again; what was only skipped or pulled out lives in the session.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Row, select

from core.characters.groups import find_groups
from core.characters.heap import Heap, read_heap
from core.characters.values import GRANULARITY, Groups
from core.progress import Reporter, silent
from core.similarity import clustering, questions
from core.similarity.naming import IGNORED, UNNAMED, Naming
from core.similarity.questions import AskFace, ConfirmFaces, Finished, Step
from core.similarity.regrouping import regrouped
from core.workspace import characters
from core.workspace import tables as t
from core.workspace.embeddings import Loader
from core.workspace.one_of import one_of
from core.workspace.project import Project
from core.workspace.states import LIVE_FACES
from core.workspace.tables import Change, Face


@dataclass(frozen=True)
class Answer:
    """What a person said, all by ids of faces: whose faces are (named: name -> faces), whose they are not (wrong),
    which show nobody of this cast (ignored). For the session only: faces pulled out of the group that they are shown
    in (loose), a group that is two characters (split), faces not to be asked about again (skipped)."""

    named: Mapping[str, Sequence[int]] = field(default_factory=dict)
    wrong: Mapping[str, Sequence[int]] = field(default_factory=dict)
    ignored: Sequence[int] = ()
    loose: Sequence[int] = ()
    split: Sequence[int] = ()
    skipped: Sequence[int] = ()


@dataclass(frozen=True)
class Session:
    """faces: ids, one for each row of `naming`. change: what the last answer wrote, None where it wrote nothing."""

    faces: tuple[int, ...]
    naming: Naming
    change: Change | None = None

    @property
    def rows(self) -> dict[int, int]:
        """face id -> its row."""
        return {face: row for row, face in enumerate(self.faces)}

    @property
    def unnamed(self) -> int:
        """Faces that wait for a name."""
        return len(self.naming.unnamed)

    def next_step(self) -> Step:
        """What is expected to name most faces per action: a group, a page to confirm, or faces to look through."""
        step = questions.next_step(self.naming)
        ids = self.faces
        if isinstance(step, Finished):
            return step
        others = {ids[i]: names for i, names in step.others.items()}
        if isinstance(step, ConfirmFaces):
            rows = tuple((name, tuple(ids[i] for i in faces)) for name, faces in step.rows)
            return ConfirmFaces(rows, others, step.expected)
        return replace(step, faces=tuple(ids[i] for i in step.faces), others=others)

    def next_question(self) -> AskFace | Finished:
        """Is this X? The most telling face first; Finished where further answers would change nothing."""
        step = questions.ask_one(self.naming)
        return replace(step, face=self.faces[step.face]) if isinstance(step, AskFace) else step


def start_naming(
    project: Project,
    granularity: float = GRANULARITY,
    *,
    encoder: Path | None = None,
    report: Reporter = silent,
    load: Loader | None = None,
) -> Session:
    """Begin: the groups of the unnamed faces, and how near everybody is to everybody.

    Raises EncoderError without an encoder.
    """
    groups = find_groups(project, granularity, encoder=encoder, report=report, load=load)
    heap = read_heap(project, encoder, report=report, load=load)
    return refreshed(project, _session(heap, groups))


def answered(project: Project, session: Session, answer: Answer) -> Session:
    """Write an answer, as one change, and go on from it. Raises CatalogueError where a name is none.

    A face that was named or ignored elsewhere in the meantime is read again first, so that nothing is overwritten
    unseen: the answer holds for it too.
    """
    named = {name: _faces(project, ids) for name, ids in answer.named.items()}
    wrong = {name: _faces(project, ids) for name, ids in answer.wrong.items()}
    ignored = _faces(project, answer.ignored)
    change = None
    if any(named.values()) or any(wrong.values()) or ignored:
        change = characters.name_faces(project, named, wrong=wrong, ignored=ignored)
    return refreshed(project, replace(session, naming=_after(session, answer), change=change))


def say_yes(project: Project, session: Session, face: int, name: str) -> Session:
    """This face is that character, known or new."""
    return answered(project, session, Answer(named={name: (face,)}))


def say_no(project: Project, session: Session, face: int, name: str) -> Session:
    """This face is not that character, whoever it is: remembered, and used for the next question."""
    return answered(project, session, Answer(wrong={name: (face,)}))


def skip(project: Project, session: Session, face: int) -> Session:
    """Not sure: do not ask about this face again in this session."""
    return answered(project, session, Answer(skipped=(face,)))


def refreshed(project: Project, session: Session) -> Session:
    """The session with what the catalogue says now: who is named, denied, ignored or gone."""
    names = {character.id: character.name for character in project.catalogue.characters()}
    known = _decided(project, session.faces)
    owners = {names[face.character_id] for face in known.values() if face.character_id in names}
    kept = [name for name in session.naming.names if name in owners]
    order = (*kept, *sorted(owners - set(kept)))
    place = {name: i for i, name in enumerate(order)}
    owner = np.full(len(session.faces), IGNORED, np.int64)
    denied = set()
    for row, face_id in enumerate(session.faces):
        face = known.get(face_id)
        if face is None or face.ignored:
            continue
        owner[row] = place.get(names.get(face.character_id or 0, ""), UNNAMED)
        denied |= {(row, place[names[c]]) for c in face.negatives if names.get(c) in place}
    naming = session.naming
    if order == naming.names and np.array_equal(owner, naming.owner) and denied == naming.denied:
        return session
    return replace(session, naming=replace(naming, names=order, owner=owner, denied=frozenset(denied)))


def _session(heap: Heap, groups: Groups) -> Session:
    ids = tuple(face.id for face in (*heap.faces, *heap.named))
    row = {face: i for i, face in enumerate(ids)}
    found = tuple(
        clustering.Group(tuple(row[f] for f in group.faces), row[group.cover], group.cohesion)
        for group in groups.groups
    )
    odd = tuple(row[face] for face in groups.non_faces)
    pictures = np.array([face.picture_id for face in (*heap.faces, *heap.named)], np.int64)
    named: list[str | None] = [*[None] * len(heap.faces), *heap.owners]
    vectors = np.concatenate([heap.vectors, heap.named_vectors])
    every = clustering.Groups(found, (), odd)
    return Session(ids, Naming.start(vectors, every, pictures=pictures, named=named, strangers=heap.strangers))


def _after(session: Session, answer: Answer) -> Naming:
    """What an answer teaches: about groups, about the curve of probabilities, and what not to show again."""
    row, naming = session.rows, session.naming

    def rows(faces: Collection[int]) -> list[int]:
        return [row[face] for face in faces if face in row]

    right = {name: rows(faces) for name, faces in answer.named.items() if rows(faces)}
    wrong = {name: rows(faces) for name, faces in answer.wrong.items() if rows(faces)}
    naming = naming.confirm_all(right, wrong=wrong) if right or wrong else naming
    naming = naming.ignore(rows(answer.ignored)) if answer.ignored else naming
    naming = naming.pull_out(rows(answer.loose)) if answer.loose else naming
    naming = naming.split(rows(answer.split)) if answer.split else naming
    for face in rows(answer.skipped):
        naming = naming.skip(face)
    return regrouped(naming)


def _decided(project: Project, ids: Sequence[int]) -> dict[int, Row[Any, Any, Any, Any]]:
    """id -> id, character_id, ignored and negatives of those of the faces that are still there."""
    faces = t.faces.c
    query = select(faces.id, faces.character_id, faces.ignored, faces.negatives)
    query = query.where(one_of(faces.id, ids), faces.state.in_(LIVE_FACES), faces.copy_of.is_(None))
    with project.catalogue.reading() as db:
        return {row.id: row for row in db.execute(query)}


def _faces(project: Project, ids: Sequence[int]) -> list[Face]:
    return project.catalogue.faces(ids=ids) if ids else []
