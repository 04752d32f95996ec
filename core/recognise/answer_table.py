"""Answers written as they come, a CSV or JSON lines, so that a killed run can go on: every picture whole, none twice.

A CSV has a row for each face, and each row says how many there are, so that a picture whose rows were torn is known.
JSON lines have a line for each picture. On resuming what was torn at the end is cut off, and what is there is left out.
Each row says at which false-accept rate and by which encoder it was answered, so that one file never mixes two.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from core.datasets.tables import guarded
from core.documents import parse_json
from core.errors import DataError
from core.recognise.reasons import why_of
from core.workspace.locks import hold_file

HEAD = ("picture", "verdict", "character", "similarity", "why")
COLUMNS = (*HEAD, "series", "probability", "x", "y", "w", "h", "far", "encoder", "face", "faces")
JSON_LINES, CSV = "JSON lines", "CSV"


@dataclass(frozen=True, slots=True)
class MadeBy:
    """far: the false-accept rate; encoder: its name and the beginning of its digest."""

    far: float
    encoder: str

    @classmethod
    def of(cls, far: float, encoder: str, digest: str) -> MadeBy:
        """From the encoder's name and its whole digest."""
        return cls(far, f"{encoder} {digest[:8]}")

    def on(self, one: dict[str, Any]) -> dict[str, Any]:
        """A picture (its JSON form) that says how it was answered."""
        return one | {"far": self.far, "encoder": self.encoder}


def rows_of(one: dict[str, Any]) -> list[tuple[object, ...]]:
    """The rows of a picture (its JSON form): one a face, or one that says why there is none."""
    faces, name = one["faces"], one["picture"]
    made_by = one.get("far", ""), one.get("encoder", "")
    if not faces:
        return [(name, "", "", "", one.get("error", "no face found"), "", "", "", "", "", "", *made_by, 0, 0)]
    rows = []
    for number, f in enumerate(faces, 1):
        told = (f["verdict"], f["character"] or "", f"{f['similarity']:.2f}", why_of(f), f["series"])
        sure = "" if f["probability"] is None else f["probability"]
        rows.append((name, *told, sure, *f["box"], *made_by, number, len(faces)))
    return rows


def table_of(documents: Iterable[dict[str, Any]]) -> bytes:
    """A whole CSV of pictures (their JSON form, with their MadeBy): byte for byte what an AnswerTable would hold."""
    return b"".join([_line(COLUMNS), *(_line(row) for one in documents for row in rows_of(one))])


class AnswerTable:
    """A file of answers that grows by a picture at a time. done: the pictures that are in it, as they are written."""

    def __init__(self, path: Path, kind: str, *, resume: bool = False, made_by: MadeBy | None = None):
        """Opens the file for writing; one that is there is replaced, or with `resume` repaired and gone on with.

        Raises DataError where it cannot be written, another run writes it, it holds something else, or it was begun at
        another false-accept rate or with another encoder than `made_by` says; the file is then left as it is.
        """
        self.path, self.kind = path, kind
        self._made_by = made_by
        self.done: set[str] = set()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("a+b", buffering=0)  # nothing is deleted before it is known that it may be
        except OSError as error:
            raise self._unwritable(error, "Name another place") from error
        try:
            self._begin(resume)
        except BaseException:
            self._file.close()
            raise

    def _begin(self, resume: bool) -> None:
        """Hold the file, and leave of it what is to be gone on with."""
        if not hold_file(self._file):
            raise DataError(
                f"{self.path} is being written by another run. Wait until it has ended, or name another file."
            )
        head = _line(COLUMNS) if self.kind == CSV else b""
        try:
            self._file.seek(0)
            before = self._file.read() if resume else b""
            whole, self.done, begun = (_whole_rows if self.kind == CSV else _whole_lines)(before, self.path)
            self._refuse_another(begun)
            self._file.truncate(len(whole))
        except OSError as error:
            raise self._unwritable(error, "Name another place") from error
        if not whole and head:
            self._write(head)

    def add(self, one: dict[str, Any]) -> None:
        """Write a picture (its JSON form), unless it is there."""
        name = one["picture"]
        if name in self.done:
            return
        one = one if self._made_by is None else self._made_by.on(one)
        if self.kind == CSV:
            self._write(b"".join(_line(row) for row in rows_of(one)))
        else:
            self._write(json.dumps(one, ensure_ascii=False).encode() + b"\n")
        self.done.add(name)

    def _refuse_another(self, begun: tuple[str, str]) -> None:
        """Raises DataError where the rows that are there were answered otherwise than those to come."""
        now = self._made_by
        if now is None or not begun[1] or begun == (str(now.far), now.encoder):
            return
        far, encoder = begun
        raise DataError(
            f"{self.path} was begun at a false-accept rate of {far} by the encoder {encoder}; now it is "
            f"{now.far} by {now.encoder}. Use the same for both, or name another file."
        )

    def _write(self, data: bytes) -> None:
        """One write for a picture: what a kill leaves is a beginning of it."""
        try:
            while data:
                data = data[self._file.write(data) :]
        except OSError as error:
            raise self._unwritable(error, "Free the disk") from error

    def _unwritable(self, error: OSError, way_out: str) -> DataError:
        return DataError(f"{self.path} cannot be written: {error.strerror or error}. {way_out}.")

    def close(self) -> None:
        """Make what was written safe on the disk."""
        if not self._file.closed:
            with suppress(OSError):  # a pipe, or a file system that cannot
                os.fsync(self._file.fileno())
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _line(row: Iterable[object]) -> bytes:
    sink = io.StringIO()
    cells = (" ".join(cell.splitlines()) if isinstance(cell, str) else cell for cell in row)
    csv.writer(sink, lineterminator="\n").writerow([guarded(cell) for cell in cells])
    return sink.getvalue().encode()


def _whole_rows(data: bytes, path: Path) -> tuple[bytes, set[str], tuple[str, str]]:
    """The bytes up to the last picture with all its rows, the pictures in them, their rate and encoder."""
    whole = data[: data.rfind(b"\n") + 1]
    head = _line(COLUMNS)
    if not whole and head.startswith(data):
        return b"", set(), ("", "")
    if not whole.startswith(head):
        raise DataError(f"{path} was not written by this version of `recognise`. Name another file, or delete it.")
    lines = whole.splitlines(keepends=True)
    rows = list(csv.reader(line.decode("utf-8", "replace") for line in lines))
    while len(rows) > 1 and not (len(rows[-1]) == len(COLUMNS) and rows[-1][-1] == rows[-1][-2]):
        rows.pop()  # the last picture's rows are not all there
        lines.pop()
    at = COLUMNS.index("far")
    begun = (rows[-1][at], _unguarded(rows[-1][at + 1])) if len(rows) > 1 else ("", "")
    return b"".join(lines), {_unguarded(row[0]) for row in rows[1:]}, begun


def _whole_lines(data: bytes, path: Path) -> tuple[bytes, set[str], tuple[str, str]]:
    """The same of JSON lines."""
    whole = data[: data.rfind(b"\n") + 1]
    torn, begins = data[len(whole) :], b'{"picture": '
    try:
        pictures, last = set(), {}
        for line in whole.decode().split("\n"):
            if line.strip():
                last = parse_json(line)
                pictures.add(last["picture"])
        if not all(isinstance(name, str) for name in pictures):
            raise TypeError("a picture's name is no text")
        if not (torn.startswith(begins) or begins.startswith(torn)):
            raise ValueError("its last line is none of ours")
        return whole, pictures, (str(last.get("far", "")), str(last.get("encoder", "")))
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path} does not hold answers in JSON lines. Name another file, or delete it.") from error


def _unguarded(cell: str) -> str:
    """The name that was written as this cell."""
    return cell[1:] if cell.startswith("'") and guarded(cell[1:]) == cell else cell
