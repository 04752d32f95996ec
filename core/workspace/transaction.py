"""One write: rows, hashes, history and pending file moves in one transaction, the moves after it.

    check the input -> stage files -> lock the workspace -> commit everything -> move the files -> forget the moves

Only `faces`, `characters` and `pictures` use it, and `collect` for what comes in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, update

from core.errors import CatalogueError
from core.workspace import history
from core.workspace import tables as t
from core.workspace.crops import UNNAMED, free_face_path, free_path, place
from core.workspace.folders import Workspace, checked_name, slug
from core.workspace.history import Edit
from core.workspace.locks import write_lock
from core.workspace.moves import Move, clear_leftovers, finish_moves, out_of_the_way, record_moves
from core.workspace.one_of import one_of
from core.workspace.project import Project
from core.workspace.states import CharacterState, FaceState, Kind, PictureState, ReviewState
from core.workspace.tables import Character, Face

BOX = ("x", "y", "w", "h")


@dataclass(frozen=True, slots=True)
class StagedCrop:
    """A crop that was staged for a face as it stood at a revision, with its hashes. path: in the workspace."""

    path: str
    hashes: Mapping[str, str]
    revision: int = 0


@dataclass
class Transaction:
    """What one write has done so far, on an open connection under the workspace's lock."""

    workspace: Workspace
    db: Connection
    who: str = "person"
    at: str = field(default_factory=history.now)
    edits: list[dict[str, Any]] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    _taken: dict[str, set[str]] = field(default_factory=dict)

    def edit(self, edit: Edit, crop: StagedCrop | None = None) -> bool:
        """Make an edit, its files included; whether it changed anything. A face given away gets a free name there.

        Raises CatalogueError where a face has another revision than expected.
        """
        row = self._row(edit.table, edit.id)
        after = dict(edit.after)
        character_id = after.get("character_id", row.get("character_id"))
        if "path" not in after and row.get("path") and character_id != row["character_id"]:
            after["path"] = self._path_at(edit.table, row["path"], character_id)
        if crop is not None:
            _check_revision(row, crop)
            after |= crop.hashes
        done = history.apply(self.db, replace(edit, after=after), self.who, self.at)
        if done is None:
            return False
        self.edits.append(done)
        self._files(edit.table, row, {**row, **after}, crop)
        return True

    def put_in_place(self, table: str, row_id: int) -> None:
        """Move a picture's or a face's file into the folder of whoever it belongs to, where its name is free."""
        row = self._row(table, row_id)
        self.edit(Edit(table, row_id, {"path": self._path_at(table, row["path"], row["character_id"])}))

    def divide(self, faces: Sequence[int], part: str) -> None:
        """Say what many kept faces are used for. Raises CatalogueError where one of them is not kept any more."""
        for some in history.some_of(faces):
            gone = select(t.faces.c.id).where(one_of(t.faces.c.id, some), t.faces.c.state != FaceState.KEPT)
            face_id = self.db.execute(gone.limit(1)).scalar()
            if face_id is not None:
                raise CatalogueError(f"Face {face_id} was changed elsewhere in the meantime. Divide the faces again.")
        self.edits += history.apply_alike(self.db, "faces", faces, "split", part)

    def restore(self, table: str, row_id: int, values: Mapping[str, Any], crop: StagedCrop | None = None) -> None:
        """Put values back, for undo and redo, files included."""
        row = self._row(table, row_id)
        if crop is not None:
            _check_revision(row, crop)
        values = {**values, **(crop.hashes if crop else {})}
        history.restore(self.db, table, row_id, values)
        self._files(table, row, {**row, **values}, crop)

    def add_character(self, name: str, **values: Any) -> Character:
        """The character of that true name, made where it is new; a removed one comes back. Empty values are left out.

        Raises CatalogueError for a name that is empty or too long.
        """
        name = checked_name(name)
        given = {key: value for key, value in values.items() if value}
        row = self.db.execute(select(t.characters).where(t.characters.c.name == name)).mappings().first()
        if row is None:
            taken = {s.casefold() for s in self.db.execute(select(t.characters.c.slug)).scalars()} | {UNNAMED}
            row_values = {"name": name, "slug": slug(name, taken), "created_at": self.at, **given}
            self._inserted("characters", row_values, CharacterState.REMOVED, CharacterState.ACTIVE)
        else:
            self.edit(Edit("characters", row["id"], given | {"state": CharacterState.ACTIVE}))
        row = self.db.execute(select(t.characters).where(t.characters.c.name == name)).mappings().one()
        return Character(**row)

    def add_picture(self, values: Mapping[str, Any], staged: str = "") -> int:
        """A new picture; its file, if it has one, moves from `staged` to its path. Its id."""
        values = {"fetched_at": self.at, **values}
        picture_id = self._inserted("pictures", values, PictureState.REMOVED, values.get("state", PictureState.KEPT))
        if staged and values.get("path"):
            self.place(staged, values["path"])
        return picture_id

    def add_face(self, values: Mapping[str, Any], stem: str, crop: StagedCrop | None = None) -> int:
        """A new face, named after `stem`, with its crop where it has one. Its id. Undoing sets it to removed."""
        folder = self._slug(values.get("character_id"))
        path = values.get("path") or free_face_path(folder, stem, self._taken_in(f"faces/{folder}"))
        self._taken_in(f"faces/{folder}").add(path.casefold())
        stamps = {"created_at": self.at, "decided_by": self.who, "decided_at": self.at}
        values = {**stamps, **values, "path": path, **(crop.hashes if crop else {})}
        state = values.get("state", FaceState.PROPOSED)
        face_id = self._inserted("faces", values, FaceState.REMOVED, state)
        at = place(path, state)
        if crop is not None and at:
            self.place(crop.path, at)
        return face_id

    def complete(self, face: Face, crop: StagedCrop | None) -> bool:
        """Give a kept face the file that it lacks, from the bin or as a fresh crop; whether that was possible."""
        if crop is not None:
            table = t.faces
            self.db.execute(update(table).where(table.c.id == face.id).values(**crop.hashes))
            self.moves.append(Move(crop.path, face.path))
            return True
        if self._exists(f"bin/{face.path}"):
            self.move(f"bin/{face.path}", face.path)
        return self._exists(f"bin/{face.path}") or self._exists(face.path)

    def settle(self, picture_ids: Iterable[int]) -> None:
        """The review's rule: a picture without an open proposal is done."""
        ids = sorted(set(picture_ids))
        open_ = select(t.faces.c.picture_id).where(
            one_of(t.faces.c.picture_id, ids), t.faces.c.state == FaceState.PROPOSED, t.faces.c.copy_of.is_(None)
        )
        still_open = set(self.db.execute(open_).scalars())
        for picture_id in ids:
            if picture_id not in still_open:
                self.edit(Edit("pictures", picture_id, {"review": ReviewState.DONE}))

    def record(self, action: str) -> int | None:
        """Enter what was done as one change of the history; its id, or None where nothing was."""
        return history.record(self.db, action, self.who, self.edits) if self.edits else None

    def move(self, source: str, target: str) -> None:
        """Move a file of the workspace, where there is one."""
        if self._exists(source):
            self.place(source, target)

    def place(self, staged: str, target: str) -> None:
        """Move a staged file to its place; a file that stands there, unknown to the catalogue, is put aside."""
        self.moves += [*out_of_the_way(self.workspace, target), Move(staged, target)]

    def delete(self, path: str) -> None:
        """Delete a file that can be had again."""
        self.moves.append(Move(path))

    def record_result(self, kind: str, name: str, made_from: str, detail: Mapping[str, Any]) -> None:
        """Remember in the same transaction that something was made, and from what."""
        values = {"kind": kind, "name": name, "made_from": made_from, "at": self.at, "detail": dict(detail)}
        self.db.execute(insert(t.results).values(**values))

    def _inserted(self, table: str, values: Mapping[str, Any], before: str, after: str) -> int:
        row_id = history.insert_row(self.db, t.BY_NAME[table], values)
        self.edits.append({"table": table, "id": row_id, "before": {"state": before}, "after": {"state": after}})
        return row_id

    def _row(self, table: str, row_id: int) -> dict[str, Any]:
        target = t.BY_NAME[table]
        row = self.db.execute(select(target).where(target.c.id == row_id)).mappings().first()
        if row is None:
            raise CatalogueError(f"There is no row {row_id} in {table} to change.")
        return dict(row)

    def _slug(self, character_id: int | None) -> str:
        return UNNAMED if character_id is None else str(self._row("characters", character_id)["slug"])

    def _path_at(self, table: str, path: str, character_id: int | None) -> str:
        """A free path for a file that is given to another character; one in the bin stays in the bin."""
        aside = "bin/" if path.startswith("bin/") else ""
        folder = f"{table}/{self._slug(character_id)}"
        free = free_path(folder, Path(path).name, self._taken_in(folder))
        self._taken_in(folder).add(free.casefold())
        return aside + free

    def _taken_in(self, folder: str) -> set[str]:
        """Every path in that folder that a picture or face has or had, in lower case, without `bin/`."""
        if folder not in self._taken:
            column = t.BY_NAME[folder.split("/")[0]].c.path
            taken: set[str] = set()
            for start in (f"{folder}/", f"bin/{folder}/"):
                query = select(column).where(column.startswith(start, autoescape=True))
                taken |= {path.removeprefix("bin/").casefold() for path in self.db.execute(query).scalars()}
            self._taken[folder] = taken
        return self._taken[folder]

    def _files(self, table: str, before: Mapping[str, Any], after: Mapping[str, Any], crop: StagedCrop | None) -> None:
        if table == "pictures" and before["path"] != after["path"] and before["path"] and after["path"]:
            self.move(before["path"], after["path"])
        if table == "faces":
            self._face_files(before, after, crop)

    def _face_files(self, before: Mapping[str, Any], after: Mapping[str, Any], crop: StagedCrop | None) -> None:
        old, new = place(before["path"], before["state"]), place(after["path"], after["state"])
        if crop is not None:
            self.moves.append(Move(crop.path, new))
            if old and old != new and self._exists(old):
                self.moves.append(Move(old))
            return
        stale = after["copy_of"] is None and any(before[key] != after[key] for key in BOX)
        if (not new or stale) and old:
            if self._exists(old) and self._can_be_cut(after):
                self.moves.append(Move(old))
            return
        candidates = (old, f"bin/{after['path']}", after["path"], f"bin/{before['path']}", before["path"])
        there = next((p for p in candidates if p and self._exists(p)), None)
        if new and there and there != new:
            self.move(there, new)

    def _can_be_cut(self, face: Mapping[str, Any]) -> bool:
        return face["copy_of"] is None and self._row("pictures", face["picture_id"])["kind"] == Kind.PICTURE

    def _exists(self, path: str) -> bool:
        return self.workspace.path(path).exists()


@contextmanager
def transaction(project: Project, who: str = "person") -> Iterator[Transaction]:
    """Write under the workspace's lock: all that the block does is committed as one, then its files move.

    What an earlier write left unfinished is finished first. Nothing is changed where the block raises.
    """
    with write_lock(project.workspace):
        finish_moves(project.catalogue, project.workspace)
        clear_leftovers(project.workspace)
        with project.catalogue.writing() as db:
            open_ = Transaction(project.workspace, db, who)
            yield open_
            record_moves(db, open_.moves)
        if open_.moves:
            finish_moves(project.catalogue, project.workspace)


def _check_revision(row: Mapping[str, Any], crop: StagedCrop) -> None:
    if row["revision"] != crop.revision:
        raise CatalogueError(f"Face {row['id']} was changed elsewhere in the meantime. Look at it again, then decide.")
