"""The detector's network as ONNX, for programs in other languages.

Input `pixels`: float32 (n, 3, h, w), RGB of 0..255, h and w multiples of 64. Output `cells`: float32 (n, 5, h/8, w/8),
as core.vision.cnn_network.DetectorNet says; core.vision.cnn.decode makes boxes of it.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import torch

from core.errors import DetectorError
from core.vision.cnn_network import DetectorNet, fused


def export_detector(net: DetectorNet, out: Path) -> Path:
    """Write the network with free batch, height and width to `out`. Needs the packages onnx and onnxscript."""
    try:
        import onnxscript  # noqa: F401, the exporter asks for it late and less clearly
    except ImportError as error:
        raise DetectorError(
            "An ONNX file needs the packages onnx and onnxscript: pip install onnx onnxscript"
        ) from error
    net = fused(net)
    free = {0: torch.export.Dim("n"), 2: 64 * torch.export.Dim("h", max=64), 3: 64 * torch.export.Dim("w", max=64)}
    out.parent.mkdir(parents=True, exist_ok=True)
    temporary = out.with_name(f".{out.name}.part")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter's own deprecations
        program = torch.onnx.export(
            net,
            (torch.zeros(2, 3, 128, 192),),
            input_names=["pixels"],
            output_names=["cells"],
            dynamic_shapes=(free,),
            dynamo=True,
            verbose=False,
        )
        program.save(str(temporary))
    temporary.replace(out)
    return out
