"""What a look at pictures brings: for each face its proposal, quality, crop and, where asked for, its embedding.

It knows no catalogue, so that it can be done in this process or in workers on other machines.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.crop.findings import Finding, Proposal
from core.imaging.framing import face_crop
from core.imaging.reading import read_picture
from core.workspace.crops import Crop
from core.workspace.tables import Picture

Embed = Callable[[Sequence[np.ndarray]], np.ndarray]
"""Crops (uint8 RGB) as face_crop cuts them -> float32 (n, d), L2-normalised."""


@dataclass(frozen=True, slots=True)
class SeenFace:
    """A face: its proposal, its quality (0 to 1), the crop of one that is kept, its embedding float32 (d,) or None."""

    proposal: Proposal
    quality: float
    crop: Crop | None = None
    vector: np.ndarray | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """All faces of one picture and the review state that follows."""

    review: str
    faces: tuple[SeenFace, ...]


@dataclass(frozen=True, slots=True)
class Unread:
    """A picture that could not be read, why, in a sentence, and whether there was no file where it was looked for."""

    picture: Picture
    why: str
    missing: bool = False


@dataclass(frozen=True)
class Looked:
    """Some pictures that were looked at, what was seen on each, and others that could not be read."""

    pictures: Sequence[Picture] = ()
    seen: Sequence[Seen] = ()
    unread: Sequence[Unread] = ()

    def __len__(self) -> int:
        return len(self.pictures) + len(self.unread)


def cut_faces(rgb: np.ndarray, finding: Finding) -> Seen:
    """The faces found on a picture (uint8 RGB, height x width x 3), those that are kept with their crops."""
    return Seen(finding.review, tuple(_cut(rgb, one) for one in finding.proposals))


def embedded(pictures: Sequence[np.ndarray], seen: Sequence[Seen], embed: Embed) -> list[Seen]:
    """The same with the embeddings of all faces, of the pixels that are read back later: a kept face's from its file's
    bytes, a proposal's from the picture."""
    crops = [_pixels(rgb, face) for rgb, one in zip(pictures, seen, strict=True) for face in one.faces]
    if not crops:
        return list(seen)
    vectors = iter(embed(crops))
    return [replace(one, faces=tuple(replace(face, vector=next(vectors)) for face in one.faces)) for one in seen]


def _cut(rgb: np.ndarray, proposal: Proposal) -> SeenFace:
    from core.vision.quality import face_quality

    pixels = face_crop(rgb, proposal.detection.box)
    quality = face_quality(pixels, proposal.detection.box, rgb.shape)
    return SeenFace(proposal, quality, Crop.of(pixels) if proposal.kept else None)


def _pixels(rgb: np.ndarray, face: SeenFace) -> np.ndarray:
    if face.crop is None:
        return face_crop(rgb, face.proposal.detection.box)
    return read_picture(face.crop.data)
