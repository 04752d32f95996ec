"""What stands in a weights file beside the weights: all that is needed to build a network and to use it. No torch here,
so that a model whose network runs elsewhere (core.vision.runtimes) starts without it."""

from __future__ import annotations

from collections.abc import Callable
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
STAGES = 6
"""Of a detector's trunk: strides 2 to 64."""

Value = Callable[[object], str]
"""What is wrong with a value of a spec, such as `is from 2 to 9`; "" where it is right."""


def _whole(low: int, high: int) -> Value:
    def check(value: object) -> str:
        if not isinstance(value, int) or isinstance(value, bool):
            return "is a whole number"
        return "" if low <= value <= high else f"is from {low} to {high}"

    return check


def _number(low: float, high: float, *, below: bool = False) -> Value:
    """below: `high` itself is not allowed."""

    def check(value: object) -> str:
        if not isinstance(value, int | float) or isinstance(value, bool) or value != value:
            return "is a number"
        inside = low <= value < high if below else low <= value <= high
        return "" if inside else f"is from {low:g} to {'below ' if below else ''}{high:g}"

    return check


def _row(length: int, each: Value) -> Value:
    def check(value: object) -> str:
        if not isinstance(value, tuple) or len(value) != length:
            return f"has {length} numbers"
        return next((f"has numbers each of which {wrong}" for one in value if (wrong := each(one))), "")

    return check


def _yes_or_no(value: object) -> str:
    return "" if isinstance(value, bool) else "is true or false"


@dataclass(frozen=True, slots=True)
class EncoderSpec:
    """All that is needed to build an encoder again: what stands in the weights' file beside them.

    `size` is the side of the square input in pixels, `dim` the length of the embedding, `width` the channels of the
    first stage of `small` (other architectures ignore it), `mean` and `std` the normalisation of RGB in 0..1,
    `margin` and `shift` the framing around which it was trained: the crop's side and how far its centre lies above the
    box's, over the tight box's longer side (core.imaging.framing). `nearer` is the share of the side that the mirrored
    view shows: below 1 it comes nearer to the face. `colours` numbers of the colours (core.vision.colours) follow the
    embedding, and are `colour_share` of the similarity; `details` numbers of what the network's middle sees
    (core.vision.details) follow them, and are `detail_share` of the similarity, the two before them the rest; 0: none.
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
    details: int = 0
    detail_share: float = 0.0

    @property
    def length(self) -> int:
        """Numbers of a vector: the embedding, the colours and the details."""
        return self.dim + self.colours + self.details

    @property
    def beginnings(self) -> tuple[int, ...]:
        """So many of a vector's first numbers are themselves an encoder's vector, but for their length."""
        return (self.dim, self.dim + self.colours, self.length)

    def __post_init__(self) -> None:
        if self.architecture not in ARCHITECTURES:
            raise EncoderError(f"No architecture {self.architecture!r}; choose one of: {', '.join(ARCHITECTURES)}.")
        for name, check in _ENCODER.items():
            if wrong := check(getattr(self, name)):
                raise EncoderError(f"An encoder's {name} {wrong}, got {_shown(getattr(self, name))}.")
        if self.details and self.architecture not in LITE_SCALES:
            raise EncoderError(f"Details are for {' and '.join(LITE_SCALES)}; {self.architecture} has none.")


_ENCODER: dict[str, Value] = {
    "size": _whole(32, 512),
    "dim": _whole(2, 2048),
    "width": _whole(4, 256),
    "mean": _row(3, _number(-10, 10)),
    "std": _row(3, _number(0.001, 1000)),
    "margin": _number(1, 4),
    "shift": _number(-1, 1),
    "nearer": _number(0.5, 1),
    "colours": _whole(0, 512),
    "colour_share": _number(0, 1, below=True),
    "details": _whole(0, 512),
    "detail_share": _number(0, 1, below=True),
}


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

    def __post_init__(self) -> None:
        for name, check in _DETECTOR.items():
            if wrong := check(getattr(self, name)):
                raise DetectorError(f"A detector's {name} {wrong}, got {_shown(getattr(self, name))}.")


_DETECTOR: dict[str, Value] = {
    "widths": _row(STAGES, _whole(1, 512)),
    "blocks": _row(STAGES, _whole(0, 16)),
    "neck": _whole(1, 512),
    "side": _whole(64, 4096),
    "mirrored": _yes_or_no,
    "score": _number(0, 1),
}


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:80]}..."


def encoder_spec_of(metadata: dict[str, str]) -> tuple[EncoderSpec, dict[str, Any]]:
    """The spec and the provenance in an encoder file's metadata. Raises one of NO_HEADER without them."""
    return EncoderSpec(**_fields(metadata)), _provenance(metadata)


def detector_spec_of(metadata: dict[str, str]) -> tuple[DetectorSpec, dict[str, Any]]:
    """The same of a detector's file."""
    return DetectorSpec(**_fields(metadata)), _provenance(metadata)


def read_encoder_header(path: Path) -> tuple[EncoderSpec, dict[str, Any]]:
    """Spec and provenance of an encoder's file, without its weights. Raises EncoderError where it is none."""
    try:
        return encoder_spec_of(_metadata(path))
    except NO_HEADER as error:
        raise EncoderError(
            f"{path} is not an encoder's file, or is broken ({why(error)}). Train or choose another."
        ) from error


def read_detector_header(path: Path) -> tuple[DetectorSpec, dict[str, Any]]:
    """The same of a detector's file. Raises DetectorError."""
    if not path.is_file():
        raise DetectorError(f"There are no detector weights at {path}. Choose the detector `cascade` instead.")
    try:
        return detector_spec_of(_metadata(path))
    except NO_HEADER as error:
        raise DetectorError(f"{path} does not hold a detector's weights: {why(error)}.") from error


NO_HEADER = (SafetensorError, KeyError, TypeError, ValueError, AttributeError, OSError, EncoderError, DetectorError)
"""What a file raises that has no spec, or one that cannot be used."""


def why(error: Exception) -> str:
    """An error as a part of a sentence: on one line, not too long, without a full stop."""
    return " ".join(str(error).split())[:200].rstrip(".")


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
    if not isinstance(values, dict):
        raise ValueError(f"its spec is a JSON object, got {_shown(values)}")
    return {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
