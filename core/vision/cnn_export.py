"""The detector's network as ONNX, for programs in other languages.

Input `pixels`: float32 (n, 3, h, w), RGB of 0..255, h and w multiples of 64. Output `cells`: float32 (n, 5, h/8, w/8),
as core.vision.cnn_network.DetectorNet says; core.vision.cnn.decode makes boxes of it.
"""

from __future__ import annotations

from pathlib import Path

import torch

from core.atomic import write_bytes
from core.vision.cnn_network import DetectorNet, fused
from core.vision.converted import trace


def export_detector(net: DetectorNet, out: Path) -> Path:
    """Write the network with free batch, height and width to `out`."""
    free = {0: "n", 2: "h", 3: "w"}
    model = trace(fused(net), torch.zeros(2, 3, 128, 192), ("pixels", "cells"), free)
    return write_bytes(out, model)
