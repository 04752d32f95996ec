import pytest
import torch

from core.vision.lite import InvertedResidual, LiteNet, round_channels
from core.vision.network import count_parameters


@pytest.mark.parametrize(
    ("architecture", "published"), [("efficientnet_lite0", 4_652_008), ("efficientnet_lite2", 6_092_072)]
)
def test_it_has_the_published_number_of_weights(architecture: str, published: int):
    """Of them 1000 x 1280 + 1000 in the classifier that is left out here."""
    assert count_parameters(LiteNet(architecture)) == published - 1_281_000


def test_channels_are_rounded_to_eighths_and_not_far_down():
    """21.0 would be 16, more than a tenth below."""
    assert [round_channels(c, 1.1) for c in (16, 24, 40, 192)] == [16, 24, 48, 208]
    assert round_channels(14, 1.5) == 24


def test_the_sides_are_halved_five_times():
    grid = LiteNet().eval().layers(torch.rand(1, 3, 64, 96))
    assert grid.shape == (1, 1280, 2, 3)


def test_a_block_with_a_way_around_adds_its_input_and_one_that_changes_the_shape_does_not():
    x = torch.rand(1, 8, 8, 8)
    for outer, stride, around in ((8, 1, True), (8, 2, False), (16, 1, False)):
        block = InvertedResidual(8, outer, 3, stride, 6).eval()
        torch.nn.init.zeros_(block.layers[-1].weight)
        y = block(x)
        assert y.shape == (1, outer, 8 // stride, 8 // stride)
        assert torch.equal(y, x) if around else not y.any()


def test_activations_are_cut_at_six_and_the_given_tensor_stays_as_it_is():
    block = InvertedResidual(4, 4, 3, 1, 2).eval()
    x = torch.rand(1, 4, 8, 8)
    before = x.clone()
    block(x)
    assert torch.equal(x, before)
    norms = [m for m in block.modules() if isinstance(m, torch.nn.BatchNorm2d)]
    assert [(m.eps, m.momentum) for m in norms] == [(1e-3, 0.01)] * 3


@pytest.mark.parametrize(
    ("channels", "width", "rounded"), [(32, 1.0, 32), (40, 1.1, 48), (8, 0.5, 8), (80, 1.1, 88), (100, 0.8, 80)]
)
def test_rounding_by_hand(channels, width, rounded):
    """44 -> 48 (halves go up), 4 -> 8 (at least), 88 stays, 80 stays."""
    assert round_channels(channels, width) == rounded


def test_stages_have_the_published_blocks_strides_and_kernels():
    """Of Lite0: stride, kernel and channels of each block; Lite2 repeats all but the first and last more often."""

    def stages(architecture):
        blocks = [m for m in LiteNet(architecture).layers if isinstance(m, InvertedResidual)]
        found = []
        for block in blocks:
            depthwise = next(m for m in block.layers if isinstance(m, torch.nn.Conv2d) and m.groups > 1)
            outer = [m for m in block.layers if isinstance(m, torch.nn.Conv2d)][-1].out_channels
            found.append((depthwise.stride[0], depthwise.kernel_size[0], outer))
        return found

    lite0 = stages("efficientnet_lite0")
    assert lite0 == (
        [(1, 3, 16)]
        + [(2, 3, 24), (1, 3, 24)]
        + [(2, 5, 40), (1, 5, 40)]
        + [(2, 3, 80)]
        + [(1, 3, 80)] * 2
        + [(1, 5, 112)] * 3
        + [(2, 5, 192)]
        + [(1, 5, 192)] * 3
        + [(1, 3, 320)]
    )
    assert len(stages("efficientnet_lite2")) == 1 + 3 + 3 + 4 + 4 + 5 + 1


@pytest.mark.parametrize(("stages", "layers", "channels"), [(0, 0, 0), (1, 4, 16), (2, 7, 24), (7, 24, 352)])
def test_the_first_stages_are_the_stem_and_whole_stages(stages, layers, channels):
    """Lite2: three layers of the stem, then 1, 3, 3, 4, 4, 5 and 1 blocks."""
    first = LiteNet("efficientnet_lite2").first_stages(stages)
    assert len(first) == layers
    if stages:
        assert first(torch.zeros(2, 3, 32, 32)).shape[1] == channels
