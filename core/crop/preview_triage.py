"""What other settings would make of the faces that were found, without looking at the pictures again."""

from __future__ import annotations

from dataclasses import dataclass

from core.crop.config import CropConfig
from core.crop.findings import triage
from core.imaging.boxes import Detection
from core.workspace.catalogue import Catalogue
from core.workspace.states import LIVE_FACES, Kind, PictureState, ReviewState


@dataclass(frozen=True, slots=True)
class Recount:
    """Pictures by what they would be, faces that would be kept without a look, and pictures a person has settled."""

    sure: int
    look: int
    nothing: int
    kept: int
    done: int
    new: int


def preview_triage(catalogue: Catalogue, config: CropConfig, operating_point: float) -> Recount:
    """Judge the detections that the catalogue holds as the job with this config would: for a slider.

    operating_point: the detector's own score, which counts where the config names none.

    Only what was found can be counted: for scores below those proposed at the time, the detector must look again.
    """
    accept = operating_point if config.accept is None else config.accept
    by_picture: dict[int, list[Detection]] = {}
    for face in catalogue.faces(copy_of=None, state=LIVE_FACES, decided_by="detector"):
        if face.score >= accept * config.propose:
            detection = Detection(face.box, face.score, face.detector)
            by_picture.setdefault(face.picture_id, []).append(detection)
    counts: dict[str, int] = dict.fromkeys(ReviewState, 0)
    kept = 0
    for picture in catalogue.pictures(kind=Kind.PICTURE, state=PictureState.KEPT):
        if picture.review in (ReviewState.DONE, ReviewState.NEW):
            counts[picture.review] += 1
            continue
        finding = triage(by_picture.get(picture.id, ()), accept=accept, min_side=config.min_side)
        counts[finding.review] += 1
        kept += sum(p.kept for p in finding.proposals)
    return Recount(
        sure=counts[ReviewState.SURE],
        look=counts[ReviewState.LOOK],
        nothing=counts[ReviewState.NOTHING],
        kept=kept,
        done=counts[ReviewState.DONE],
        new=counts[ReviewState.NEW],
    )
