"""Which faces a step of the pretraining sees, and how they are changed before."""

from __future__ import annotations

import itertools
import math

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from core.train.augment import AugmentConfig, augment, rotate_hue
from recipes.encoder.faces import SOURCES, Faces, Source
from recipes.encoder.pretrain_config import HUES, PretrainConfig
from recipes.encoder.styles import StyleConfig, restyle


class Batches:
    """Draws the faces of each step from the step's number alone, so that a resumed training goes on the same."""

    def __init__(self, faces: Faces, config: PretrainConfig):
        self.config = config
        self.by_identity = [np.flatnonzero(faces.labels == i) for i in range(len(faces.names))]
        counts = np.array([len(f) for f in self.by_identity])
        usable = counts >= 2
        self.source_names = sorted(set(faces.sources))
        self.source_of = np.array([self.source_names.index(s) for s in faces.sources])
        self.identities = [np.flatnonzero((self.source_of == i) & usable) for i in range(len(self.source_names))]
        values = [SOURCES.get(name, Source()) for name in self.source_names]
        weights = np.array([v.weight * (len(ids) >= 2) for v, ids in zip(values, self.identities, strict=True)])
        self.weights = weights / weights.sum()
        self.framing = np.array([(v.face, v.low) for v in values], np.float32)

    def draw(self, step: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Face indices, their identities and their hue number (0: as it is), each (sources x p x k,).

        A character with fewer than k faces gives all it has, and another one fills the place.
        """
        c, rng = self.config, np.random.default_rng((self.config.seed, step))
        sources = rng.choice(len(self.weights), c.sources, replace=False, p=self.weights)
        faces, labels, hues = [], [], []
        for source in sources:
            wanted, pool = len(faces) + c.p * c.k, self.identities[source]
            identities = itertools.chain.from_iterable(rng.permutation(pool) for _ in itertools.count())
            while len(faces) < wanted:
                identity = next(identities)
                own = self.by_identity[identity]
                chosen = rng.choice(own, min(c.k, len(own), wanted - len(faces)), replace=False)
                hue = int(rng.integers(1, len(HUES) + 1)) if rng.random() < c.hue_share else 0
                faces += list(chosen)
                labels += [identity] * len(chosen)
                hues += [hue] * len(chosen)
        return np.array(faces), np.array(labels), np.array(hues)


class Augmenter:
    """Faces of any source -> float pixels in one range of framings."""

    FRAMES = (0.56, 1.12)
    """Range of a cascade box over the frame's side: 2.7 to 1.3 times the tight box."""

    def __init__(self, pixels: np.ndarray, batches: Batches):
        self.large = torch.from_numpy(pixels).permute(0, 3, 1, 2)
        self.small: Tensor | None = None
        self.batches = batches
        c = batches.config
        self.config = AugmentConfig(
            turn=12, shift=0.05, soften_share=0.2, erase_share=0.1, grey_share=0.03, jpeg_share=c.jpeg, warp=c.warp
        )
        self.style = StyleConfig(share=c.style)

    def __call__(self, faces: np.ndarray, labels: np.ndarray, hues: np.ndarray, size: int, seed: int) -> Tensor:
        generator = torch.Generator().manual_seed(seed)
        if size <= 72 and self.small is None:
            parts = [F.interpolate(p, size=80, mode="bilinear", antialias=True) for p in self.large.split(2048)]
            self.small = torch.cat(parts)
        pixels = (self.small if size <= 72 else self.large)[torch.from_numpy(faces)]
        turned = torch.from_numpy(np.flatnonzero(hues))
        if len(turned):
            pixels[turned] = rotate_hue(pixels[turned], torch.tensor(HUES)[torch.from_numpy(hues)[turned] - 1])
        pixels = recolour_background(pixels, generator)
        framing = torch.from_numpy(self.batches.framing[self.batches.source_of[labels]])
        low, high = (math.log(v) for v in self.FRAMES)
        target = (torch.rand(len(faces), generator=generator) * (high - low) + low).exp()
        zoom = (framing[:, 0] / target).clamp(0.45, 1.25)
        # the face's middle goes where face_crop puts it: a twentieth of the frame below the middle
        centre = torch.stack([torch.zeros(len(faces)), framing[:, 1] - 0.05 * zoom], 1)
        drawn = augment(pixels, self.config, generator, size=size, zoom=zoom, centre=centre)
        return restyle(drawn, torch.from_numpy(self.batches.source_of[labels]), self.style, generator)


def recolour_background(pixels: Tensor, generator: torch.Generator, *, grey: int = 205, share: float = 0.7) -> Tensor:
    """The flat grey that stands for transparency in some sources becomes a random colour in a share of the faces."""
    flat = ((pixels.to(torch.int16) - grey).abs() <= 3).all(1)
    many = flat.float().mean((1, 2)) > 0.05
    chosen = (many & (torch.rand(len(pixels), generator=generator) < share)).nonzero().squeeze(1)
    if len(chosen):
        colours = torch.randint(0, 256, (len(chosen), 3, 1, 1), generator=generator, dtype=torch.uint8)
        pixels[chosen] = torch.where(flat[chosen][:, None], colours, pixels[chosen])
    return pixels
