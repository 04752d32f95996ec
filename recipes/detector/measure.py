"""How well and how fast faces are found: the cascade as in the article, the sensitive cascade, and cnn.

    python -m recipes.detector.measure --data ../shared/data [--folds .scratch/det/folds] [--weights WEIGHTS]

Measured on the pictures with drawn boxes. cnn is measured by folds: each character's pictures with weights that saw
none of them (`FOLDS/<character>/detector.safetensors`, made by the steps in docs/detector.md). Without fold weights
cnn is measured with the shipped weights, which were trained on these very pictures, and the table says so.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from core.imaging.boxes import Box, Detection
from core.settings import ROOT, Settings
from core.vision.cascade import PRESETS, CascadeDetector, find_cascade
from core.vision.detector import WEIGHTS, Detector
from core.vision.matching import RULES, assign, centred, match_detections

LOOSE = 0.02
FEW = 20
"""Poses with fewer faces are told as counts."""


@dataclass(frozen=True)
class Labelled:
    """One picture with its drawn boxes."""

    name: str
    rgb: np.ndarray
    boxes: tuple[Box, ...]
    poses: tuple[str, ...]

    @property
    def character(self) -> str:
        """The folder's name: the fold."""
        return self.name.split("/")[0]


@dataclass(frozen=True)
class Result:
    """What one detector found on all pictures (boxes down to a low score), its operating point, and its speed."""

    name: str
    found: list[list[Detection]]
    score: float
    per_second: float | None


def read_rgb(path: Path) -> np.ndarray:
    """uint8 HxWx3."""
    return cv2.cvtColor(cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)


def load_web(data: Path) -> list[Labelled]:
    """The pictures of boxes.jsonl."""
    folder = data / "pictures" / "web"
    rows = [json.loads(line) for line in (folder / "boxes.jsonl").read_text().splitlines()]
    return [
        Labelled(
            row["picture"],
            read_rgb(folder / row["picture"]),
            tuple(Box(*face["box"]) for face in row["faces"]),
            tuple(face["pose"] for face in row["faces"]),
        )
        for row in rows
    ]


def speed(detector: Detector, pictures: Sequence[np.ndarray]) -> float:
    """Pictures per second at the operating point on every third picture, already in memory, after a warm-up."""
    pictures = pictures[::3]
    detector.detect_many(pictures[:8])
    start = time.perf_counter()
    detector.detect_many(pictures)
    return len(pictures) / (time.perf_counter() - start)


def run(detector: Detector, pictures: list[Labelled], *, rate: bool = True) -> Result:
    """Find everything, down to low scores, and time the operating point."""
    plain = [picture.rgb for picture in pictures]
    return Result(
        detector.name,
        detector.detect_many(plain, min_score=LOOSE),
        detector.operating_point,
        speed(detector, plain) if rate else None,
    )


def run_folds(folds: Path, pictures: list[Labelled], precision: float = 0.95, *, rate: bool = True) -> Result:
    """cnn, each character by the weights that never saw it; one operating point for all, at this precision."""
    from core.vision.cnn import CnnDetector

    found: list[list[Detection]] = [[] for _ in pictures]
    for character in sorted({picture.character for picture in pictures}):
        detector = CnnDetector.load(folds / character / "detector.safetensors")
        if detector.provenance.get("without") != character:
            raise SystemExit(f"{folds / character} was not trained without {character}: {detector.provenance}")
        where = [i for i, picture in enumerate(pictures) if picture.character == character]
        for i, boxes in zip(
            where, detector.detect_many([pictures[i].rgb for i in where], min_score=LOOSE), strict=True
        ):
            found[i] = boxes
    score = match_detections(found, [p.boxes for p in pictures], centred).operating_point(precision)
    return Result("cnn, by folds", found, score, speed(detector, [p.rgb for p in pictures]) if rate else None)


def table(results: list[Result], pictures: list[Labelled]) -> str:
    """Recall, precision, F1 at the operating point by both rules; recall at precision 0.95; pictures per second."""
    truth = [picture.boxes for picture in pictures]
    lines = [
        "| detector | hit | recall | precision | F1 | recall at precision 0.95 | pictures/s |",
        "|---|---|---|---|---|---|---|",
    ]
    for result in results:
        for rule_name, rule in RULES.items():
            matches = match_detections(result.found, truth, rule)
            m = matches.at(result.score)
            best = matches.at(matches.operating_point(0.95))
            rate = f"{result.per_second:.1f}" if result.per_second else ""
            lines.append(
                f"| {result.name} | {rule_name} | {m.recall:.3f} | {m.precision:.3f} | {m.f1:.3f} "
                f"| {best.recall:.3f} | {rate} |"
            )
    return "\n".join(lines)


def by_group(results: list[Result], pictures: list[Labelled], groups: list[list[str]], title: str) -> str:
    """Recall (centred, at the operating point) of each group of faces; counts where there are few."""
    names = sorted({name for row in groups for name in row})
    totals = {name: sum(row.count(name) for row in groups) for name in names}
    lines = [f"| {title} | " + " | ".join(f"{n} ({totals[n]})" for n in names) + " |", "|---" * (len(names) + 1) + "|"]
    for result in results:
        hits = dict.fromkeys(names, 0)
        for found, picture, row in zip(result.found, pictures, groups, strict=True):
            for index in assign([d for d in found if d.score >= result.score], picture.boxes, centred):
                if index >= 0:
                    hits[row[index]] += 1
        cells = [f"{hits[n]} of {totals[n]}" if totals[n] < FEW else f"{hits[n] / totals[n]:.3f}" for n in names]
        lines.append(f"| {result.name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def one_face_share(detector: Detector, data: Path, held_out_only: bool) -> tuple[int, int]:
    """On pictures/touhou, which show one character each: (pictures with exactly one box, pictures)."""
    from recipes.detector.sources import held_out

    paths = sorted(p for p in (data / "pictures" / "touhou").rglob("*") if p.is_file())
    paths = [p for p in paths if not held_out_only or held_out(p.relative_to(data).as_posix())]
    counts = [len(boxes) for boxes in detector.detect_many([read_rgb(p) for p in paths])]
    return sum(n == 1 for n in counts), len(counts)


def main(argv: list[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m recipes.detector.measure", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--folds", type=Path, default=ROOT / ".scratch" / "det" / "folds")
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--cascade", type=Path, help="the cascade's file, if it is not where the settings say")
    parser.add_argument("--raw", action="store_true", help="also the cascade's boxes as OpenCV returns them")
    args = parser.parse_args(argv)
    pictures = load_web(args.data)
    beside = args.data / "lbpcascade_animeface.xml"
    xml = args.cascade or (beside if beside.is_file() else find_cascade(Settings()))
    cascades = ("cascade-raw", "cascade", "cascade-sensitive") if args.raw else ("cascade", "cascade-sensitive")
    results = [run(CascadeDetector(xml, PRESETS[name]), pictures) for name in cascades]
    from core.vision.cnn import CnnDetector

    if all((args.folds / p.character / "detector.safetensors").is_file() for p in pictures):
        results.append(run_folds(args.folds, pictures))
    elif args.weights.is_file():
        detector = CnnDetector.load(args.weights)
        result = run(detector, pictures)
        results.append(Result("cnn, TRAINED ON THESE PICTURES", result.found, result.score, result.per_second))
    print(f"{len(pictures)} pictures, {sum(len(p.boxes) for p in pictures)} faces (pictures/web)\n")
    print(table(results, pictures) + "\n")
    print("Recall, centred, at the operating point:\n")
    print(by_group(results, pictures, [list(p.poses) for p in pictures], "pose") + "\n")
    print(by_group(results, pictures, [[p.character] * len(p.boxes) for p in pictures], "character") + "\n")
    if args.weights.is_file():
        detector = CnnDetector.load(args.weights)
        one, n = one_face_share(detector, args.data, False)
        one_out, n_out = one_face_share(detector, args.data, True)
        print(f"Touhou pictures (one face each) on which {args.weights.name} finds exactly one: {one / n:.3f} of {n};")
        print(f"of the characters that were never trained on: {one_out / n_out:.3f} of {n_out}")


if __name__ == "__main__":
    main()
