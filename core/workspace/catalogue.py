"""The catalogue: who the characters are, where each picture came from, what was decided about each face.

SQLite in write-ahead mode through SQLAlchemy; rows come back as the frozen values of `tables`. It reads
everything and writes facts; decisions are written by `faces` and `characters`, and taken back by `undo`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Executable, RowMapping, Table, func, insert, select, update

from core.errors import CatalogueError
from core.workspace import history
from core.workspace import tables as t
from core.workspace.counters import counted
from core.workspace.database import Watch, is_read_only, open_for_reading, open_for_writing, why_read_only
from core.workspace.folders import checked_name, slug
from core.workspace.history import DETECTOR, now
from core.workspace.selects import filtered
from core.workspace.states import CharacterState, FaceState
from core.workspace.tables import Change, Character, Face, Fetch, Picture, Result

REMEMBERED = 1000
"""Answers that are kept until somebody commits."""

Value = TypeVar("Value")
Row = TypeVar("Row", Change, Character, Face, Fetch, Picture, Result)


class Catalogue:
    """Access to catalogue.db. Safe to open several times, from several processes."""

    def __init__(self, path: Path, *, read_only: bool | None = None):
        """read_only: change nothing on disk; by default where the file or its folder may not be written."""
        self.path = path
        self.read_only = is_read_only(path) if read_only is None else read_only
        self._engine = open_for_reading(path) if self.read_only else open_for_writing(path)
        self._watch = Watch(path, read_only=self.read_only)
        self.version = self._watch.version  # another value after every commit, and for a catalogue opened anew
        self._known: dict[Hashable, tuple[tuple[int, int], Any]] = {}

    def close(self) -> None:
        """Give the file back (Windows cannot move an open one)."""
        self._watch.close()
        self._engine.dispose()

    def __enter__(self) -> Catalogue:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def is_there(self) -> bool:
        """Whether the file is still in its place: one that was deleted or moved away goes on answering whoever has it
        open, and would take in what nobody ever reads."""
        return self.path.exists()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that holds the write lock from its start; rolled back where it raises.

        Raises CatalogueError where the catalogue is read-only, or gone.
        """
        if not self.is_there:
            what_to_do = "Put it back, or restore a backup, and open the workspace again."
            raise CatalogueError(f"{self.path} is not there any more: nothing can be written. {what_to_do}")
        if self.read_only:
            raise CatalogueError(why_read_only(self.path))
        with self._engine.connect().execution_options(write=True) as db, db.begin():
            yield db

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent view."""
        with self._engine.connect() as db:
            yield db

    def remembered(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """What `compute` says, asked again only after somebody has committed to the catalogue since."""
        version = self.version()
        known = self._known.get(key)
        if known is None or known[0] != version:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[key] = known = version, compute()
        value: Value = known[1]
        return value

    # characters

    def characters(self, *, removed: bool = False) -> list[Character]:
        """All active characters by name; with `removed`, all."""
        query = select(t.characters).order_by(func.lower(t.characters.c.name))
        if not removed:
            query = query.where(t.characters.c.state == CharacterState.ACTIVE)
        return list(self.remembered(("characters", removed), lambda: self._all(query, Character)))

    def character(self, name_or_id: str | int) -> Character:
        """One character by true name or id. Raises CatalogueError with the names there are."""
        if isinstance(name_or_id, int):
            every = self.remembered("by id", lambda: {one.id: one for one in self.characters(removed=True)})
            found = [every[name_or_id]] if name_or_id in every else []
        else:
            found = self._all(select(t.characters).where(t.characters.c.name == name_or_id), Character)
        if not found:
            names = ", ".join(c.name for c in self.characters()[:20]) or "none yet"
            raise CatalogueError(f"There is no character {name_or_id!r}. There are: {names}.")
        return found[0]

    def add_character(self, name: str, *, series: str = "", query: str = "", wanted: int = 0) -> Character:
        """The row of that true name, made where it is new; `characters.add` does it so that it can be undone."""
        name = checked_name(name)
        with self.writing() as db:
            row = db.execute(select(t.characters).where(t.characters.c.name == name)).mappings().first()
            if row is None:
                taken = {s.casefold() for s in db.execute(select(t.characters.c.slug)).scalars()}
                values = {"series": series, "query": query, "wanted": wanted, "created_at": now()}
                db.execute(insert(t.characters).values(name=name, slug=slug(name, taken), **values))
            else:
                given = {"series": series, "query": query, "wanted": wanted}
                values = {key: value for key, value in given.items() if value} | {"state": CharacterState.ACTIVE}
                db.execute(update(t.characters).where(t.characters.c.id == row["id"]).values(values))
        return self.character(name)

    # pictures and faces

    def pictures(self, *, ids: Iterable[int] | None = None, **equal: Any) -> list[Picture]:
        """Pictures whose columns equal the given values (a tuple or list: one of them), by id."""
        return self._all(filtered(t.pictures, ids, equal), Picture)

    def picture(self, picture_id: int) -> Picture:
        """One picture. Raises CatalogueError where there is none."""
        return self._one(t.pictures, picture_id, Picture)

    def add_picture(self, character_id: int | None, **values: Any) -> Picture:
        """A new row, without its file; `values` are columns of `tables.Picture`."""
        (picture,) = self.add_pictures([{"character_id": character_id, **values}])
        return picture

    def add_pictures(self, rows: Sequence[Mapping[str, Any]]) -> list[Picture]:
        """Many new rows in one transaction."""
        with self.writing() as db:
            ids = [history.insert_row(db, t.pictures, row) for row in rows]
        return self.pictures(ids=ids)

    def faces(self, *, ids: Iterable[int] | None = None, **equal: Any) -> list[Face]:
        """Faces whose columns equal the given values (a tuple or list: one of them), by id."""
        return self._all(filtered(t.faces, ids, equal), Face)

    def picture_pages(self, size: int = 10_000, **equal: Any) -> Iterator[list[Picture]]:
        """The same pictures in lists of at most `size`, as `face_pages`."""
        return self._pages(t.pictures, Picture, size, equal)

    def face_pages(self, size: int = 10_000, **equal: Any) -> Iterator[list[Face]]:
        """The same faces in lists of at most `size`, by id, so that millions need not be held at once.

        Each page begins after the last id of the one before: the last costs no more than the first, and what is added
        or decided meanwhile neither repeats a face nor hides one.
        """
        return self._pages(t.faces, Face, size, equal)

    def face(self, face_id: int) -> Face:
        """One face. Raises CatalogueError where there is none."""
        return self._one(t.faces, face_id, Face)

    def add_faces(self, rows: Sequence[Mapping[str, Any]], *, action: str, who: str = DETECTOR) -> list[Face]:
        """Rows of faces, without their files, recorded as one change: undoing it sets them to `removed`."""
        at = now()
        edits: list[dict[str, Any]] = []
        with self.writing() as db:
            for row in rows:
                values = {"created_at": at, "decided_by": who, "decided_at": at, **row}
                face_id = history.insert_row(db, t.faces, values)
                state = values.get("state", FaceState.PROPOSED)
                edits.append(
                    {"table": "faces", "id": face_id, "before": {"state": FaceState.REMOVED}, "after": {"state": state}}
                )
            added = [edit["id"] for edit in edits]
            if edits:
                history.record(db, action, who, edits)
        return self.faces(ids=added)

    def counts(self, table: str = "faces", by: str = "character_id", **equal: Any) -> dict[Any, int]:
        """Number of rows for each value of a column, of the rows that equal the given values."""

        def compute() -> dict[Any, int]:
            with self.reading() as db:
                return dict(db.execute(counted(table, by, equal)).all())

        return dict(self.remembered(("counts", table, by, repr(sorted(equal.items()))), compute))

    # decisions

    def next_undo(self) -> Change | None:
        """The change that undo would take back, without its edits."""
        return self.remembered("undo", lambda: self._head(history.to_undo))

    def next_redo(self) -> Change | None:
        """The change that redo would make again, without its edits."""
        return self.remembered("redo", lambda: self._head(history.to_redo))

    def last_change(self) -> int:
        """The id of the newest change, 0 where there is none."""
        with self.reading() as db:
            return int(db.execute(select(func.max(t.changes.c.id))).scalar() or 0)

    def changes(self, limit: int = 50) -> list[Change]:
        """The newest changes first."""
        return self._all(select(t.changes).order_by(t.changes.c.id.desc()).limit(limit), Change)

    def change_by_id(self, change_id: int) -> Change:
        """One recorded change."""
        return self._one(t.changes, change_id, Change)

    def set_values(self, table: str, rows: Mapping[int, Mapping[str, Any]]) -> None:
        """Facts, not decisions (hashes, scores, review state): written without a record in the history."""
        target = t.BY_NAME[table]
        with self.writing() as db:
            for row_id, values in rows.items():
                db.execute(update(target).where(target.c.id == row_id).values(**values))

    # results, fetches, notes

    def record_result(self, kind: str, name: str, made_from: str, detail: Mapping[str, Any] | None = None) -> Result:
        """Remember that something was made, and from what."""
        values = {"kind": kind, "name": name, "made_from": made_from, "at": now(), "detail": dict(detail or {})}
        with self.writing() as db:
            result_id = history.insert_row(db, t.results, values)
        return self._one(t.results, result_id, Result)

    def results(self, kind: str) -> list[Result]:
        """The newest first."""
        query = select(t.results).where(t.results.c.kind == kind).order_by(t.results.c.id.desc())
        return list(self.remembered(("results", kind), lambda: self._all(query, Result)))

    def record_fetch(self, **values: Any) -> None:
        """Remember that an address was tried for a character (columns of `tables.Fetch`); the newest outcome stays."""
        values.setdefault("at", now())
        with self.writing() as db:
            db.execute(insert(t.fetches).prefix_with("OR REPLACE").values(**values))

    def fetches(self, character_id: int | None = None, **equal: Any) -> list[Fetch]:
        """What was tried, oldest first."""
        if character_id is not None:
            equal["character_id"] = character_id
        return self._all(filtered(t.fetches, None, equal), Fetch)

    def note(self, key: str, default: Any = None) -> Any:
        """A value kept for the workspace (the encoder that was chosen, ...); not to be changed in place."""
        found = self.remembered(("note", key), lambda: self._notes(key))
        return found[0] if found else default

    def set_note(self, key: str, value: Any) -> None:
        """Keep a JSON value for the workspace."""
        with self.writing() as db:
            db.execute(insert(t.notes).prefix_with("OR REPLACE").values(key=key, value=value))

    # inside

    def _all(self, query: Executable, value_type: type[Row]) -> list[Row]:
        """The rows of a whole table, in parts and by the places of their columns: row by row, by name, takes longer."""
        with self.reading() as db:
            return [value_type(*row) for part in db.execute(query).partitions(1000) for row in part]

    def _notes(self, key: str) -> Sequence[Any]:
        with self.reading() as db:
            return db.execute(select(t.notes.c.value).where(t.notes.c.key == key)).scalars().all()

    def _head(self, find: Callable[..., RowMapping | None]) -> Change | None:
        """A change of millions of rows has as many edits, and pages tell its words alone."""
        with self.reading() as db:
            row = find(db, *(column for column in t.changes.c if column.name != "edits"))
        return None if row is None else Change(**row, edits=[])

    def _pages(self, table: Table, kind: type[Row], size: int, equal: Mapping[str, Any]) -> Iterator[list[Row]]:
        last = 0
        while True:
            page = self._all(filtered(table, None, equal).where(table.c.id > last).limit(size), kind)
            if page:
                last = page[-1].id
                yield page
            if len(page) < size:
                return

    def _one(self, table: Table, row_id: int, value_type: type[Row]) -> Row:
        known = abs(row_id) < 2**63  # what SQLite can compare with
        found = self._all(select(table).where(table.c.id == row_id), value_type) if known else []
        if not found:
            raise CatalogueError(f"There is no row {row_id} in {table.name}. It may belong to another workspace.")
        return found[0]
