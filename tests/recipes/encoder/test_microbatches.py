from __future__ import annotations

import pytest
import torch

from core.vision.network import EncoderSpec, build
from recipes.encoder.microbatches import Backbone
from recipes.encoder.pretrain_config import PretrainConfig


def _faces(n: int) -> torch.Tensor:
    return torch.rand(n, 3, 64, 64, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize(("threads", "microbatch"), [(1, 3), (2, 3), (2, 10)])
def test_parts_give_each_face_its_own_features_and_the_weights_their_gradient(threads: int, microbatch: int):
    torch.manual_seed(0)
    net = build(EncoderSpec(size=64, dim=16, width=8))
    backbone = Backbone(net, PretrainConfig(microbatch=microbatch, threads=threads))
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
    backbone = Backbone(net, PretrainConfig(microbatch=4, threads=2))
    backbone.forward(_faces(8), step=1).sum().backward()
    backbone.backward()
    mean, *theirs = (m.stem[1].running_mean for m in (net.backbone, *(w.backbone for w in backbone.workers)))
    assert not torch.equal(*theirs)
    torch.testing.assert_close(mean, torch.stack(theirs).mean(0))
