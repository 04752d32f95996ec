"""The face encoder as a network: a backbone, a linear layer to the embedding, a BNNeck; and its file.

BNNeck (Luo et al. 2019, "Bag of Tricks", section 3.4): the triplet loss sees the feature before a batch norm without
shift, the classifier and the search see the feature after it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from torch import Tensor, nn
from torch.nn import functional as F

from core.errors import EncoderError
from core.vision.colours import Colours
from core.vision.details import Details
from core.vision.lite import MIDDLE, LiteNet
from core.vision.specs import (
    ARCHITECTURES,
    IMAGENET_MEAN,
    IMAGENET_STD,
    LITE_SCALES,
    NO_HEADER,
    TORCHVISION,
    EncoderSpec,
    encoder_spec_of,
    why,
)
from core.vision.weights import save_weights

__all__ = [
    "ARCHITECTURES",
    "IMAGENET_MEAN",
    "IMAGENET_STD",
    "TORCHVISION",
    "EncoderSpec",
    "FaceNet",
    "FaceVectors",
    "PooledFeatures",
    "build",
    "count_parameters",
    "read_encoder",
    "save_encoder",
]


class Residual(nn.Module):
    """Two 3x3 convolutions and a way around them (He et al. 2016); stride 2 halves the sides."""

    def __init__(self, inner: int, outer: int, stride: int = 1):
        super().__init__()
        self.conv1 = nn.Conv2d(inner, outer, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outer)
        self.conv2 = nn.Conv2d(outer, outer, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outer)
        nn.init.zeros_(self.bn2.weight)  # starts as the identity: trains faster from random weights
        self.around: nn.Module = nn.Identity()
        if stride != 1 or inner != outer:
            pool = nn.AvgPool2d(stride, ceil_mode=True) if stride != 1 else nn.Identity()
            self.around = nn.Sequential(pool, nn.Conv2d(inner, outer, 1, bias=False), nn.BatchNorm2d(outer))

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.bn1(self.conv1(x)), inplace=True)
        return F.relu(self.bn2(self.conv2(y)) + self.around(x), inplace=True)


class SmallNet(nn.Module):
    """A narrow residual network for two CPU cores: few pixels early, most of its weights late.

    Stem of stride 2 and a residual stage of stride 2, then three more: (n, 3, s, s) -> (n, 8 x width).
    """

    def __init__(self, width: int):
        super().__init__()
        half = max(width // 2, 4)
        self.features = 8 * width
        self.stem = nn.Sequential(nn.Conv2d(3, half, 3, 2, 1, bias=False), nn.BatchNorm2d(half), nn.ReLU(inplace=True))
        stages, inner = [], half
        for outer, blocks in ((width, 2), (2 * width, 2), (4 * width, 2), (8 * width, 2)):
            for block in range(blocks):
                stages.append(Residual(inner, outer, 2 if block == 0 else 1))
                inner = outer
        self.stages = nn.Sequential(*stages)

    def forward(self, x: Tensor) -> Tensor:
        pooled: Tensor = self.stages(self.stem(x)).mean((2, 3))
        return pooled


class FaceNet(nn.Module):
    """Faces -> embeddings: (n, 3, size, size) float RGB in 0..1 -> two (n, dim) features, before and after the BNNeck.

    The normalisation is inside, so that an exported file needs nothing beside it.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, spec: EncoderSpec, backbone: nn.Module, features: int):
        super().__init__()
        self.spec = spec
        self.backbone = backbone
        self.embedding = nn.Linear(features, spec.dim)
        self.neck = nn.BatchNorm1d(spec.dim)
        self.neck.bias.requires_grad_(False)
        nn.init.normal_(self.embedding.weight, std=features**-0.5)
        nn.init.zeros_(self.embedding.bias)
        self.colours = Colours(spec.colours) if spec.colours else None
        self.details: Details | None = None
        if spec.details and isinstance(backbone, LiteNet):
            self.details = Details(backbone.channels[MIDDLE - 1], spec.details)
        self.register_buffer("mean", torch.tensor(spec.mean).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(spec.std).view(1, 3, 1, 1), persistent=False)

    def forward(self, faces: Tensor) -> tuple[Tensor, Tensor]:
        feature = self.embedding(self.backbone((faces - self.mean) / self.std))
        return feature, self.neck(feature)

    def embed(self, faces: Tensor, *, mirror: bool = True) -> Tensor:
        """What the search compares, float (n, spec.length) of length 1: the feature after the BNNeck, mean of two
        views, and behind it the colours and details where the spec has any.

        The second view is the mirror image, of the middle alone where spec.nearer is below 1: framings differ, and two
        of them for the price of flip averaging are worth more than one. mirror False: the first view alone.
        """
        maps, feature = self._seen(faces)
        if mirror:
            feature = F.normalize(feature + F.normalize(self(self.mirrored(faces))[1].float()))
        if self.colours is not None:
            feature = _beside(feature, self.colours(faces), self.spec.colour_share)
        if self.details is not None and maps is not None:
            feature = _beside(feature, self.details(maps), self.spec.detail_share)
        return feature

    def _seen(self, faces: Tensor) -> tuple[Tensor | None, Tensor]:
        """Maps of the network's middle where details are asked for, and the unit feature after the BNNeck."""
        if self.details is None or not isinstance(self.backbone, LiteNet):
            return None, F.normalize(self(faces)[1].float())
        maps, pooled = self.backbone.with_middle((faces - self.mean) / self.std)
        return maps, F.normalize(self.neck(self.embedding(pooled)).float())

    def mirrored(self, faces: Tensor) -> Tensor:
        """The second view of faces: the mirror image of their middle, `spec.nearer` of the side."""
        size = int(faces.shape[-1])
        cut = round(size * (1 - self.spec.nearer) / 2)
        if cut:
            middle = faces[:, :, cut : size - cut, cut : size - cut]
            faces = F.interpolate(middle, size=(size, size), mode="bilinear", align_corners=False)
        return faces.flip(3)


def _beside(first: Tensor, second: Tensor, share: float) -> Tensor:
    """Two rows of unit vectors side by side as one, in which the second is `share` of a similarity."""
    return F.normalize(torch.cat([(1 - share) ** 0.5 * first, share**0.5 * second], dim=1))


class FaceVectors(nn.Module):
    """A FaceNet as programs use it: uint8 RGB (n, size, size, 3) -> float32 (n, spec.length) of length 1."""

    def __init__(self, net: FaceNet, *, mirror: bool = True):
        super().__init__()
        self.net = net
        self.mirror = mirror

    def forward(self, pixels: Tensor) -> Tensor:
        return self.net.embed(pixels.permute(0, 3, 1, 2).float() / 255.0, mirror=self.mirror)


class PooledFeatures(nn.Module):
    """What a FaceNet sees before its last layer: uint8 RGB (n, size, size, 3) -> float32 (n, features), one view."""

    def __init__(self, net: FaceNet):
        super().__init__()
        self.net = net

    def forward(self, pixels: Tensor) -> Tensor:
        faces = pixels.permute(0, 3, 1, 2).float() / 255.0
        pooled: Tensor = self.net.backbone((faces - self.net.mean) / self.net.std)
        return pooled


def build(spec: EncoderSpec, *, imagenet: bool = False) -> FaceNet:
    """A network with random weights (torch's generator decides), or with a backbone trained on ImageNet.

    ImageNet weights exist for the torchvision architectures only; torchvision fetches them once and keeps them.
    Raises EncoderError in words where they cannot be had.
    """
    if imagenet and spec.architecture not in TORCHVISION:
        raise EncoderError(
            f"The architecture {spec.architecture!r} has no ImageNet weights; choose one of {', '.join(TORCHVISION)}, "
            "or start from 'pretrained' or 'random'."
        )
    if spec.architecture == "small":
        backbone = SmallNet(spec.width)
        return FaceNet(spec, backbone, backbone.features)
    if spec.architecture in LITE_SCALES:
        backbone = LiteNet(spec.architecture)
        return FaceNet(spec, backbone, backbone.features)
    from core.vision.torchvision_shim import load_torchvision

    make = getattr(load_torchvision().models, spec.architecture)
    try:
        backbone = make(weights="DEFAULT" if imagenet else None)
    except (OSError, RuntimeError) as error:
        if not imagenet:
            raise
        raise EncoderError(
            f"The ImageNet weights of {spec.architecture} could not be fetched ({error}). Connect to a network once, "
            "or start from 'pretrained' or 'random'."
        ) from error
    if spec.architecture == "resnet18":
        features, backbone.fc = backbone.fc.in_features, nn.Identity()
    else:
        features = next(m for m in backbone.classifier.modules() if isinstance(m, nn.Linear)).in_features
        backbone.classifier = nn.Identity()
    return FaceNet(spec, backbone, features)


def count_parameters(net: nn.Module) -> int:
    """Number of weights, buffers left out."""
    return sum(p.numel() for p in net.parameters())


def save_encoder(path: Path, net: FaceNet, spec: EncoderSpec, provenance: dict[str, Any], *, half: bool = True) -> None:
    """Write the weights as safetensors (fp16 unless half is False), spec and provenance as JSON in the metadata.

    Written beside the target and renamed, so that a reader never sees half a file.
    """
    dtype = torch.float16 if half else torch.float32
    tensors = {
        name: (value.to(dtype) if value.is_floating_point() else value).contiguous().clone()
        for name, value in net.state_dict().items()
    }
    save_weights(Path(path), tensors, spec, provenance)


def read_encoder(path: Path) -> tuple[FaceNet, EncoderSpec, dict[str, Any]]:
    """The network in eval mode as fp32, its spec, its provenance. EncoderError for a missing or broken file."""
    path = Path(path)
    if not path.is_file():
        raise EncoderError(f"There is no encoder at {path}. Train one, or choose 'pretrained' or 'random'.")
    try:
        with safe_open(path, "pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        spec, provenance = encoder_spec_of(metadata)
        net = build(spec)
        weights = {k: v.float() if v.is_floating_point() else v for k, v in tensors.items()}
        if broken := [name for name, value in weights.items() if not torch.isfinite(value).all()]:
            raise ValueError(f"{broken[0]} holds values that are no numbers")
        net.load_state_dict(weights)
    except (*NO_HEADER, RuntimeError) as error:
        raise EncoderError(
            f"{path} is not an encoder's file, or is broken ({why(error)}). Train or choose another."
        ) from error
    return net.eval(), spec, provenance
