"""Networks converted once, kept by the digest of their weights, and made again where the file is damaged."""

import numpy as np
import pytest
import torch

from core.vision import converted
from core.vision.converted import Source, to_onnx
from core.vision.runtimes import OnnxRuntime

PIXELS = np.arange(24, dtype=np.uint8).reshape(2, 2, 2, 3)


class Mean(torch.nn.Module):
    """The mean of each picture's values, as (n, 1)."""

    def forward(self, pixels):
        return pixels.float().mean((1, 2, 3))[:, None]


@pytest.fixture
def source(tmp_path):
    """A network whose weights file says `first`; `built` counts how often it was built."""
    weights = tmp_path / "weights.safetensors"
    weights.write_bytes(b"first")
    built = []

    def build():
        built.append(weights.read_bytes())
        return Mean()

    return Source(weights, build, (2, 4, 4, 3), free=3), built


def answer(model):
    return OnnxRuntime(model).run([PIXELS], lambda part: part)[0].tolist()


def test_a_network_is_converted_once(source, tmp_path):
    network, built = source
    first = converted.converted(network, folder=tmp_path / "kept")
    assert answer(first) == [[5.5], [17.5]]
    assert converted.converted(network, folder=tmp_path / "kept") == first
    assert len(built) == 1
    assert len(list((tmp_path / "kept").iterdir())) == 1


def test_other_weights_are_another_network(source, tmp_path):
    network, built = source
    converted.converted(network, folder=tmp_path / "kept")
    network.weights.write_bytes(b"second")
    converted.converted(network, folder=tmp_path / "kept")
    assert built == [b"first", b"second"]
    assert len(list((tmp_path / "kept").iterdir())) == 2


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-5], lambda data: data[:40] + b"x" + data[41:], lambda data: b""]
)
def test_a_damaged_file_is_made_again(source, tmp_path, damage):
    network, built = source
    good = converted.converted(network, folder=tmp_path / "kept")
    (kept,) = (tmp_path / "kept").iterdir()
    kept.write_bytes(damage(kept.read_bytes()))
    assert converted.converted(network, folder=tmp_path / "kept") == good
    assert len(built) == 2
    assert converted.converted(network, folder=tmp_path / "kept") == good
    assert len(built) == 2


def test_where_nothing_can_be_kept_it_is_converted_each_time(source, tmp_path):
    network, built = source
    (tmp_path / "a file").write_bytes(b"")
    for _ in range(2):
        assert answer(converted.converted(network, folder=tmp_path / "a file")) == [[5.5], [17.5]]
    assert len(built) == 2


def test_those_used_longest_ago_go_first(source, tmp_path, monkeypatch):
    network, built = source
    monkeypatch.setattr(converted, "KEPT", 2)
    for word in (b"first", b"second", b"third"):
        network.weights.write_bytes(word)
        converted.converted(network, folder=tmp_path / "kept")
        for number, kept in enumerate(sorted((tmp_path / "kept").iterdir(), key=lambda one: one.stat().st_mtime_ns)):
            import os

            os.utime(kept, (number, number))
    assert len(list((tmp_path / "kept").iterdir())) == 2
    converted.converted(network, folder=tmp_path / "kept")
    assert len(built) == 3


def test_the_sizes_that_are_free_may_be_any(source):
    network, _ = source
    runtime = OnnxRuntime(to_onnx(network))
    for shape in ((1, 2, 2, 3), (5, 8, 3, 3)):
        (means,) = runtime.run([np.full(shape, 7, np.uint8)], lambda part: part)
        assert means.tolist() == [[7.0]] * shape[0]
