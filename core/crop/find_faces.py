"""The crop step: every new picture is looked at, its faces are proposed or kept, the crops are written."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.crop.config import CropConfig
from core.crop.findings import Finding, Proposal, known, triage
from core.errors import DataError, DetectorError, PictureError
from core.imaging.framing import face_crop
from core.imaging.reading import read_picture
from core.progress import Progress, Reporter, silent
from core.vision import load_detector
from core.workspace.crops import Crop
from core.workspace.faces import NewFace, stem_of
from core.workspace.folders import Workspace
from core.workspace.found import FoundPicture, add_found
from core.workspace.locks import step_lock
from core.workspace.moves import StagedFiles
from core.workspace.project import Project
from core.workspace.states import OPEN_REVIEWS, FaceState, Kind, PictureState, ReviewState
from core.workspace.tables import Character, Picture
from core.workspace.transaction import StagedCrop

Finder = Callable[[Sequence[Picture], Sequence[np.ndarray]], list[Finding]]
"""What is made of a batch of pictures and their pixels (uint8 RGB, height x width x 3)."""


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


def crop(project: Project, config: CropConfig | None = None, *, report: Reporter = silent) -> CropReport:
    """Look at the pictures that no detector has seen (with `redo`: at all that no person has decided).

    Sure faces are kept and cut, others are proposed for the review. Stopping keeps every finished batch. Raises
    DataError where there are no pictures, DetectorError where no detector can be had and no picture brings boxes.
    """
    with step_lock(project.workspace, "crop"):
        return _crop(project, config or CropConfig(), report)


def _crop(project: Project, config: CropConfig, report: Reporter) -> CropReport:
    waiting = (ReviewState.NEW, *OPEN_REVIEWS) if config.redo else (ReviewState.NEW,)
    pictures = project.catalogue.pictures(kind=Kind.PICTURE, state=PictureState.KEPT, review=waiting)
    if not pictures:
        if project.catalogue.pictures(kind=Kind.PICTURE, state=PictureState.KEPT):
            return CropReport("none", note="Every picture has been looked at. `--redo` looks again.")
        raise DataError(f"There are no pictures in {project.workspace.name} to crop. Collect or import some first.")
    find, name, note = _finder(config, pictures, project)
    start = time.monotonic()
    totals: dict[str, int] = dict.fromkeys(
        (ReviewState.SURE, ReviewState.LOOK, ReviewState.NOTHING, "kept", "proposed"), 0
    )
    failed: list[str] = []
    report(Progress("crop", 0, len(pictures), note=note))
    characters = {c.id: c for c in project.catalogue.characters(removed=True)}
    with ThreadPoolExecutor(2) as pool:
        for n, (batch, pixels) in _batches(project.workspace, pictures, config.batch, pool, failed):
            findings = find(batch, pixels)
            for key, value in _write(project, characters, batch, pixels, findings, pool, waiting).items():
                totals[key] += value
            data = dict(totals)
            report(Progress("crop", n, len(pictures), time.monotonic() - start, batch[-1].path if batch else "", data))
    seconds = time.monotonic() - start
    return CropReport(
        name,
        len(pictures) - len(failed),
        sure=totals[ReviewState.SURE],
        look=totals[ReviewState.LOOK],
        nothing=totals[ReviewState.NOTHING],
        kept=totals["kept"],
        proposed=totals["proposed"],
        note=note,
        failed=failed,
        seconds=seconds,
    )


def _finder(config: CropConfig, pictures: Sequence[Picture], project: Project) -> tuple[Finder, str, str]:
    """A function (pictures, pixels) -> findings, the detector's name, and a note where it is a makeshift."""
    try:
        detector = load_detector(config.detector, settings=project.settings)
    except DetectorError as error:
        if not any(p.known_faces for p in pictures):
            raise
        names = [c.name for c in project.catalogue.characters()]
        note = f"{error} So the boxes that the pictures brought along are used."
        return (lambda batch, pixels: [known(p.known_faces, names) for p in batch]), "source", note
    accept = detector.operating_point if config.accept is None else config.accept
    low = accept * config.propose

    def find(batch: Sequence[Picture], pixels: Sequence[np.ndarray]) -> list[Finding]:
        found = detector.detect_many(pixels, min_score=low)
        return [triage(detections, accept=accept, min_side=config.min_side) for detections in found]

    return find, detector.name, ""


def _batches(
    workspace: Workspace, pictures: Sequence[Picture], size: int, pool: ThreadPoolExecutor, failed: list[str]
) -> Iterator[tuple[int, tuple[list[Picture], list[np.ndarray]]]]:
    """Batches of readable pictures with their pixels; the next batch is read while one is worked on."""

    def read(picture: Picture) -> np.ndarray | PictureError:
        try:
            return read_picture(workspace.path(picture.path))
        except PictureError as error:
            return error

    chunks = [pictures[i : i + size] for i in range(0, len(pictures), size)]
    ahead = [pool.submit(read, p) for p in chunks[0]]
    n = 0
    for chunk, following in zip(chunks, [*chunks[1:], []], strict=True):
        results = [future.result() for future in ahead]
        ahead = [pool.submit(read, p) for p in following]
        failed.extend(str(r) for r in results if isinstance(r, PictureError))
        readable = [(p, r) for p, r in zip(chunk, results, strict=True) if not isinstance(r, PictureError)]
        n += len(chunk)
        yield n, ([p for p, _ in readable], [r for _, r in readable])


def _write(
    project: Project,
    characters: Mapping[int, Character],
    batch: Sequence[Picture],
    pixels: Sequence[np.ndarray],
    findings: Sequence[Finding],
    pool: ThreadPoolExecutor,
    waiting: Sequence[ReviewState],
) -> dict[str, int]:
    """Enter what was found on a batch, its crops included, as one write; returns the counts of a report."""
    by_name = {c.name: c for c in characters.values()}
    with StagedFiles(project.workspace) as staged:

        def faces_of(picture: Picture, rgb: np.ndarray, finding: Finding) -> FoundPicture:
            own = None if picture.character_id is None else characters[picture.character_id]
            found = [_face(picture, rgb, one, by_name.get(one.name, own), staged) for one in finding.proposals]
            return FoundPicture(picture.id, ReviewState(finding.review), tuple(found))

        found = list(pool.map(faces_of, batch, pixels, findings))
        return add_found(project, found, waiting)


def _face(
    picture: Picture, rgb: np.ndarray, proposal: Proposal, character: Character | None, staged: StagedFiles
) -> NewFace:
    from core.vision.quality import face_quality

    d = proposal.detection
    x, y, w, h = d.box.as_list()
    pixels = face_crop(rgb, d.box)
    values: dict[str, Any] = {"picture_id": picture.id, "character_id": None if character is None else character.id}
    values |= {"x": x, "y": y, "w": w, "h": h, "detector": d.detector, "score": float(d.score)}
    values |= {"quality": face_quality(pixels, d.box, rgb.shape)}
    if not proposal.kept:
        return NewFace(values | {"state": FaceState.PROPOSED}, stem_of(picture))
    crop = Crop.of(pixels)
    return NewFace(values | {"state": FaceState.KEPT}, stem_of(picture), StagedCrop(staged.add(crop.data), crop.hashes))
