"""A batch through the backbone in parts, several at the same time, one group of processor cores for each.

Cores that work on parts of their own do not wait for each other after every layer, and the activations of a small part
stay in the cache. The loss still sees the whole batch: the parts' features are gathered, and the gradient of the
gathered features is handed back to the parts.

Batch normalisation in training mode sees each part alone (ghost batch normalisation, Hoffer et al. 2017). The parts are
cut by their size alone and summed in their order, so the result depends neither on the number of cores nor on which
part is ready first.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from core.vision.network import FaceNet

T = TypeVar("T")

RANDOM_LAYERS = ("Dropout", "Dropout1d", "Dropout2d", "StochasticDepth")
"""They draw from the one global generator: in threads, which part draws first would be chance."""


def can_be_parted(net: nn.Module, device: torch.device) -> bool:
    """Whether a network's parts give the same on every run: on a processor, without layers that draw at random."""
    return device.type == "cpu" and not any(type(layer).__name__ in RANDOM_LAYERS for layer in net.modules())


class Cores:
    """Threads that compute with torch at the same time, each on its share of the cores that torch may use."""

    def __init__(self, count: int):
        cores = torch.get_num_threads()
        self.count = max(min(count, cores), 1)
        self.pool = ThreadPoolExecutor(self.count, "train", torch.set_num_threads, (cores // self.count,))

    def map(self, compute: Callable[..., T], *arguments: Iterable[Any]) -> list[T]:
        """What `compute` returns for each set of arguments, in their order."""
        return list(self.pool.map(compute, *arguments))


@contextmanager
def torch_threads(count: int | None = None) -> Iterator[None]:
    """Torch computes on so many threads, None is as many as before; afterwards again on as many as before.

    MKL knows one number for all threads of a process, and a Cores lowers it: afterwards it is right again too.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(count or before)
    try:
        yield
    finally:
        torch.set_num_threads(before)


class Microbatches:
    """The backbone of a network, forward and backward over a batch in parts of at most `size` faces.

    Part i of m holds the faces i, i + m, i + 2m, ...: where the faces of a character stand side by side, each part
    gets some of them.
    """

    def __init__(self, net: FaceNet, size: int, cores: Cores):
        self.net, self.size, self.cores = net, size, cores
        self.copies: list[nn.Module] = []
        self.done: list[Tensor] = []
        self.features = torch.empty(0)

    def forward(self, faces: Tensor, *, half: bool = False) -> Tensor:
        """(n, 3, s, s) in 0..1 -> float32 features (n, f), a leaf whose gradient `backward` hands on.

        half: computed in bfloat16. Where no weight of the backbone learns, nothing is kept for a backward pass.
        """
        backbone = self.net.backbone
        learns = any(weight.requires_grad for weight in backbone.parameters())

        def run(part: nn.Module, piece: Tensor) -> Tensor:
            piece = piece.contiguous(memory_format=torch.channels_last)
            with torch.set_grad_enabled(learns), torch.autocast("cpu", torch.bfloat16, enabled=half):
                features: Tensor = part((piece - self.net.mean) / self.net.std)
                return features.float()

        count = -(-len(faces) // self.size)
        parts = self._copies(count)
        self.done = self.cores.map(run, parts, [faces[i::count] for i in range(count)])
        if parts[0] is not backbone:
            _mean_buffers(parts, backbone)
        self.features = torch.empty(len(faces), self.done[0].shape[1])
        for i, part in enumerate(self.done):
            self.features[i::count] = part.detach()
        return self.features.requires_grad_(learns)

    def backward(self) -> None:
        """From the gradient of the last forward's features to the gradients of the backbone's weights."""
        done, self.done = self.done, []
        gradient = self.features.grad
        if gradient is None:
            return
        weights = [weight for weight in self.net.backbone.parameters() if weight.requires_grad]
        pieces = [gradient[i :: len(done)] for i in range(len(done))]
        total, *others = self.cores.map(lambda part, piece: torch.autograd.grad(part, weights, piece), done, pieces)
        for other in others:
            torch._foreach_add_(total, other)
        for weight, value in zip(weights, total, strict=True):
            same = value.stride() == weight.stride()  # the fused optimiser wants the layout in memory of the weight
            weight.grad = value if same else torch.empty_like(weight).copy_(value)

    def _copies(self, count: int) -> list[nn.Module]:
        """A module a part: the weights are shared, the statistics of batch normalisation are not while it counts."""
        backbone = self.net.backbone
        if not any(isinstance(layer, _BatchNorm) and layer.training for layer in backbone.modules()):
            return [backbone] * count
        shared = {id(weight): weight for weight in backbone.parameters()}
        while len(self.copies) < count:
            self.copies.append(copy.deepcopy(backbone, dict(shared)))
        for part in self.copies[:count]:
            for mine, theirs in zip(part.modules(), backbone.modules(), strict=True):
                mine.training = theirs.training
            _copy_buffers(backbone, part)
        return self.copies[:count]


@torch.no_grad()
def _copy_buffers(source: nn.Module, target: nn.Module) -> None:
    for mine, theirs in zip(target.buffers(), source.buffers(), strict=True):
        mine.copy_(theirs)


@torch.no_grad()
def _mean_buffers(sources: Sequence[nn.Module], target: nn.Module) -> None:
    for mine, *theirs in zip(target.buffers(), *(source.buffers() for source in sources), strict=True):
        mine.copy_(torch.stack(theirs).mean(0) if mine.is_floating_point() else theirs[0])
