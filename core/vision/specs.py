"""What stands in a weights file beside the weights: all that is needed to build a network and to use it. No torch here,
so that a model whose network runs elsewhere (core.vision.runtimes) starts without it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open

from core.documents import parse_json
from core.errors import DetectorError, EncoderError

LITE_SCALES = {"efficientnet_lite0": (1.0, 1.0), "efficientnet_lite2": (1.1, 1.2)}
"""Width and depth of the EfficientNet-Lite architectures, as factors (core.vision.lite)."""
TORCHVISION = ("resnet18", "mobilenet_v3_small", "mobilenet_v3_large", "efficientnet_b0", "efficientnet_b3")
ARCHITECTURES = ("small", *LITE_SCALES, *TORCHVISION)
IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)
STRIDE = 8
"""Pixels a cell of the detector's answer is wide."""


@dataclass(frozen=True, slots=True)
class EncoderSpec:
    """All that is needed to build an encoder again: what stands in the weights' file beside them.

    `size` is the side of the square input in pixels, `dim` the length of the embedding, `width` the channels of the
    first stage of `small` (other architectures ignore it), `mean` and `std` the normalisation of RGB in 0..1,
    `margin` and `shift` the framing around which it was trained: the crop's side and how far its centre lies above the
    box's, over the tight box's longer side (core.imaging.framing). `nearer` is the share of the side that the mirrored
    view shows: below 1 it comes nearer to the face. `colours` numbers of the colours (core.vision.colours) follow the
    embedding, and are `colour_share` of the similarity; 0: none.
    """

    architecture: str = "small"
    size: int = 96
    dim: int = 128
    width: int = 40
    mean: tuple[float, float, float] = (0.5, 0.5, 0.5)
    std: tuple[float, float, float] = (0.25, 0.25, 0.25)
    margin: float = 2.0
    shift: float = 0.1
    nearer: float = 1.0
    colours: int = 0
    colour_share: float = 0.0

    @property
    def length(self) -> int:
        """Numbers of a vector: the embedding and the colours."""
        return self.dim + self.colours

    def __post_init__(self) -> None:
        if self.architecture not in ARCHITECTURES:
            raise EncoderError(f"No architecture {self.architecture!r}; choose one of: {', '.join(ARCHITECTURES)}.")
        for name, low, high in (("size", 32, 512), ("dim", 2, 2048), ("width", 4, 256), ("colours", 0, 512)):
            value = getattr(self, name)
            if not low <= value <= high:
                raise EncoderError(f"An encoder's {name} is from {low} to {high}, got {value}.")
        if not 0.5 <= self.nearer <= 1.0:
            raise EncoderError(f"An encoder's nearer is from 0.5 to 1, got {self.nearer}.")
        if not 0.0 <= self.colour_share < 1.0:
            raise EncoderError(f"An encoder's colour_share is from 0 to below 1, got {self.colour_share}.")


@dataclass(frozen=True)
class DetectorSpec:
    """What is needed to build the network and to use it as it was trained."""

    widths: tuple[int, ...] = (16, 32, 64, 96, 144, 128)
    """Channels at strides 2, 4, 8, 16, 32, 64."""
    blocks: tuple[int, ...] = (0, 0, 1, 2, 2, 1)
    """Residual blocks at each of them."""
    neck: int = 64
    """Channels at stride 8 on the way out."""
    side: int = 320
    """The long side, in pixels, that pictures are scaled to."""
    mirrored: bool = True
    """Look again where there is doubt: in the mirror, and not at the size of the first look."""
    score: float = 0.5
    """Operating point: the score from which a box counts as found."""


def encoder_spec_of(metadata: dict[str, str]) -> tuple[EncoderSpec, dict[str, Any]]:
    """The spec and the provenance in an encoder file's metadata. KeyError, TypeError or ValueError without them."""
    return EncoderSpec(**_fields(metadata)), _provenance(metadata)


def detector_spec_of(metadata: dict[str, str]) -> tuple[DetectorSpec, dict[str, Any]]:
    """The same of a detector's file."""
    return DetectorSpec(**_fields(metadata)), _provenance(metadata)


def read_encoder_header(path: Path) -> tuple[EncoderSpec, dict[str, Any]]:
    """Spec and provenance of an encoder's file, without its weights. Raises EncoderError where it is none."""
    try:
        return encoder_spec_of(_metadata(path))
    except _NO_HEADER as error:
        raise EncoderError(
            f"{path} is not an encoder's file, or is broken ({error}). Train or choose another."
        ) from error


def read_detector_header(path: Path) -> tuple[DetectorSpec, dict[str, Any]]:
    """The same of a detector's file. Raises DetectorError."""
    if not path.is_file():
        raise DetectorError(f"There are no detector weights at {path}. Choose the detector `cascade` instead.")
    try:
        return detector_spec_of(_metadata(path))
    except _NO_HEADER as error:
        raise DetectorError(f"{path} does not hold a detector's weights: {error}") from error


_NO_HEADER = (SafetensorError, KeyError, TypeError, ValueError, AttributeError, OSError)


def _metadata(path: Path) -> dict[str, str]:
    with safe_open(path, "np") as file:
        return file.metadata() or {}


def _provenance(metadata: dict[str, str]) -> dict[str, Any]:
    found = parse_json(metadata.get("provenance", "{}"))
    if not isinstance(found, dict):
        raise ValueError(f"its provenance is a JSON object, got {str(found)[:40]!r}")
    return found


def _fields(metadata: dict[str, str]) -> dict[str, Any]:
    values = parse_json(metadata["spec"])
    return {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
