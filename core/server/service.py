"""What the routes do, without HTTP: a workspace with its models kept warm."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.errors import DataError
from core.imaging.boxes import Detection
from core.imaging.framing import FACE_CROP
from core.recognise.enrolment import gallery_key, is_anybody_enrolled
from core.recognise.pictures import faces_on
from core.recognise.recogniser import Recogniser, enrol, open_recogniser
from core.recognise.seen_before import with_seen
from core.server.batching import Batcher
from core.server.correcting import corrected
from core.server.limits import ServerLimits
from core.server.schemas import CharacterInfo, Correction, Done
from core.vision import load_detector
from core.workspace.embeddings import encoder_digest
from core.workspace.lone import LoneFace
from core.workspace.models import encoder_in_use
from core.workspace.project import Project


@dataclass(frozen=True, slots=True)
class Question:
    """A picture uint8 HxWx3 to be recognised; is_face_crop: it is itself a face (None: look and see); shipped_cast: an
    unknown face is compared with the characters that come with the app."""

    rgb: np.ndarray
    is_face_crop: bool | None = None
    shipped_cast: bool = False


class Service:
    """Answers for one workspace. Thread-safe: questions go through one worker each, writes one after the other."""

    def __init__(self, project: Project, limits: ServerLimits | None = None, *, far: float = 0.01):
        limits = limits or ServerLimits()
        self.project, self.far = project, far
        self._recognisers: dict[bool, tuple[object, Recogniser]] = {}
        self._detector = load_detector("auto", settings=project.settings)
        self._lock = threading.Lock()
        self._questions = Batcher(self._answer, size=limits.batch, waiting=limits.waiting)
        self._detections = Batcher(self._detect, size=limits.batch, waiting=limits.waiting)

    def close(self) -> None:
        """Answer what waits, then let go of the models."""
        self._questions.close()
        self._detections.close()

    @property
    def ready(self) -> bool:
        """Whether the catalogue is in its place and somebody is enrolled."""
        catalogue = self.project.catalogue
        return catalogue.is_there and is_anybody_enrolled(catalogue)

    def recognise(self, question: Question) -> Future[list[dict[str, Any]]]:
        """The faces on a picture with their verdicts, to come. Raises Full where too many wait."""
        return self._questions.submit(question)

    def detect(self, rgb: np.ndarray, min_score: float | None = None) -> Future[list[dict[str, Any]]]:
        """The faces on a picture, to come. Raises Full where too many wait."""
        return self._detections.submit((rgb, min_score))

    def enrol(self, character: str, pictures: Sequence[np.ndarray]) -> Done:
        """Enrol the one face on each picture. Raises DataError where one shows several; then nothing is enrolled."""
        crops = []
        for number, rgb in enumerate(pictures, 1):
            found = faces_on(rgb, self._detector)
            if len(found) > 1:
                raise DataError(
                    f"Picture {number} shows {len(found)} faces. Send a crop of the one that is {character}."
                )
            crop = found[0][1] if found else rgb
            crops.append(LoneFace(crop, framing="" if crop is rgb else FACE_CROP))
        with self._lock:
            gallery = enrol(self.project, character, crops)
            self._recognisers.clear()
        return Done(action=f"{len(crops)} faces enrolled as {character}; {len(gallery)} in all")

    def correct(self, correction: Correction) -> Done:
        """What is true of a face of the workspace, or of a crop that comes alone. CatalogueError for an unknown one."""
        with self._lock:
            change = corrected(self.project, correction)
        ids = [] if correction.face is None else [correction.face]
        return Done(action=change.action if change else "nothing to change: that was decided already", faces=ids)

    def characters(self) -> list[CharacterInfo]:
        """All active characters with the number of their faces."""
        catalogue = self.project.catalogue
        counts = catalogue.counts("faces", state="kept", copy_of=None)
        return [
            CharacterInfo(id=c.id, name=c.name, series=c.series, faces=counts.get(c.id, 0))
            for c in catalogue.characters()
        ]

    def _current(self, shipped_cast: bool) -> Recogniser:
        """The recogniser with or without the shipped cast, opened anew where the gallery has changed."""
        made = gallery_key(self.project, encoder_digest(encoder_in_use(self.project).path))
        with self._lock:
            held = self._recognisers.get(shipped_cast)
            if held is None or held[0] != made:
                held = made, open_recogniser(self.project, far=self.far, shipped_cast=shipped_cast)
                self._recognisers[shipped_cast] = held
            return held[1]

    def _answer(self, questions: Sequence[Question]) -> list[list[dict[str, Any]]]:
        recognisers = {kind: self._current(kind) for kind in {q.shipped_cast for q in questions}}
        found = []
        for q in questions:
            faces = recognisers[q.shipped_cast].ask(q.rgb, is_face_crop=q.is_face_crop)
            found.append([face.as_dict() for face in with_seen(self.project.catalogue, faces, q.rgb)])
        return found

    def _detect(self, asked: Sequence[tuple[np.ndarray, float | None]]) -> list[list[dict[str, Any]]]:
        found: dict[int, list[Detection]] = {}
        for score in {score for _, score in asked}:
            numbers = [n for n, (_, own) in enumerate(asked) if own == score]
            together = self._detector.detect_many([asked[n][0] for n in numbers], min_score=score)
            found |= dict(zip(numbers, together, strict=True))
        return [
            [{"box": d.box.as_list(), "score": round(float(d.score), 4)} for d in found[n]] for n in range(len(asked))
        ]
