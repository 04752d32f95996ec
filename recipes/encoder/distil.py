"""Several encoders that learned apart, taught to one: their mean cosines in one network of the ordinary size.

    python -m recipes.encoder.distil --teachers A.safetensors B.safetensors --start A.safetensors --pack FILE --out OUT

Networks that differ in start, seed and sampler err differently; the mean of their cosines errs less than each (Hinton
et al. 2015; "consistent teaching" with mixed pictures: Beyer et al. 2022). No labels are used: what the teachers say of
a face, of a face turned in hue and of two faces mixed is what the student is to say.
"""

from __future__ import annotations

import argparse
import copy
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.fusion import fuse_conv_bn_eval

from core.vision.network import FaceNet, read_encoder
from recipes.encoder.batches import Drawn
from recipes.encoder.faces import Faces
from recipes.encoder.pack import SIDE
from recipes.encoder.pretrain import Training, add_options, config_of, resized, run
from recipes.encoder.pretrain_config import PretrainConfig

MIXED = 0.4
"""Share of the faces that are shown with a part of another one: half of them shine through, half are put together."""
SEAM = 0.05
"""How wide the seam between two faces put together is, in parts of the side."""
COSINES = 10.0
"""How much the cosines of a batch's pairs count beside each face's own vector."""
ORDER, TEMPERATURE = 0.2, 0.1
"""How much it counts who of a batch is nearest to whom, and at which temperature likeness becomes a share."""
LOOK = 8
"""Batches from which the common space of the teachers is found."""


class Ensemble:
    """Teachers asked together. (n, 3, s, s) in 0..1 -> (n, teachers x dim) of length 1, whose cosines are the mean of
    theirs, each counted by its weight (alike where none are given).

    On a graphics card they are asked in half precision, each batch normalisation folded into its convolution, and all
    that is to be done for a batch of one shape is recorded once and played from then on.
    """

    def __init__(self, nets: Sequence[FaceNet], device: torch.device, weights: Sequence[float] = ()):
        shares = torch.tensor(weights or [1.0] * len(nets))
        self.scale = (shares / shares.sum()).sqrt().tolist()
        self.recorded: dict[torch.Size, tuple[torch.cuda.CUDAGraph, Tensor, Tensor]] = {}
        self.nets = [net.to(device, memory_format=torch.channels_last).eval() for net in nets]
        if device.type == "cuda":
            self.nets = [folded(net).half() for net in self.nets]

    @torch.no_grad()
    def __call__(self, pixels: Tensor) -> Tensor:
        if pixels.device.type != "cuda":
            return self._ask(pixels)
        if pixels.shape not in self.recorded:
            self.recorded[pixels.shape] = self._record(pixels)
        graph, asked, answer = self.recorded[pixels.shape]
        asked.copy_(pixels)
        graph.replay()
        return answer.clone()

    def _record(self, pixels: Tensor) -> tuple[torch.cuda.CUDAGraph, Tensor, Tensor]:
        asked, beside = pixels.clone(), torch.cuda.Stream()
        beside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(beside):
            for _ in range(2):
                self._ask(asked)
        torch.cuda.current_stream().wait_stream(beside)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, capture_error_mode="thread_local"):
            answer = self._ask(asked)
        return graph, asked, answer

    def _ask(self, pixels: Tensor) -> Tensor:
        found = []
        for net, scale in zip(self.nets, self.scale, strict=True):
            side = net.spec.size
            seen = F.interpolate(pixels, (side, side), mode="bilinear") if side != pixels.shape[-1] else pixels
            found.append(scale * net.embed(seen.to(net.mean.dtype).contiguous(memory_format=torch.channels_last)))
        return torch.cat(found, 1)


def folded(net: FaceNet) -> FaceNet:
    """The network, in eval mode, with each batch normalisation that follows a convolution folded into it: as it was,
    but for rounding. A copy."""
    net = copy.deepcopy(net)
    for module in net.modules():
        if isinstance(module, nn.Sequential):
            for place in range(len(module) - 1):
                first, second = module[place], module[place + 1]
                if isinstance(first, nn.Conv2d) and isinstance(second, nn.BatchNorm2d):
                    module[place], module[place + 1] = fuse_conv_bn_eval(first, second), nn.Identity()
    return net


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

    def __init__(
        self, faces: Faces, config: PretrainConfig, teachers: Sequence[FaceNet], weights: Sequence[float] = ()
    ):
        super().__init__(faces, config)
        self.ensemble = Ensemble(teachers, self.device, weights)
        self.space = self._common_space()

    def _take_over(self, folder: Path) -> None:
        """There is no classifier."""

    @torch.no_grad()
    def _common_space(self) -> Tensor:
        self.net.eval()
        ours, theirs = [], []
        for number in range(LOOK):
            drawn = self.batches.draw(number)
            side = self.config.drawn or self.config.size
            pixels = self.augmenter.gather(drawn, side, number).to(self.device)
            pixels = self.augmenter.change(pixels, drawn, side, number)
            ours.append(self.net.embed(resized(pixels, self.config.size)))
            theirs.append(self.ensemble(pixels))
        self.net.train()
        return common_space(torch.cat(theirs).cpu(), torch.cat(ours).cpu()).to(self.device)

    def seen(self, pixels: Tensor) -> Tensor:
        """Some faces with a part of another one, so that there are more faces than were collected."""
        generator = torch.Generator(pixels.device).manual_seed(self._seed(self.step))
        return mixed(pixels, generator)

    def loss(self, features: Tensor, pixels: Tensor, drawn: Drawn) -> tuple[Tensor, dict[str, Tensor]]:
        """How far the faces' vectors, the cosines between them, and who is nearest to whom are from what the teachers
        say."""
        aim = F.normalize(self.ensemble(pixels) @ self.space)
        unit = F.normalize(self.net.neck(self.net.embedding(features)))
        vectors = 1 - (unit * aim).sum(1).mean()
        cosines = (unit @ unit.T - aim @ aim.T).square().mean()
        order = other_order(unit @ unit.T, aim @ aim.T)
        parts = {"vectors": vectors, "cosines": cosines, "order": order}
        return vectors + COSINES * cosines + ORDER * order, parts


def mixed(pixels: Tensor, generator: torch.Generator) -> Tensor:
    """(n, 3, s, s) -> the same, MIXED of them with a part of another one of the batch: it shines through, or it takes
    the place of what lies on one side of a line."""
    n, side, device = len(pixels), pixels.shape[-1], pixels.device
    kind, share, angle, off = torch.rand(4, n, 1, 1, generator=generator, device=device)
    along = torch.linspace(-0.5, 0.5, side, device=device)
    across = along * (2 * math.pi * angle).cos() + along[:, None] * (2 * math.pi * angle).sin()
    beyond = torch.sigmoid((across - 0.5 * off) * (4 / SEAM))
    part = torch.where(kind < MIXED / 2, beyond, torch.where(kind < MIXED, share / 2, 0.0))
    other = torch.randperm(n, generator=generator, device=device)
    return torch.lerp(pixels, pixels[other], part[:, None])


def other_order(ours: Tensor, theirs: Tensor) -> Tensor:
    """How far the shares of a batch's others in a face's likeness are from the teachers' (Kullback-Leibler divergence).

    Cosines (n, n) of both; it is the nearest that decide, so that this is what naming needs (Fang et al. 2021, "SEED").
    """
    own = torch.eye(len(ours), dtype=torch.bool, device=ours.device)
    log_ours, log_theirs = ((c / TEMPERATURE).masked_fill(own, -1e4).log_softmax(1) for c in (ours, theirs))
    return F.kl_div(log_ours, log_theirs, reduction="batchmean", log_target=True)


def distil(
    config: PretrainConfig,
    teachers: Sequence[Path],
    *,
    weights: Sequence[float] = (),
    resume: bool = False,
    stop_at: float = 0.0,
) -> Path:
    """Teach the network at config.start what the teachers say together; the path of its weights."""
    nets = [read_encoder(path)[0] for path in teachers]

    def make(faces: Faces, settings: PretrainConfig) -> Distillation:
        return Distillation(faces, settings, nets, weights)

    return run(config, resume=resume, stop_at=stop_at, make=make)


def student_config(config: PretrainConfig) -> PretrainConfig:
    """As the teachers are trained, with more faces turned in hue, and gently: the student starts as one of them. It is
    shown faces at the side at which it is asked, its teachers at that of the pack; in the end its batch normalisation
    keeps what it counted."""
    return replace(
        config,
        hue_share=0.5,
        neighbours=0.0,
        tones=0.1,
        learning_rate=config.learning_rate / 2,
        small_share=0.0,
        drawn=SIDE,
        settled=0.6,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_options(parser, student_config(PretrainConfig(scale=16.0)))
    parser.add_argument("--teachers", type=Path, nargs="+", required=True)
    parser.add_argument("--weights", type=float, nargs="*", default=[], help="how much each teacher counts")
    parser.add_argument("--resume", action="store_true", help="go on from OUT/checkpoint.pt")
    parser.add_argument("--stop-at", type=float, default=0.0, help="seconds since 1970 at which to stop; 0: never")
    values = vars(parser.parse_args())
    teachers, weights = values.pop("teachers"), values.pop("weights")
    resume, stop_at = values.pop("resume"), values.pop("stop_at")
    config = config_of(values)
    config = config if config.start else replace(config, start=str(teachers[0]))
    distil(config, teachers, weights=weights, resume=resume, stop_at=stop_at)


if __name__ == "__main__":
    main()
