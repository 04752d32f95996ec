import pytest
import torch

from core.vision.network import EncoderSpec, FaceNet, build
from recipes.encoder.imagenet import fill_backbone


@pytest.fixture(params=["efficientnet_lite0", "efficientnet_lite2"])
def net(request: pytest.FixtureRequest) -> FaceNet:
    return build(EncoderSpec(request.param, size=32, dim=8))


def published(net: FaceNet) -> dict[str, torch.Tensor]:
    """Other values under other names, in the same order, with a classifier behind: as the package's file has them."""
    own = {f"_{i}.{k.rpartition('.')[2]}": v + 1 for i, (k, v) in enumerate(net.backbone.state_dict().items())}
    return own | {"_fc.weight": torch.zeros(1000, 1280), "_fc.bias": torch.zeros(1000)}


def test_published_weights_fill_the_backbone_and_nothing_else(net: FaceNet):
    weights = published(net)
    embedding = net.embedding.weight.clone()
    fill_backbone(net, weights)
    for mine, theirs in zip(net.backbone.state_dict().values(), weights.values(), strict=False):
        torch.testing.assert_close(mine, theirs)
    torch.testing.assert_close(net.embedding.weight, embedding)


def test_a_layer_of_another_shape_is_refused_by_name(net: FaceNet):
    weights = published(net) | {"_0.weight": torch.zeros(32, 3, 5, 5)}
    with pytest.raises(ValueError, match=r"_0\.weight of shape \(32, 3, 5, 5\) is not layers\.0\.weight"):
        fill_backbone(net, weights)


def test_a_missing_layer_is_not_passed_over(net: FaceNet):
    weights = published(net)
    del weights["_fc.weight"], weights["_fc.bias"], weights["_0.weight"]
    with pytest.raises(ValueError):
        fill_backbone(net, weights)
