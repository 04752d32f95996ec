from __future__ import annotations

import math

import pytest
import torch
from pytorch_metric_learning import losses, miners
from pytorch_metric_learning.distances import LpDistance
from pytorch_metric_learning.reducers import AvgNonZeroReducer, MeanReducer

from core.train.losses import batch_all, batch_hard, distances, pair_masks, semi_hard

LINE = torch.tensor([[0.0], [1.0], [3.0], [7.0]])
"""Two characters on a line: a a b b."""
AABB = torch.tensor([0, 0, 1, 1])


def random_batch(seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    labels = torch.randint(0, 3 + seed, (24,), generator=generator)
    return torch.randn(24, 5, generator=generator, requires_grad=True), labels


def test_distances_are_euclidean_and_not_squared():
    expected = torch.tensor([[0.0, 1, 3, 7], [1, 0, 2, 6], [3, 2, 0, 4], [7, 6, 4, 0]])
    torch.testing.assert_close(distances(LINE), expected)


def test_equal_features_have_a_gradient_of_zero_and_not_nan():
    features = torch.ones(4, 3, requires_grad=True)
    batch_hard(features, AABB).loss.backward()
    assert torch.isfinite(features.grad).all()


def test_batch_hard_takes_the_farthest_positive_and_the_nearest_negative():
    result = batch_hard(LINE, AABB, margin=0.5)
    # farthest positive 1 1 4 4, nearest negative 3 2 2 6
    assert result.loss.item() == pytest.approx((0 + 0 + 2.5 + 0) / 4)
    assert result.active == pytest.approx(1 / 4)
    assert (result.positive, result.negative) == (pytest.approx(2.5), pytest.approx(13 / 4))


def test_soft_margin_of_a_collapsed_batch_is_ln_2():
    assert batch_hard(torch.zeros(4, 2), AABB).loss.item() == pytest.approx(math.log(2))
    assert batch_all(torch.zeros(4, 2), AABB, margin=None).loss.item() == pytest.approx(math.log(2))


def test_hard_margin_of_a_collapsed_batch_is_the_margin():
    assert batch_hard(torch.zeros(4, 2), AABB, margin=0.15).loss.item() == pytest.approx(0.15)


def test_batch_all_is_the_mean_over_broken_triplets():
    result = batch_all(LINE, AABB, margin=0.5)
    # positives 0-1, 1-0, 2-3, 3-2; only anchor 2 breaks: 4 - 3 + .5 and 4 - 2 + .5
    assert result.loss.item() == pytest.approx((1.5 + 2.5) / 2)
    assert result.active == pytest.approx(2 / 8)


def test_semi_hard_wants_the_negative_just_behind_the_positive():
    # gaps an - ap of anchors 0, 1: 2 6 and 1 5; of anchors 2, 3: -1 -2 and 3 2
    result = semi_hard(LINE, AABB, margin=2.5)
    assert result.loss.item() == pytest.approx((0.5 + 1.5 + 0.5) / 3)
    assert result.active == pytest.approx(3 / 8)


def test_a_group_gives_the_negatives():
    groups = torch.tensor([0, 0, 1, 1])
    assert not pair_masks(AABB, groups)[1].any()
    assert batch_hard(LINE, AABB, groups=groups).loss.item() == 0


@pytest.mark.parametrize("loss", [batch_hard, batch_all, semi_hard])
def test_one_character_alone_gives_zero_with_a_gradient(loss):
    features = torch.randn(4, 2, requires_grad=True)
    result = loss(features, torch.zeros(4, dtype=torch.long))
    result.loss.backward()
    assert result.loss.item() == 0
    assert features.grad.abs().sum() == 0


@pytest.mark.parametrize("normalise", [False, True])
@pytest.mark.parametrize("margin", [0.05, 0.15, 1.0])
@pytest.mark.parametrize("seed", range(4))
def test_losses_equal_pytorch_metric_learning(seed: int, margin: float, normalise: bool):
    features, labels = random_batch(seed)
    distance = LpDistance(normalize_embeddings=normalise)
    hard = miners.BatchHardMiner(distance=distance)
    semi = miners.TripletMarginMiner(margin=margin, distance=distance, type_of_triplets="semihard")
    mean, broken = MeanReducer(), AvgNonZeroReducer()
    pairs = [
        (batch_hard, hard, mean),
        (batch_all, None, broken),
        (semi_hard, semi, broken),
    ]
    for ours, miner, reducer in pairs:
        theirs = losses.TripletMarginLoss(margin=margin, distance=distance, reducer=reducer)
        expected = theirs(features, labels, miner(features, labels) if miner else None)
        got = ours(features, labels, margin=margin, normalise=normalise).loss
        torch.testing.assert_close(got, expected, atol=1e-5, rtol=1e-5)
        slope = torch.autograd.grad(got, features)[0]
        torch.testing.assert_close(slope, torch.autograd.grad(expected, features)[0], atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("seed", range(4))
def test_soft_margin_equals_pytorch_metric_learning(seed: int):
    features, labels = random_batch(seed)
    distance = LpDistance(normalize_embeddings=False)
    theirs = losses.TripletMarginLoss(margin=0, swap=False, smooth_loss=True, distance=distance, reducer=MeanReducer())
    expected = theirs(features, labels, miners.BatchHardMiner(distance=distance)(features, labels))
    torch.testing.assert_close(batch_hard(features, labels).loss, expected, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(
        batch_all(features, labels, margin=None).loss, theirs(features, labels), atol=1e-5, rtol=1e-5
    )


@pytest.mark.parametrize(("margin", "loss", "active"), [(2.0, 1.0, 3 / 8), (3.0, (1 + 2 + 1) / 3, 4 / 8)])
def test_a_negative_at_the_margin_is_counted_and_costs_nothing(margin, loss, active):
    """Gaps as above: 2 6, 1 5, -1 -2, 3 2."""
    result = semi_hard(LINE, AABB, margin=margin)
    assert (result.loss.item(), result.active) == (pytest.approx(loss), pytest.approx(active))


def test_a_negative_as_near_as_the_positive_is_not_semi_hard():
    """Gaps of 0 1 2 5: 1 4, 0 3, -1 -2, 2 1."""
    assert semi_hard(torch.tensor([[0.0], [1], [2], [5]]), AABB, margin=1.5).active == pytest.approx(2 / 8)


def test_the_mean_of_one_broken_triplet_is_that_triplet():
    """0 1 3 6 without a margin: only the third breaks it, 3 - 2; its 3 - 3 does not."""
    result = batch_all(torch.tensor([[0.0], [1], [3], [6]]), AABB, margin=0.0)
    assert (result.loss.item(), result.active) == (pytest.approx(1.0), pytest.approx(1 / 8))


def test_with_a_soft_margin_a_triplet_is_active_where_the_negative_is_nearer():
    assert batch_hard(LINE / 10, AABB).active == pytest.approx(1 / 4)
    assert batch_all(LINE / 10, AABB, margin=None).active == pytest.approx(2 / 8)
