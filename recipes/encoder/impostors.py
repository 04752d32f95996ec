"""The bank of strangers that belongs to an encoder: one face of each character, as vectors, in colour and without.

    python -m recipes.encoder.impostors --encoder models/pretrained/encoder.safetensors --faces ../shared/data/faces \
        --out models/pretrained/impostors.safetensors

core.workspace.impostors reads it; core.similarity.calibration says what for. To be made again with new weights: the
file names the encoder by its digest, and is not used with another.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from core.atomic import write_with
from core.errors import DataError
from core.imaging.one_colour import without_colour
from core.imaging.reading import read_picture
from core.vision.encoder import load_encoder
from core.workspace.embeddings import encoder_digest

TWICE = ("another_eden_icons",)
"""Sources whose characters another one has already: a bank has one face of a character."""
PICTURES = {".jpg", ".jpeg", ".png", ".webp"}
BATCH = 256


def choose_faces(folder: Path, without: Collection[str] = TWICE, seed: int = 0) -> list[Path]:
    """One file of each folder/SOURCE/CHARACTER/, drawn at random, sources `without` left out."""
    rng = np.random.default_rng(seed)
    chosen = []
    for character in sorted(p for p in folder.glob("*/*") if p.is_dir() and p.parent.name not in without):
        files = sorted(p for p in character.iterdir() if p.suffix.lower() in PICTURES)
        if files:
            chosen.append(files[rng.integers(len(files))])
    if not chosen:
        raise DataError(f"No faces under {folder}; expected {folder}/SOURCE/CHARACTER/*.jpg.")
    return chosen


def build(encoder: Path, files: list[Path]) -> dict[str, np.ndarray]:
    """Unit vectors float16 (m, d) of the faces in these files: `vectors`, and `colourless` without their colours."""
    model = load_encoder(encoder)
    found: dict[str, list[np.ndarray]] = {"vectors": [], "colourless": []}
    for start in range(0, len(files), BATCH):
        faces = [read_picture(path) for path in files[start : start + BATCH]]
        found["vectors"].append(model.embed(faces, framing="auto"))
        found["colourless"].append(model.embed([without_colour(face) for face in faces], framing="auto"))
    return {name: np.concatenate(parts).astype(np.float16) for name, parts in found.items()}


def make(encoder: Path, faces: Path, out: Path, without: Collection[str] = TWICE) -> str:
    """Write the bank that belongs to an encoder, and say what is in it."""
    files = choose_faces(faces, without)
    vectors = build(encoder, files)
    sources = sorted({path.parent.parent.name for path in files})
    metadata = {"encoder": encoder_digest(encoder), "sources": " ".join(sources)}
    write_with(out, lambda temporary: save_file(vectors, temporary, metadata))
    return f"{len(files)} characters of {len(sources)} sources in {out}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--faces", type=Path, required=True)
    parser.add_argument("--without", nargs="*", default=list(TWICE), help="sources to leave out")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    print(make(options.encoder, options.faces, options.out, options.without))


if __name__ == "__main__":
    main()
