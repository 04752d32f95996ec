from __future__ import annotations

import pytest
import torch

from core.errors import EncoderError
from core.vision.network import EncoderSpec, build
from recipes.chunks import Backbone, mix_style
from recipes.pretrain_config import PretrainConfig


def _faces(n: int) -> torch.Tensor:
    return torch.rand(n, 3, 64, 64, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize(("threads", "chunk"), [(1, 3), (2, 3), (2, 10)])
def test_parts_give_each_face_its_own_features_and_the_weights_their_gradient(threads: int, chunk: int):
    torch.manual_seed(0)
    net = build(EncoderSpec(size=64, dim=16, width=8))
    backbone = Backbone(net, PretrainConfig(chunk=chunk, threads=threads))
    for worker in backbone.workers:
        worker.backbone.eval()  # so that a part does not change the faces of another
    aim = torch.randn(10, net.backbone.features)
    features = backbone.forward(_faces(10), step=7)
    (features * aim).sum().backward()
    backbone.backward()
    found = [weight.grad for weight in net.backbone.parameters()]
    whole = net.eval().backbone((_faces(10) - net.mean) / net.std)
    torch.testing.assert_close(features, whole, atol=1e-5, rtol=1e-4)
    right = torch.autograd.grad((whole * aim).sum(), list(net.backbone.parameters()))
    for mine, theirs in zip(found, right, strict=True):
        torch.testing.assert_close(mine, theirs, atol=1e-3, rtol=1e-3)


def test_batch_normalisation_counts_what_all_cores_saw():
    """After one step the running mean has moved by the mean of both parts' moves."""
    net = build(EncoderSpec(size=64, dim=16, width=8))
    backbone = Backbone(net, PretrainConfig(chunk=4, threads=2))
    backbone.forward(_faces(8), step=1).sum().backward()
    backbone.backward()
    mean, *theirs = (m.stem[1].running_mean for m in (net.backbone, *(w.backbone for w in backbone.workers)))
    assert not torch.equal(*theirs)
    torch.testing.assert_close(mean, torch.stack(theirs).mean(0))


def test_mixed_faces_take_mean_and_spread_of_each_other():
    """With shares near 0 or 1 each channel's (mean, spread) is almost its own or almost another face's."""
    features = torch.randn(8, 1, 6, 6, generator=torch.Generator().manual_seed(0))
    features = features * torch.arange(1, 9).view(8, 1, 1, 1) + 10 * torch.arange(8).view(8, 1, 1, 1)
    mixed = mix_style(features, torch.Generator().manual_seed(3))
    assert features.mean((1, 2, 3)).min() - 1e-3 <= mixed.mean((1, 2, 3)).min()
    assert mixed.mean((1, 2, 3)).max() <= features.mean((1, 2, 3)).max() + 1e-3
    moved = (mixed.mean((1, 2, 3)) - features.mean((1, 2, 3))).abs() > 1
    assert 1 <= int(moved.sum()) < 8
    standard = [(f - f.mean((1, 2, 3), keepdim=True)) / f.std((1, 2, 3), keepdim=True) for f in (features, mixed)]
    torch.testing.assert_close(standard[0], standard[1], atol=1e-3, rtol=1e-3)


def test_styles_are_mixed_the_same_for_the_same_step():
    net = build(EncoderSpec("efficientnet_lite0", size=64, dim=16))
    mixed, plain = (Backbone(net, PretrainConfig(chunk=4, threads=2, mix=mix)) for mix in (1.0, 0.0))
    first, again, other = (mixed.forward(_faces(6), step).detach() for step in (1, 1, 2))
    torch.testing.assert_close(first, again)
    assert not torch.allclose(first, other, atol=1e-3)
    assert not torch.allclose(first, plain.forward(_faces(6), 1), atol=1e-3)


def test_styles_of_the_small_network_are_not_mixed():
    with pytest.raises(EncoderError, match="leave mix at 0"):
        Backbone(build(EncoderSpec(size=64, dim=16, width=8)), PretrainConfig(mix=0.5))
