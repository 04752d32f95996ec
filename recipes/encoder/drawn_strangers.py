"""Draw the strangers that judge an encoder without a bank of its own (core.workspace.drawn_strangers).

    python -m recipes.encoder.drawn_strangers [--out FILE]

One face each of so many drawn characters, on a sheet. Nothing of it depends on an encoder.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

from core.drawn.casting import cast
from core.drawn.picture import draw_face
from core.workspace.drawn_strangers import SHEET, SIDE

ROWS, COLUMNS = 16, 20
SEED, LOOK = 11, 1000
QUALITY = 60


def sheet(rows: int = ROWS, columns: int = COLUMNS) -> np.ndarray:
    """uint8 RGB (rows SIDE, columns SIDE, 3)."""
    faces = np.stack([draw_face(character, LOOK, SIDE) for character in cast(rows * columns, SEED)])
    return faces.reshape(rows, columns, SIDE, SIDE, 3).swapaxes(1, 2).reshape(rows * SIDE, columns * SIDE, 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=SHEET)
    options = parser.parse_args()
    written = cv2.cvtColor(sheet(), cv2.COLOR_RGB2BGR)
    _, data = cv2.imencode(".webp", written, [cv2.IMWRITE_WEBP_QUALITY, QUALITY])
    options.out.write_bytes(data.tobytes())
    print(f"{ROWS * COLUMNS} faces in {options.out}, {len(data) / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
