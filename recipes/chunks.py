"""A batch through the backbone in parts, one processor core a part; and the styles of its faces mixed.

Activations of 132 faces at 80 px are 81 MB a layer, those of 33 are 20 MB and stay in the cache; and cores that work on
parts of their own do not wait for each other at every layer. A step takes half the time. Batch normalisation sees each
part alone (ghost batch normalisation, Hoffer et al. 2017), the BNNeck the whole batch.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import torch
from torch import Tensor, nn

from core.errors import EncoderError
from core.vision.lite import LiteNet
from core.vision.network import FaceNet
from recipes.pretrain_config import PretrainConfig

MIXED_AFTER = (5, 7)
"""Blocks of LiteNet's layers (end of the second and third stage) behind which styles are mixed."""


class Backbone:
    """A FaceNet's backbone in training, forward and backward on config.threads cores.

    Each core has a network of its own with the same weights; what batch normalisation counted is averaged after a step.
    """

    def __init__(self, net: FaceNet, config: PretrainConfig):
        self.net, self.config = net, config
        self.weights = [p for p in net.backbone.parameters() if p.requires_grad]
        shared = {id(p): p for p in net.backbone.parameters()}
        self.workers = [_Worker(copy.deepcopy(net.backbone, dict(shared)), config) for _ in range(config.threads)]
        self.pool = ThreadPoolExecutor(config.threads, initializer=torch.set_num_threads, initargs=(1,))
        self.features, self.parts = torch.zeros(0), 0

    def forward(self, faces: Tensor, step: int) -> Tensor:
        """(n, 3, s, s) RGB in 0..1 -> (n, features), a leaf whose gradient `backward` takes on."""
        seed = self.config.seed * 1_000_003 + step
        order = torch.randperm(len(faces), generator=torch.Generator().manual_seed(seed))
        self.parts = math.ceil(len(faces) / self.config.chunk)
        shuffled = faces[order].contiguous(memory_format=torch.channels_last)
        parts = ((shuffled - self.net.mean) / self.net.std).tensor_split(self.parts)
        for worker in self.workers:
            _copy_counts(self.net.backbone, worker.backbone)
        count = len(self.workers)
        jobs = [
            self.pool.submit(worker.forward, parts[number::count], seed * count + number)
            for number, worker in enumerate(self.workers)
        ]
        done: list[Tensor] = [torch.zeros(0)] * self.parts
        for number, job in enumerate(jobs):
            done[number::count] = job.result()
        self.features = torch.cat(done)[order.argsort()].requires_grad_()
        self.order = order
        return self.features

    def backward(self) -> None:
        """From the gradient of the last forward's features to that of the weights, which it replaces."""
        gradients = self.features.grad[self.order].tensor_split(self.parts)
        count = len(self.workers)
        jobs = [
            self.pool.submit(worker.backward, self.weights, gradients[number::count])
            for number, worker in enumerate(self.workers)
            if number < self.parts
        ]
        sums = [job.result() for job in jobs]
        for weight, *several in zip(self.weights, *sums, strict=True):
            weight.grad = torch.stack(several).sum(0) if len(several) > 1 else several[0]
        _mean_counts([worker.backbone for worker in self.workers[: self.parts]], self.net.backbone)


class _Worker:
    def __init__(self, backbone: nn.Module, config: PretrainConfig):
        self.backbone, self.config = backbone.train(), config
        self.generator = torch.Generator()
        self.done: list[Tensor] = []
        if config.mix:
            if not isinstance(backbone, LiteNet):
                raise EncoderError("Styles are mixed in EfficientNet-Lite0 only; leave mix at 0.")
            for index in MIXED_AFTER:
                backbone.layers[index].register_forward_hook(self._mix)

    def forward(self, parts: Sequence[Tensor], seed: int) -> list[Tensor]:
        self.generator.manual_seed(seed)
        self.done = [self.backbone(part) for part in parts]
        return [features.detach() for features in self.done]

    def backward(self, weights: Sequence[Tensor], gradients: Sequence[Tensor]) -> tuple[Tensor, ...]:
        done, self.done = self.done, []
        return torch.autograd.grad(done, weights, gradients)

    def _mix(self, module: nn.Module, inputs: tuple, features: Tensor) -> Tensor:
        if float(torch.rand((), generator=self.generator)) >= self.config.mix:
            return features
        return mix_style(features, self.generator)


@torch.no_grad()
def _copy_counts(source: nn.Module, target: nn.Module) -> None:
    for mine, theirs in zip(target.buffers(), source.buffers(), strict=True):
        mine.copy_(theirs)


@torch.no_grad()
def _mean_counts(sources: Sequence[nn.Module], target: nn.Module) -> None:
    for mine, *theirs in zip(target.buffers(), *(source.buffers() for source in sources), strict=True):
        mine.copy_(torch.stack(theirs).mean(0) if mine.is_floating_point() else theirs[0])


def mix_style(features: Tensor, generator: torch.Generator) -> Tensor:
    """MixStyle (Zhou et al. 2021): (n, c, h, w) with each face's mean and spread of a channel moved towards another's.

    The share, drawn from Beta(0.1, 0.1), is mostly near 0 or near 1; means and spreads carry no gradient.
    """
    with torch.no_grad():
        spread, mean = torch.std_mean(features, (2, 3), keepdim=True)
        spread = spread + 1e-5
        other = torch.randperm(len(features), generator=generator)
        share = _beta(len(features), generator).view(-1, 1, 1, 1)
        scale = torch.lerp(spread, spread[other], share) / spread
        offset = torch.lerp(mean, mean[other], share) - mean * scale
    return features * scale + offset


def _beta(n: int, generator: torch.Generator, concentration: float = 0.1) -> Tensor:
    gamma = torch._standard_gamma(torch.full((2, n), concentration), generator=generator).clamp_min(1e-30)
    return gamma[0] / gamma.sum(0)
