"""Recognising in a workspace: faces enrolled as a character, pictures asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.errors import DataError, DetectorError
from core.imaging.boxes import Box
from core.imaging.framing import FACE_CROP
from core.imaging.reading import read_picture
from core.progress import Reporter, silent
from core.recognise.advice import Chances, advice, chances
from core.recognise.colourless import ColourlessEncoder, ColourlessGallery
from core.recognise.enrolment import choose, open_colourless, open_gallery, record_gallery
from core.recognise.gallery import Gallery
from core.recognise.impostors import find_bank, has_colourless_bank
from core.recognise.pictures import (
    Encoder,
    RecognisedFace,
    faces_on,
    framed_faces,
    looks_like_a_face,
    recognise_picture,
    recognise_pictures,
)
from core.recognise.threshold import ENOUGH, Scores, Threshold, choose_threshold, gallery_scores
from core.scale.galleries import EXACT, indexed, open_index
from core.settings import Settings
from core.vision import load_detector, load_encoder
from core.vision.detector import check_detector
from core.workspace.enrolment import enrol_as
from core.workspace.lone import LoneFace
from core.workspace.models import EncoderChoice
from core.workspace.project import Project
from core.workspace.readable import embed_readable
from core.workspace.states import FaceState, Part

if TYPE_CHECKING:
    from core.vision.detector import Detector


def enrol(
    project: Project,
    name: str,
    items: Sequence[int | Path | np.ndarray | LoneFace],
    *,
    encoder: str | None = None,
    detector: str = "auto",
    report: Reporter = silent,
) -> Gallery:
    """Enrol faces as a known or new character, without training: one change. The gallery with them.

    items: ids of faces of the workspace (a proposal is kept, another character's face is given to this one), paths of
    pictures (the one face found on it; where none is found, the whole), or crops as they are
    (uint8 HxWx3, or LoneFace with their framing).
    """
    choice = choose(project, encoder)
    enrol_as(project, name, [_enrolled(project, name, item, detector) for item in items])
    return record_gallery(project, open_gallery(project, choice, report=report), choice)


@dataclass(frozen=True)
class Calibration:
    """A gallery's scores, taken once, from which the threshold of any false-accept rate is read at once."""

    scores: Scores
    chances: tuple[Chances, ...]

    def threshold(self, far: float) -> Threshold:
        """The threshold for a false-accept rate, with its advice."""
        found = choose_threshold(self.scores, far)
        return replace(found, advice=advice(self.chances, found))


@dataclass(frozen=True)
class Recogniser:
    """All that answers: gallery and threshold of a workspace, encoder and detector by name, loaded when needed.
    calibration: what the threshold was read from, for another rate."""

    gallery: Gallery
    threshold: Threshold
    choice: EncoderChoice
    settings: Settings
    detector_name: str = "auto"
    min_score: float | None = None
    repeated: bool = False
    calibration: Calibration | None = field(default=None, compare=False)

    @cached_property
    def encoder(self) -> Encoder:
        """Shows the gallery's encoder what the gallery has seen: faces without their colours where it has none."""
        encoder = load_encoder(self.choice.path)
        return ColourlessEncoder(encoder) if self.gallery.is_colourless else encoder

    @cached_property
    def detector(self) -> Detector:
        return load_detector(self.detector_name, settings=self.settings)

    def at(self, far: float) -> Threshold:
        """The threshold for another false-accept rate; nothing is scored again."""
        if self.calibration is None:
            raise ValueError("This recogniser was made with one threshold: open it with open_recogniser.")
        return self.calibration.threshold(far)

    def ask(
        self, rgb: np.ndarray, *, is_face_crop: bool | None = None, boxes: Sequence[Box] | None = None
    ) -> list[RecognisedFace]:
        """Who is on this picture (uint8 HxWx3)? is_face_crop: it is itself a face. boxes: drawn by hand."""
        detector = None if is_face_crop or boxes else _detector_for([rgb], lambda: self.detector)
        return recognise_picture(
            rgb,
            detector,
            self.encoder,
            self.gallery,
            self.threshold,
            is_face_crop=is_face_crop,
            boxes=boxes,
            min_score=self.min_score,
            repeated=self.repeated,
        )

    def ask_many(
        self, pictures: Sequence[np.ndarray], *, is_face_crop: bool | None = None
    ) -> list[list[RecognisedFace]]:
        """Who is on each of these pictures, looked at together."""
        detector = None
        if not is_face_crop:
            detector = _detector_for(pictures, lambda: self.detector)
        if detector is None:
            found = [faces_on(rgb, None) for rgb in pictures]
        else:
            detected = detector.detect_many(pictures, min_score=self.min_score)
            pairs = zip(pictures, detected, strict=True)
            found = [framed_faces(rgb, own, is_face_crop=is_face_crop) for rgb, own in pairs]
        asked = self.encoder, self.gallery, self.threshold
        return recognise_pictures(pictures, found, *asked, repeated=self.repeated)


def open_recogniser(
    project: Project,
    *,
    far: float = 0.01,
    encoder: str | None = None,
    detector: str = "auto",
    min_score: float | None = None,
    repeated: bool = False,
    shipped_cast: bool = False,
    report: Reporter = silent,
) -> Recogniser:
    """The workspace's recogniser at a false-accept rate. min_score: faces from this score on; None: the detector's own.
    repeated: several faces on a picture may get the same name. shipped_cast: ask the characters that come with the app
    about unknown faces, even where nobody is enrolled (core.recognise.shipped_cast).

    Enrolled faces that the encoder has not seen yet are embedded first. Raises DataError where nobody is enrolled.
    """
    check_detector(detector)
    choice = choose(project, encoder)
    gallery = open_gallery(project, choice, shipped_cast=shipped_cast, report=report)
    scored = calibrate(project, gallery, choice, report)
    gallery = with_colourless(project, gallery, choice)
    if len(gallery) and project.settings.gallery_index != EXACT:
        faces = indexed(gallery.faces, gallery.embeddings, gallery.characters, gallery.series)
        gallery = replace(gallery, index=open_index(project, gallery.enrolled, faces, gallery.space, report))
    threshold = scored.threshold(far)
    return Recogniser(gallery, threshold, choice, project.settings, detector, min_score, repeated, scored)


def with_colourless(project: Project, gallery: Gallery, choice: EncoderChoice) -> Gallery:
    """The gallery with its sibling for faces without colours, where there is a bank of strangers without colours and
    somebody is enrolled: the shipped cast is asked by itself."""

    def make() -> tuple[Gallery, Callable[[float], Threshold]]:
        found = open_colourless(project, choice)
        return found, calibrate(project, found, choice).threshold

    if not len(gallery) or gallery.is_colourless or not has_colourless_bank(project, gallery):
        return gallery
    return replace(gallery, colourless=ColourlessGallery(make))


def calibrate(project: Project, gallery: Gallery, choice: EncoderChoice, report: Reporter = silent) -> Calibration:
    """Score a gallery by the best strangers there are (core.recognise.threshold)."""
    strangers = project.catalogue.faces(state=FaceState.KEPT, split=Part.STRANGER, copy_of=None)
    vectors = None
    if len(strangers) >= ENOUGH:
        _, vectors = embed_readable(project, strangers, choice.path, report, colourless=gallery.is_colourless)
    scores = gallery_scores(gallery, vectors, find_bank(project, gallery, report))
    return Calibration(scores, chances(gallery, scores.cohort))


def _detector_for(pictures: Sequence[np.ndarray], load: Callable[[], Detector]) -> Detector | None:
    """The detector; None, so that pictures are taken as they are, where none can be had and all look like crops."""
    try:
        return load()
    except DetectorError:
        if all(looks_like_a_face(rgb) for rgb in pictures):
            return None
        raise


def _enrolled(project: Project, name: str, item: int | Path | np.ndarray | LoneFace, detector: str) -> int | LoneFace:
    """What is enrolled for an item: the id of a face, or a crop."""
    if isinstance(item, (int, LoneFace)):
        return item
    if isinstance(item, np.ndarray):
        return LoneFace(item)
    rgb = read_picture(item)
    found = faces_on(rgb, _detector_for([rgb], lambda: load_detector(detector, settings=project.settings)))
    if len(found) > 1:
        raise DataError(f"{item} shows {len(found)} faces. Crop the one that is {name} first.")
    crop = found[0][1] if found else rgb
    return LoneFace(crop, Path(item).stem, str(item), framing="" if crop is rgb else FACE_CROP)
