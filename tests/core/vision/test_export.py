from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from core.vision.encoder import Encoder
from core.vision.export import export_encoder
from core.vision.framing import fit_square
from core.vision.network import EncoderSpec, build, save_encoder

onnxruntime = pytest.importorskip("onnxruntime")
TINY = EncoderSpec(width=8, size=32, dim=16)


def test_a_file_that_cannot_be_written_is_named_and_leaves_no_half(tmp_path, monkeypatch):
    onnx = pytest.importorskip("onnx")
    save_encoder(tmp_path / "encoder.safetensors", build(TINY).eval(), TINY, {}, half=False)

    def save(model, path):
        path.write_bytes(b"half")
        raise OSError(27, "File too large")

    monkeypatch.setattr(onnx, "save", save)
    with pytest.raises(OSError, match="too large") as error:
        export_encoder(tmp_path, tmp_path / "out" / "encoder.onnx")
    assert error.value.filename == str(tmp_path / "out" / "encoder.onnx")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("nearer", [1.0, 0.8])
def test_onnx_gives_the_same_vectors_for_any_batch(tmp_path, nearer):
    torch.manual_seed(0)
    spec = replace(TINY, nearer=nearer)
    net = build(spec).eval()
    net.neck.running_mean.normal_()
    save_encoder(tmp_path / "encoder.safetensors", net, spec, {}, half=False)
    path = export_encoder(tmp_path, tmp_path / "out" / "encoder.onnx")
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    rng = np.random.default_rng(0)
    for count in (1, 2, 5):
        faces = [rng.integers(0, 256, (40, 40, 3), np.uint8) for _ in range(count)]
        pixels = np.stack([fit_square(face, 32) for face in faces]).transpose(0, 3, 1, 2).astype(np.float32) / 255
        (vectors,) = session.run(None, {"faces": pixels})
        np.testing.assert_allclose(vectors, Encoder.of(net, name="tiny").embed(faces, framing="given"), atol=1e-4)
    assert json.loads(session.get_modelmeta().custom_metadata_map["spec"])["size"] == 32
    assert [p.name for p in path.parent.iterdir()] == ["encoder.onnx"]
