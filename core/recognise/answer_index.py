"""The answers of a batch as rows of a small database beside their file, so that a table of them is read page by page.

The file of JSON lines stays what counts: the index is made from it, follows it while it grows, and is made anew where
it is missing, damaged or of another file. Filtering, sorting and counting are queries, so that ten thousand pictures
cost a page no more than the rows that it shows.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any, Self

from core.errors import DataError
from core.imaging.hashes import sha256
from core.recognise.answer_rows import ALL, COLUMNS, VERDICTS, Row, Wanted, rows_of_picture
from core.recognise.answer_source import Source, source_of
from core.recognise.batches import Batch, answers_from

VERSION = 2
"""Of the tables below; an index of another version is made anew."""
BUSY_SECONDS = 30
PART = 8_000_000
"""Bytes of the file that are read at a time."""
FIELDS = "id, key, picture, face, faces, verdict, character, similarity, probability, series, reason, box, name"
TABLES = """
CREATE TABLE IF NOT EXISTS answers (
    at INTEGER NOT NULL, face INTEGER NOT NULL, id TEXT NOT NULL UNIQUE, key TEXT NOT NULL, picture TEXT NOT NULL,
    faces INTEGER NOT NULL, verdict TEXT NOT NULL, character TEXT NOT NULL, similarity REAL, probability REAL,
    series TEXT NOT NULL, reason TEXT NOT NULL, box TEXT NOT NULL, name TEXT NOT NULL,
    by_verdict INTEGER NOT NULL, by_character TEXT, by_series TEXT, by_picture TEXT NOT NULL,
    PRIMARY KEY (at, face)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS answers_by_key ON answers (key);
CREATE TABLE IF NOT EXISTS source (
    file INTEGER NOT NULL, changed INTEGER NOT NULL, read INTEGER NOT NULL, ends TEXT NOT NULL, far TEXT NOT NULL,
    encoder TEXT NOT NULL
);
INSERT INTO source SELECT 0, 0, 0, '', '', '' WHERE NOT EXISTS (SELECT 1 FROM source);
"""
"""at: the place of the picture in the file. by_*: what is sorted by, without regard to case, NULL for nothing.
source: the fields of core.recognise.answer_source.Source."""


NOT_AN_ANSWER = (
    *(KeyError, TypeError, ValueError, AttributeError, OverflowError),
    *(sqlite3.InterfaceError, sqlite3.ProgrammingError, sqlite3.IntegrityError),
)
"""What a line raises that is JSON, but no answer."""


class AnswerIndex:
    """Rows of answers, asked for by what is wanted of them. Open it for as long as one look at a page takes."""

    def __init__(self, path: Path | None = None):
        """path: the file of the index; None: it is kept in memory."""
        self._path = path
        self._db = _opened(path)

    @classmethod
    def of_rows(cls, rows: Iterable[Row]) -> Self:
        """In memory, over these rows in their order."""
        index = cls()
        pictures: dict[str, list[Row]] = {}
        for row in rows:
            pictures.setdefault(row.key, []).append(row)
        index.put(pictures)
        return index

    @classmethod
    def of_batch(cls, batch: Batch) -> Self:
        """The index beside a batch's answers, with all that was written so far. In memory where nothing can be written
        there. Raises DataError for a damaged file of answers."""
        if os.access(batch.folder, os.W_OK):
            try:
                return cls._following(batch, batch.index)
            except sqlite3.DatabaseError as error:  # damaged further inside, or no room on the disk
                _delete_damaged(batch.index, error)
        return cls._following(batch, None)

    @classmethod
    def _following(cls, batch: Batch, path: Path | None) -> Self:
        index = cls(path)
        try:
            index._follow(batch)
        except BaseException:
            index.close()
            raise
        return index

    def close(self) -> None:
        """Give the file back."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _at: object) -> None:
        self.close()
        if self._path is not None:
            _delete_damaged(self._path, error)

    # how it was answered

    @property
    def made_by(self) -> tuple[str, str]:
        """False-accept rate and encoder of the newest answer; "" before the first."""
        source = self._source()
        return source.far, source.encoder

    @property
    def pictures(self) -> int:
        """How many pictures are answered."""
        return int(self._db.execute("SELECT count(DISTINCT at) FROM answers").fetchone()[0])

    def unanswered(self, names: Collection[str]) -> int:
        """How many of these pictures (their whole names) have no answer."""
        answered = {name for (name,) in self._db.execute("SELECT DISTINCT name FROM answers")}
        return len(set(names) - answered)

    # what is in it

    def verdicts(self) -> dict[str, int]:
        """How many rows there are of each verdict, in the order of VERDICTS; what does not occur is left out."""
        found = dict(self._db.execute("SELECT verdict, count(*) FROM answers GROUP BY by_verdict"))
        return {verdict: found[verdict] for verdict in VERDICTS if verdict in found}

    def characters(self) -> list[str]:
        """The names that occur, those of most faces first."""
        query = "SELECT character FROM answers WHERE character != '' GROUP BY character "
        query += "ORDER BY count(*) DESC, by_character"
        return [name for (name,) in self._db.execute(query)]

    def count(self, wanted: Wanted = ALL) -> int:
        """How many rows are wanted."""
        where, values = _conditions(wanted)
        return int(self._db.execute(f"SELECT count(*) FROM answers WHERE {where}", values).fetchone()[0])  # noqa: S608

    def page(
        self, wanted: Wanted = ALL, by: str = "", descending: bool = False, *, first: int = 0, size: int = -1
    ) -> list[Row]:
        """Rows from `first` on, at most `size` of them (-1: all), in the order of a column, `by` of COLUMNS, or as they
        came. Rows that have nothing in that column come last either way."""
        where, values = _conditions(wanted)
        query = f"SELECT {FIELDS} FROM answers WHERE {where} ORDER BY {_order(by, descending)} LIMIT ? OFFSET ?"  # noqa: S608
        return [_row(found) for found in self._db.execute(query, (*values, size, first))]

    def find(self, row_id: str, wanted: Wanted = ALL) -> Row | None:
        """The row of that id, if it is wanted."""
        where, values = _conditions(wanted)
        query = f"SELECT {FIELDS} FROM answers WHERE id = ? AND {where}"  # noqa: S608
        found = self._db.execute(query, (row_id, *values)).fetchone()
        return None if found is None else _row(found)

    def of_picture(self, key: str) -> list[Row]:
        """All rows of a picture."""
        return [_row(r) for r in self._db.execute(f"SELECT {FIELDS} FROM answers WHERE key = ? ORDER BY face", (key,))]  # noqa: S608

    # what is written

    def put(self, pictures: Mapping[str, Sequence[Row]]) -> None:
        """Set the rows of pictures, by their keys: new ones come last, others keep their place. All or nothing."""
        if pictures:
            with self._writing():
                self._put(pictures)

    def _put(self, pictures: Mapping[str, Sequence[Row]]) -> None:
        end = self._db.execute("SELECT coalesce(max(at), 0) FROM answers").fetchone()[0]
        for key, rows in pictures.items():
            there = self._db.execute("SELECT at FROM answers WHERE key = ? LIMIT 1", (key,)).fetchone()
            if there is None:
                end += 1
            else:
                self._db.execute("DELETE FROM answers WHERE key = ?", (key,))
            place = end if there is None else there[0]
            self._db.executemany(INSERT, [_values(place, row) for row in rows])

    def _follow(self, batch: Batch) -> None:
        """Take in what was written since; all where the batch was begun anew, or its file is another one."""
        if self._source().is_all_of(batch.answers):
            return
        with self._writing():
            source = self._source()
            if not source.begins(batch.answers):
                source = Source()
                self._db.execute("DELETE FROM answers")
            read, made_by = source.read, (source.far, source.encoder)
            while documents := (found := answers_from(batch, read, PART))[0]:
                read, last = found[1], documents[-1]
                try:
                    self._put(dict(_rows(batch, one) for one in documents))
                    made_by = str(last.get("far", "")), str(last.get("encoder", ""))
                except NOT_AN_ANSWER as error:
                    why = f"{type(error).__name__}: {error}"
                    raise DataError(f"{batch.answers} is damaged ({why}). Ask about {batch.name} again.") from error
            now = source_of(batch.answers, read, *made_by)
            fields = "file = ?, changed = ?, read = ?, ends = ?, far = ?, encoder = ?"
            self._db.execute(f"UPDATE source SET {fields}", astuple(now))  # noqa: S608

    def _source(self) -> Source:
        return Source(*self._db.execute("SELECT file, changed, read, ends, far, encoder FROM source").fetchone())

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


def key_of(name: str) -> str:
    """The key of a picture that is read from where it lies."""
    return sha256(name.encode())[:16]


SORTED_BY = "by_verdict, by_character, by_series, by_picture"
INSERT = f"INSERT INTO answers (at, {SORTED_BY}, {FIELDS}) VALUES ({', '.join('?' * 18)})"  # noqa: S608


def _opened(path: Path | None) -> sqlite3.Connection:
    """A connection to an index with its tables. One that is damaged, or of another version, is made anew."""
    try:
        return _with_tables(path)
    except sqlite3.DatabaseError as error:
        if path is None or (isinstance(error, sqlite3.OperationalError) and "locked" in str(error)):
            raise
        path.unlink(missing_ok=True)
        return _with_tables(path)


def _delete_damaged(path: Path, error: BaseException | None) -> None:
    """Delete an index where the error says that it is damaged, and not only busy or on a full disk: it is made anew."""
    if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _with_tables(path: Path | None) -> sqlite3.Connection:
    db = sqlite3.connect(path or ":memory:", timeout=BUSY_SECONDS, isolation_level=None)
    try:
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, VERSION):
            raise sqlite3.DatabaseError(f"version {version}")
        if version == 0:
            db.executescript(f"BEGIN IMMEDIATE; {TABLES} PRAGMA user_version = {VERSION}; COMMIT;")
        return db
    except BaseException:
        db.close()
        raise


def _conditions(wanted: Wanted) -> tuple[str, list[Any]]:
    parts, values = ["1"], list[Any]()
    if wanted.verdicts:
        parts.append(f"verdict IN ({', '.join('?' * len(wanted.verdicts))})")
        values += wanted.verdicts
    if wanted.character:
        parts.append("character = ?")
        values.append(wanted.character)
    if wanted.text.strip():
        parts.append("instr(by_picture, ?)")
        values.append(wanted.text.casefold().strip())
    return " AND ".join(parts), values


def _order(by: str, descending: bool) -> str:
    if by not in COLUMNS:
        return "at, face"
    column = by if by == "similarity" else f"by_{by}"
    return f"{column} IS NULL, {column} {'DESC' if descending else 'ASC'}, at, face"


def _rows(batch: Batch, one: dict[str, Any]) -> tuple[str, list[Row]]:
    name = one["picture"]
    key = key_of(name)
    return key, rows_of_picture(key, batch.short(name), one, name)


def _values(place: int, row: Row) -> tuple[object, ...]:
    """As INSERT takes them."""
    *plain, box, name = astuple(row)
    sorted_by = (row.character.casefold() or None, row.series.casefold() or None, row.picture.casefold())
    return (place, VERDICTS.index(row.verdict), *sorted_by, *plain, json.dumps(box), name)


def _row(found: tuple[Any, ...]) -> Row:
    row = Row(*found)
    return replace(row, box=tuple(json.loads(found[-2])))
