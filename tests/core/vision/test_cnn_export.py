"""The detector as ONNX: the same answers at any size, written whole."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from core.vision.cnn_export import export_detector


def test_onnx_says_the_same(net, tmp_path):
    onnxruntime = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    session = onnxruntime.InferenceSession(export_detector(net, tmp_path / "detector.onnx"))
    for n, h, w in ((1, 64, 128), (3, 192, 64)):
        x = torch.rand(n, 3, h, w) * 255
        (cells,) = session.run(None, {"pixels": x.numpy()})
        with torch.no_grad():
            np.testing.assert_allclose(cells, net(x).numpy(), atol=2e-3)


def test_the_folder_is_made_and_nothing_half_lies_beside_the_file(net, tmp_path):
    out = export_detector(net, tmp_path / "new" / "detector.onnx")
    assert [p.name for p in out.parent.iterdir()] == ["detector.onnx"]
