"""The label-noise guard of a training: which labels look wrong to the encoder before it, and which after it.

Batch-hard triplets learn most from wrong labels, so they are listed before the first step. A training learns the labels
that it is given, wrong ones too: what it still doubts afterwards deserves a look first, but what it no longer doubts
is not therefore right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.atomic import write_json
from core.documents import parse_json
from core.errors import DataError
from core.similarity.label_errors import find_label_errors

SUSPECTS = "suspects.json"


@dataclass(frozen=True, slots=True)
class FaceLabelError:
    """A face of the catalogue whose label looks wrong: like whom, and how much (0 to 1)."""

    face: int
    label: str
    looks_like: str
    score: float


@dataclass(frozen=True, slots=True)
class LabelErrors:
    """Worst first. before: None where the training began from weights that know no faces; after: None until it ends."""

    before: tuple[FaceLabelError, ...] | None = None
    after: tuple[FaceLabelError, ...] | None = None

    @property
    def words(self) -> str:
        """For a person: how many labels look wrong."""
        if self.before is None and self.after is None:
            return ""
        if self.before is None:
            return f"{_labels(self.after)} after training."
        if self.after is None:
            return f"{_labels(self.before)} before training."
        return f"{_labels(self.before)} before training, {len(self.after)} after it."

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)

    def save(self, folder: Path) -> None:
        """Write suspects.json."""
        write_json(folder / SUSPECTS, self.as_dict())


def read_label_errors(folder: Path) -> LabelErrors:
    """Those of a training's folder; none where it has no list. Raises DataError for a broken one."""
    path = Path(folder) / SUSPECTS
    try:
        values = parse_json(path.read_text(encoding="utf-8")) if path.is_file() else {}
        parts = {
            key: None if rows is None else tuple(FaceLabelError(**row) for row in rows) for key, rows in values.items()
        }
        return LabelErrors(**parts)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        what_to_do = "Delete the file, or train anew."
        raise DataError(f"{path} is not the list of a training's doubtful labels ({error}). {what_to_do}") from error


def face_label_errors(
    embeddings: np.ndarray, labels: Sequence[str], faces: Sequence[int]
) -> tuple[FaceLabelError, ...]:
    """The doubtful of some faces (ids of the catalogue) with these embeddings (n, d) and labels, worst first."""
    return tuple(
        FaceLabelError(faces[one.index], one.label, one.looks_like, round(one.score, 4))
        for one in find_label_errors(embeddings, labels)
    )


def _labels(found: Sequence[FaceLabelError] | None) -> str:
    n = len(found or ())
    return f"{n} label looks wrong" if n == 1 else f"{n} labels look wrong"
