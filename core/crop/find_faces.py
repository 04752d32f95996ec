"""The crop step: every new picture is looked at, its faces are proposed or kept, the crops are written."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any

from core.crop.config import CropConfig
from core.crop.eyes import Eyes, look_at, read_or_say
from core.crop.looking import Looked, Seen, SeenFace, Unread
from core.crop.moved import sort_out
from core.errors import DataError, DetectorError
from core.progress import Progress, Reporter, silent
from core.vision.detector import check_detector
from core.workspace.embeddings import FoundVectors
from core.workspace.faces import NewFace, stem_of
from core.workspace.found import FoundPicture, add_found
from core.workspace.locks import step_lock
from core.workspace.models import encoder_in_use
from core.workspace.moves import StagedFiles
from core.workspace.project import Project
from core.workspace.states import OPEN_REVIEWS, FaceState, Kind, PictureState, ReviewState
from core.workspace.tables import Picture
from core.workspace.transaction import StagedCrop

READERS = 2
"""Threads that read pictures ahead, cut crops and write them."""

TURNS = 3
"""How often pictures are looked at that another command moves meanwhile."""

COUNTED = ("sure", "look", "nothing", "kept", "proposed")
"""What a report counts: pictures by review state, then faces."""

Looker = Callable[[Eyes, Iterator[list[Picture]]], Generator[Looked, None, None]]
"""Looks at batches of pictures, in this process or elsewhere, and yields them in any order as they are done. It may
yield an empty one, so that a request to stop is heard; it is closed where the step ends early."""


@dataclass(frozen=True)
class CropReport:
    """What was found: pictures looked at, by review state, faces kept and proposed, and what could not be read."""

    detector: str
    pictures: int = 0
    sure: int = 0
    look: int = 0
    nothing: int = 0
    kept: int = 0
    proposed: int = 0
    note: str = ""
    failed: list[str] = field(default_factory=list)
    seconds: float = 0.0


@dataclass
class _Tally:
    """How far a crop is: of so many pictures so many are done, and so many were looked at; the counts of a report, and
    why the others could not be read."""

    total: int
    done: int = 0
    looked_at: int = 0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))
    failed: list[str] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.begun


def look_here(eyes: Eyes, batches: Iterator[list[Picture]]) -> Generator[Looked, None, None]:
    """The looker of one machine: the next batch is read while one is looked at."""
    look = eyes.open()
    with ThreadPoolExecutor(READERS) as pool:
        ahead = _reading(eyes, pool, batches)
        while ahead is not None:
            (batch, futures), ahead = ahead, _reading(eyes, pool, batches)
            yield look_at(look, batch, [future.result() for future in futures], pool.map)


def crop(
    project: Project, config: CropConfig | None = None, *, report: Reporter = silent, look: Looker = look_here
) -> CropReport:
    """Look at the pictures that no detector has seen (with `redo`: at all that no person has decided).

    Sure faces are kept and cut, others are proposed for the review. Stopping keeps every finished batch. look: who
    looks at them; what is entered does not depend on it. Raises DataError where there are no pictures, DetectorError
    where no detector can be had and no picture brings boxes.
    """
    config = config or CropConfig()
    check_detector(config.detector)
    with step_lock(project.workspace, "crop"):
        return _crop(project, config, report, look)


def _crop(project: Project, config: CropConfig, report: Reporter, look: Looker) -> CropReport:
    waiting = (ReviewState.NEW, *OPEN_REVIEWS) if config.redo else (ReviewState.NEW,)
    wanted = {"kind": Kind.PICTURE, "state": PictureState.KEPT, "review": waiting}
    states = project.catalogue.counts("pictures", "review", kind=Kind.PICTURE, state=PictureState.KEPT)
    count = sum(states.get(state, 0) for state in waiting)
    if not count:
        if states:
            return CropReport("none", note="Every picture has been looked at. `--redo` looks again.")
        raise DataError(f"There are no pictures in {project.workspace.name} to crop. Collect or import some first.")
    eyes, name, note = _eyes(project, config, wanted)
    tally = _Tally(count)
    report(Progress("crop", 0, count, note=note))
    entry = _Entry(project, waiting, eyes)
    batches = project.catalogue.picture_pages(config.batch, **wanted)
    for _ in range(TURNS):
        unread = _enter(look(eyes, batches), entry, tally, report)
        moved, failed = sort_out(project, unread, waiting)
        tally.failed += failed
        if not moved:
            break
        tally.done -= len(moved)
        batches = (moved[i : i + config.batch] for i in range(0, len(moved), config.batch))
    else:
        tally.failed += [f"{one.path} was moved while it was looked at. The next crop takes it." for one in moved]
    return CropReport(name, tally.looked_at, **tally.counts, note=note, failed=tally.failed, seconds=tally.seconds)


def _enter(looked: Generator[Looked, None, None], entry: _Entry, tally: _Tally, report: Reporter) -> list[Unread]:
    """Enter what a looker sees, to its end; what it could not read."""
    unread: list[Unread] = []
    with ThreadPoolExecutor(READERS) as pool, closing(looked):
        for one in looked:
            if one.pictures:
                for key, value in entry.write(one, pool).items():
                    tally.counts[str(key)] += value
            unread += one.unread
            tally.looked_at += len(one.pictures)
            tally.done += len(one)
            last = one.pictures[-1].path if one.pictures else ""
            total = max(tally.total, tally.done)  # pictures that came in meanwhile are looked at too
            report(Progress("crop", tally.done, total, tally.seconds, last, dict(tally.counts)))
    return unread


def _eyes(project: Project, config: CropConfig, wanted: Mapping[str, Any]) -> tuple[Eyes, str, str]:
    """What looks, the detector's name, and a note where it is a makeshift."""
    encoder = str(encoder_in_use(project).path) if config.embed else ""
    eyes = Eyes(config, project.settings, str(project.workspace.root), encoder)
    try:
        return eyes, eyes.detector.name, ""
    except DetectorError as error:
        pages = project.catalogue.picture_pages(**wanted)
        if not any(p.known_faces for page in pages for p in page):
            raise
        names = tuple(c.name for c in project.catalogue.characters())
        note = f"{error} So the boxes that the pictures brought along are used."
        return replace(eyes, names=names), "source", note


def _reading(eyes: Eyes, pool: ThreadPoolExecutor, batches: Iterator[list[Picture]]) -> Any:
    """The next batch with the futures of its pixels, or None where there is none."""
    batch = next(batches, None)
    if batch is None:
        return None
    return batch, [pool.submit(read_or_say, eyes.path(picture)) for picture in batch]


class _Entry:
    """Enters what was seen into the catalogue."""

    def __init__(self, project: Project, waiting: Sequence[ReviewState], eyes: Eyes):
        self.project, self.waiting = project, waiting
        self.ids: dict[str, int] = {}
        self._know_names()
        self.vectors = FoundVectors(project, eyes.encoder) if eyes.encoder else None

    def write(self, looked: Looked, pool: ThreadPoolExecutor) -> dict[str, int]:
        """Enter a batch, its crops included, as one write; returns the counts of a report."""
        if any(face.proposal.name for one in looked.seen for face in one.faces):
            self._know_names()
        with StagedFiles(self.project.workspace) as staged:

            def entered(picture: Picture, seen: Seen) -> FoundPicture:
                found = [_face(picture, one, self.ids.get(one.proposal.name), staged) for one in seen.faces]
                return FoundPicture(picture.id, ReviewState(seen.review), tuple(found))

            found = list(pool.map(entered, looked.pictures, looked.seen))
            counts = add_found(self.project, found, self.waiting)
        if self.vectors is not None:
            self.vectors.add(
                (one.crop.sha256 if one.crop else "", picture.sha256, one.proposal.detection.box, one.vector)
                for picture, seen in zip(looked.pictures, looked.seen, strict=True)
                for one in seen.faces
                if one.vector is not None
            )
        return counts

    def _know_names(self) -> None:
        """The names of today beside those of before: whoever named a face may have read them before a renaming."""
        self.ids |= {c.name: c.id for c in self.project.catalogue.characters()}


def _face(picture: Picture, seen: SeenFace, character_id: int | None, staged: StagedFiles) -> NewFace:
    """A face to be entered. character_id: whose it is said to be; None: its picture's character's."""
    d = seen.proposal.detection
    x, y, w, h = d.box.as_list()
    values: dict[str, Any] = {"picture_id": picture.id, "character_id": character_id}
    values |= {"x": x, "y": y, "w": w, "h": h, "detector": d.detector, "score": float(d.score)}
    values |= {"quality": seen.quality}
    if seen.crop is None:
        return NewFace(values | {"state": FaceState.PROPOSED}, stem_of(picture))
    crop = StagedCrop(staged.add(seen.crop.data), seen.crop.hashes)
    return NewFace(values | {"state": FaceState.KEPT}, stem_of(picture), crop)
