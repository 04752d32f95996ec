"""The two models, one small interface each: a face detector, a face encoder, and the one framing between them.

Importing this costs nothing; torch is imported when a model is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.vision.detector import load_detector
    from core.vision.encoder import load_encoder
    from core.vision.framing import face_crop

__all__ = ["face_crop", "load_detector", "load_encoder"]

_HOMES = {
    "face_crop": "core.vision.framing",
    "load_detector": "core.vision.detector",
    "load_encoder": "core.vision.encoder",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"core.vision has no {name!r}; it has {', '.join(__all__)}.")
    return getattr(import_module(_HOMES[name]), name)
