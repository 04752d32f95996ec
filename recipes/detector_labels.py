"""First boxes for face crops and figures that have none: the cascade's best guess on each.

The crops of shared/data/faces and the figures of shared/data/pictures hold one face each but no box. The cascade is
run on each, enlarged, with a border, plain and mirrored, and its best box kept. `recipes.train_detector --relabel`
replaces these with the boxes of the network trained on them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from core.settings import Settings
from core.values import Box
from core.vision.cascade import CascadeDetector, CascadePreset, find_cascade

GREY = 205
"""The colour behind the transparent parts of the crops."""
PICTURES = {".jpg", ".jpeg", ".png", ".webp"}


def read_rgb(path: Path, behind: int = GREY) -> tuple[np.ndarray, np.ndarray | None]:
    """Pixels (uint8 HxWx3 RGB) and alpha (uint8 HxW, None where there is none); transparent parts in grey."""
    pixels = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels.ndim == 2:
        return cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB), None
    if pixels.shape[2] == 3:
        return cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), None
    rgb, alpha = cv2.cvtColor(pixels[..., :3], cv2.COLOR_BGR2RGB), pixels[..., 3]
    share = alpha[..., None] / 255.0
    return (rgb * share + behind * (1 - share)).astype(np.uint8), alpha


def unboxed(data: Path) -> Iterator[tuple[str, str]]:
    """(kind, path relative to data) of every crop and figure that comes without a box."""
    for kind, folder in (("crop", "faces"), ("figure", "pictures/touhou"), ("figure", "pictures/warship_girls")):
        for path in sorted((data / folder).rglob("*")):
            if path.suffix.lower() in PICTURES:
                yield kind, path.relative_to(data).as_posix()


def guess(detector: CascadeDetector, rgb: np.ndarray, kind: str) -> tuple[Box, float] | None:
    """The cascade's best box on a picture with one face, and its score; None where it finds none."""
    pad = round(0.25 * max(rgb.shape[:2])) if kind == "crop" else 0
    framed = cv2.copyMakeBorder(rgb, pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    found = detector.detect(framed, min_score=0.1)
    if not found:
        return None
    return found[0].box.shift(-pad, -pad), found[0].score


def label_with_cascade(data: Path, out: Path, settings: Settings | None = None) -> None:
    """Write one JSON line a picture: {"picture", "kind", "box" or null, "score"}; goes on where it was left."""
    xml = find_cascade(settings)
    crops = CascadeDetector(xml, CascadePreset("crops", 1.1, 3, 60, sides=(220, 220), mirrored=True))
    figures = CascadeDetector(xml, CascadePreset("figures", 1.08, 3, 24, sides=(600, 600), mirrored=True))
    done = {json.loads(line)["picture"] for line in out.read_text().splitlines()} if out.exists() else set()
    with out.open("a") as file:
        for kind, name in unboxed(data):
            if name in done:
                continue
            found = guess(crops if kind == "crop" else figures, read_rgb(data / name)[0], kind)
            row = {"picture": name, "kind": kind, "box": found and found[0].as_list(), "score": found and found[1]}
            file.write(json.dumps(row) + "\n")
            file.flush()
