"""What detector weights see where it is hard: the pictures with drawn boxes turned, half covered, grey, red, as pencil
drawings, the demo's drawn pictures, and bodies without a face.

    python -m recipes.detector.stress --data ../shared/data --labels LABELS WEIGHTS [WEIGHTS ...]

WEIGHTS is a file, or a folder of fold weights (each character's pictures are seen by those that saw none of them).
Two sizes always, no second look, no turning: what the network itself sees. Recall is centred.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from core.imaging.boxes import Box, Detection
from core.settings import ROOT
from core.vision.agreement import agreed
from core.vision.cells import tidy, turned_back
from core.vision.cnn import FIRST, FLOOR, CnnDetector
from core.vision.matching import centred, match_detections
from core.vision.tiling import parts_of
from recipes.detector.measure import Labelled, load_web, read_rgb
from recipes.detector.second_look import DEMO, draw
from recipes.detector.sources import held_out, load_labels

LONGEST = 900
"""Longest side of the altered pictures, pixels."""
COVERED = ((-0.1, 0.15, 1.2, 0.4), (-0.2, -0.2, 0.7, 1.4), (0.5, -0.2, 0.7, 1.4), (-0.1, 0.5, 1.2, 0.6))
"""What is covered of a face, in sides of its box: the eyes, its left, its right half, the lower one."""


def reduced(picture: Labelled) -> Labelled:
    """At most LONGEST pixels long; strips stay."""
    sides = picture.rgb.shape[:2]
    factor = LONGEST / max(sides)
    if factor >= 1 or max(sides) >= 3 * min(sides):
        return picture
    rgb = cv2.resize(picture.rgb, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return replace(picture, rgb=rgb, boxes=tuple(box.scale(factor) for box in picture.boxes))


def turned(picture: Labelled) -> Labelled:
    """By 90 degrees to the left."""
    rgb = np.ascontiguousarray(np.rot90(picture.rgb))
    return replace(picture, rgb=rgb, boxes=tuple(turned_back(box, 3, rgb.shape) for box in picture.boxes))


def covered(picture: Labelled, rng: np.random.Generator, cloth: list[np.ndarray]) -> Labelled:
    """Each face half covered, by a piece of cloth or a flat colour."""
    rgb = picture.rgb.copy()
    for box in picture.boxes:
        x, y, w, h = COVERED[rng.integers(len(COVERED))]
        part = Box(box.x + x * box.w, box.y + y * box.h, w * box.w, h * box.h).clip(rgb.shape[1], rgb.shape[0])
        if part is None:
            continue
        left, top, right, bottom = map(round, (part.x, part.y, part.right, part.bottom))
        if right - left < 2 or bottom - top < 2:
            continue
        piece = cloth[rng.integers(len(cloth))]
        if rng.random() < 0.6:
            rgb[top:bottom, left:right] = cv2.resize(piece, (right - left, bottom - top), interpolation=cv2.INTER_AREA)
        else:
            rgb[top:bottom, left:right] = rng.integers(0, 256, 3)
    return replace(picture, rgb=rgb)


def grey(rgb: np.ndarray) -> np.ndarray:
    return np.repeat(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)[..., None], 3, 2)


def red(rgb: np.ndarray) -> np.ndarray:
    """From a dark to a bright red."""
    low, high = np.array([90, 5, 10]), np.array([235, 70, 60])
    return (low + (high - low) * (grey(rgb) / 255)).astype(np.uint8)


def sketch(rgb: np.ndarray) -> np.ndarray:
    """OpenCV's pencil filter, which is not the one of the training scenes."""
    return cv2.cvtColor(cv2.pencilSketch(rgb, sigma_s=40, sigma_r=0.08, shade_factor=0.05)[0], cv2.COLOR_GRAY2RGB)


def bodies(data: Path, labels: Path) -> list[np.ndarray]:
    """What lies below the face on cards of Touhou characters that no detector saw: squares, and the rest below."""
    found = []
    for name, label in sorted(load_labels(labels).items()):
        if not (name.startswith("pictures/touhou") and held_out(name)):
            continue
        rgb, top = read_rgb(data / name), int(label.box.bottom + 0.35 * label.box.h)
        side = min(rgb.shape[0] - top, rgb.shape[1])
        left = (rgb.shape[1] - side) // 2
        for start, end in ((top, top + side), (top + side, rgb.shape[0])):
            if end - start >= 80:
                found.append(np.ascontiguousarray(rgb[start:end, left : left + side]))
    return found


def two_looks(detector: CnnDetector, rgb: np.ndarray) -> list[Detection]:
    """What the network sees at both sizes, in doubt or not."""
    found: list[Detection] = []
    for part in parts_of(rgb):
        near = detector._boxes([part.pixels], detector.spec.side, mirrored=True)[0]
        far = detector._boxes([part.pixels], round(FIRST * detector.spec.side))[0]
        both = agreed([tidy(boxes, part.pixels.shape) for boxes in (far, near)], unseen=FLOOR)
        moved = (Detection(one.box.shift(part.x, part.y), one.score) for one in both)
        found += [one for one in moved if part.believes(one.box, one.score)]
    return tidy(found, rgb.shape)


def seen_by(weights: Path) -> Callable[[Labelled], list[Detection]]:
    """How a picture is looked at with a file of weights, or with those of a folder that saw none of its character."""
    if weights.is_file():
        detector = CnnDetector.load(weights)
        return lambda picture: two_looks(detector, picture.rgb)
    folds = {path.parent.name: CnnDetector.load(path) for path in weights.glob("*/detector.safetensors")}
    any_fold = folds[min(folds)]
    return lambda picture: two_looks(folds.get(picture.character, any_fold), picture.rgb)


def row(name: str, look: Callable[[Labelled], list[Detection]], pictures: Iterable[Labelled]) -> tuple[str, float]:
    """Recall where precision is .90, .95, .97 and .98; and the score of .95."""
    pictures = list(pictures)
    matches = match_detections([look(picture) for picture in pictures], [p.boxes for p in pictures], centred)
    recalls = (matches.at(matches.operating_point(p)).recall for p in (0.9, 0.95, 0.97, 0.98))
    return f"| {name} | " + " | ".join(f"{recall:.3f}" for recall in recalls) + " |", matches.operating_point(0.95)


def main(argv: list[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m recipes.detector.stress", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--labels", type=Path, required=True, help="boxes of figures, from recipes.detector.labels")
    parser.add_argument("weights", type=Path, nargs="+", help="files, or folders of fold weights")
    args = parser.parse_args(argv)
    web, cloth = load_web(args.data), bodies(args.data, args.labels)
    small, rng = [reduced(picture) for picture in web], np.random.default_rng(5)
    sets = {
        "as they are": web,
        "turned by 90 degrees": [turned(picture) for picture in small],
        "half covered": [covered(picture, rng, cloth) for picture in small],
        "grey": [replace(picture, rgb=grey(picture.rgb)) for picture in small],
        "red": [replace(picture, rgb=red(picture.rgb)) for picture in small],
        "pencil": [replace(picture, rgb=sketch(picture.rgb)) for picture in small],
        "the demo's drawn": draw(*DEMO),
    }
    for weights in args.weights:
        look = seen_by(weights)
        print(f"{weights}\n| pictures | recall at precision .90 | .95 | .97 | .98 |\n|---|---|---|---|---|")
        points = {}
        for name, pictures in sets.items():
            line, points[name] = row(name, look, pictures)
            print(line, flush=True)
        highest = [max((one.score for one in look(Labelled("", rgb, (), ()))), default=0.0) for rgb in cloth]
        share = np.mean(np.array(highest) >= points["as they are"])
        print(f"Bodies without a face that get a box at the score of .95: {share:.3f} of {len(cloth)}")


if __name__ == "__main__":
    main()
