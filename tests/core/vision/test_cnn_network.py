"""The detector's network: its shape, its first answer, and weights that come back as they were saved."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
import torch
from safetensors.torch import save_file

from core.errors import DetectorError
from core.vision.cnn_network import Cells, DetectorNet, DetectorSpec, fused, read_detector, save_detector
from tests.core.vision.tiny_detector import TINY


def test_folding_the_normalisation_changes_nothing(net):
    x = torch.rand(1, 3, 128, 64) * 255
    with torch.no_grad():
        assert torch.allclose(net(x), fused(net)(x), atol=1e-3)


def test_weights_come_back_as_they_were_saved(net, tmp_path):
    path = tmp_path / "detector.safetensors"
    save_detector(path, net, TINY, {"seed": 0})
    back, spec, provenance = read_detector(path)
    assert (spec, provenance) == (TINY, {"seed": 0})
    x = torch.rand(1, 3, 128, 64) * 255
    with torch.no_grad():
        assert torch.allclose(net(x), back(x), atol=0.05)  # stored at half precision
    assert [p.name for p in tmp_path.iterdir()] == ["detector.safetensors"]


def test_each_cell_of_eight_pixels_has_five_answers(net):
    with torch.no_grad():
        assert net(torch.zeros(2, 3, 128, 192)).shape == (2, 5, 16, 24)


def test_before_training_a_face_is_unlikely_and_of_ordinary_size():
    """exp(1) cells to each edge, a score of 1 / (1 + exp(4))."""
    torch.manual_seed(0)
    with torch.no_grad():
        cells = DetectorNet(TINY).eval()(torch.full((1, 3, 128, 128), 128.0))
    assert cells[:, 0].mean() == pytest.approx(-4, abs=0.2)
    assert cells[:, 1:].mean() == pytest.approx(1, abs=0.2)


def test_pixels_are_centred_on_grey(net):
    """The network sees (value - 128) / 64: a first convolution of ones in one channel shows it."""
    seen = []
    net.stages[0].register_forward_hook(lambda module, given, answer: seen.append(given[0]))
    with torch.no_grad():
        net(torch.full((1, 3, 64, 64), 192.0))
    assert seen[0].unique().tolist() == [1.0]


def test_programs_hand_over_bytes(net):
    x = torch.randint(0, 256, (1, 64, 64, 3), dtype=torch.uint8)
    with torch.no_grad():
        torch.testing.assert_close(Cells(net)(x), net(x.permute(0, 3, 1, 2).float()), atol=1e-3, rtol=1e-3)


def test_a_folder_that_is_not_there_is_made_and_others_may_read_the_file(net, tmp_path):
    path = tmp_path / "new" / "detector.safetensors"
    save_detector(path, net, TINY, {})
    assert path.stat().st_mode & 0o777 == 0o644
    assert [p.name for p in path.parent.iterdir()] == ["detector.safetensors"]


@pytest.mark.parametrize("kind", ["missing", "text", "without spec", "other weights", "not finite"])
def test_a_file_that_is_no_detector_is_refused_in_words(net, tmp_path, kind):
    path = tmp_path / "detector.safetensors"
    if kind == "text":
        path.write_text("hello")
    elif kind == "without spec":
        save_file({"a": torch.zeros(2)}, path)
    elif kind == "other weights":
        save_file({"a": torch.zeros(2)}, path, {"spec": json.dumps({"neck": 8})})
    elif kind == "not finite":
        net.out.bias.data[0] = float("nan")
        save_detector(path, net, TINY, {})
    with pytest.raises(DetectorError, match="no detector weights" if kind == "missing" else "does not hold"):
        read_detector(path)


def test_stages_halve_the_sides_and_their_answers_are_added_on_the_way_up():
    """(in, out, kernel, stride, padding) of each convolution; all but the last have no bias."""
    spec = DetectorSpec(widths=(2, 3, 4, 5, 6, 7), blocks=(0, 0, 1, 0, 0, 0), neck=8)
    net = DetectorNet(spec)
    found = [m for m in net.modules() if isinstance(m, torch.nn.Conv2d)]
    trunk = [(3, 2), (2, 3), (3, 4), (4, 4), (4, 4), (4, 5), (5, 6), (6, 7)]
    strides = [2, 2, 2, 1, 1, 2, 2, 2]
    assert [(m.in_channels, m.out_channels, m.kernel_size[0], m.stride[0], m.padding[0]) for m in found] == [
        *((*ends, 3, stride, 1) for ends, stride in zip(trunk, strides, strict=True)),
        *((width, 8, 1, 1, 0) for width in (4, 5, 6, 7)),
        *[(8, 8, 3, 1, 1)] * 2,
        *[(8, 8, 3, 1, 1)] * 2,
        (8, 5, 1, 1, 0),
    ]
    assert [m.bias is not None for m in found] == [False] * (len(found) - 1) + [True]


def test_a_new_network_s_answers_hardly_differ():
    assert DetectorNet(DetectorSpec()).out.weight.std().item() == pytest.approx(0.01, rel=0.2)


def test_what_is_missing_or_too_much_is_named(net, tmp_path):
    state = {k: v for k, v in net.state_dict().items() if k != "out.bias"} | {"more": torch.zeros(1)}
    spec = {"spec": json.dumps(asdict(TINY)), "provenance": "{}"}
    save_file({k: v.contiguous() for k, v in state.items()}, tmp_path / "d", spec)
    with pytest.raises(DetectorError, match=r"missing \['out\.bias'\], unexpected \['more'\]"):
        read_detector(tmp_path / "d")


def test_the_top_of_the_picture_reaches_every_level(net):
    """What changes in one 64 x 64 corner changes cells far away: the coarsest level sees it whole."""
    x = torch.full((1, 3, 128, 128), 128.0)
    y = x.clone()
    y[..., :64, :64] = 255
    with torch.no_grad():
        assert (net(x) - net(y)).abs().amax(dim=1)[0, -1, -1] > 0
