"""Weights on disk: one safetensors file with the spec of its network and where it comes from, written whole or not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from safetensors.torch import save_file
from torch import Tensor

from core.atomic import write_with
from core.vision.specs import DetectorSpec, EncoderSpec


def save_weights(
    path: Path, tensors: Mapping[str, Tensor], spec: DetectorSpec | EncoderSpec, provenance: Mapping[str, Any]
) -> None:
    """Write contiguous tensors beside the target and rename them, so that a reader never sees half a file."""
    about = {"spec": json.dumps(asdict(spec)), "provenance": json.dumps(provenance)}
    write_with(path, lambda temporary: save_file(dict(tensors), temporary, about))
