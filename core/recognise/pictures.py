"""A picture in, every face on it with its answer out: detect, frame, embed, judge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from core.imaging.boxes import Box, Detection
from core.imaging.framing import FACE_CROP
from core.imaging.one_colour import is_one_coloured, without_colour
from core.recognise.gallery import Gallery
from core.recognise.threshold import Threshold
from core.recognise.verdict import UNKNOWN, Identification, answer, one_name_each
from core.vision.framing import face_crop
from core.vision.reframing import AUTO, GIVEN
from core.workspace.lone import LoneFace

FACE_SIDE = 400
"""A square picture up to this side on which no face is found is taken for a face crop."""
NOT_ASKED = Identification(UNKNOWN, None, 0.0, (), (), "not asked yet")


class Detector(Protocol):
    """What finds faces; see core.vision."""

    def detect(self, rgb: np.ndarray, *, min_score: float | None = None) -> list[Detection]: ...


class Encoder(Protocol):
    """What embeds faces; see core.vision."""

    def embed(self, faces: Sequence[np.ndarray], *, framing: str) -> np.ndarray: ...


@dataclass(frozen=True)
class RecognisedFace:
    """A face on a picture: its box in picture pixels, the crop that was asked about, the vector and the answer.

    framing: FACE_CROP where the crop was cut by face_crop; empty where the picture is itself the crop. colourless: of a
    face without colours the vector by which it was asked about, where it was compared without them. enrolled_already:
    it or its picture is among what answers (core.recognise.seen_before).
    """

    box: Box
    face: np.ndarray
    embedding: np.ndarray
    answer: Identification
    framing: str = FACE_CROP
    colourless: np.ndarray | None = None
    enrolled_already: bool = False

    def as_lone(self, picture: str = "") -> LoneFace:
        """The crop to be enrolled or corrected, embedded then as it was now; `picture`: the name it came under."""
        return LoneFace(self.face, Path(picture).stem or "enrolled", picture or "enrolled", self.framing)

    def as_dict(self) -> dict[str, Any]:
        """The JSON form: box, verdict, character, similarity, candidates, ...; enrolled_already where it is."""
        seen = {"enrolled_already": True} if self.enrolled_already else {}
        return {"box": self.box.as_list()} | self.answer.as_dict() | seen


def looks_like_a_face(rgb: np.ndarray) -> bool:
    """Whether a picture has a crop's shape: square and at most 800 px wide, or nearly square and at most 400."""
    height, width = rgb.shape[:2]
    longer, shape = max(height, width), max(height, width) / min(height, width)
    return bool((shape <= 1.02 and longer <= 2 * FACE_SIDE) or (shape <= 1.25 and longer <= FACE_SIDE))


def faces_on(
    rgb: np.ndarray,
    detector: Detector | None,
    *,
    is_face_crop: bool | None = None,
    min_score: float | None = None,
) -> list[tuple[Box, np.ndarray]]:
    """Boxes and framed crops of the faces on a picture, uint8 HxWx3.

    is_face_crop True: the picture is itself a face, False: it never is. None: it is one where it is nearly square and
    either no larger than 400 px without a face found, or all taken up by the frame of the one face found. min_score:
    faces from this score on; None: the detector's own operating point.
    """
    if is_face_crop or detector is None:
        return _everything(rgb)
    return framed_faces(rgb, detector.detect(rgb, min_score=min_score), is_face_crop=is_face_crop)


def framed_faces(
    rgb: np.ndarray, found: Sequence[Detection], *, is_face_crop: bool | None = None
) -> list[tuple[Box, np.ndarray]]:
    """Boxes and framed crops of what was detected on a picture, the surest first; see faces_on."""
    height, width = rgb.shape[:2]
    found = sorted(found, key=lambda d: -d.score)
    square = max(height, width) <= 1.25 * min(height, width)
    if is_face_crop is None and square:
        if not found and max(height, width) <= FACE_SIDE:
            return _everything(rgb)
        if len(found) == 1 and 2 * max(found[0].box.w, found[0].box.h) >= 0.85 * min(height, width):
            return [(found[0].box, rgb)]
    return [(d.box, face_crop(rgb, d.box)) for d in found]


def crops_again(
    rgb: np.ndarray, boxes: Sequence[Box], *, is_face_crop: bool | None = None
) -> list[tuple[np.ndarray, str]]:
    """The crops of boxes that were found on a picture before, and their framing: those that were asked about."""
    if is_face_crop:
        return [(rgb, "")] * len(boxes)
    found = framed_faces(rgb, [Detection(box, 1.0) for box in boxes])
    return [(crop, "" if crop is rgb else FACE_CROP) for _, crop in found]


def recognise_pictures(
    pictures: Sequence[np.ndarray],
    found: Sequence[Sequence[tuple[Box, np.ndarray]]],
    encoder: Encoder,
    gallery: Gallery,
    threshold: Threshold,
    *,
    repeated: bool = False,
) -> list[list[RecognisedFace]]:
    """The faces found on each of several pictures with their answers; those of one framing are embedded together.

    A face without colours is asked about without them, where the gallery has such a sibling.
    """
    whole = [bool(faces) and faces[0][1] is rgb for rgb, faces in zip(pictures, found, strict=True)]
    asked: dict[int, list[RecognisedFace]] = {n: [] for n in range(len(found))}
    for framing, own in ((AUTO, True), (GIVEN, False)):
        places = [(n, box, face) for n, faces in enumerate(found) if whole[n] is own for box, face in faces]
        if not places:
            continue
        vectors = encoder.embed([face for *_, face in places], framing=framing)
        grey = [k for k, (*_, face) in enumerate(places) if gallery.colourless is not None and is_one_coloured(face)]
        shown = [without_colour(places[k][2]) for k in grey]
        colourless = dict(zip(grey, encoder.embed(shown, framing=framing) if shown else [], strict=True))
        for k, (n, box, face) in enumerate(places):
            cut = "" if own else FACE_CROP
            asked[n].append(RecognisedFace(box, face, vectors[k], NOT_ASKED, cut, colourless.get(k)))
    return judged_together([asked[n] for n in range(len(found))], gallery, threshold, repeated=repeated)


def recognise_picture(
    rgb: np.ndarray,
    detector: Detector | None,
    encoder: Encoder,
    gallery: Gallery,
    threshold: Threshold,
    *,
    is_face_crop: bool | None = None,
    boxes: Sequence[Box] | None = None,
    min_score: float | None = None,
    repeated: bool = False,
) -> list[RecognisedFace]:
    """All faces on a picture (uint8 HxWx3) with their answers, the surest detection first.

    boxes: tight boxes drawn by hand instead of the detector's.
    is_face_crop, min_score: see faces_on. repeated: see judged_together. An empty list: no face was found.
    """
    found = (
        [(b, face_crop(rgb, b)) for b in boxes]
        if boxes
        else faces_on(rgb, detector, is_face_crop=is_face_crop, min_score=min_score)
    )
    # The picture itself as a face was framed by somebody else; every other face was cut by face_crop.
    return recognise_pictures([rgb], [found], encoder, gallery, threshold, repeated=repeated)[0]


def _everything(rgb: np.ndarray) -> list[tuple[Box, np.ndarray]]:
    height, width = rgb.shape[:2]
    return [(Box(0, 0, width, height), rgb)]


def judged_again(
    faces: Sequence[RecognisedFace], gallery: Gallery, threshold: Threshold, *, repeated: bool = False
) -> list[RecognisedFace]:
    """The faces of one picture at another threshold, or after the gallery has changed; nothing is embedded again."""
    return judged_together([faces], gallery, threshold, repeated=repeated)[0]


def judged_together(
    pictures: Sequence[Sequence[RecognisedFace]], gallery: Gallery, threshold: Threshold, *, repeated: bool = False
) -> list[list[RecognisedFace]]:
    """The faces of many pictures judged again in one comparison with the gallery: see judged_again.

    At most one face of a picture gets each name, unless `repeated`.
    """
    answers = iter(_answers([face for faces in pictures for face in faces], gallery, threshold))
    found = []
    for faces in pictures:
        own = [next(answers) for _ in faces]
        own = own if repeated else one_name_each(own)
        found.append([replace(face, answer=one) for face, one in zip(faces, own, strict=True)])
    return found


def _answers(faces: Sequence[RecognisedFace], gallery: Gallery, threshold: Threshold) -> list[Identification]:
    """The answers to faces of any pictures, in order; those without colours are told by the gallery's sibling."""
    if not faces:
        return []
    sibling = gallery.colourless
    others = [f.colourless for f in faces if f.colourless is not None]
    without = sibling.answer(np.array(others), threshold.far) if sibling is not None and others else None
    if without is None:
        return answer(np.array([f.embedding for f in faces]), gallery, threshold)
    coloured = [f.embedding for f in faces if f.colourless is None]
    told, untold = iter(answer(np.array(coloured), gallery, threshold) if coloured else []), iter(without)
    return [next(told if face.colourless is None else untold) for face in faces]
