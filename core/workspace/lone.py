"""A face that comes without a picture around it: a crop that somebody enrolled, or said something about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.workspace.catalogue import Catalogue
from core.workspace.states import FaceState, Kind, ReviewState
from core.workspace.tables import Face
from core.workspace.transaction import StagedCrop, Transaction


@dataclass(frozen=True)
class LoneFace:
    """A crop (uint8 HxWx3) that comes without a picture; `stem` names its file, `source` says where it came from.

    framing: FACE_CROP where face_crop cut it; empty where somebody else framed it.
    """

    rgb: np.ndarray
    stem: str = "enrolled"
    source: str = "enrolled"
    framing: str = ""


def add_lone_face(
    tx: Transaction,
    character_id: int | None,
    crop: StagedCrop,
    shape: tuple[int, ...],
    stem: str,
    source: str,
    *,
    framing: str = "",
    **values: Any,
) -> int:
    """A face without a picture around it, and the picture that stands for it. `values`: more columns. The face's id."""
    height, width = shape[:2]
    about = {"character_id": character_id, **crop.hashes}
    picture = {"kind": Kind.FACE, "source": source, "review": ReviewState.DONE, "width": width, "height": height}
    picture_id = tx.add_picture(picture | about)
    face: dict[str, Any] = {
        "picture_id": picture_id,
        "character_id": character_id,
        "detector": tx.who,
        "score": 1.0,
        "framing": framing,
    }
    face |= {"w": float(width), "h": float(height), "state": FaceState.KEPT}
    return tx.add_face(face | values, stem, crop)


def same_crop(
    catalogue: Catalogue, sha256: str, *, states: Iterable[FaceState] = (FaceState.KEPT,), unnamed: bool = False
) -> Face | None:
    """The face whose crop has the same bytes, where there is one: a query that was corrected before."""
    only = {"character_id": None} if unnamed else {}
    found = catalogue.faces(sha256=sha256, state=list(states), copy_of=None, **only)
    return found[0] if found else None
