"""Let an encoder look at colours too: learn their projection from many characters, and put it behind the embedding.

    python -m recipes.encoder.colours --encoder models/pretrained/encoder.safetensors --out FILE [--names NAMES]

The histograms of core.vision.colours are brought to 128 numbers (PCA), whitened by what varies within characters and by
what another light changes (each face once more under a random tint), so that a warm evening weighs less than a hair
colour, and flattened to `Choice.length` numbers. Two faces agree less in colours than in shape, so similarities would
all come down; the embedding's directions are spread a little more (folded into its last layer), which brings them back
to the scale that they had. --names: a file that lists under "seen" the characters to learn from; without it all but
those of --hold-out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional as F

from core.vision.colours import CELLS, Colours
from core.vision.network import FaceNet
from recipes.encoder.added import run, some_faces, with_projection
from recipes.encoder.faces import Faces
from recipes.encoder.whiten import FLOOR, features, flattening, fold, whitening, within_covariance

AXES = 128
"""Directions of the histograms that are looked at: they hold nine tenths of their spread."""
GAIN, DIM = 0.25, 0.15
"""Spread of the random light: of each channel, and of all three, as logarithms."""


@dataclass(frozen=True)
class Choice:
    """How the projection is learned and how much it counts; docs/encoder.md has what was tried.

    tints: how much another light counts beside what varies within a character. ridge: of the whitening. flatten: a
    direction's spread s becomes s ** (1 - 2 flatten). share: of the colours in the similarity. steepen: by this power
    the directions of the embedding are spread more.
    """

    length: int = 64
    share: float = 0.15
    tints: float = 1.0
    ridge: float = 0.1
    flatten: float = 0.25
    steepen: float = 0.1


def histograms(pixels: np.ndarray, *, batch: int = 64) -> np.ndarray:
    """The histograms of uint8 faces (n, s, s, 3): float32 (n, CELLS)."""
    counting = Colours(1)
    found = np.empty((len(pixels), CELLS), np.float32)
    with torch.inference_mode():
        for start in range(0, len(pixels), batch):
            faces = torch.from_numpy(pixels[start : start + batch]).permute(0, 3, 1, 2).float() / 255.0
            found[start : start + batch] = counting.histograms(faces).numpy()
    return found


def tinted(pixels: np.ndarray, seed: int = 0) -> np.ndarray:
    """Each face under a light of its own: uint8 as `pixels` (n, s, s, 3)."""
    rng = np.random.default_rng(seed)
    light = np.exp(rng.normal(0, GAIN, (len(pixels), 3)) + rng.normal(0, DIM, (len(pixels), 1)))
    light /= np.maximum(light.max(axis=1, keepdims=True), 1)
    found = np.empty_like(pixels)
    for i, face in enumerate(pixels):
        found[i] = np.clip(face * light[i], 0, 255)
    return found


def _widest(rest: np.ndarray) -> np.ndarray:
    """The directions (CELLS, AXES) in which rows (n, CELLS) around zero spread most; fewer of fewer rows."""
    if len(rest) < rest.shape[1]:
        return np.linalg.svd(rest.astype(np.float64), full_matrices=False)[2][:AXES].T
    return np.linalg.eigh((rest.T @ rest).astype(np.float64))[1][:, ::-1][:, :AXES]


def projection(
    plain: np.ndarray, other_light: np.ndarray, labels: np.ndarray, weights: np.ndarray, choice: Choice
) -> tuple[np.ndarray, np.ndarray]:
    """middle (CELLS,) and basis (CELLS, length) from the histograms of faces and of the same ones in another light."""
    share = weights / weights.sum()
    middle = share @ plain
    rest = plain - middle
    axes = _widest(rest * np.sqrt(share)[:, None])
    short, moved = rest @ axes, (other_light - plain) @ axes
    varies = within_covariance(short, labels, weights) + choice.tints * (moved * share[:, None]).T @ moved
    white = whitening(varies, choice.ridge)
    spread, turn = np.linalg.eigh(np.cov((short @ white).T))
    spread, turn = spread[::-1][: choice.length], turn[:, ::-1][:, : choice.length]
    basis = axes @ white @ (turn * (spread / spread[0] + FLOOR) ** -choice.flatten)
    return middle, basis / np.linalg.norm(rest @ basis, axis=1).mean()


def with_colours(net: FaceNet, faces: Faces, choice: Choice, *, most: int = 6, seed: int = 0) -> FaceNet:
    """The network with colours behind its embedding, from at most `most` faces a character; sources weigh alike.

    The network given is changed: its embedding is spread more.
    """
    pixels, labels, sources = some_faces(faces, net.spec.size, most=most, seed=seed)
    weights = 1 / np.sqrt(np.bincount(sources)[sources])
    after = features(net, pixels, np.arange(len(pixels)))
    fold(net, flattening(F.normalize(after).numpy().astype(np.float64), -choice.steepen), after)
    middle, basis = projection(histograms(pixels), histograms(tinted(pixels)), labels, weights, choice)
    return with_projection(net, "colours", middle, basis, colours=choice.length, colour_share=choice.share)


if __name__ == "__main__":
    run(__doc__, "colours", Choice(), with_colours)
