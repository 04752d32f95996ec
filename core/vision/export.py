"""The encoder as one ONNX file that gives the same vectors without torch."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor, nn

from core.atomic import write_bytes
from core.errors import EncoderError
from core.vision.converted import trace
from core.vision.encoder import read_net
from core.vision.network import FaceNet

INPUT, OUTPUT = "faces", "embeddings"


class WholeEncoder(nn.Module):
    """Float RGB (n, 3, size, size) in 0..1 -> (n, dim) of length 1: normalisation, flip averaging and all."""

    def __init__(self, net: FaceNet):
        super().__init__()
        self.net = net

    def forward(self, faces: Tensor) -> Tensor:
        return self.net.embed(faces)


def export_encoder(name_or_path: str | Path, out: Path) -> Path:
    """Write the encoder as ONNX (fp32, batch size free) and return the path.

    Input `faces`: float32 (n, 3, size, size) RGB in 0..1; output `embeddings`: float32 (n, dim), the same as
    Encoder.embed gives. The spec stands as JSON in the model's metadata. Raises EncoderError where the encoder cannot
    be had, or where the package onnx is missing.
    """
    try:
        import onnx
    except ImportError as error:
        raise EncoderError("Export needs the package onnx: pip install onnx.") from error
    net = read_net(name_or_path)
    example = torch.zeros(2, 3, net.spec.size, net.spec.size)
    model = onnx.load_from_string(trace(WholeEncoder(net), example, (INPUT, OUTPUT), {0: "n"}))
    onnx.helper.set_model_props(model, {"spec": json.dumps(asdict(net.spec)), "name": str(name_or_path)})
    return write_bytes(Path(out), model.SerializeToString())
