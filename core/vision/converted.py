"""Networks converted to ONNX and kept beside the models: one file for each digest of weights, made once.

A file holds the sha256 of the rest and then the rest, so that a damaged one is noticed and made again.
"""

from __future__ import annotations

import hashlib
import io
import os
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.atomic import write_bytes
from core.settings import PRETRAINED

if TYPE_CHECKING:
    from torch import Tensor, nn

FOLDER = PRETRAINED.parent / ".converted"
FORMAT = 1
"""To be raised when the same weights are to be converted in another way."""
KEPT = 24
"""Files kept; those used longest ago go first."""
OPSET = 18
_CHECKED = hashlib.sha256().digest_size


@dataclass(frozen=True)
class Source:
    """A network that can be converted: its weights file, and how to build it from there.

    build: the module, from uint8 (n, h, w, 3) to float32. example: the shape of an input; free: how many of its first
    axes may have any size. kind: which of several networks of one weights file.
    """

    weights: Path
    build: Callable[[], nn.Module]
    example: tuple[int, int, int, int]
    free: int = 1
    kind: str = ""


def converted(source: Source, *, folder: Path | None = None, remake: bool = False) -> bytes:
    """The network as ONNX, built and converted where nothing is kept for these weights, or with `remake`.

    Where the folder (default FOLDER) cannot be written to, it is converted each time.
    """
    with source.weights.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    place = (folder or FOLDER) / f"{digest[:32]}-{source.kind}{FORMAT}.onnx-checked"
    model = None if remake else _read(place)
    if model is None:
        model = to_onnx(source)
        with suppress(OSError):
            _write(place, model)
    return model


def to_onnx(source: Source) -> bytes:
    """The network as ONNX: input `pixels`, output `answer`."""
    import torch

    example = torch.zeros(source.example, dtype=torch.uint8)
    free = dict(enumerate(("n", "h", "w")[: source.free]))
    return trace(source.build(), example, ("pixels", "answer"), free)


def trace(module: nn.Module, example: Tensor, names: tuple[str, str], free: Mapping[int, str]) -> bytes:
    """A module with one input and one output as ONNX, float32, by tracing: ten times as quick as torch.export.

    names: of the input and the output. free: the axes of the input that may have any size, and their names.
    """
    import torch

    stream = io.BytesIO()
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # of the exporter's own future, and of sizes that tracing fixes on purpose
        torch.onnx.export(
            module.eval(),
            (example,),
            stream,  # type: ignore[arg-type]  # a stream is fine where dynamo is False
            input_names=[names[0]],
            output_names=[names[1]],
            dynamic_axes={names[0]: dict(free), names[1]: {0: "n"}},
            opset_version=OPSET,
            dynamo=False,
        )
    return stream.getvalue()


def _read(place: Path) -> bytes | None:
    """The model in a file; None where there is none, or where it is damaged."""
    try:
        data = place.read_bytes()
        model = data[_CHECKED:]
        if hashlib.sha256(model).digest() != data[:_CHECKED]:
            return None
        os.utime(place)
    except OSError:
        return None
    return model


def _write(place: Path, model: bytes) -> None:
    write_bytes(place, hashlib.sha256(model).digest() + model)
    by_age = sorted(place.parent.glob("*.onnx-checked"), key=lambda one: one.stat().st_mtime, reverse=True)
    for old in by_age[KEPT:]:
        old.unlink(missing_ok=True)
