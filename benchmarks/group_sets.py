"""The sets that grouping is measured on: faces the encoder has never seen, with other casts and no faces mixed in.

Embedding takes minutes; `cache` keeps the vectors, a folder an encoder and one .npz a set. The pictures are read from
../shared/data only.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.drawn.non_faces import non_face_crops
from core.imaging.boxes import Box
from core.imaging.framing import face_crop
from core.imaging.reading import read_picture
from core.settings import ROOT
from core.vision import load_detector, load_encoder
from core.vision.encoder import Encoder
from core.vision.quality import face_quality, sharpness
from core.vision.reframing import AUTO, GIVEN
from core.workspace.drawn_strangers import SHEET, cut_sheet
from core.workspace.embeddings import encoder_digest
from recipes.encoder.impostors import choose_faces

SHARED = ROOT.parent / "shared" / "data"
HOLOLIVE = ("ame", "biboo", "ceci", "kronii")
"""The hololive characters that the development encoder has not seen."""
OTHERS = ("fire_emblem_heroes", "star_rail", "wuthering_waves", "zenless")
DRAWN = ("drawn_non_faces", "drawn_strangers")
"""Crops that are cut as faces are, so that they are not cut anew."""
SETS = ("shiny_colors", "twisted_wonderland", "touhou", "hololive", "web", "games")
"""games: the 75 unseen characters of the older sources; choices were made on all six."""


@dataclass(frozen=True)
class FaceSet:
    """embeddings float32 (n, d), unit; truth: the character, None for faces of other casts and for what is no face;
    who: as truth, but other casts by their own names and each non-face by itself; pictures int (n,); quality (n,)."""

    embeddings: np.ndarray
    truth: tuple[str | None, ...]
    who: tuple[str, ...]
    pictures: np.ndarray
    quality: np.ndarray


class Embedder:
    """Embeds a set once and keeps it."""

    def __init__(self, encoder: Path, cache: Path):
        self._path, self._cache = encoder, cache / encoder_digest(encoder)[:16]
        self._encoder: Encoder | None = None
        self._cache.mkdir(parents=True, exist_ok=True)

    def load(self, name: str) -> dict[str, np.ndarray]:
        """e float32 (n, d), labels, pictures, quality of a set."""
        path = self._cache / f"{name}.npz"
        if not path.exists():
            self._encoder = self._encoder or load_encoder(self._path)
            crops, labels, pictures, quality = read_set(name)
            vectors = self._encoder.embed(crops, framing=GIVEN if name in DRAWN else AUTO)
            np.savez(path, e=vectors, labels=labels, pictures=pictures, quality=np.array(quality, float))
        with np.load(path) as file:
            return {key: file[key] for key in ("e", "labels", "pictures", "quality")}

    def mixed(self, name: str, seed: int = 0, *, singly: bool = False) -> FaceSet:
        """The set with 10 % faces of other casts and 5 % boxes that are no face, in random order.

        The others are whole characters, or drawn one by one: `singly`.
        """
        rng = np.random.default_rng(seed)
        own, junk = self.load(name), self.load("non_faces")
        parts = [self.load(other) for other in OTHERS]
        other = {key: np.concatenate([part[key] for part in parts]) for key in own}
        n = len(own["e"])
        strangers = _singly(other["labels"], round(0.1 * n), rng) if singly else _whole(other["labels"], 0.1 * n, rng)
        odd = rng.choice(len(junk["e"]), min(round(0.05 * n), len(junk["e"])), replace=False)
        order = rng.permutation(n + len(strangers) + len(odd))
        joined = {key: np.concatenate([own[key], other[key][strangers], junk[key][odd]])[order] for key in own}
        cast = np.repeat([True, False], [n, len(strangers) + len(odd)])[order]
        no_face = np.repeat([False, True], [n + len(strangers), len(odd)])[order]
        labels = [str(label) for label in joined["labels"]]
        return FaceSet(
            joined["e"] / np.linalg.norm(joined["e"], axis=1, keepdims=True),
            tuple(label if mine else None for label, mine in zip(labels, cast, strict=True)),
            tuple(f"no face {i}" if no_face[i] else label for i, label in enumerate(labels)),
            np.unique(joined["pictures"].astype(str), return_inverse=True)[1],
            joined["quality"],
        )

    def drawn_non_faces(self) -> np.ndarray:
        """Embeddings of drawn crops without a face."""
        return self.load("drawn_non_faces")["e"]

    def bank(self) -> np.ndarray:
        """Embeddings of a bank of strangers: one face of each character that the development encoder has seen."""
        return self.load("strangers")["e"]

    def drawn_strangers(self) -> np.ndarray:
        """Embeddings of the drawn faces that stand for strangers where an encoder has no bank."""
        return self.load("drawn_strangers")["e"]


def _whole(labels: np.ndarray, most: float, rng: np.random.Generator) -> list[int]:
    characters = np.unique(labels)
    rng.shuffle(characters)
    chosen: list[int] = []
    for character in characters:
        faces = np.flatnonzero(labels == character)
        if len(chosen) + len(faces) <= round(most):
            chosen += faces.tolist()
    return chosen


def _singly(labels: np.ndarray, n: int, rng: np.random.Generator) -> list[int]:
    return rng.choice(len(labels), min(n, len(labels)), replace=False).tolist()


def read_set(name: str) -> tuple[list[np.ndarray], list[str], list[str], list[float]]:
    """Crops, labels, the picture of each, and its quality."""
    if name in DRAWN:
        crops = non_face_crops() if name == "drawn_non_faces" else cut_sheet(read_picture(SHEET))
        return crops, [""] * len(crops), [""] * len(crops), [1.0] * len(crops)
    special = {"web": _web, "non_faces": _false_boxes, "strangers": _strangers}
    rows = special[name]() if name in special else _folders(name)
    crops, labels, pictures, quality = (list(column) for column in zip(*rows, strict=True))
    return crops, labels, pictures, quality


def _folders(name: str):
    faces = SHARED / "faces"
    if name == "games":
        unseen = json.loads((SHARED / "encoder_dev_names.json").read_text())["unseen_of_the_older_sources"]
        folders = [faces / path for path in sorted(unseen) if not path.startswith(("touhou", "hololive"))]
    elif name == "hololive":
        folders = [faces / name / character for character in HOLOLIVE]
    else:
        folders = [path for path in sorted((faces / name).iterdir()) if path.is_dir()]
    for folder in folders:
        for path in sorted(folder.iterdir()):
            crop = read_picture(path)
            source = path.stem if name == "hololive" else str(path)
            size = min(min(crop.shape[:2]) / 192, 1.0)
            yield crop, f"{folder.parent.name}/{folder.name}", source, min(size, sharpness(crop))


def _strangers():
    seen = set(json.loads((SHARED / "encoder_dev_names.json").read_text())["seen"])
    for path in choose_faces(SHARED / "faces"):
        name = f"{path.parent.parent.name}/{path.parent.name}"
        if name in seen:
            yield read_picture(path), name, str(path), 1.0


def _web_pictures():
    folder = SHARED / "pictures" / "web"
    for line in (folder / "boxes.jsonl").read_text().splitlines():
        row = json.loads(line)
        yield row["picture"], read_picture(folder / row["picture"]), [Box(*face["box"]) for face in row["faces"]]


def _web():
    for name, rgb, boxes in _web_pictures():
        for box in boxes:
            crop = face_crop(rgb, box)
            yield crop, f"web/{name.split('/')[0]}", name, face_quality(crop, box, rgb.shape)


def _false_boxes():
    """Boxes that the detector draws at a low score and that no true face is near, and one random box a picture."""
    detector, rng = load_detector("cnn"), np.random.default_rng(0)
    for name, rgb, boxes in _web_pictures():
        found = [d.box for d in detector.detect(rgb, min_score=0.1)]
        side = rng.uniform(0.1, 0.4) * min(rgb.shape[:2])
        found.append(Box(rng.uniform(0, rgb.shape[1] - side), rng.uniform(0, rgb.shape[0] - side), side, side))
        for box in found:
            if all(box.square().pad(0.5).iou(true) < 0.02 for true in boxes):
                crop = face_crop(rgb, box)
                yield crop, "no face", name, face_quality(crop, box, rgb.shape)
