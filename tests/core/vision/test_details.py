"""What the middle of the network sees: means and spreads by part, counted by hand, and their share of a vector."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from core.errors import EncoderError
from core.vision.converted import Source, to_onnx
from core.vision.details import Details, by_part
from core.vision.lite import MIDDLE
from core.vision.network import EncoderSpec, FaceVectors, build, read_encoder, save_encoder
from core.vision.runtimes import OnnxRuntime

SPEC = EncoderSpec("efficientnet_lite0", size=64, dim=8, colours=3, colour_share=0.2, details=5, detail_share=0.25)


@pytest.fixture(scope="module")
def net():
    torch.manual_seed(0)
    net = build(SPEC).eval()
    for part in (net.colours, net.details):
        part.basis.normal_()
        part.middle.fill_(0.01)
    return net


def seen(seed: int = 1) -> torch.Tensor:
    return torch.rand(2, 3, 64, 64, generator=torch.Generator().manual_seed(seed))


def test_a_channel_s_mean_and_spread_are_told_part_by_part():
    """The upper two rows of six are 0 and 2 in turns, the others 5: above mean 1, spread 1, below 5 and 0."""
    maps = torch.full((1, 1, 6, 6), 5.0)
    maps[0, 0, 0], maps[0, 0, 1] = 0.0, 2.0
    mean, spread = by_part(maps).view(2, 6)
    torch.testing.assert_close(mean, torch.tensor([1.0, 1, 5, 5, 5, 5]))
    torch.testing.assert_close(spread, torch.tensor([1.0, 1, 0, 0, 0, 0]), atol=5e-3, rtol=0)


def test_the_mirror_image_of_the_maps_tells_the_same():
    maps = torch.rand(2, 4, 6, 6, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(by_part(maps.flip(3)), by_part(maps))


def test_the_projection_is_of_what_differs_from_all_faces():
    details = Details(1, 2)
    details.basis[0] = torch.tensor([3.0, 4.0])
    details.middle[0] = 1.0
    torch.testing.assert_close(details(torch.full((1, 1, 6, 6), 2.0)), torch.tensor([[0.6, 0.8]]))
    torch.testing.assert_close(details(torch.full((1, 1, 6, 6), 0.0)), torch.tensor([[-0.6, -0.8]]))


def test_a_similarity_is_what_it_was_and_the_details_by_their_share(net):
    without = build(replace(SPEC, details=0, detail_share=0.0)).eval()
    without.load_state_dict({k: v for k, v in net.state_dict().items() if not k.startswith("details.")})
    with torch.inference_mode():
        maps, _ = net.backbone.with_middle((seen() - net.mean) / net.std)
        together, before, details = net.embed(seen()), without.embed(seen()), net.details(maps)
    assert together.shape == (2, SPEC.length) == (2, 16)
    torch.testing.assert_close(together @ together.T, 0.75 * before @ before.T + 0.25 * details @ details.T)
    torch.testing.assert_close(F.normalize(together[:, :11]), before)


def test_the_middle_is_looked_at_on_the_way_to_the_embedding(net):
    """A sixteenth of the side, and what comes of the whole network is what it was."""
    with torch.inference_mode():
        maps, pooled = net.backbone.with_middle(seen())
        assert maps.shape == (2, net.backbone.channels[MIDDLE - 1], 4, 4) == (2, 112, 4, 4)
        torch.testing.assert_close(pooled, net.backbone.layers(seen()).mean((2, 3)))
        torch.testing.assert_close(maps, net.backbone.first_stages(5)(seen()))


def test_they_are_in_the_weights_file_and_in_what_it_is_converted_to(net, tmp_path):
    path = tmp_path / "encoder.safetensors"
    save_encoder(path, net, SPEC, {}, half=False)
    again, spec, _ = read_encoder(path)
    assert spec == SPEC
    pixels = np.random.default_rng(0).integers(0, 256, (3, 64, 64, 3), np.uint8)
    model = to_onnx(Source(path, lambda: FaceVectors(again), (2, 64, 64, 3)))
    found = OnnxRuntime(model).run([pixels], lambda part: part)[0]
    with torch.inference_mode():
        expected = net.embed(torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255).numpy()
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_they_do_not_learn(net):
    assert not any(name.startswith("details") for name, _ in net.named_parameters())


def test_a_network_without_such_a_middle_has_none():
    with pytest.raises(EncoderError, match="Details are for efficientnet_lite0 and efficientnet_lite2; small"):
        EncoderSpec(details=5, detail_share=0.2)


def test_a_vector_s_beginnings_are_vectors_of_encoders_before_it():
    assert SPEC.beginnings == (8, 11, 16)
