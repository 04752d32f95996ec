"""Vectors of drawn crops without a face by the shipped encoder, so that no workspace has to draw and embed them.

python -m recipes.encoder.non_faces [--encoder FILE] [--out FILE]

Made anew with every new shipped encoder: the file names the encoder that it was made with, and with any other one
the crops are drawn and embedded once per workspace (core/characters/non_faces.py).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from core.atomic import write_with
from core.characters.non_faces import SHIPPED_VECTORS
from core.drawn.non_faces import non_face_crops
from core.vision.encoder import load_encoder
from core.vision.reframing import GIVEN
from core.workspace.embeddings import encoder_digest
from core.workspace.models import shipped_path


def make(encoder: Path, out: Path) -> str:
    """Write the vectors that belong to an encoder, and say how many there are."""
    vectors = load_encoder(encoder).embed(non_face_crops(), framing=GIVEN).astype(np.float16)
    metadata = {"encoder": encoder_digest(encoder)}
    write_with(out, lambda temporary: save_file({"vectors": vectors}, temporary, metadata))
    return f"{len(vectors)} crops in {out}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--encoder", type=Path, default=shipped_path())
    parser.add_argument("--out", type=Path, default=SHIPPED_VECTORS)
    options = parser.parse_args()
    print(make(options.encoder, options.out))


if __name__ == "__main__":
    main()
