"""EfficientNet-Lite (Tan and Le 2019; Liu 2020): inverted residuals without squeeze-and-excitation, for processors.

Weights for ImageNet were published under the Apache licence; `recipes.encoder.imagenet` reads them into these networks.
"""

from __future__ import annotations

import math

from torch import Tensor, nn

from core.vision.convolutions import Depthwise, Pointwise
from core.vision.specs import LITE_SCALES as SCALES

STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
"""Of each stage of Lite0: blocks, kernel, stride, expansion, channels."""

MIDDLE = 5
"""The stage whose maps tell details (core.vision.details)."""


def round_channels(channels: int, width: float) -> int:
    """Scaled channels as a multiple of 8, never more than a tenth below."""
    wanted = channels * width
    rounded = max(8, int(wanted + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * wanted else rounded


def _normalised(convolution: nn.Conv2d) -> list[nn.Module]:
    return [convolution, nn.BatchNorm2d(convolution.out_channels, eps=1e-3, momentum=0.01)]


class InvertedResidual(nn.Module):
    """Widened by a 1x1 convolution, looked at channel by channel, narrowed again; with a way around where it fits."""

    def __init__(self, inner: int, outer: int, kernel: int, stride: int, expansion: int):
        super().__init__()
        wide = inner * expansion
        layers = [*_normalised(Pointwise(inner, wide)), nn.ReLU6(inplace=True)] if expansion > 1 else []
        layers += [*_normalised(Depthwise(wide, kernel, stride)), nn.ReLU6(inplace=True)]
        self.layers = nn.Sequential(*layers, *_normalised(Pointwise(wide, outer)))
        self.around = stride == 1 and inner == outer

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.layers(x)
        return x + y if self.around else y


class LiteNet(nn.Module):
    """(n, 3, s, s) -> (n, 1280); the sides are halved five times. Lite0 has 3.4 M parameters, Lite2 4.8 M.

    Stem and head are never scaled, and neither is the depth of the first and the last stage.
    """

    features = 1280

    def __init__(self, architecture: str = "efficientnet_lite0"):
        super().__init__()
        width, depth = SCALES[architecture]
        self.ends: list[int] = []
        self.channels: list[int] = []
        layers, inner = [*_normalised(nn.Conv2d(3, 32, 3, 2, 1, bias=False)), nn.ReLU6(inplace=True)], 32
        for number, (blocks, kernel, stride, expansion, channels) in enumerate(STAGES):
            outer = round_channels(channels, width)
            if 0 < number < len(STAGES) - 1:
                blocks = math.ceil(blocks * depth)
            for block in range(blocks):
                layers.append(InvertedResidual(inner, outer, kernel, stride if block == 0 else 1, expansion))
                inner = outer
            self.ends.append(len(layers))
            self.channels.append(outer)
        self.layers = nn.Sequential(*layers, *_normalised(Pointwise(inner, self.features)), nn.ReLU6(inplace=True))

    def first_stages(self, count: int) -> nn.Sequential:
        """The stem and the first `count` of the seven stages; nothing for 0."""
        return nn.Sequential(*list(self.layers)[: self.ends[count - 1] if count else 0])

    def forward(self, x: Tensor) -> Tensor:
        return self.with_middle(x)[1]

    def with_middle(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The maps after the stage MIDDLE, (n, channels[MIDDLE - 1], s / 16, s / 16), and what `forward` gives."""
        maps = self.first_stages(MIDDLE)(x)
        pooled: Tensor = self.layers[self.ends[MIDDLE - 1] :](maps).mean((2, 3))
        return maps, pooled
