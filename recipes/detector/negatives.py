"""Pieces of figures and drawn pictures that a detector takes for faces, though they show none: hands, cloth, circles.

    python -m recipes.detector.negatives --data ../shared/data --labels LABELS --weights WEIGHTS --drawn DRAWN --out OUT

A whole figure shows one face, whose box is known: whatever else scores LEAST is cut out with some surroundings, as far
as they reach without touching the face. Bodies below the face are looked at enlarged, for that is where most are found.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from core.imaging.boxes import Box
from core.vision.cnn import CnnDetector
from recipes.detector.labels import read_rgb
from recipes.detector.sources import held_out, load_drawn, load_labels

LEAST = 0.1
"""Score from which a piece without a face is hard."""
AROUND = 1.7
"""Side of a piece over its box's longer side."""
KNOWN = 0.5
"""Score of a figure's label from which its face is known well enough to say that the rest is none."""


def pieces_of(detector: CnnDetector, rgb: np.ndarray, faces: tuple[Box, ...]) -> list[tuple[np.ndarray, float]]:
    """Square pieces (uint8) that score LEAST without touching a face, and their scores."""
    found = []
    for part, top in parts_of(rgb, faces):
        for one in detector.look([part], LEAST)[0]:
            box = one.box.shift(0, top)
            piece = surroundings(box, faces, rgb.shape)
            if piece is not None:
                x, y, right, bottom = (round(v) for v in (piece.x, piece.y, piece.right, piece.bottom))
                found.append((rgb[y:bottom, x:right], one.score))
    return found


def parts_of(rgb: np.ndarray, faces: tuple[Box, ...]) -> Iterator[tuple[np.ndarray, int]]:
    """The whole picture, and the square below the lowest face, with the row where each begins."""
    yield rgb, 0
    top = int(max((face.bottom + 0.2 * face.h for face in faces), default=rgb.shape[0]))
    for begin in (top, top + rgb.shape[1]):
        if rgb.shape[0] - begin >= 64:
            yield np.ascontiguousarray(rgb[begin : begin + rgb.shape[1]]), begin


def surroundings(box: Box, faces: tuple[Box, ...], shape: tuple[int, ...]) -> Box | None:
    """The square around a box inside the picture, made smaller until it touches no face; None where it always does."""
    side = max(box.w, box.h)
    for share in np.linspace(AROUND, 0.8, 6):
        piece = Box.from_centre(*box.centre, share * side, share * side).clip(shape[1], shape[0])
        if piece is not None and min(piece.w, piece.h) >= 12 and all(piece.intersection(f) == 0 for f in faces):
            return piece
    return None


def mine(data: Path, labels: Path, weights: Path, drawn: Path, out: Path) -> int:
    """Write the pieces as PNG files and their scores beside them; how many there are."""
    detector = CnnDetector.load(weights)
    out.mkdir(parents=True, exist_ok=True)
    known = ((name, label.box) for name, label in load_labels(labels).items() if label.score >= KNOWN)
    figures = (
        (read_rgb(data / name)[0], (box.pad(0.08),))
        for name, box in known
        if name.startswith("pictures/") and not held_out(name)
    )
    painted = ((sprite.decode()[0], sprite.boxes) for sprite in load_drawn(drawn))
    rows: list[dict[str, object]] = []
    for pictures in (figures, painted):
        for rgb, faces in pictures:
            for piece, score in pieces_of(detector, rgb, faces):
                name = f"{len(rows):05d}.png"
                cv2.imwrite(str(out / name), piece[..., ::-1])
                rows.append({"picture": name, "score": round(score, 3)})
    (out / "pieces.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return len(rows)


def load_pieces(folder: Path) -> list[np.ndarray]:
    """The pieces that `mine` wrote, uint8 RGB."""
    names = [json.loads(line)["picture"] for line in (folder / "pieces.jsonl").read_text().splitlines()]
    return [read_rgb(folder / name)[0] for name in names]


def main(argv: list[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m recipes.detector.negatives", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder with faces/ and pictures/")
    parser.add_argument("--labels", type=Path, required=True, help="boxes of figures, from recipes.detector.labels")
    parser.add_argument("--weights", type=Path, required=True, help="the detector that takes them for faces")
    parser.add_argument("--drawn", type=Path, required=True, help="folder of drawn pictures; made where it is absent")
    parser.add_argument("--out", type=Path, required=True, help="folder for the pieces")
    args = parser.parse_args(argv)
    print(f"{args.out}: {mine(args.data, args.labels, args.weights, args.drawn, args.out)} pieces")


if __name__ == "__main__":
    main()
