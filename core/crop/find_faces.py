"""The crop step: every new picture is looked at, its faces are proposed or kept, the crops are written."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from core.crop.config import CropConfig
from core.crop.findings import Finding, known, triage
from core.errors import DataError, DetectorError, PictureError
from core.imaging.framing import face_crop
from core.imaging.reading import read_picture
from core.progress import Progress, Reporter, silent
from core.vision import load_detector
from core.workspace.decisions import new_face_path, taken_paths, write_crop
from core.workspace.folders import Workspace
from core.workspace.project import Project
from core.workspace.states import LIVE_FACES, OPEN_REVIEWS, FaceState, Kind, PictureState, ReviewState
from core.workspace.tables import Character, Face, Picture


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
    config = config or CropConfig()
    waiting = (ReviewState.NEW, *OPEN_REVIEWS) if config.redo else (ReviewState.NEW,)
    pictures = project.catalogue.pictures(kind=Kind.PICTURE, state=PictureState.KEPT, review=waiting)
    if not pictures:
        if project.catalogue.pictures(kind=Kind.PICTURE, state=PictureState.KEPT):
            return CropReport("none", note="Every picture has been looked at. `--redo` looks again.")
        raise DataError(f"There are no pictures in {project.workspace.name} to crop. Collect or import some first.")
    find, name, note = _finder(config, pictures, project)
    start, done = time.monotonic(), CropReport(name, note=note)
    totals = dict.fromkeys((ReviewState.SURE, ReviewState.LOOK, ReviewState.NOTHING, "kept", "proposed"), 0)
    failed: list[str] = []
    report(Progress("crop", 0, len(pictures), note=note))
    characters = {c.id: c for c in project.catalogue.characters(removed=True)}
    with ThreadPoolExecutor(2) as pool:
        for n, (batch, pixels) in _batches(project.workspace, pictures, config.batch, pool, failed):
            findings = find(batch, pixels)
            if config.redo:
                _withdraw(project, batch)
            for key, value in _write(project, characters, batch, pixels, findings, pool).items():
                totals[key] += value
            data = dict(totals)
            report(Progress("crop", n, len(pictures), time.monotonic() - start, batch[-1].path if batch else "", data))
    done = CropReport(
        name, len(pictures) - len(failed), *totals.values(), note=note, failed=failed, seconds=time.monotonic() - start
    )
    return done


def _finder(config: CropConfig, pictures: Sequence[Picture], project: Project):
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

    def read(picture: Picture):
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


def _withdraw(project: Project, batch: Sequence[Picture]) -> None:
    """Take back what a detector said of these pictures before."""
    from core.workspace.catalogue import Edit
    from core.workspace.decisions import decide

    old = project.catalogue.faces(picture_id=[p.id for p in batch], decided_by="detector", state=LIVE_FACES)
    if old:
        edits = [Edit("faces", f.id, {"state": FaceState.REMOVED}) for f in old]
        decide(project, "looked at again", edits, who="detector")


def _write(
    project: Project,
    characters: dict[int, Character],
    batch: Sequence[Picture],
    pixels: Sequence[np.ndarray],
    findings: Sequence[Finding],
    pool: ThreadPoolExecutor,
) -> dict[str, int]:
    from core.vision.quality import face_quality

    by_name = {c.name: c for c in characters.values()}
    taken: dict[int, set[str]] = {}
    rows, kept_pixels = [], []
    decided = {f.picture_id for f in project.catalogue.faces(picture_id=[p.id for p in batch], decided_by="person")}
    review: dict[int, dict] = {}
    for picture, rgb, finding in zip(batch, pixels, findings, strict=True):
        if picture.id in decided:
            continue
        review[picture.id] = {"review": finding.review}
        for proposal in finding.proposals:
            character = by_name.get(proposal.name, characters[picture.character_id])
            paths = taken.setdefault(character.id, taken_paths(project.catalogue, character))
            d = proposal.detection
            x, y, w, h = d.box.as_list()
            rows.append(
                {
                    "picture_id": picture.id,
                    "character_id": character.id,
                    "path": new_face_path(project.catalogue, character, picture, paths),
                    **{"x": x, "y": y, "w": w, "h": h, "detector": d.detector, "score": float(d.score)},
                    "quality": face_quality(face_crop(rgb, d.box), d.box, rgb.shape),
                    "state": FaceState.KEPT if proposal.kept else FaceState.PROPOSED,
                }
            )
            kept_pixels.append(rgb)
    faces = project.catalogue.add_faces(rows, action=f"faces found in {len(batch)} pictures") if rows else []
    kept = [(face, rgb) for face, rgb in zip(faces, kept_pixels, strict=True) if face.state == FaceState.KEPT]
    hashes = pool.map(lambda pair: write_crop(project.workspace, *pair), kept)
    project.catalogue.set_values("faces", {face.id: values for (face, _), values in zip(kept, hashes, strict=True)})
    project.catalogue.set_values("pictures", review)
    states = [values["review"] for values in review.values()]
    return {s: states.count(s) for s in (ReviewState.SURE, ReviewState.LOOK, ReviewState.NOTHING)} | {
        "kept": len(kept),
        "proposed": len(faces) - len(kept),
    }


def draw_face(project: Project, picture: Picture, character: Character, box, *, who: str = "person") -> Face:
    """A face that a person drew: kept, cut and recorded; undoing sets it to removed."""
    x, y, w, h = box.as_list()
    row = {
        "picture_id": picture.id,
        "character_id": character.id,
        "path": new_face_path(project.catalogue, character, picture),
        **{"x": x, "y": y, "w": w, "h": h, "detector": "person", "score": 1.0, "state": FaceState.KEPT},
    }
    (face,) = project.catalogue.add_faces([row], action=f"face drawn on {picture.path}", who=who)
    pixels = read_picture(project.workspace.path(picture.path))
    project.catalogue.set_values("faces", {face.id: write_crop(project.workspace, face, pixels)})
    return project.catalogue.face(face.id)
