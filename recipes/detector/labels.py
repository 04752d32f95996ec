"""First boxes for face crops and figures that have none: the cascade's best guess on each.

The crops of shared/data/faces and the figures of shared/data/pictures hold one face each but no box. The cascade is
run on each, enlarged, with a border, plain and mirrored, and its best box kept. `recipes.detector.train --relabel`
replaces these with the boxes of the network trained on them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from core.imaging.boxes import Box, Detection
from core.settings import Settings
from core.vision.cascade import CascadeDetector, CascadePreset, find_cascade

GREY = 205
"""The colour behind the transparent parts of the crops."""
OTHER = 0.25
"""Score from which a second face on a crop may be one: it then counts neither way."""
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


def label_with_network(
    data: Path, weights: Path, out: Path, *, keep: Path | None = None, below: float = 0.5, batch: int = 64
) -> None:
    """The same rows from a trained network: the mean of what it says on the picture and on its mirror image.

    The score is the mean too, so that what only one view found stays low. With `keep`, rows of that file that score
    at least `below` are taken over, and only the doubtful ones looked at again. One file, written at once.
    """
    from core.vision.cnn import CnnDetector

    rows = [json.loads(line) for line in keep.read_text().splitlines()] if keep else []
    rows = [row for row in rows if (row["score"] or 0) >= below]
    sure = {row["picture"] for row in rows}
    names = [(kind, name) for kind, name in unboxed(data) if name not in sure]
    detectors = {kind: CnnDetector.load(weights) for kind in ("crop", "figure")}
    for kind, side in (("crop", 208), ("figure", 384)):
        detectors[kind].spec = replace(detectors[kind].spec, side=side, mirrored=False)
    for kind, pad_share in (("crop", 0.25), ("figure", 0.0)):
        chosen = [name for k, name in names if k == kind]
        for start in range(0, len(chosen), batch):
            part = chosen[start : start + batch]
            pictures = [read_rgb(data / name)[0] for name in part]
            pads = [round(pad_share * max(rgb.shape[:2])) for rgb in pictures]
            pictures = [
                cv2.copyMakeBorder(rgb, pad, pad, pad, pad, cv2.BORDER_REPLICATE)
                for rgb, pad in zip(pictures, pads, strict=True)
            ]
            mirrored = detectors[kind].look([np.ascontiguousarray(p[:, ::-1]) for p in pictures], 0.05)
            views = [
                detectors[kind].look(pictures, 0.05),
                [_mirrored(found, p.shape[1]) for found, p in zip(mirrored, pictures, strict=True)],
            ]
            for k, name in enumerate(part):
                best, *others = faces_of([view[k] for view in views]) or [None]
                box = best and best[0].shift(-pads[k], -pads[k]).as_list()
                row = {"picture": name, "kind": kind, "box": box, "score": best and round(best[1], 4)}
                # A figure shows one face, so what else is seen on it is none; a crop may show a second one.
                if kind == "crop" and others:
                    row["others"] = [other.shift(-pads[k], -pads[k]).as_list() for other, _ in others]
                rows.append(row)
    temporary = out.with_name(f".{out.name}.part")
    temporary.write_text("".join(json.dumps(row) + "\n" for row in rows))
    temporary.replace(out)


def faces_of(views: list[list[Detection]]) -> list[tuple[Box, float]]:
    """The face that the views agree on best, whatever its score, and others that score OTHER and hardly touch it."""
    found: list[tuple[Box, float]] = []
    while best := agree(views):
        if found and best[1] < OTHER:
            break
        found.append(best)
        views = [[d for d in view if d.box.iou(best[0]) < 0.2] for view in views]
    return found


def agree(views: list[list[Detection]]) -> tuple[Box, float] | None:
    """The face that several views of one picture agree on best: the mean of its boxes, weighted by score, and the
    mean score over all views (0 where a view does not see it)."""
    best: tuple[Box, float] | None = None
    for seed in (view[0] for view in views if view):
        matching = [
            max((d for d in v if d.box.iou(seed.box) >= 0.4), key=lambda d: d.score, default=None) for v in views
        ]
        found = [d for d in matching if d is not None]
        weights = np.array([d.score for d in found])
        score = float(weights.sum() / len(views))
        if best is None or score > best[1]:
            values = np.array([(d.box.x, d.box.y, d.box.w, d.box.h) for d in found])
            best = Box(*map(float, (values * weights[:, None]).sum(0) / weights.sum())), score
    return best


def _mirrored(found: list[Detection], width: int) -> list[Detection]:
    return [Detection(Box(width - d.box.right, d.box.y, d.box.w, d.box.h), d.score) for d in found]


def main(argv: list[str] | None = None) -> None:
    """Command line: python -m recipes.detector.labels --data ../shared/data --out LABELS.jsonl [--weights WEIGHTS]"""
    parser = argparse.ArgumentParser(prog="python -m recipes.detector.labels", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder with faces/ and pictures/")
    parser.add_argument("--out", type=Path, required=True, help="where the boxes are written, one JSON line a picture")
    parser.add_argument("--weights", type=Path, help="label with this network; without: with the cascade")
    parser.add_argument("--keep", type=Path, help="rows to take over where they score at least 0.5")
    args = parser.parse_args(argv)
    if args.weights:
        label_with_network(args.data, args.weights, args.out, keep=args.keep)
    else:
        label_with_cascade(args.data, args.out)


if __name__ == "__main__":
    main()
