"""The network behind the detector `cnn`: one stage, no anchors, one output a cell of 8 x 8 pixels.

A residual trunk goes down to 1/64 of the picture so that a face that fills it is seen whole; its stages are added
together on the way up. Each cell answers how likely a face's centre is there, and how far the face's four edges are
from the cell's centre (CenterNet, arXiv 1904.07850, with FCOS's distances, arXiv 1904.01355).
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from core.errors import DetectorError
from core.vision.specs import NO_HEADER, STRIDE, DetectorSpec, detector_spec_of, why
from core.vision.weights import save_weights

__all__ = ["STRIDE", "Cells", "DetectorNet", "DetectorSpec", "fused", "read_detector", "save_detector"]


class _Block(nn.Module):
    """Two 3 x 3 convolutions around a shortcut (arXiv 1512.03385)."""

    def __init__(self, width: int):
        super().__init__()
        self.first = _conv(width, width)
        self.second = nn.Sequential(nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width))

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(x + self.second(self.first(x)))


def _conv(into: int, out: int, kernel: int = 3, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(into, out, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(out), nn.ReLU(inplace=True)
    )


class DetectorNet(nn.Module):
    """forward: float (n, 3, h, w) in 0..255, h and w multiples of 64 -> float (n, 5, h/8, w/8).

    Channel 0 is the logit of a face's centre; 1..4 are the natural logarithms of the distances to the left, top,
    right and bottom edge in cells.
    """

    def __init__(self, spec: DetectorSpec):
        super().__init__()
        self.spec = spec
        into, stages = 3, []
        for width, count in zip(spec.widths, spec.blocks, strict=True):
            stages.append(nn.Sequential(_conv(into, width, stride=2), *(_Block(width) for _ in range(count))))
            into = width
        self.stages = nn.ModuleList(stages)
        coarse = spec.widths[2:]
        self.lateral = nn.ModuleList(_conv(width, spec.neck, 1) for width in coarse)
        self.smooth = nn.ModuleList(_conv(spec.neck, spec.neck) for _ in coarse[1:-1])
        self.head = nn.Sequential(_conv(spec.neck, spec.neck), _conv(spec.neck, spec.neck))
        self.out = nn.Conv2d(spec.neck, 5, 1)
        nn.init.normal_(self.out.weight, std=0.01)
        self.out.bias = nn.Parameter(torch.tensor([-4.0, 1.0, 1.0, 1.0, 1.0]))

    def forward(self, x: Tensor) -> Tensor:
        x = (x - 128) / 64
        levels = []
        for stage in self.stages:
            x = stage(x)
            levels.append(x)
        levels = [lateral(level) for lateral, level in zip(self.lateral, levels[2:], strict=True)]
        top = levels[-1]
        for depth in range(len(levels) - 2, -1, -1):
            top = levels[depth] + nn.functional.interpolate(top, scale_factor=2.0, mode="nearest")
            if depth:
                top = self.smooth[depth - 1](top)
        cells: Tensor = self.out(self.head(top)).float()
        return cells


def fused(net: DetectorNet) -> DetectorNet:
    """The same function with every batch normalisation folded into its convolution: fewer passes over memory."""
    net = copy.deepcopy(net).eval()
    for module in net.modules():
        if not isinstance(module, nn.Sequential) or len(module) < 2:
            continue
        if isinstance(module[0], nn.Conv2d) and isinstance(module[1], nn.BatchNorm2d):
            module[0], module[1] = fuse_conv_bn_eval(module[0], module[1]), nn.Identity()
    return net.to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]


class Cells(nn.Module):
    """A DetectorNet as programs use it: uint8 RGB (n, h, w, 3), h and w multiples of 64 -> float32 (n, 5, h/8, w/8)."""

    def __init__(self, net: DetectorNet):
        super().__init__()
        self.net = fused(net)

    def forward(self, pixels: Tensor) -> Tensor:
        cells: Tensor = self.net(pixels.permute(0, 3, 1, 2).float())
        return cells


def save_detector(path: Path, net: DetectorNet, spec: DetectorSpec, provenance: dict[str, Any]) -> None:
    """Write the weights at half precision, with the spec and where they come from, in one step."""
    state = {k: v.half() if v.is_floating_point() else v for k, v in net.state_dict().items()}
    state = {k: v.contiguous() for k, v in state.items() if not k.endswith("num_batches_tracked")}
    save_weights(path, state, spec, provenance)


def read_detector(path: Path) -> tuple[DetectorNet, DetectorSpec, dict[str, Any]]:
    """The network in evaluation mode (float32), its spec and its provenance. Raises DetectorError where it cannot."""
    from safetensors import safe_open

    if not path.is_file():
        raise DetectorError(f"There are no detector weights at {path}. Choose the detector `cascade` instead.")
    try:
        with safe_open(path, "pt") as file:
            metadata = file.metadata() or {}
            state = {key: file.get_tensor(key).float() for key in file.keys()}  # noqa: SIM118, not a dict
        spec, provenance = detector_spec_of(metadata)
        if broken := [name for name, value in state.items() if not torch.isfinite(value).all()]:
            raise ValueError(f"{broken[0]} holds values that are no numbers")
        net = DetectorNet(spec)
        missing, unexpected = net.load_state_dict(state, strict=False)
        missing = [key for key in missing if not key.endswith("num_batches_tracked")]
        if missing or unexpected:
            raise ValueError(f"missing {missing[:3]}, unexpected {unexpected[:3]}")
    except (*NO_HEADER, RuntimeError) as error:
        raise DetectorError(f"{path} does not hold a detector's weights: {why(error)}.") from error
    return net.eval(), spec, provenance
