"""A training laid down in one file, tensors as safetensors and all numbers as JSON in its metadata; no pickle."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from core.atomic import write_with
from core.documents import parse_json
from core.errors import DataError
from core.train.runs import CHECKPOINT


def save_checkpoint(folder: Path, tensors: dict[str, Tensor], state: dict[str, Any]) -> None:
    """Write checkpoint.safetensors whole or not at all. `state` must be plain JSON."""
    tensors = {name: value.detach().cpu().contiguous().clone() for name, value in tensors.items()}
    metadata = {"state": json.dumps(state)}
    write_with(folder / CHECKPOINT, lambda path: save_file(tensors, path, metadata))


def load_checkpoint(folder: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """What save_checkpoint wrote. Raises DataError in words where it is missing or broken."""
    path = folder / CHECKPOINT
    if not path.is_file():
        raise DataError(f"There is no checkpoint in {folder}: this training finished, or never took a step.")
    try:
        with safe_open(path, "pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            return tensors, parse_json(file.metadata()["state"])
    except (SafetensorError, KeyError, TypeError, ValueError, OSError) as error:
        raise DataError(f"The checkpoint {path} is broken ({error}). Start the training anew.") from error


def computed_on(folder: Path) -> str:
    """What computed a training up to its checkpoint, `cpu` or `cuda`; `cpu` where nothing says so."""
    try:
        state = load_checkpoint(folder)[1]
    except DataError:  # none yet, or a broken one, which is told where it is read to go on
        return "cpu"
    return str(state.get("device", "cpu")) if isinstance(state, dict) else "cpu"


@contextmanager
def taken_from(folder: Path) -> Iterator[None]:
    """Raises DataError where what a checkpoint holds, which others may have written, does not fit the training."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, RuntimeError) as error:
        path = folder / CHECKPOINT
        words = " ".join(str(error).split())[:200]
        raise DataError(f"{path} does not fit this training ({words}). Start the training anew.") from error
