from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

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
    pytest.importorskip("onnx")
    save_encoder(tmp_path / "encoder.safetensors", build(TINY).eval(), TINY, {}, half=False)
    write = Path.write_bytes

    def write_half(path, data):
        write(path, data[: len(data) // 2])
        raise OSError(27, "File too large")

    monkeypatch.setattr(Path, "write_bytes", write_half)
    with pytest.raises(OSError, match="too large") as error:
        export_encoder(tmp_path, tmp_path / "out" / "encoder.onnx")
    assert error.value.filename == str(tmp_path / "out" / "encoder.onnx")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_of_two_exports_to_one_file_at_once_the_later_one_stays_whole(tmp_path, monkeypatch):
    onnx = pytest.importorskip("onnx")
    save_encoder(tmp_path / "encoder.safetensors", build(TINY).eval(), TINY, {}, half=False)
    out, replace_file = tmp_path / "out" / "encoder.onnx", Path.replace

    def after_another(path, target):
        monkeypatch.setattr(Path, "replace", replace_file)
        export_encoder(tmp_path, out)
        return path.replace(target)

    monkeypatch.setattr(Path, "replace", after_another)
    export_encoder(tmp_path, out)
    onnx.checker.check_model(onnx.load(out))
    assert list(out.parent.iterdir()) == [out]


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
