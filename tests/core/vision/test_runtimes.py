"""Which runtime a network gets, and that the answers do not depend on it."""

import subprocess
import sys

import numpy as np
import pytest
import torch

from core.drawn import cast
from core.drawn.picture import draw_face
from core.errors import EncoderError
from core.settings import ROOT
from core.vision import load_encoder, runtimes
from core.vision.cnn import CnnDetector
from core.vision.converted import Source
from core.vision.detector import WEIGHTS
from core.vision.encoder import Encoder, pretrained_path, read_net
from core.vision.runtimes import OnnxRuntime, TorchRuntime, open_runtime


class Double(torch.nn.Module):
    """Twice the pixels."""

    def forward(self, pixels):
        return pixels.float() * 2


@pytest.fixture
def source(tmp_path, monkeypatch):
    monkeypatch.setattr("core.vision.converted.FOLDER", tmp_path / "kept")
    (tmp_path / "weights").write_bytes(b"weights")
    return Source(tmp_path / "weights", Double, (2, 4, 4, 3), free=3)


def parts():
    return [np.full((n, 2, 2, 3), n, np.uint8) for n in (1, 3, 2, 4)]


def test_onnx_runtime_is_the_first_choice(source):
    assert open_runtime(source).name == "onnxruntime"


def test_without_onnx_runtime_torch_computes(source, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    runtime = open_runtime(source)
    assert runtime.name == "torch"
    assert runtime.run([np.ones((1, 1, 1, 3), np.uint8)], lambda part: part)[0].tolist() == [[[[2.0, 2.0, 2.0]]]]


def test_a_network_that_cannot_be_converted_runs_in_torch(source, monkeypatch, caplog):
    def refuse(*_args, **_options):
        raise RuntimeError("no such operator")

    monkeypatch.setattr("core.vision.runtimes.converted", refuse)
    assert open_runtime(source).name == "torch"
    assert "no such operator" in caplog.text


def test_a_broken_weights_file_is_told_in_words_and_not_worked_around(source):
    def build():
        raise EncoderError("it is broken")

    with pytest.raises(EncoderError, match="it is broken"):
        open_runtime(Source(source.weights, build, source.example))


@pytest.mark.parametrize("threads", [1, 3])
def test_parts_come_back_in_their_order(source, threads, monkeypatch):
    from core.vision.converted import to_onnx

    monkeypatch.setattr(runtimes, "cores", lambda: threads)
    for runtime in (OnnxRuntime(to_onnx(source)), TorchRuntime(Double())):
        answers = runtime.run(parts(), lambda part: part + 1)
        assert [answer.shape[0] for answer in answers] == [1, 3, 2, 4]
        assert [float(answer.mean()) for answer in answers] == [4.0, 8.0, 6.0, 10.0]
        assert all(answer.dtype == np.float32 for answer in answers)


def test_threads_wait_asleep_in_every_program_that_uses_the_library():
    code = "import core, os; print(os.environ['OMP_WAIT_POLICY'])"
    environment = {"PATH": ""}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.stdout.strip() == "PASSIVE"
    environment["OMP_WAIT_POLICY"] = "ACTIVE"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.stdout.strip() == "ACTIVE", "what the user has set stays"


def test_no_session_has_threads_that_spin(source):
    from core.vision.converted import to_onnx

    runtime = OnnxRuntime(to_onnx(source))
    runtime.run(parts(), lambda part: part)
    for threads, session in runtime._sessions.items():
        options = session.get_session_options()
        assert options.intra_op_num_threads == threads
        assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"


@pytest.fixture(scope="module")
def drawn():
    return [draw_face(one, 7) for one in cast(12, 3)]


@pytest.mark.skipif(not pretrained_path().is_file(), reason="the shipped encoder is not in this copy")
def test_vectors_do_not_depend_on_the_runtime(drawn):
    converted = load_encoder("pretrained")
    assert converted.runtime.name == "onnxruntime"
    in_torch = Encoder.of(read_net("pretrained"), name="torch")
    for framing in ("given", "auto"):
        np.testing.assert_allclose(
            converted.embed(drawn, framing=framing), in_torch.embed(drawn, framing=framing), atol=1e-3
        )


@pytest.mark.skipif(not WEIGHTS.is_file(), reason="the shipped detector is not in this copy")
def test_boxes_do_not_depend_on_the_runtime(drawn):
    from core.vision.cnn_network import read_detector

    converted, in_torch = CnnDetector.load(WEIGHTS), CnnDetector.of(*read_detector(WEIGHTS)[:2])
    for one, other in zip(converted.detect_many(drawn), in_torch.detect_many(drawn), strict=True):
        assert [d.box.as_list() for d in one] == [pytest.approx(d.box.as_list(), abs=0.1) for d in other]
        assert [d.score for d in one] == pytest.approx([d.score for d in other], abs=1e-3)


def test_an_encoder_that_is_kept_converted_starts_without_torch():
    code = """
import sys, numpy
from core.vision import load_encoder
encoder = load_encoder("pretrained")
encoder.embed([numpy.zeros((32, 32, 3), numpy.uint8)], framing="given")
sys.exit("torch" in sys.modules)
"""
    load_encoder("pretrained")  # converted now, if it was not before
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_a_process_beside_others_computes_on_its_share_of_the_cores(monkeypatch):
    monkeypatch.setattr(runtimes, "_there", lambda: 8)
    monkeypatch.setattr(runtimes, "_allowed", 0)
    assert runtimes.cores() == 8
    runtimes.use_cores(1)
    assert runtimes.cores() == 1


@pytest.mark.parametrize(
    ("cores", "items", "most", "sizes"),
    [
        (4, 10, 16, [3, 3, 3, 1]),
        (4, 10, 2, [2] * 5),
        (4, 8, 16, [2] * 4),
        (1, 10, 16, [10]),
        (1, 17, 16, [16, 1]),
        (4, 2, 16, [1, 1]),
        (4, 0, 16, []),
    ],
)
def test_each_core_gets_a_part_and_none_is_too_large(monkeypatch, cores, items, most, sizes):
    monkeypatch.setattr(runtimes, "cores", lambda: cores)
    parts = runtimes.divided(range(items), most)
    assert [len(part) for part in parts] == sizes
    assert [item for part in parts for item in part] == list(range(items))
