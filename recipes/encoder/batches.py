"""Which faces a step of the pretraining sees, and how they are changed before."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from core.train.augment import AugmentConfig, augment, rotate_hue, save_as_jpeg
from recipes.encoder.faces import SOURCES, Faces, Source, framing_of
from recipes.encoder.pretrain_config import HUES, PretrainConfig
from recipes.encoder.styles import StyleConfig, restyle
from recipes.encoder.tones import retone


@dataclass(frozen=True)
class Drawn:
    """The faces of a step: indices, identities, hue number (0: as it is), and whether a face is shown retoned, (n,)."""

    faces: np.ndarray
    labels: np.ndarray
    hues: np.ndarray
    toned: np.ndarray


class Batches:
    """Draws the faces of each step from the step's number alone, so that a resumed training goes on the same."""

    def __init__(self, faces: Faces, config: PretrainConfig):
        self.config = config
        self.by_identity = [np.flatnonzero(faces.labels == i) for i in range(len(faces.names))]
        counts = np.array([len(f) for f in self.by_identity])
        usable = counts >= 2
        self.usable = set(np.flatnonzero(usable).tolist())
        self.source_names = sorted(set(faces.sources))
        self.source_of = np.array([self.source_names.index(s) for s in faces.sources])
        self.identities = [np.flatnonzero((self.source_of == i) & usable) for i in range(len(self.source_names))]
        values = [SOURCES.get(name, Source()) for name in self.source_names]
        weights = np.array([v.weight * (len(ids) >= 2) for v, ids in zip(values, self.identities, strict=True)])
        self.weights = weights / weights.sum()
        of_source = np.array([framing_of(name) for name in self.source_names], np.float32)
        self.framing = faces.framing if faces.framing is not None else of_source[self.source_of[faces.labels]]
        self.neighbours: np.ndarray | None = None

    def draw(self, step: int) -> Drawn:
        """The faces of a step, sources x p x k of them.

        A character with fewer than k faces gives all it has, and another one fills the place. A share `neighbours` of
        the sources' parts holds one character and those that look most like it to the running model, where these are
        known.
        """
        c, rng = self.config, np.random.default_rng((self.config.seed, step))
        sources = rng.choice(len(self.weights), c.sources, replace=False, p=self.weights)
        faces, labels, hues, toned = [], [], [], []
        for source in sources:
            wanted, pool = len(faces) + c.p * c.k, self.identities[source]
            others = itertools.chain.from_iterable(rng.permutation(pool) for _ in itertools.count())
            identities = itertools.chain(self._alike(pool, rng), others)
            while len(faces) < wanted:
                identity = next(identities)
                own = self.by_identity[identity]
                chosen = rng.choice(own, min(c.k, len(own), wanted - len(faces)), replace=False)
                hue = int(rng.integers(1, len(HUES) + 1)) if rng.random() < c.hue_share else 0
                # without its colour a character turned in hue is the character itself: it is not retoned
                twice = len(chosen) > 1 and not hue and c.tones > 0 and rng.random() < c.tones
                if twice:
                    chosen[1] = chosen[0]
                toned += [twice and place == 1 for place in range(len(chosen))]
                faces += list(chosen)
                labels += [identity] * len(chosen)
                hues += [hue] * len(chosen)
        return Drawn(np.array(faces), np.array(labels), np.array(hues), np.array(toned))

    def _alike(self, pool: np.ndarray, rng: np.random.Generator) -> list[int]:
        """A character of the pool and its neighbours, or nobody."""
        if self.config.neighbours <= 0 or rng.random() >= self.config.neighbours or self.neighbours is None:
            return []
        first = int(rng.choice(pool))
        return [first, *(int(i) for i in self.neighbours[first] if i >= 0 and i in self.usable)]


class Augmenter:
    """Faces of any source -> float pixels in one range of framings."""

    def __init__(self, pixels: np.ndarray, batches: Batches):
        self.large = torch.from_numpy(pixels).permute(0, 3, 1, 2)
        self.small: Tensor | None = None
        self.batches = batches
        c = batches.config
        self.frames = (1.5 / c.farthest, 1.5 / c.nearest)  # a cascade box, over the frame's side
        self.config = AugmentConfig(
            turn=12, shift=c.shift, soften_share=0.2, erase_share=0.1, grey_share=0.03, warp=c.warp
        )
        self.style = StyleConfig(share=c.style)

    def __call__(self, drawn: Drawn, size: int, seed: int) -> Tensor:
        """(n, 3, size, size) float in 0..1, on the processor."""
        return self.change(self.gather(drawn, size, seed), drawn, size, seed)

    def gather(self, drawn: Drawn, size: int, seed: int) -> Tensor:
        """The faces as they are stored, (n, 3, s, s) uint8, a share of them saved as JPEG once more."""
        if size <= 72 and self.small is None:
            parts = [F.interpolate(p, size=80, mode="bilinear", antialias=True) for p in self.large.split(2048)]
            self.small = torch.cat(parts)
        pixels = (self.small if size <= 72 else self.large)[torch.from_numpy(drawn.faces)]
        share = self.batches.config.jpeg
        return save_as_jpeg(pixels, share, torch.Generator().manual_seed(seed + 1)) if share > 0 else pixels

    def change(self, pixels: Tensor, drawn: Drawn, size: int, seed: int) -> Tensor:
        """What `gather` gave, on any device, in one range of framings and changed: (n, 3, size, size) float in 0..1."""
        device = pixels.device
        generator = torch.Generator(device).manual_seed(seed)
        turned = torch.from_numpy(np.flatnonzero(drawn.hues))
        if len(turned):
            degrees = torch.tensor(HUES)[torch.from_numpy(drawn.hues)[turned] - 1].to(device)
            turned = turned.to(device)
            pixels[turned] = rotate_hue(pixels[turned], degrees)
        pixels = recolour_background(pixels, generator)
        framing = torch.from_numpy(self.batches.framing[drawn.faces]).to(device)
        low, high = (math.log(v) for v in self.frames)
        target = (torch.rand(len(framing), generator=generator, device=device) * (high - low) + low).exp()
        zoom = (framing[:, 0] / target).clamp(0.45, 1.25)
        # the face's middle goes where face_crop puts it: a twentieth of the frame below the middle
        centre = torch.stack([framing[:, 2], framing[:, 1] - 0.05 * zoom], 1)
        pixels = augment(pixels, self.config, generator, size=size, zoom=zoom, centre=centre)
        sources = torch.from_numpy(self.batches.source_of[drawn.labels]).to(device)
        pixels = restyle(pixels, sources, self.style, generator)
        if drawn.toned.any():
            toned = torch.from_numpy(np.flatnonzero(drawn.toned)).to(device)
            pixels[toned] = retone(pixels[toned], generator)
        return pixels


def recolour_background(pixels: Tensor, generator: torch.Generator, *, grey: int = 205, share: float = 0.7) -> Tensor:
    """The flat grey that stands for transparency in some sources becomes a random colour in a share of the faces."""
    flat = ((pixels.to(torch.int16) - grey).abs() <= 3).all(1)
    many = flat.float().mean((1, 2)) > 0.05
    chosen = (many & (torch.rand(len(pixels), generator=generator, device=pixels.device) < share)).nonzero().squeeze(1)
    if len(chosen):
        colours = torch.randint(
            0, 256, (len(chosen), 3, 1, 1), generator=generator, dtype=torch.uint8, device=pixels.device
        )
        pixels[chosen] = torch.where(flat[chosen][:, None], colours, pixels[chosen])
    return pixels
