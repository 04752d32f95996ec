from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import torch

from core.errors import EncoderError
from core.plugins import PluginError
from core.settings import ROOT
from core.vision import load_encoder
from core.vision.encoder import Encoder, pretrained_path, read_net, register_encoder
from core.vision.network import EncoderSpec, build, save_encoder

TINY = EncoderSpec(width=8, size=32, dim=16)


@pytest.fixture
def faces() -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [rng.integers(0, 256, (h, w, 3), np.uint8) for h, w in ((32, 32), (50, 40), (20, 33), (136, 136), (32, 64))]


@pytest.fixture
def net():
    torch.manual_seed(0)
    return build(TINY)


@pytest.fixture
def encoder(net) -> Encoder:
    return Encoder.of(net, name="tiny")


def test_vectors_are_float32_of_length_one(encoder: Encoder, faces: list[np.ndarray]):
    vectors = encoder.embed(faces)
    assert vectors.shape == (5, 16)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_faces_give_no_vectors(encoder: Encoder):
    assert encoder.embed([]).shape == (0, 16)


def test_batches_do_not_change_the_vectors(encoder: Encoder, faces: list[np.ndarray]):
    whole = encoder.embed(faces)
    encoder.batch = 2
    np.testing.assert_allclose(encoder.embed(faces), whole, atol=1e-5)


def test_a_face_and_its_mirror_image_are_the_same(encoder: Encoder, faces: list[np.ndarray]):
    mirrored = [np.ascontiguousarray(face[:, ::-1]) for face in faces[:1]]
    np.testing.assert_allclose(encoder.embed(mirrored), encoder.embed(faces[:1]), atol=1e-5)


@pytest.mark.parametrize(
    "face",
    [
        np.zeros((10, 10), np.uint8),
        np.zeros((10, 10, 3), np.float32),
        np.zeros((10, 10, 4), np.uint8),
        np.zeros((0, 10, 3), np.uint8),
    ],
)
def test_something_else_than_a_face_is_refused(encoder: Encoder, face: np.ndarray):
    with pytest.raises(EncoderError, match="A face is uint8 RGB"):
        encoder.embed([face])


def test_random_weights_say_so_and_are_the_same_each_time(faces: list[np.ndarray]):
    first, second = load_encoder("random"), load_encoder("random")
    assert "random weights" in first.note
    np.testing.assert_array_equal(first.embed(faces[:2]), second.embed(faces[:2]))


def test_random_weights_leave_the_generator_alone():
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    load_encoder("random")
    assert torch.equal(torch.rand(1), expected)


def test_a_run_folder_and_its_file_are_the_same_encoder(tmp_path, net, encoder: Encoder, faces: list[np.ndarray]):
    save_encoder(tmp_path / "encoder.safetensors", net, TINY, {"note": "tried out"}, half=False)
    for place in (tmp_path, tmp_path / "encoder.safetensors", str(tmp_path)):
        loaded = load_encoder(place)
        assert loaded.note == "tried out"
        np.testing.assert_allclose(loaded.embed(faces), encoder.embed(faces), atol=1e-5)


def test_an_unknown_name_says_what_may_be_given():
    with pytest.raises(EncoderError, match=r"does not exist\. Give 'pretrained', 'random', 'imagenet:'"):
        load_encoder("nowhere")


def test_importing_the_package_does_not_import_torch():
    code = "import sys, core.vision; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_another_framing_is_refused(encoder: Encoder, faces: list[np.ndarray]):
    with pytest.raises(EncoderError, match="auto or given, got 'tight'"):
        encoder.embed(faces, framing="tight")


def test_ready_made_crops_are_cut_anew_and_cut_ones_are_taken_as_they_are(
    encoder: Encoder, faces: list[np.ndarray], monkeypatch
):
    monkeypatch.setattr("core.vision.encoder.reframe", lambda crops: [crop[:16, :16] for crop in crops])
    given = encoder.embed(faces, framing="given")
    np.testing.assert_array_equal(
        encoder.embed(faces), encoder.embed([face[:16, :16] for face in faces], framing="given")
    )
    assert np.abs(given - encoder.embed(faces)).max() > 1e-3


@pytest.mark.skipif(not pretrained_path().is_file(), reason="the shipped encoder is not in this copy")
def test_the_shipped_encoder_fits_its_promises(faces: list[np.ndarray]):
    encoder = load_encoder("pretrained")
    assert encoder.dim == 256
    assert pretrained_path().stat().st_size <= 12_000_000
    assert encoder.embed(faces).shape == (5, 256)
    assert (encoder.provenance["recipe"], encoder.provenance["version"]) == ("recipes.encoder.distil", 8)


def test_weights_that_are_no_numbers_are_refused(tmp_path, net):
    with torch.no_grad():
        next(net.parameters()).view(-1)[0] = float("nan")
    save_encoder(tmp_path / "encoder.safetensors", net, net.spec, {})
    with pytest.raises(EncoderError, match="no numbers"):
        load_encoder(tmp_path / "encoder.safetensors").embed([np.zeros((32, 32, 3), np.uint8)], framing="given")


@pytest.mark.parametrize(
    ("name", "architecture"),
    [("imagenet", "resnet18"), ("imagenet:", "resnet18"), ("imagenet:efficientnet_b0", "efficientnet_b0")],
)
def test_a_network_of_imagenet_is_named_with_or_without_its_architecture(monkeypatch, name, architecture):
    built = []
    monkeypatch.setattr(
        "core.vision.network.build", lambda spec, imagenet=False: built.append((spec, imagenet)) or torch.nn.Identity()
    )
    read_net(name)
    ((spec, imagenet),) = built
    assert (spec.architecture, spec.size, imagenet) == (architecture, 128, True)


def test_random_weights_are_those_of_seed_0():
    torch.manual_seed(0)
    expected = build(EncoderSpec()).embedding.weight
    torch.testing.assert_close(read_net("random").embedding.weight, expected)


def test_an_encoder_of_one_s_own_is_opened_by_its_name_which_nobody_else_may_take(monkeypatch):
    monkeypatch.setattr("core.vision.encoder._added", {})
    mine = object()
    register_encoder("mine", lambda: mine)
    assert load_encoder("mine") is mine
    for taken in ("mine", "pretrained", "random"):
        with pytest.raises(PluginError, match=taken):
            register_encoder(taken, object)


def test_embeddings_that_are_no_numbers_are_refused(encoder: Encoder, faces: list[np.ndarray], monkeypatch):
    monkeypatch.setattr(type(encoder.runtime), "run", lambda self, parts, prepare: [np.full((5, 16), np.nan)])
    with pytest.raises(EncoderError, match="The encoder tiny gives embeddings that are no numbers"):
        encoder.embed(faces)


def test_a_name_that_the_package_does_not_have_is_told_with_what_it_has():
    import core.vision

    with pytest.raises(AttributeError, match=r"core\.vision has no 'load_nothing'; it has .*load_encoder"):
        core.vision.load_nothing  # noqa: B018
