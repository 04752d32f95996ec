"""Several encoders that learned apart, taught to one: their mean cosines in one network of the ordinary size.

    python -m recipes.encoder.distil --teachers A.safetensors B.safetensors --start A.safetensors --pack FILE --out OUT

Networks that differ in start, seed and sampler err differently; the mean of their cosines errs less than each (Hinton
et al. 2015; "consistent teaching" with mixed pictures: Beyer et al. 2022). No labels are used: what the teachers say of
a face, of a face turned in hue and of two faces mixed is what the student is to say.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from core.vision.network import FaceNet, read_encoder
from recipes.encoder.batches import Drawn
from recipes.encoder.faces import Faces
from recipes.encoder.pretrain import Training, add_options, config_of, run
from recipes.encoder.pretrain_config import PretrainConfig

MIXED = 0.3
"""Share of the faces that are shown with another one shining through."""
COSINES = 10.0
"""How much the cosines of a batch's pairs count beside each face's own vector."""
LOOK = 8
"""Batches from which the common space of the teachers is found."""


class Ensemble:
    """Teachers asked together. (n, 3, s, s) in 0..1 -> (n, teachers x dim) of length 1, whose cosines are the mean of
    theirs."""

    def __init__(self, nets: Sequence[FaceNet], device: torch.device):
        self.nets = [net.to(device, memory_format=torch.channels_last).eval() for net in nets]

    @torch.no_grad()
    def __call__(self, pixels: Tensor) -> Tensor:
        found = []
        for net in self.nets:
            side = net.spec.size
            seen = F.interpolate(pixels, (side, side), mode="bilinear") if side != pixels.shape[-1] else pixels
            with torch.autocast("cuda", torch.bfloat16, enabled=pixels.device.type == "cuda"):
                found.append(net.embed(seen.contiguous(memory_format=torch.channels_last)))
        return torch.cat(found, 1) / len(found) ** 0.5


def common_space(vectors: Tensor, reference: Tensor) -> Tensor:
    """(n, m) vectors of an ensemble and (n, d) of one network -> (m, d): a projection that keeps the cosines.

    The d directions that hold most of the vectors, turned to lie as the reference does (orthogonal Procrustes), so that
    a student which starts as that network has little to move.
    """
    values = vectors.double()
    wide = torch.linalg.eigh(values.T @ values)[1][:, -reference.shape[1] :]
    left, _, right = torch.linalg.svd((values @ wide).T @ reference.double())
    return (wide @ left @ right).float()


class Distillation(Training):
    """A training whose aim is what an ensemble of teachers says."""

    def __init__(self, faces: Faces, config: PretrainConfig, teachers: Sequence[FaceNet]):
        super().__init__(faces, config)
        self.ensemble = Ensemble(teachers, self.device)
        self.space = self._common_space()

    def _take_over(self, folder: Path) -> None:
        """There is no classifier."""

    @torch.no_grad()
    def _common_space(self) -> Tensor:
        self.net.eval()
        ours, theirs = [], []
        for number in range(LOOK):
            drawn = self.batches.draw(number)
            pixels = self.augmenter.gather(drawn, self.config.size, number).to(self.device)
            pixels = self.augmenter.change(pixels, drawn, self.config.size, number)
            ours.append(self.net.embed(pixels))
            theirs.append(self.ensemble(pixels))
        self.net.train()
        return common_space(torch.cat(theirs).cpu(), torch.cat(ours).cpu()).to(self.device)

    def seen(self, pixels: Tensor) -> Tensor:
        """Some faces with another one shining through, so that there are more faces than were collected."""
        generator = torch.Generator(pixels.device).manual_seed(self._seed(self.step))
        chance = torch.rand(len(pixels), 2, generator=generator, device=pixels.device)
        share = torch.where(chance[:, 0] < MIXED, chance[:, 1] / 2, 0.0)[:, None, None, None]
        other = torch.randperm(len(pixels), generator=generator, device=pixels.device)
        return torch.lerp(pixels, pixels[other], share)

    def loss(self, features: Tensor, pixels: Tensor, drawn: Drawn) -> tuple[Tensor, dict[str, Tensor]]:
        """How far the faces' vectors, and the cosines between them, are from what the teachers say."""
        aim = F.normalize(self.ensemble(pixels) @ self.space)
        unit = F.normalize(self.net.neck(self.net.embedding(features)))
        vectors = 1 - (unit * aim).sum(1).mean()
        cosines = (unit @ unit.T - aim @ aim.T).square().mean()
        return vectors + COSINES * cosines, {"vectors": vectors, "cosines": cosines}


def distil(config: PretrainConfig, teachers: Sequence[Path], *, resume: bool = False) -> Path:
    """Teach the network at config.start what the teachers say together; the path of its weights."""
    nets = [read_encoder(path)[0] for path in teachers]
    return run(config, resume=resume, make=lambda faces, settings: Distillation(faces, settings, nets))


def student_config(config: PretrainConfig) -> PretrainConfig:
    """As the teachers are trained, with more faces turned in hue, and gently: the student starts as one of them."""
    return replace(config, hue_share=0.5, neighbours=0.0, tones=0.1, learning_rate=config.learning_rate / 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_options(parser, student_config(PretrainConfig(scale=16.0)))
    parser.add_argument("--teachers", type=Path, nargs="+", required=True)
    parser.add_argument("--resume", action="store_true", help="go on from OUT/checkpoint.pt")
    values = vars(parser.parse_args())
    teachers, resume = values.pop("teachers"), values.pop("resume")
    config = config_of(values)
    distil(config if config.start else replace(config, start=str(teachers[0])), teachers, resume=resume)


if __name__ == "__main__":
    main()
