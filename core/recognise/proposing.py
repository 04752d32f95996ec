"""Names for faces that somebody else found, from the enrolled faces: of matches alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from core.errors import EncoderError
from core.imaging.boxes import Box
from core.progress import Reporter, silent
from core.recognise.enrolment import enrolled_faces
from core.recognise.pictures import recognise_pictures
from core.recognise.recogniser import Recogniser, open_recogniser
from core.recognise.verdict import MATCH
from core.vision.framing import face_crop
from core.workspace.models import encoder_in_use
from core.workspace.project import Project

Namer = Callable[[Sequence[np.ndarray], Sequence[Sequence[Box]]], list[list[str]]]


def gallery_namer(project: Project, *, report: Reporter = silent) -> Namer | None:
    """What names the boxes on pictures (uint8 RGB) by the gallery, "" for all but matches; at most one face of a
    picture gets each name. The gallery is opened when it is first asked. None where nobody is enrolled."""
    if not enrolled_faces(project.catalogue)[0]:
        return None
    try:
        encoder_in_use(project)
    except EncoderError:
        return None
    opened: list[Recogniser] = []

    def name(pictures: Sequence[np.ndarray], boxes: Sequence[Sequence[Box]]) -> list[list[str]]:
        if not opened:
            opened.append(open_recogniser(project, report=report))
        return names_on(pictures, boxes, opened[0])

    return name


def names_on(pictures: Sequence[np.ndarray], boxes: Sequence[Sequence[Box]], recogniser: Recogniser) -> list[list[str]]:
    """The name of each box on each picture, "" where the verdict is no match."""
    found = [[(box, face_crop(rgb, box)) for box in own] for rgb, own in zip(pictures, boxes, strict=True)]
    answers = recognise_pictures(pictures, found, recogniser.encoder, recogniser.gallery, recogniser.threshold)
    return [[face.answer.character or "" if face.answer.verdict == MATCH else "" for face in own] for own in answers]
