"""All faces in one file that travels: WebP pictures, whose they are, and where on each our detector sees the face.

    python -m recipes.encoder.pack --faces ../shared/data/faces --out .scratch/faces.pack

A crop that shows much around its face is cut to at most WIDEST times the tight box, so that the pixels go to the face;
the box is stored, so that training can frame a face from near to wide. The file is a zip (nothing in it is packed
again) of index.json and faces.bin; `load_pack` needs Pillow or OpenCV, whichever there is.
"""

from __future__ import annotations

import argparse
import json
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from itertools import groupby
from pathlib import Path

import numpy as np

from core.errors import DataError
from recipes.encoder.faces import Faces, framing_of

SIDE = 112
QUALITY = 72
WIDEST = 2.4
"""Side of a stored crop over the longer side of the tight box, at most."""
CASCADE = 1.5
"""A cascade box over the tight box: recipes.encoder.faces.Source counts in cascade boxes."""
INDEX, PIXELS = "index.json", "faces.bin"


def pack(folder: Path, out: Path, *, limit: int = 0, quality: int = QUALITY) -> int:
    """Write the pack of folder/SOURCE/CHARACTER/*; how many faces it holds. limit: at most so many a character."""
    from core.imaging.reading import read_picture

    files = sorted(p for p in folder.glob("*/*/*") if p.suffix.lower() in {".jpg", ".jpeg", ".png", ".webp"})
    if limit:
        own = [list(group) for _, group in groupby(files, key=lambda path: path.parent)]
        files = [path for group in own for path in group[:limit]]
    if not files:
        raise DataError(f"No faces under {folder}; expected {folder}/SOURCE/CHARACTER/*.jpg.")
    rows, data, offset = [], [], 0
    for start in range(0, len(files), 64):
        part = files[start : start + 64]
        for path, (square, framing) in zip(part, framed([read_picture(p) for p in part]), strict=True):
            picture = _encode(square, quality)
            identity = f"{path.parent.parent.name}/{path.parent.name}"
            rows.append([identity, path.stem, offset, len(picture), framing])
            data.append(picture)
            offset += len(picture)
    out.parent.mkdir(parents=True, exist_ok=True)
    temporary = out.with_suffix(".part")
    with zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(INDEX, json.dumps({"side": SIDE, "faces": rows}, ensure_ascii=False))
        archive.writestr(PIXELS, b"".join(data))
    temporary.replace(out)
    return len(rows)


def framed(crops: list[np.ndarray]) -> list[tuple[np.ndarray, list[float] | None]]:
    """Each crop as SIDE x SIDE pixels, and its framing: the cascade-sized box's side, and how far its centre lies below
    and to the right of the middle, all over the crop's side. None where no face was found."""
    from core.imaging.boxes import Box
    from core.vision import reframing
    from core.vision.framing import fit_square

    detector = reframing._detector()
    found = (
        detector.detect_crops(crops, side=reframing.SIDE, min_score=reframing.LEAST)
        if detector
        else [[] for _ in crops]
    )
    out = []
    for crop, faces in zip(crops, found, strict=True):
        if not faces:
            out.append((fit_square(crop, SIDE), None))
            continue
        height, width = crop.shape[:2]
        box, longer = faces[0].box, max(faces[0].box.w, faces[0].box.h)
        side = min(WIDEST * longer, width, height)
        cx, cy = box.centre
        x, y = min(max(cx - side / 2, 0.0), width - side), min(max(cy - side / 2, 0.0), height - side)
        square = Box(x, y, side, side).crop(crop)
        framing = [CASCADE * longer / side, (cy - y) / side - 0.5, (cx - x) / side - 0.5]
        out.append((fit_square(square, SIDE), [round(value, 4) for value in framing]))
    return out


def load_pack(path: Path, *, threads: int = 8) -> Faces:
    """The faces of a pack, decoded. Raises DataError where it is missing or broken."""
    try:
        with zipfile.ZipFile(path) as archive:
            index = json.loads(archive.read(INDEX))
            data = archive.read(PIXELS)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise DataError(f"{path} is not a pack of faces ({error}). Make it with recipes.encoder.pack.") from error
    rows, side = index["faces"], index["side"]
    names = tuple(sorted({row[0] for row in rows}))
    number = {name: i for i, name in enumerate(names)}
    pixels = np.empty((len(rows), side, side, 3), np.uint8)
    decode = _decoder()

    def read(i: int) -> None:
        pixels[i] = decode(data[rows[i][2] : rows[i][2] + rows[i][3]])

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(read, range(len(rows))))
    labels = np.array([number[row[0]] for row in rows])
    framing = np.array([row[4] or framing_of(row[0].split("/")[0]) for row in rows], np.float32)
    return Faces(pixels, names, labels, tuple(row[1] for row in rows), framing)


def _encode(rgb: np.ndarray, quality: int) -> bytes:
    from PIL import Image

    buffer = BytesIO()
    Image.fromarray(rgb).save(buffer, "WEBP", quality=quality, method=5)
    return buffer.getvalue()


def _decoder():
    try:
        from PIL import Image

        return lambda data: np.asarray(Image.open(BytesIO(data)).convert("RGB"))
    except ImportError:
        import cv2

        return lambda data: cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)[:, :, ::-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--faces", type=Path, default=Path("../shared/data/faces"))
    parser.add_argument("--out", type=Path, default=Path(".scratch/faces.pack"))
    parser.add_argument("--limit", type=int, default=0, help="at most so many faces of each character")
    parser.add_argument("--quality", type=int, default=QUALITY, help="of the WebP pictures")
    options = parser.parse_args()
    start = time.monotonic()
    count = pack(options.faces, options.out, limit=options.limit, quality=options.quality)
    size = options.out.stat().st_size / 2**20
    print(f"{options.out}: {count} faces, {size:.1f} MiB, {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main()
