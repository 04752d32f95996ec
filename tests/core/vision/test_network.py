from __future__ import annotations

import json
from dataclasses import replace

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch.nn import functional as F

from core.errors import EncoderError
from core.vision.network import (
    ARCHITECTURES,
    EncoderSpec,
    FaceVectors,
    PooledFeatures,
    SmallNet,
    build,
    count_parameters,
    read_encoder,
    save_encoder,
)
from core.vision.torchvision_shim import load_torchvision

TINY = EncoderSpec(width=8, size=32, dim=16)


def test_forward_gives_the_features_before_and_after_the_neck():
    before, after = build(TINY).eval()(torch.rand(3, 3, 32, 32))
    assert before.shape == after.shape == (3, 16)


def test_neck_has_no_shift_to_learn():
    net = build(TINY)
    assert not net.neck.bias.requires_grad
    assert net.neck.weight.requires_grad


def test_the_vector_is_the_mean_of_a_face_and_its_mirror_image():
    net, faces = build(TINY).eval(), torch.rand(3, 3, 32, 32)
    with torch.inference_mode():
        alone, mirrored = net.embed(faces, mirror=False), net.embed(faces.flip(3), mirror=False)
        torch.testing.assert_close(alone.norm(dim=1), torch.ones(3))
        torch.testing.assert_close(net.embed(faces), F.normalize(alone + mirrored))


def test_the_mirrored_view_comes_nearer_where_the_spec_says_so():
    net, faces = build(replace(TINY, nearer=0.75)).eval(), torch.rand(3, 3, 32, 32)
    faces[:, :, 4:28, 4:28] = 0.5  # the middle three quarters are one grey
    with torch.inference_mode():
        grey = net.embed(torch.full_like(faces, 0.5), mirror=False)
        torch.testing.assert_close(net.embed(faces), F.normalize(net.embed(faces, mirror=False) + grey))


@pytest.mark.slow
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_every_architecture_embeds_to_the_asked_dimension(architecture: str):
    net = build(EncoderSpec(architecture=architecture, size=64, dim=24)).eval()
    with torch.inference_mode():
        assert net(torch.rand(1, 3, 64, 64))[1].shape == (1, 24)


def test_small_net_has_the_promised_size():
    assert 4.2e6 < count_parameters(build(EncoderSpec(width=40))) < 4.6e6


def test_the_same_seed_builds_the_same_network():
    def make():
        torch.manual_seed(3)
        return build(TINY).embedding.weight

    assert torch.equal(make(), make())


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"architecture": "vgg"}, "choose one of: small, efficientnet_lite0, efficientnet_lite2, resnet18"),
        ({"size": 8}, "size is from 32 to 512, got 8"),
        ({"dim": 0}, "dim is from 2 to 2048, got 0"),
        ({"nearer": 1.2}, "nearer is from 0.5 to 1, got 1.2"),
    ],
)
def test_an_impossible_spec_says_what_is_allowed(values: dict, words: str):
    with pytest.raises(EncoderError, match=words):
        EncoderSpec(**values)


@pytest.mark.parametrize("architecture", ["small", "efficientnet_lite0", "efficientnet_lite2"])
def test_what_has_no_imagenet_weights_to_fetch_says_so(architecture: str):
    with pytest.raises(EncoderError, match=f"'{architecture}' has no ImageNet weights; choose one of resnet18"):
        build(EncoderSpec(architecture=architecture), imagenet=True)


def test_imagenet_weights_that_cannot_be_fetched_are_told_in_words(monkeypatch: pytest.MonkeyPatch):
    def offline(weights: str | None = None):
        raise OSError("no route to host")

    monkeypatch.setattr(load_torchvision().models, "resnet18", offline)
    with pytest.raises(EncoderError, match=r"resnet18 could not be fetched \(no route to host\).*'pretrained'"):
        build(EncoderSpec(architecture="resnet18"), imagenet=True)


def test_a_saved_encoder_comes_back_with_spec_and_provenance(tmp_path):
    net = build(TINY).eval()
    path = tmp_path / "deeper" / "encoder.safetensors"
    save_encoder(path, net, TINY, {"recipe": "test"}, half=False)
    again, spec, provenance = read_encoder(path)
    faces = torch.rand(2, 3, 32, 32)
    assert spec == TINY
    assert provenance == {"recipe": "test"}
    assert not again.training
    torch.testing.assert_close(again(faces)[1], net(faces)[1])
    assert [p.name for p in path.parent.iterdir()] == ["encoder.safetensors"]


def test_half_precision_halves_the_file_and_keeps_the_result(tmp_path):
    net = build(TINY).eval()
    save_encoder(tmp_path / "half", net, TINY, {})
    save_encoder(tmp_path / "full", net, TINY, {}, half=False)
    assert (tmp_path / "half").stat().st_size < 0.6 * (tmp_path / "full").stat().st_size
    again, _, _ = read_encoder(tmp_path / "half")
    faces = torch.rand(4, 3, 32, 32)
    likeness = torch.cosine_similarity(again(faces)[1], net(faces)[1])
    assert likeness.min() > 0.999


def test_the_spec_stands_as_json_in_the_file(tmp_path):
    save_encoder(tmp_path / "e", build(TINY), TINY, {})
    with safe_open(tmp_path / "e", "pt") as file:
        assert json.loads(file.metadata()["spec"])["width"] == 8


@pytest.mark.parametrize("kind", ["missing", "text", "without spec", "a number in words", "other weights"])
def test_a_file_that_is_no_encoder_is_refused_in_words(tmp_path, kind: str):
    path = tmp_path / "encoder.safetensors"
    if kind == "text":
        path.write_text("hello")
    elif kind == "without spec":
        save_file({"a": torch.zeros(2)}, path)
    elif kind == "a number in words":
        save_file({"a": torch.zeros(2)}, path, {"spec": json.dumps({"margin": "2"})})
    elif kind == "other weights":
        save_file({"a": torch.zeros(2)}, path, {"spec": json.dumps({"width": 8})})
    with pytest.raises(EncoderError, match="no encoder at" if kind == "missing" else "not an encoder's file"):
        read_encoder(path)


def test_the_first_stage_has_half_the_channels_and_at_least_four():
    assert SmallNet(40).stem[0].out_channels == 20
    assert SmallNet(6).stem[0].out_channels == 4
    assert SmallNet(40).features == 320


def test_the_embedding_of_a_new_network_has_no_offset_and_the_spread_of_its_input():
    """A bias would lie in every embedding of a start from random weights."""
    net = build(EncoderSpec(size=32, dim=64, width=8))
    assert not net.embedding.bias.any()
    features = torch.randn(2000, net.embedding.in_features, generator=torch.Generator().manual_seed(0))
    assert net.embedding(features).std().item() == pytest.approx(1.0, abs=0.1)


def test_a_residual_adds_what_goes_around():
    """With its last normalisation at zero a block is its way around."""
    block = SmallNet(8).stages[1]
    torch.nn.init.zeros_(block.bn2.weight)
    x = torch.rand(1, block.conv1.in_channels, 8, 8)
    torch.testing.assert_close(block.eval()(x), x)


def convolutions(net: torch.nn.Module) -> list[tuple[int, int, int, int, int]]:
    """(in, out, kernel, stride, padding) of each, in order; none of them has a bias: a normalisation follows."""
    found = [m for m in net.modules() if isinstance(m, torch.nn.Conv2d)]
    assert not any(m.bias is not None for m in found)
    return [(m.in_channels, m.out_channels, m.kernel_size[0], m.stride[0], m.padding[0]) for m in found]


def test_a_stem_and_four_stages_of_two_blocks_each_of_which_halves_the_sides():
    def stage(inner, outer):
        first = [(inner, outer, 3, 2, 1), (outer, outer, 3, 1, 1), (inner, outer, 1, 1, 0)]
        return [*first, (outer, outer, 3, 1, 1), (outer, outer, 3, 1, 1)]

    expected = [(3, 4, 3, 2, 1), *stage(4, 8), *stage(8, 16), *stage(16, 32), *stage(32, 64)]
    assert convolutions(SmallNet(8)) == expected


@pytest.mark.parametrize("side", [7, 8])
def test_a_block_that_halves_odd_sides_has_a_way_around_of_the_same_size(side):
    block = SmallNet(8).stages[0].eval()
    assert block(torch.rand(1, 4, side, side)).shape == (1, 8, 4, 4)
    assert not block.bn2.weight.any(), "a new block is its way around"


def test_programs_hand_over_bytes_and_may_ask_for_the_features_before_the_last_layer():
    net = build(replace(TINY, mean=(0.2, 0.4, 0.6), std=(0.1, 0.2, 0.4))).eval()
    pixels = torch.randint(0, 256, (2, 32, 32, 3), dtype=torch.uint8)
    faces = pixels.permute(0, 3, 1, 2) / 255
    with torch.inference_mode():
        torch.testing.assert_close(FaceVectors(net)(pixels), net.embed(faces))
        torch.testing.assert_close(FaceVectors(net, mirror=False)(pixels), net.embed(faces, mirror=False))
        normal = (faces - torch.tensor([0.2, 0.4, 0.6]).view(3, 1, 1)) / torch.tensor([0.1, 0.2, 0.4]).view(3, 1, 1)
        torch.testing.assert_close(PooledFeatures(net)(pixels), net.backbone(normal))


def test_others_may_read_an_encoder_s_file_and_what_is_no_number_is_named(tmp_path):
    net = build(TINY)
    save_encoder(tmp_path / "e", net, TINY, {})
    assert (tmp_path / "e").stat().st_mode & 0o777 == 0o644
    net.embedding.bias.data[0] = float("nan")
    save_encoder(tmp_path / "e", net, TINY, {})
    with pytest.raises(EncoderError, match=r"embedding\.bias holds values that are no numbers"):
        read_encoder(tmp_path / "e")


def test_an_error_of_a_network_without_weights_is_not_hidden(monkeypatch):
    def broken(weights=None):
        assert weights is None
        raise RuntimeError("out of memory")

    monkeypatch.setattr(load_torchvision().models, "resnet18", broken)
    with pytest.raises(RuntimeError, match="out of memory"):
        build(EncoderSpec(architecture="resnet18"))
