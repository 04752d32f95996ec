"""Batches: folders and zips that a job asks about, each with a file of its answers, one line a picture.

The answers are the JSON lines of `recognise --jsonl --resume`: a job that was stopped or killed goes on where it stood,
and what it wrote so far can be looked at while it runs. A batch lies in the workspace's cache; what was asked about
stays where it is, unless it was uploaded, and then it lies beside the answers.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from core.atomic import write_json
from core.documents import parse_json
from core.errors import DataError
from core.imaging.archives import is_zip
from core.imaging.names import true_name
from core.recognise.config import RecogniseConfig
from core.recognise.queries import Query, find_queries
from core.recognise.sorting import free_names, write_new
from core.workspace.folders import Workspace

ABOUT, ANSWERS, INDEX, GIVEN = "batch.json", "answers.jsonl", "answers.db", "pictures"


@dataclass(frozen=True)
class Batch:
    """folder: where it is kept; name: as a person knows it; source: what is asked about; config: and how."""

    folder: Path
    name: str
    source: Path
    config: RecogniseConfig

    @property
    def id(self) -> str:
        """Sorts by age."""
        return self.folder.name

    @property
    def answers(self) -> Path:
        """The file of JSON lines, which may not be there yet."""
        return self.folder / ANSWERS

    @property
    def index(self) -> Path:
        """The same as rows of a database (core.recognise.answer_index), made from that file when it is looked at."""
        return self.folder / INDEX

    def queries(self) -> dict[str, Query]:
        """Every picture of it by the name that its line has. Raises PictureError where there is none (any more)."""
        return {query.name: query for query in find_queries([self.source])}

    def short(self, name: str) -> str:
        """A picture's name without the place that all of them share.

        >>> Batch(Path("b"), "", Path("/home/me/heap"), RecogniseConfig()).short("/home/me/heap/more/a.png")
        'more/a.png'
        """
        return name.removeprefix(f"{' '.join(str(self.source).split())}/")


def new_batch(workspace: Workspace, source: Path, config: RecogniseConfig, name: str = "") -> Batch:
    """A batch over a folder or zip of this machine. Raises PictureError where it holds no picture."""
    source = source.expanduser().absolute()
    find_queries([source])
    return _written(Batch(_new_folder(workspace), name or source.name, source, config))


def keep_batch(workspace: Workspace, given: Iterable[tuple[str, bytes]], config: RecogniseConfig, name: str) -> Batch:
    """A batch over uploaded files: pictures by their paths, or one zip. They are written beside the answers.

    Raises DataError where they cannot be, or where a zip is one of several, PictureError where no picture is among
    them; nothing is left then.
    """
    given = list(given)
    zips = [file for file, data in given if is_zip(data)]
    if zips and len(given) > 1:
        raise DataError(
            f"So many pictures are asked about in a job, which takes one zip alone. Give {zips[0]} by itself."
        )
    folder = _new_folder(workspace)
    try:
        kept = [_kept(folder / GIVEN, file, data) for file, data in given]
        source = kept[0] if len(kept) == 1 else folder / GIVEN
        find_queries([source])
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return _written(Batch(folder, name, source, config))


def batches(workspace: Workspace) -> list[Batch]:
    """Those that are kept, newest first; one whose description is damaged is left out."""
    found = [_read(path.parent) for path in _place(workspace).glob(f"*/{ABOUT}")]
    return sorted((batch for batch in found if batch is not None), key=lambda batch: batch.id, reverse=True)


def forget(batch: Batch) -> None:
    """Delete the answers, and the pictures where they were uploaded; others stay where they are."""
    shutil.rmtree(batch.folder, ignore_errors=True)


def start_anew(batch: Batch, config: RecogniseConfig) -> Batch:
    """The same pictures from the beginning: the answers so far are deleted."""
    for path in (batch.answers, batch.index):
        path.unlink(missing_ok=True)
    return _written(Batch(batch.folder, batch.name, batch.source, config))


def answers_from(batch: Batch, offset: int = 0, size: int = -1) -> tuple[list[dict[str, Any]], int]:
    """The pictures' JSON forms from a byte on, and the byte to go on from: a line that is being written waits.

    size: bytes after which no further line is begun; -1 reads all.
    """
    try:
        with batch.answers.open("rb") as file:
            file.seek(offset)
            lines = file.readlines(size)
    except FileNotFoundError:
        return [], 0
    if lines and not lines[-1].endswith(b"\n"):
        lines.pop()
    try:
        found = [parse_json(line.decode()) for line in lines if line.strip()]
    except ValueError as error:
        raise DataError(f"{batch.answers} is damaged ({error}). Ask about {batch.name} again.") from error
    return found, offset + sum(map(len, lines))


def name_of(paths: Sequence[str]) -> str:
    """What a heap of uploaded files is called: their one zip, the folder that all are in, or how many there are.

    >>> name_of(["heap/a.png", "heap/more/b.png"]), name_of(["a.png", "b.png"])
    ('heap', '2 files')
    """
    parts = [PurePosixPath(path.replace("\\", "/")).parts for path in paths]
    if len(parts) == 1:
        return parts[0][-1]
    tops = {one[0] for one in parts if len(one) > 1}
    return tops.pop() if len(tops) == 1 and all(len(one) > 1 for one in parts) else f"{len(paths):,} files"


def _kept(folder: Path, name: str, data: bytes) -> Path:
    """Write an uploaded file below a folder, under its own path as far as that is safe."""
    parts = [true_name(part) for part in PurePosixPath(name.replace("\\", "/")).parts]
    parts = [part for part in parts if part.strip("./ ")] or ["picture"]
    place = folder.joinpath(*parts[:-1])
    try:
        place.mkdir(parents=True, exist_ok=True)
        for target in free_names(place, parts[-1]):
            if not target.exists() and write_new(target, data):
                return target
    except OSError as error:
        raise DataError(f"{name} cannot be kept: {error.strerror or error}. Free the disk, or rename it.") from error
    raise AssertionError("free_names does not end")


def _place(workspace: Workspace) -> Path:
    return workspace.cache / "asked"


def _new_folder(workspace: Workspace) -> Path:
    folder = _place(workspace) / datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    folder.mkdir(parents=True)
    return folder


def _written(batch: Batch) -> Batch:
    inside = batch.source.is_relative_to(batch.folder)  # a workspace that is renamed takes its uploads along
    source = batch.source.relative_to(batch.folder) if inside else batch.source
    about = {"name": batch.name, "source": source.as_posix(), "config": asdict(batch.config)}
    write_json(batch.folder / ABOUT, about)
    return batch


def _read(folder: Path) -> Batch | None:
    try:
        about = parse_json((folder / ABOUT).read_text(encoding="utf-8"))
        return Batch(folder, str(about["name"]), folder / about["source"], RecogniseConfig(**about["config"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
