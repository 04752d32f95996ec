"""Triplet losses over all triplets of a batch, from one distance matrix: batch-hard, batch-all, semi-hard.

Distances are Euclidean, not squared. All equal pytorch-metric-learning's miners and triplet loss, without its lists of
triplets. `normalise` puts the features on the unit sphere first.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F


@dataclass(frozen=True, slots=True)
class TripletResult:
    """A loss and the figures that show whether training still makes progress.

    `loss` is a scalar with gradient; `active` the share of triplets (batch-hard: of anchors) that break the margin;
    `positive` and `negative` the mean distances of the pairs that the loss looked at, in embedding units. Collapse
    looks like positive = negative and a loss that stays at the margin (soft margin: at ln 2 = 0.693).
    """

    loss: Tensor
    active: float
    positive: float
    negative: float


def distances(features: Tensor, *, normalise: bool = False) -> Tensor:
    """(n, d) -> (n, n) Euclidean distances in fp32, differentiable also where two features are equal."""
    features = features.float()
    if normalise:
        features = F.normalize(features)
    squares = features.square().sum(1)
    return _root((squares[:, None] + squares[None] - 2 * features @ features.T).clamp_min(0))


def _root(squared: Tensor) -> Tensor:
    """The square root, whose gradient is zero at zero."""
    zero = squared < 1e-10
    return torch.where(zero, torch.zeros_like(squared), squared.masked_fill(zero, 1.0).sqrt())


def pair_masks(labels: Tensor, groups: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """(n,) labels -> bool (n, n): same character and not the same face; another character (of the same group)."""
    same = labels[:, None] == labels[None]
    other = ~same if groups is None else ~same & (groups[:, None] == groups[None])
    return same & ~torch.eye(len(labels), dtype=torch.bool, device=labels.device), other


def batch_hard(
    features: Tensor,
    labels: Tensor,
    *,
    margin: float | None = None,
    normalise: bool = False,
    groups: Tensor | None = None,
) -> TripletResult:
    """Each anchor with its farthest positive and its nearest negative (Hermans et al. 2017, eq. 5).

    `margin` None is the soft margin, log(1 + exp(d_ap - d_an)); else the hinge max(0, d_ap - d_an + margin). The mean
    is over all anchors that have both. `groups` (n,): negatives come from the anchor's group only.

    Who is farthest and nearest is looked up without a gradient; only these two distances of each anchor have one.
    """
    points = F.normalize(features.float()) if normalise else features.float()
    positive, negative = pair_masks(labels, groups)
    has = positive.any(1) & negative.any(1)
    if not has.any():
        return _nothing(features)
    with torch.no_grad():  # the squared distances less the anchor's own square, which changes no order
        order = torch.addmm(points.square().sum(1), points, points.T, alpha=-2)
        far = order.masked_fill(~positive, -torch.inf).argmax(1)
        near = order.masked_fill(~negative, torch.inf).argmin(1)
    hardest = torch.stack([far, near])[:, has]
    farthest, nearest = _root((points[has] - points[hardest]).square().sum(2))
    gap = farthest - nearest
    per_anchor = F.softplus(gap) if margin is None else F.relu(gap + margin)
    active = (gap + (margin or 0.0) > 0).float().mean()
    return _result(per_anchor.mean(), active, farthest.mean(), nearest.mean())


def batch_all(
    features: Tensor, labels: Tensor, *, margin: float | None = 0.2, normalise: bool = False
) -> TripletResult:
    """Every triplet of the batch, mean over those that break the margin (Hermans et al. 2017, eq. 6).

    `margin` None is the soft margin, mean over all triplets.
    """
    distance = distances(features, normalise=normalise)
    positive, negative = pair_masks(labels)
    anchors, positives = positive.nonzero(as_tuple=True)
    gap = distance[anchors, positives][:, None] - distance[anchors]  # (pairs, n)
    valid = negative[anchors]
    count = valid.sum()
    if count == 0:
        return _nothing(features)
    broken = valid & (gap + (margin or 0.0) > 0)
    active = broken.sum() / count
    if margin is None:
        loss = F.softplus(gap).masked_fill(~valid, 0.0).sum() / count
    else:
        loss = (gap + margin).masked_fill(~broken, 0.0).sum() / broken.sum().clamp_min(1)
    return _result(loss, active, distance[positive].mean(), distance[negative].mean())


def semi_hard(features: Tensor, labels: Tensor, *, margin: float = 0.2, normalise: bool = False) -> TripletResult:
    """Triplets whose negative is farther than the positive, but by less than the margin (Schroff et al. 2015, 3.2).

    The mean is over these triplets; zero where there are none.
    """
    distance = distances(features, normalise=normalise)
    positive, negative = pair_masks(labels)
    anchors, positives = positive.nonzero(as_tuple=True)
    gap = distance[anchors] - distance[anchors, positives][:, None]  # (pairs, n): d_an - d_ap
    valid = negative[anchors]
    count = valid.sum()
    if count == 0:
        return _nothing(features)
    chosen = valid & (gap > 0) & (gap <= margin)
    used = chosen & (gap < margin)
    loss = (margin - gap).masked_fill(~used, 0.0).sum() / used.sum().clamp_min(1)
    return _result(loss, chosen.sum() / count, distance[positive].mean(), distance[negative].mean())


def _nothing(features: Tensor) -> TripletResult:
    return TripletResult(features.sum() * 0.0, 0.0, 0.0, 0.0)


def _result(loss: Tensor, active: Tensor, positive: Tensor, negative: Tensor) -> TripletResult:
    return TripletResult(loss, float(active.detach()), float(positive.detach()), float(negative.detach()))
