"""Files of a data set: planned first, so that their number and size can be told, then written all or none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from core.datasets.records import DataSet, Origin, counted
from core.datasets.tables import table_text
from core.errors import DataError
from core.failures import FULL, explain
from core.processes import birth
from core.progress import Reporter, silent, track

PROVENANCE = "provenance.csv"
PROVENANCE_COLUMNS = (
    *("file", "character", "series", "part", "source", "page_url", "picture_url", "title", "author", "licence"),
    *("rating", "tags", "fetched_at"),
)


@dataclass(frozen=True)
class Output:
    """One file: its path in the data set with forward slashes, its size in bytes (of what is made anew: about), and
    what writes it to a path."""

    path: str
    size: int
    write: Callable[[Path], object]


@dataclass(frozen=True)
class Plan:
    """All files of a data set. notes: what was left out, and why; items: how many pictures or faces it holds, by part
    or by folder."""

    outputs: tuple[Output, ...]
    items: dict[str, int]
    notes: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of all files together, about."""
        return sum(output.size for output in self.outputs)


def text_file(path: str, text: str) -> Output:
    """A file of UTF-8 text."""
    data = text.encode()
    return Output(path, len(data), lambda target: target.write_bytes(data))


def copied(path: str, source: Path) -> Output:
    """A copy of a file. Raises DataError where it is not there."""
    try:
        size = source.stat().st_size
    except OSError as error:
        raise DataError(f"{source} cannot be copied: {error.strerror}. `doctor` says what is missing.") from error
    return Output(path, size, lambda target: shutil.copyfile(source, target))


def provenance(rows: Iterable[tuple[str, str, str, str, Origin]]) -> Output:
    """The table that says of each file, by its path, whose it is, its series and part, and where it came from."""
    lines = [
        (
            *(file, name, series, part, o.source, o.page_url, o.picture_url, o.title, o.author, o.licence, o.rating),
            *(" ".join(o.tags), o.fetched_at),
        )
        for file, name, series, part, o in rows
    ]
    return text_file(PROVENANCE, table_text(PROVENANCE_COLUMNS, lines))


def filled(plan: Plan, data: DataSet, what: str) -> Plan:
    """The plan with a note about files that are not there. Raises DataError where it holds nothing."""
    if not plan.items:
        more = " ".join(plan.notes)
        raise DataError(f"{data.name} has no {what} to export. {more or 'Crop finds faces, the review keeps them.'}")
    if not data.missing:
        return plan
    shown = ", ".join(data.missing[:3]) + (" ..." if len(data.missing) > 3 else "")
    note = f"{counted(len(data.missing), 'file')} missing and left out: {shown}. `doctor` says more."
    return Plan(plan.outputs, plan.items, (*plan.notes, note))


def check_folder(out: Path, forbidden: Iterable[Path] = ()) -> None:
    """Whether a data set can be written there. Raises DataError where the folder holds something already, is a file,
    or lies in one of the forbidden folders (a workspace would take it for pictures of its own)."""
    place = out.resolve()
    for folder in forbidden:
        if place.is_relative_to(folder.resolve()):
            raise DataError(f"{out} lies in {folder}, where workspaces lie. Choose a folder elsewhere.")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise DataError(f"{out} holds something already. Give a new or an empty folder.")


def write_folder(out: Path, plan: Plan, report: Reporter = silent) -> Path:
    """Write all files, in a folder beside `out` that takes its place at the end: a killed export leaves no half of one.

    Raises DataError where `out` holds something already or cannot be written, Cancelled where the reporter does; then
    nothing is left.
    """
    check_folder(out)
    out = out.absolute()
    out.parent.mkdir(parents=True, exist_ok=True)
    _sweep(out)
    staged = out.parent / f".{out.name}.part-{os.getpid()}"
    staged.mkdir()
    try:
        for output in track(plan.outputs, report, "export"):
            target = staged / output.path
            target.parent.mkdir(parents=True, exist_ok=True)
            output.write(target)
        if out.exists():
            out.rmdir()
        staged.rename(out)
    except OSError as error:
        source = error.filename
        if error.errno in FULL:
            raise DataError(explain(OSError(error.errno, error.strerror, str(out)))) from error
        if source is not None and not Path(source).is_relative_to(staged) and Path(source) != out:
            words = f"{source} cannot be read: {error.strerror or error}. It may have been changed meanwhile"
            raise DataError(f"{words}: export again, or let `doctor` look.") from error
        raise DataError(f"{out} cannot be written: {error.strerror or error}. Choose another place.") from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return out


def _sweep(out: Path) -> None:
    """Remove what killed exports to the same place left."""
    for left in out.parent.glob(f".{out.name}.part-*"):
        pid = left.name.rpartition("-")[2]
        if pid.isdigit() and (int(pid) == os.getpid() or not birth(int(pid))):
            shutil.rmtree(left, ignore_errors=True)
