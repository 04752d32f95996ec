"""Weights on disk: one safetensors file with the spec of its network and where it comes from, written whole or not."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from safetensors.torch import save_file
from torch import Tensor

from core.vision.specs import DetectorSpec, EncoderSpec


def save_weights(
    path: Path, tensors: Mapping[str, Tensor], spec: DetectorSpec | EncoderSpec, provenance: Mapping[str, Any]
) -> None:
    """Write contiguous tensors beside the target and rename them, so that a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        save_file(dict(tensors), temporary, {"spec": json.dumps(asdict(spec)), "provenance": json.dumps(provenance)})
        with suppress(OSError):  # safetensors writes for its owner alone; some drives know no rights
            temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
