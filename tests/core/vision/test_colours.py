"""The colours of a face: histograms that can be counted by hand, alike in the mirror, and their share of a vector."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from core.errors import EncoderError
from core.vision.colours import CELLS, CHROMA, LUMA, PARTS, Colours
from core.vision.converted import Source, to_onnx
from core.vision.network import EncoderSpec, FaceVectors, build, read_encoder, save_encoder
from core.vision.runtimes import OnnxRuntime
from core.vision.weights import save_weights

TINY = EncoderSpec(width=8, size=32, dim=16, colours=5, colour_share=0.2)
GREY = 125 / 255
"""A luma that is the centre of a cell."""


def cell(part: int, luma: int, blue: int, red: int) -> int:
    return ((part * len(LUMA) + luma) * len(CHROMA) + blue) * len(CHROMA) + red


def counted(faces: torch.Tensor) -> torch.Tensor:
    """Shares of the pixels, float (n, CELLS)."""
    return Colours(1).histograms(faces).square()


@pytest.fixture
def net():
    torch.manual_seed(0)
    net = build(TINY).eval()
    net.colours.basis.normal_()
    net.colours.middle.fill_(0.01)
    return net


def test_all_pixels_of_a_grey_face_lie_in_one_cell_of_each_part():
    shares = counted(torch.full((1, 3, 32, 32), GREY))[0]
    own = [cell(part, 2, 5, 5) for part in range(len(PARTS))]
    torch.testing.assert_close(shares[own], torch.ones(6), atol=1e-4, rtol=0)
    assert float(shares.sum()) == pytest.approx(6, abs=1e-3)


def test_a_value_between_two_centres_is_shared_between_their_cells():
    """147 is 22 of the 55 between 125 and 180."""
    shares = counted(torch.full((1, 3, 32, 32), 147 / 255))[0]
    assert float(shares[cell(0, 2, 5, 5)]) == pytest.approx(0.6, abs=1e-3)
    assert float(shares[cell(0, 3, 5, 5)]) == pytest.approx(0.4, abs=1e-3)


def test_pure_red_is_red_and_less_blue():
    """Luma 76, blue difference -43, red difference 127 (beyond the last centre)."""
    shares = counted(torch.tensor([1.0, 0, 0]).view(1, 3, 1, 1).expand(1, 3, 32, 32))[0]
    found = shares.view(6, len(LUMA), len(CHROMA), len(CHROMA)).sum((0, 1)) / 6
    assert float(found[:, -1].sum()) == pytest.approx(1, abs=1e-3)
    assert float(found[1, -1]) == pytest.approx((43 - 35) / 25, abs=0.01)  # between -60 and -35
    assert float(found[2, -1]) == pytest.approx((60 - 43) / 25, abs=0.01)


def test_a_colour_of_the_hair_is_in_the_upper_parts_alone():
    faces = torch.full((1, 3, 32, 32), GREY)
    faces[:, 2, :12] = 1.0  # bluish above
    grey = counted(faces)[0][[cell(part, 2, 5, 5) for part in range(6)]]
    torch.testing.assert_close(grey, torch.tensor([0.0, 0, 1, 1, 1, 1]), atol=1e-3, rtol=0)


@pytest.mark.parametrize("side", [32, 48, 96, 112])
def test_every_part_counts_all_its_pixels_and_the_mirror_changes_nothing(side):
    faces = torch.rand(2, 3, side, side, generator=torch.Generator().manual_seed(side))
    shares = counted(faces)
    assert shares.shape == (2, CELLS)
    torch.testing.assert_close(shares.view(2, 6, -1).sum(2), torch.ones(2, 6), atol=1e-3, rtol=0)
    if side % 32 == 0:  # of other sides the last pixels are not counted
        torch.testing.assert_close(counted(faces.flip(3)), shares, atol=1e-4, rtol=0)


def test_a_similarity_is_the_embedding_s_and_the_colours_by_their_share(net):
    faces = torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(1))
    without = build(replace(TINY, colours=0, colour_share=0.0)).eval()
    without.load_state_dict({k: v for k, v in net.state_dict().items() if not k.startswith("colours.")})
    with torch.inference_mode():
        together, alone, colours = net.embed(faces), without.embed(faces), net.colours(faces)
        assert together.shape == (2, TINY.length) == (2, 21)
        torch.testing.assert_close(together.norm(dim=1), torch.ones(2))
        torch.testing.assert_close(
            together[0] @ together[1], 0.8 * (alone[0] @ alone[1]) + 0.2 * (colours[0] @ colours[1])
        )


def test_colours_are_counted_in_full_precision_where_the_network_is_not(net):
    faces = torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(2))
    with torch.inference_mode():
        exact = net.colours(faces)
        with torch.autocast("cpu", torch.bfloat16):
            torch.testing.assert_close(net.colours(faces), exact)


def test_they_are_in_the_weights_file_and_in_what_it_is_converted_to(net, tmp_path):
    path = tmp_path / "encoder.safetensors"
    save_encoder(path, net, TINY, {}, half=False)
    again, spec, _ = read_encoder(path)
    assert spec == TINY
    pixels = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), np.uint8)
    model = to_onnx(Source(path, lambda: FaceVectors(again), (2, 32, 32, 3)))
    found = OnnxRuntime(model).run([pixels], lambda part: part)[0]
    with torch.inference_mode():
        expected = net.embed(torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255).numpy()
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_they_do_not_learn(net):
    assert {name for name, _ in net.named_buffers() if name.startswith("colours")} >= {
        "colours.middle",
        "colours.basis",
    }
    assert not any(name.startswith("colours") for name, _ in net.named_parameters())


def test_a_vector_is_of_length_one_where_a_face_has_no_colour_that_tells_anything(net):
    net.colours.basis.zero_()
    with torch.inference_mode():
        torch.testing.assert_close(net.embed(torch.rand(2, 3, 32, 32)).norm(dim=1), torch.ones(2))


@pytest.mark.parametrize("spoil", ["missing", "not a number", "another length"])
def test_a_file_whose_colours_are_spoilt_is_refused_in_words(net, tmp_path, spoil):
    path = tmp_path / "encoder.safetensors"
    save_encoder(path, net, TINY, {})
    tensors = load_file(path)
    if spoil == "missing":
        del tensors["colours.basis"]
    elif spoil == "not a number":
        tensors["colours.basis"][3, 1] = float("nan")
    else:
        tensors["colours.basis"] = tensors["colours.basis"][:, :4].contiguous()
    save_weights(path, tensors, TINY, {})
    with pytest.raises(EncoderError, match="is not an encoder's file, or is broken"):
        read_encoder(path)
