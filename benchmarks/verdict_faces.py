"""The faces that benchmarks/verdicts.py measures on, as vectors, computed once: characters the encoder never saw."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.imaging.one_colour import without_colour
from core.imaging.reading import read_picture
from core.progress import Progress, track
from core.recognise.synthetic_impostors import synthetic_impostors
from core.vision.encoder import Encoder, load_encoder
from core.workspace.arrays import load_arrays, save_arrays
from core.workspace.embeddings import encoder_digest
from recipes.encoder.impostors import choose_faces

UNSEEN_SOURCES = ("fire_emblem_heroes", "shiny_colors", "star_rail", "touhou", "twisted_wonderland")
NEW_SOURCES = (*UNSEEN_SOURCES, "another_eden_icons", "wuthering_waves", "zenless")
MOST = 250
"""Faces of a character."""
TURNED_MOST = 60
BATCH = 128
FRAMING = "auto"
"""The faces are ready-made crops: the encoder frames them as it does a user's."""


@dataclass(frozen=True)
class MeasuredFaces:
    """vectors float32 (n, d), names (n,) "source/character"; turned (t, d): faces with turned hues, origin (t,): of
    which row. asking (n, d): the same faces as they ask; None: as they are enrolled."""

    vectors: np.ndarray
    names: np.ndarray
    turned: np.ndarray
    origin: np.ndarray
    asking: np.ndarray | None = None

    @property
    def asked(self) -> np.ndarray:
        """The vectors of the faces that ask, float32 (n, d)."""
        return self.vectors if self.asking is None else self.asking

    def turned_of(self, rows: np.ndarray) -> np.ndarray:
        """The turned faces of at most 80 of these rows, evenly chosen, as enrolling makes them."""
        some = rows[:: max(len(rows) // 80, 1)]
        some = some[np.unique(np.linspace(0, len(some) - 1, min(80, len(some))).astype(int))]
        return self.turned[np.isin(self.origin, some)]


def add_face_options(parser: argparse.ArgumentParser) -> None:
    """Which faces are measured, with which encoder, and where their vectors are kept."""
    shared = Path("../shared/data")
    parser.add_argument("--faces", type=Path, default=shared / "faces")
    parser.add_argument("--encoder", type=Path, default=shared / "encoder_dev.safetensors")
    parser.add_argument("--names", type=Path, default=shared / "encoder_dev_names.json", help="what the encoder saw")
    parser.add_argument("--cache", type=Path, default=Path(".scratch/verdicts"))


def load_faces(
    folder: Path, encoder: Path, names: Path, cache: Path, *, turned: bool = False, colourless: bool = False
) -> tuple[MeasuredFaces, np.ndarray]:
    """The measured faces and the bank, from the cache where it has them. turned: also with turned hues; colourless: as
    they look without their colours."""
    listed = json.loads(names.read_text(encoding="utf-8"))
    unseen, seen = set(listed["unseen_of_the_older_sources"]), set(listed["seen"])
    files = unseen_files(folder, unseen)
    place = cache / f"{encoder_digest(encoder)[:16]}-{FRAMING}"
    without = "-colourless" if colourless else ""
    held = _cached(place / f"faces{without}.npz", encoder, files, colourless=colourless)
    bank_files = [f for f in choose_faces(folder) if _name(f) in seen]
    bank = _cached(place / f"bank{without}.npz", encoder, bank_files, colourless=colourless)
    turned_arrays = {"vectors": np.empty((0, bank["vectors"].shape[1])), "origin": np.empty(0, int)}
    if turned:
        turned_arrays = _cached(place / "turned.npz", encoder, files, turned=True)
    names_of = np.array([_name(f) for f in files])
    faces = MeasuredFaces(held["vectors"], names_of, turned_arrays["vectors"], turned_arrays["origin"])
    return faces, bank["vectors"]


def unseen_files(folder: Path, unseen: set[str]) -> list[Path]:
    """At most 250 files of each character that the encoder never saw, drawn at random."""
    rng, chosen = np.random.default_rng(0), []
    for character in sorted(p for p in folder.glob("*/*") if p.is_dir()):
        source = character.parent.name
        if source in UNSEEN_SOURCES or (source not in NEW_SOURCES and f"{source}/{character.name}" in unseen):
            files = sorted(character.iterdir())
            chosen += sorted(files[i] for i in rng.permutation(len(files))[:MOST])
    return chosen


def _name(file: Path) -> str:
    return f"{file.parent.parent.name}/{file.parent.name}"


def _cached(
    path: Path, encoder: Path, files: list[Path], *, turned: bool = False, colourless: bool = False
) -> dict[str, np.ndarray]:
    keys = np.array([f"{_name(f)}/{f.name}" for f in files])
    arrays = load_arrays(path)
    if arrays is None or not np.array_equal(arrays["keys"], keys):
        arrays = {"keys": keys} | _embed(load_encoder(encoder), files, turned, colourless)
        save_arrays(path, arrays)
    return arrays


def _embed(encoder: Encoder, files: list[Path], turned: bool, colourless: bool) -> dict[str, np.ndarray]:
    vectors: list[np.ndarray] = []
    origin: list[int] = []
    batch: list[np.ndarray] = []
    counts: dict[str, int] = {}
    for number, file in enumerate(track(files, _say, "embed")):
        counts[_name(file)] = counts.get(_name(file), 0) + 1
        face = without_colour(read_picture(file)) if colourless else read_picture(file)
        several = synthetic_impostors([face]) if turned else [face]
        if not turned or counts[_name(file)] <= TURNED_MOST:
            batch += several
            origin += [number] * len(several)
        if len(batch) >= BATCH:
            vectors.append(encoder.embed(batch, framing=FRAMING))
            batch = []
    if batch:
        vectors.append(encoder.embed(batch, framing=FRAMING))
    return {"vectors": np.concatenate(vectors), "origin": np.array(origin)}


def _say(progress: Progress) -> None:
    if progress.n % 500 == 0:
        print(f"{progress.n} of {progress.total} embedded", file=sys.stderr, flush=True)
