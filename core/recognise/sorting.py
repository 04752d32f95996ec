"""Pictures sorted into a folder for each character by their answers; unknown and unsure ones lie apart.

Nothing is overwritten: a picture that is there already is left, and another of the same name gets a number.
"""

from __future__ import annotations

import filecmp
import os
import re
import shutil
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from core.errors import DataError, PictureError
from core.imaging.names import true_name
from core.processes import birth
from core.recognise.batch import Answered
from core.recognise.verdict import MATCH, UNSURE
from core.workspace.folders import slug

COPY, LINK = "copy", "link"
LONGEST_NAME, LONGEST_SUFFIX = 240, 20
"""Bytes; file systems take 255."""
UNKNOWN_FOLDER, UNSURE_FOLDER, NO_FACE_FOLDER = "_unknown", "_unsure", "_no_face"
"""No character's folder begins with a low line."""
_PART = re.compile(r"\.[0-9a-f]{8}\.(\d{1,9})\.part")
"""What `_part_of` makes; the number is the process's."""


def folders_for(answered: Answered, slugs: Mapping[str, str]) -> list[str]:
    """The folders that a picture belongs into: of every character on it; without one `_unsure`, `_unknown`, `_no_face`.

    slugs: the folder's name of each character. A picture that could not be read belongs into none.
    """
    if answered.pixels is None:
        return []
    named = {f.answer.character for f in answered.faces if f.answer.verdict == MATCH and f.answer.character}
    if named:
        return sorted(slugs.get(name, "") or slug(name) for name in named)
    if any(f.answer.verdict == UNSURE for f in answered.faces):
        return [UNSURE_FOLDER]
    return [UNKNOWN_FOLDER if answered.faces else NO_FACE_FOLDER]


@dataclass
class Sorter:
    """Puts pictures into folders below `folder`, as copies or links; how None: only counts, as a dry run.

    slugs: the folder's name of each character. counts: pictures by folder, those that were there before included.
    gone: names of pictures that were moved or deleted after they were looked at.
    """

    folder: Path
    how: str | None
    slugs: Mapping[str, str]
    counts: Counter[str] = field(default_factory=Counter)
    gone: list[str] = field(default_factory=list)
    _begun: set[Path] = field(default_factory=set)

    def put(self, answered: Answered) -> list[Path]:
        """Put a picture where it belongs; the files that were made. Raises DataError where one cannot be."""
        made: list[Path] = []
        for name in folders_for(answered, self.slugs):
            try:
                target = None if self.how is None else self._placed(answered, self.folder / name)
            except PictureError:
                self.gone.append(answered.query.name)
                return made
            self.counts[name] += 1
            made += [] if target is None else [target]
        return made

    def _placed(self, answered: Answered, folder: Path) -> Path | None:
        """The file that was made; None where it was there. Raises PictureError where the picture is there no more."""
        data, source = answered.query.data(), answered.query.path
        try:
            if folder not in self._begun:
                begin_folder(folder)
                self._begun.add(folder)
            for target in free_names(folder, answered.query.file_name):
                if not os.path.lexists(target):
                    if _made(target, source, data, self.how == LINK):
                        return target
                elif _same(target, source, data):
                    return None
        except OSError as error:
            if data is None and not source.is_file():
                raise PictureError(f"{source} is there no more.") from error
            raise DataError(f"{folder} cannot be written to: {error.strerror or error}. Name another place.") from error
        raise AssertionError("free_names does not end")


def begin_folder(folder: Path) -> None:
    """Make a folder that `write_new` writes to, and clear what killed runs left in it."""
    folder.mkdir(parents=True, exist_ok=True)
    for entry in os.scandir(folder):
        part = _PART.fullmatch(entry.name)
        if part and not birth(int(part[1])):
            Path(entry.path).unlink(missing_ok=True)


def free_names(folder: Path, name: str) -> Iterator[Path]:
    """`a.jpg`, `a (2).jpg`, `a (3).jpg`, ... in a folder, without end."""
    plain = _short(Path(true_name(name).replace("/", "_") or "picture"))
    yield folder / plain
    number = 2
    while True:
        yield folder / f"{plain.stem} ({number}){plain.suffix}"
        number += 1


def _short(name: Path) -> Path:
    """A name that any file system takes, a number behind it included; a zip's may have 65,000 letters."""
    suffix = name.suffix if len(os.fsencode(name.suffix)) <= LONGEST_SUFFIX else ""
    stem = os.fsencode(name.stem)[: LONGEST_NAME - LONGEST_SUFFIX].decode("utf-8", "ignore")
    return Path(stem + suffix) if len(os.fsencode(name)) > LONGEST_NAME else name


def write_new(target: Path, data: bytes) -> bool:
    """Write a file that is not there yet, whole or not at all; False where one has appeared in the meantime."""
    part = _part_of(target)
    try:
        part.write_bytes(data)
        return _moved_in(part, target)
    finally:
        part.unlink(missing_ok=True)


def _part_of(target: Path) -> Path:
    """Where a file is written before it is there; short, for its own name may be as long as names can be."""
    return target.with_name(f".{zlib.crc32(os.fsencode(target.name)):08x}.{os.getpid()}.part")


def _made(target: Path, source: Path, data: bytes | None, link: bool) -> bool:
    """Make the file; False where one has appeared in the meantime. What lies in a zip can only be copied."""
    if data is not None:
        return write_new(target, data)
    if link:
        try:
            os.link(source.resolve(), target)
        except FileExistsError:
            return False
        except FileNotFoundError:
            raise
        except OSError:  # another disk, or a file system without hard links
            target.symlink_to(source.resolve())
        return True
    part = _part_of(target)
    try:
        shutil.copy2(source, part)
        return _moved_in(part, target)
    finally:
        part.unlink(missing_ok=True)


def _moved_in(part: Path, target: Path) -> bool:
    try:
        os.link(part, target)  # unlike a rename it never replaces a file
    except FileExistsError:
        return False
    except OSError:  # a file system without hard links
        if target.exists():
            return False
        part.rename(target)
    return True


def _same(target: Path, source: Path, data: bytes | None) -> bool:
    with suppress(OSError):
        if data is not None:
            return target.is_file() and target.read_bytes() == data
        return target.is_file() and (target.samefile(source) or filecmp.cmp(target, source, shallow=False))
    return False
