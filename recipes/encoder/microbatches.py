"""A batch through the backbone in parts, one processor core a part.

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

from core.vision.network import FaceNet
from recipes.encoder.pretrain_config import PretrainConfig


class Backbone:
    """A FaceNet's backbone in training, forward and backward on config.threads cores.

    Each core has a network of its own with the same weights; what batch normalisation counted is averaged after a step.
    """

    def __init__(self, net: FaceNet, config: PretrainConfig):
        self.net, self.config = net, config
        self.weights = [p for p in net.backbone.parameters() if p.requires_grad]
        shared = {id(p): p for p in net.backbone.parameters()}
        self.workers = [_Worker(copy.deepcopy(net.backbone, dict(shared))) for _ in range(config.threads)]
        self.pool = ThreadPoolExecutor(config.threads, initializer=torch.set_num_threads, initargs=(1,))
        self.features, self.parts = torch.zeros(0), 0

    def forward(self, faces: Tensor, step: int) -> Tensor:
        """(n, 3, s, s) RGB in 0..1 -> (n, features), a leaf whose gradient `backward` takes on."""
        seed = self.config.seed * 1_000_003 + step
        order = torch.randperm(len(faces), generator=torch.Generator().manual_seed(seed))
        self.parts = math.ceil(len(faces) / self.config.microbatch)
        shuffled = faces[order].contiguous(memory_format=torch.channels_last)
        parts = ((shuffled - self.net.mean) / self.net.std).tensor_split(self.parts)
        for worker in self.workers:
            _copy_counts(self.net.backbone, worker.backbone)
        count = len(self.workers)
        jobs = [self.pool.submit(worker.forward, parts[number::count]) for number, worker in enumerate(self.workers)]
        done: list[Tensor] = [torch.zeros(0)] * self.parts
        for number, job in enumerate(jobs):
            done[number::count] = job.result()
        self.features = torch.cat(done)[order.argsort()].requires_grad_()
        self.order = order
        return self.features

    def settle(self) -> None:
        """Batch normalisation keeps what it has counted."""
        for worker in self.workers:
            worker.backbone.eval()

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


class WholeBatch:
    """The same for a device that takes a batch at once; the gradient finds its own way."""

    def __init__(self, net: FaceNet):
        self.net = net

    def forward(self, faces: Tensor, step: int) -> Tensor:
        """(n, 3, s, s) RGB in 0..1 -> (n, features)."""
        faces = faces.contiguous(memory_format=torch.channels_last)
        return self.net.backbone((faces - self.net.mean) / self.net.std)

    def backward(self) -> None:
        """Nothing is left to do."""

    def settle(self) -> None:
        """The network's own mode decides."""


class _Worker:
    def __init__(self, backbone: nn.Module):
        self.backbone = backbone.train()
        self.done: list[Tensor] = []

    def forward(self, parts: Sequence[Tensor]) -> list[Tensor]:
        self.done = [self.backbone(part) for part in parts]
        return [features.detach() for features in self.done]

    def backward(self, weights: Sequence[Tensor], gradients: Sequence[Tensor]) -> tuple[Tensor, ...]:
        done, self.done = self.done, []
        return torch.autograd.grad(done, weights, gradients)


@torch.no_grad()
def _copy_counts(source: nn.Module, target: nn.Module) -> None:
    for mine, theirs in zip(target.buffers(), source.buffers(), strict=True):
        mine.copy_(theirs)


@torch.no_grad()
def _mean_counts(sources: Sequence[nn.Module], target: nn.Module) -> None:
    for mine, *theirs in zip(target.buffers(), *(source.buffers() for source in sources), strict=True):
        mine.copy_(torch.stack(theirs).mean(0) if mine.is_floating_point() else theirs[0])
