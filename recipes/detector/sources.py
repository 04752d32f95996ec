"""The faces that scenes are made of: crops, figures and drawn-box pictures, each with the place of its face.

A Sprite is kept as the bytes of its file and decoded when it is pasted: 17,000 of them fit in memory.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from core.imaging.boxes import Box

WEIGHTS = {
    "hololive": 4.0,
    "azur_lane": 2.0,
    "kancolle": 2.0,
    "arknights": 1.0,
    "warship_girls": 1.0,
    "umamusume": 1.0,
    "touhou": 0.7,
    "blue_archive": 0.6,
    "danganronpa": 1.0,
    "genshin": 0.5,
    "priconne": 0.5,
    "another_eden": 0.4,
    "dragalia": 0.3,
    "katawa_shoujo": 0.3,
    "sekai": 0.3,
    "shinycolors_stickers": 0.2,
    "shiny_colors": 0.6,
    "twisted_wonderland": 0.8,
    "fire_emblem_heroes": 0.8,
    "another_eden_icons": 0.3,
    "star_rail": 0.4,
    "wuthering_waves": 0.4,
    "zenless": 0.4,
}
"""How often a source is drawn, relative to the others: variety of artists counts, not the number of files."""
HELD_OUT = {
    "touhou": 5,
    "shiny_colors": 2,
    "twisted_wonderland": 2,
    "fire_emblem_heroes": 2,
    "another_eden_icons": 2,
    "star_rail": 2,
    "wuthering_waves": 2,
    "zenless": 2,
}
"""One in so many characters of these sources, by name, is never trained on: cards and crops together. Touhou's are
measured on, the others' are what the second look is fitted on."""


@dataclass(frozen=True)
class Sprite:
    """One picture with known faces. `keyed`: a flat border-connected background may be cut away. `others`: what may be
    faces too and counts neither way."""

    name: str
    source: str
    encoded: bytes
    boxes: tuple[Box, ...]
    keyed: bool = False
    others: tuple[Box, ...] = ()
    _alpha: list = field(default_factory=list, repr=False, compare=False)

    def decode(self) -> tuple[np.ndarray, np.ndarray | None]:
        """Pixels (uint8 RGB) and alpha (uint8, None where the whole rectangle is picture)."""
        pixels = cv2.imdecode(np.frombuffer(self.encoded, np.uint8), cv2.IMREAD_UNCHANGED)
        if pixels.ndim == 2:
            pixels = cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR)
        rgb = np.ascontiguousarray(pixels[..., 2::-1])
        if pixels.shape[2] == 4:
            return rgb, pixels[..., 3]
        if not self.keyed:
            return rgb, None
        if not self._alpha:
            self._alpha.append(flat_background(rgb))
        return rgb, self._alpha[0]


def flat_background(rgb: np.ndarray, tolerance: int = 7) -> np.ndarray | None:
    """Alpha (uint8) without the flat area that hangs together with the border; None where there is no such area."""
    height, width = rgb.shape[:2]
    border = np.concatenate([rgb[0], rgb[-1], rgb[:, 0], rgb[:, -1]])
    colour = np.median(border, axis=0).astype(int)
    flat = (np.abs(border.astype(int) - colour).max(1) <= tolerance).mean()
    if flat < 0.25:
        return None
    mask = np.zeros((height + 2, width + 2), np.uint8)
    near = (np.abs(rgb.astype(np.int16) - colour).max(2) <= tolerance).astype(np.uint8)
    near = np.ascontiguousarray(near)
    for x, y in _border_points(width, height):
        if near[y, x] == 1 and mask[y + 1, x + 1] == 0:
            cv2.floodFill(near, mask, (x, y), 2, flags=4 | cv2.FLOODFILL_MASK_ONLY | (255 << 8))
    alpha = 255 - mask[1:-1, 1:-1]
    share = (alpha == 0).mean()
    if not 0.08 < share < 0.93:
        return None
    return cv2.blur(cv2.erode(alpha, np.ones((2, 2), np.uint8)), (2, 2))


def _border_points(width: int, height: int) -> list[tuple[int, int]]:
    xs, ys = range(0, width, 6), range(0, height, 6)
    return [(x, y) for x in xs for y in (0, height - 1)] + [(x, y) for y in ys for x in (0, width - 1)]


def held_out(name: str) -> bool:
    """Whether a picture's character (by its path) is one of those that are never trained on."""
    _, source, character = name.split("/")[:3]
    return source in HELD_OUT and sum(character.encode()) % HELD_OUT[source] == 0


@dataclass(frozen=True)
class Label:
    """A crop's or a figure's face, its score, and what may be further faces."""

    box: Box
    score: float
    others: tuple[Box, ...] = ()


def load_labels(path: Path) -> dict[str, Label]:
    """Labels by picture, of the rows that have a box."""
    rows = (json.loads(line) for line in path.read_text().splitlines())
    return {
        row["picture"]: Label(Box(*row["box"]), row["score"], tuple(Box(*box) for box in row.get("others", ())))
        for row in rows
        if row["box"]
    }


def load_sprites(data: Path, labels: Path, *, min_score: float = 0.0) -> dict[str, list[Sprite]]:
    """Crops and figures with a plausible box, by source ("touhou_cards" and "warship_figures" beside the crops).

    A crop's box is dropped where it lies far from its source's usual place or size; a score below `min_score` too.
    """
    by_source: dict[str, list[tuple[str, Label]]] = defaultdict(list)
    for name, label in load_labels(labels).items():
        if label.score >= min_score and not held_out(name):
            by_source[source_of(name)].append((name, label))
    sprites: dict[str, list[Sprite]] = {}
    for source, rows in by_source.items():
        if source in WEIGHTS:
            rows = _plausible(data, rows)
        sprites[source] = [
            Sprite(
                name,
                source,
                (data / name).read_bytes(),
                (label.box,),
                keyed=source not in {"hololive", "azur_lane"},
                others=label.others,
            )
            for name, label in rows
        ]
    return sprites


def source_of(name: str) -> str:
    """The source of a picture by its path: a folder of faces/, touhou_cards or warship_figures."""
    root, folder = name.split("/")[:2]
    if root == "faces":
        return folder
    return {"touhou": "touhou_cards", "warship_girls": "warship_figures"}[folder]


def _plausible(data: Path, rows: list[tuple[str, Label]]) -> list[tuple[str, Label]]:
    places = []
    for name, label in rows:
        box = label.box
        pixels = cv2.imread(str(data / name), cv2.IMREAD_REDUCED_GRAYSCALE_2)
        side = 2 * max(pixels.shape[:2])
        places.append((box.centre[0] / side, box.centre[1] / side, np.log(max(box.w, box.h) / side)))
    places = np.array(places)
    off = np.abs(places - np.median(places, axis=0))
    good = (off[:, 0] < 0.25) & (off[:, 1] < 0.22) & (off[:, 2] < 0.55)
    return [row for row, keep in zip(rows, good, strict=True) if keep]


def load_web(data: Path, *, without: str = "", longest: int = 800) -> list[Sprite]:
    """The pictures with drawn boxes, but for those of one character (its fold); reduced, for large ones take long to
    decode each time."""
    folder = data / "pictures" / "web"
    sprites = []
    for row in map(json.loads, (folder / "boxes.jsonl").read_text().splitlines()):
        if row["picture"].split("/")[0] == without:
            continue
        encoded = (folder / row["picture"]).read_bytes()
        pixels = cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_COLOR)
        factor = min(longest / max(pixels.shape[:2]), 1.0)
        if factor < 1:
            pixels = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
            encoded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 93])[1].tobytes()
        boxes = tuple(Box(*face["box"]).scale(factor) for face in row["faces"])
        sprites.append(Sprite(row["picture"], "web", encoded, boxes))
    return sprites


def load_drawn(cache: Path, characters: int = 100, seed: int = 7) -> list[Sprite]:
    """Two pictures of each of so many drawn characters with their exact boxes; drawn once, then read from `cache`."""
    from core.drawn import cast, pictures

    cache.mkdir(parents=True, exist_ok=True)
    index = cache / "boxes.jsonl"
    if not index.is_file():
        rows = []
        for character, number, picture in pictures(cast(characters, seed), 2, seed, workers=1):
            name = f"{len(rows):04d}.jpg"
            cv2.imwrite(str(cache / name), picture.pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])
            boxes = [face.box.as_list() for face in picture.faces]
            rows.append({"picture": name, "character": character.name, "number": number, "boxes": boxes})
        index.write_text("".join(json.dumps(row) + "\n" for row in rows))
    rows = [json.loads(line) for line in index.read_text().splitlines()]
    return [
        Sprite(row["picture"], "drawn", (cache / row["picture"]).read_bytes(), tuple(Box(*b) for b in row["boxes"]))
        for row in rows
    ]
