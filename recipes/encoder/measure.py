"""What an encoder makes of characters that it has never seen, source by source: the figures of the model card.

    python -m recipes.encoder.measure --encoder FILE --web ../shared/data/pictures/web

Measured are the characters that the same --hold-out options keep from `recipes.encoder.pretrain`; with --web also
faces cut from pictures by their true boxes, single faces only; with --drawn also drawn characters. --framing given
takes the stored crops as they are, auto as the app takes ready-made ones.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import cv2
import numpy as np

from core.drawn import cast
from core.drawn.picture import draw_face
from core.imaging.boxes import Box
from core.imaging.framing import face_crop
from core.vision.encoder import Encoder, load_encoder
from core.vision.reframing import AUTO, FRAMINGS, GIVEN
from recipes.encoder.faces import Faces, held_out, load_faces
from recipes.encoder.few_shot import few_shot


def measure(
    encoder: Encoder, faces: Faces, *, shots: int = 5, draws: int = 20, max_faces: int = 150, framing: str = AUTO
) -> dict[str, dict]:
    """Few-shot figures of each source, at most `max_faces` faces a character; touhou also with 3 enrolled."""
    rng = np.random.default_rng(0)
    figures = {}
    for source in sorted(set(faces.sources)):
        chosen = [
            rng.permutation(np.flatnonzero(faces.labels == i))[:max_faces]
            for i in np.flatnonzero(faces.sources == source)
        ]
        rows = np.concatenate(chosen)
        vectors = encoder.embed(list(faces.pixels[rows]), framing=framing)
        figures[source] = asdict(few_shot(vectors, faces.labels[rows], shots=shots, draws=draws))
        if source == "touhou":
            figures["touhou, 3 enrolled"] = asdict(few_shot(vectors, faces.labels[rows], shots=3, draws=draws))
    return figures


def web_faces(folder: Path) -> tuple[list[np.ndarray], np.ndarray]:
    """Faces in the one framing from the pictures of a boxes.jsonl that show one face, and their labels."""
    rows = [json.loads(line) for line in (folder / "boxes.jsonl").read_text(encoding="utf-8").splitlines()]
    crops, names = [], []
    for row in rows:
        if len(row["faces"]) != 1 or row.get("note", "").startswith("same"):
            continue
        picture = cv2.imdecode(np.fromfile(folder / row["picture"], np.uint8), cv2.IMREAD_COLOR)
        if picture is not None:
            crops.append(face_crop(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), Box(*row["faces"][0]["box"])))
            names.append(row["picture"].split("/")[0])
    return crops, np.unique(names, return_inverse=True)[1]


def drawn_faces(characters: int, *, faces: int = 9, seed: int = 11) -> tuple[list[np.ndarray], np.ndarray]:
    """So many faces of each of so many drawn characters, and their labels."""
    crops = [draw_face(one, 1000 + k) for one in cast(characters, seed) for k in range(faces)]
    return crops, np.repeat(np.arange(characters), faces)


def measure_others(encoder: Encoder, web: Path | None, drawn: int) -> dict[str, dict]:
    """Few-shot figures of what no training has: web pictures where there are any, and so many drawn characters."""
    figures = {}
    if web:
        crops, labels = web_faces(web)
        figures["web pictures"] = asdict(few_shot(encoder.embed(crops, framing=GIVEN), labels))
    if drawn:
        crops, labels = drawn_faces(drawn)
        figures["drawn"] = asdict(few_shot(encoder.embed(crops, framing=GIVEN), labels, shots=3))
    return figures


def tell(figures: dict[str, dict]) -> None:
    """The table of few-shot figures."""
    for name, f in figures.items():
        print(
            f"  {name:20s} {f['characters']:3d} characters {f['faces']:5d} faces, {f['shots']} enrolled: "
            f"top1 {f['top1']:.3f} +- {f['spread']:.3f}  EER {f['eer']:.3f}",
            flush=True,
        )


def faces_a_second(encoder: Encoder, faces: Sequence[np.ndarray]) -> float:
    """How many faces are embedded in a second, best of three."""
    best = 0.0
    for _ in range(3):
        start = time.perf_counter()
        encoder.embed(faces, framing=GIVEN)
        best = max(best, len(faces) / (time.perf_counter() - start))
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--faces", type=Path, default=Path("../shared/data/faces"))
    parser.add_argument("--cache", type=Path, default=Path(".scratch/faces"))
    parser.add_argument("--encoder", default="pretrained")
    parser.add_argument("--hold-out", nargs="*", default=["touhou"])
    parser.add_argument("--hold-out-share", type=float, default=0.2)
    parser.add_argument("--web", type=Path)
    parser.add_argument("--drawn", type=int, default=0, help="so many drawn characters too, 3 faces of each enrolled")
    parser.add_argument("--framing", choices=FRAMINGS, default=AUTO)
    options = parser.parse_args()
    encoder = load_encoder(options.encoder)
    faces = load_faces(options.faces, options.cache)
    faces = faces.keep(held_out(faces, options.hold_out, options.hold_out_share))
    print(f"{encoder.name}, {encoder.spec.size} px, framing {options.framing}")
    figures = measure(encoder, faces, framing=options.framing)
    tell(figures | measure_others(encoder, options.web, options.drawn))
    print(f"  {faces_a_second(encoder, list(faces.pixels[:512])):.0f} faces a second")


if __name__ == "__main__":
    main()
