"""torchvision beside a CPU build of torch: the one place that imports it.

A torchvision wheel that is linked to CUDA registers no operators where torch is a CPU build, and its import dies with
"operator torchvision::nms does not exist". Declaring the two schemas that the import asks for is enough for the models.
Where torchvision imports by itself, nothing is done.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

import torch

SCHEMAS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)
_kept_alive: list[torch.library.Library] = []


def load_torchvision() -> ModuleType:
    """The torchvision module, imported so that its models work on any build of torch."""
    try:
        return import_module("torchvision")
    except RuntimeError as error:
        if "torchvision::nms" not in str(error):
            raise
        _declare_schemas()
        return import_module("torchvision")


def _declare_schemas() -> None:
    if _kept_alive:
        return
    library = torch.library.Library("torchvision", "FRAGMENT")  # type: ignore[no-untyped-call]
    for schema in SCHEMAS:
        library.define(schema)  # type: ignore[no-untyped-call]
    _kept_alive.append(library)
