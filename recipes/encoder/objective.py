"""What the pretraining minimises beside the triplet loss: each face competes with characters of its own source only."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.train.losses import pair_masks
from recipes.encoder.pretrain_config import HUES, PretrainConfig


def supervised_contrastive(features: Tensor, labels: Tensor, groups: Tensor, temperature: float) -> Tensor:
    """Khosla et al. 2020, eq. 2, on unit features (n, d), with negatives of the anchor's group only."""
    positive, negative = pair_masks(labels, groups)
    logits = (features @ features.T / temperature).masked_fill(~(positive | negative), -1e4)
    log_share = logits - logits.logsumexp(1, keepdim=True)
    count = positive.sum(1)
    has = count > 0
    return -((log_share * positive).sum(1)[has] / count[has]).mean()


def common_part(features: Tensor, labels: Tensor, groups: Tensor) -> Tensor:
    """What all faces of a source share: the square of each face's mean cosine with other characters of its source.

    Softmax losses within a source do not see it; a threshold that is to hold for every source does.
    """
    negative = pair_masks(labels, groups)[1]
    count = negative.sum(1)
    mean = (features @ features.T * negative).sum(1) / count.clamp_min(1)
    return mean.square().sum() / (count > 0).sum().clamp_min(1)


def pair_logistic(features: Tensor, labels: Tensor, groups: Tensor, scale: float, threshold: Tensor) -> Tensor:
    """Same character or not, as a logistic regression on the cosine of each pair, with one threshold for every source.

    Genuine and impostor pairs (of one group) weigh alike, as in the equal error rate.
    """
    positive, negative = pair_masks(labels, groups)
    logits = scale * (features @ features.T - threshold)
    return F.softplus(-logits[positive]).mean() + F.softplus(logits[negative]).mean()


class Head(nn.Module):
    """Cosine classifier over all identities and their hue-turned twins, each face against its own source only."""

    def __init__(self, identities: int, dim: int, source_of: np.ndarray, config: PretrainConfig):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(config.subcentres * identities * (1 + len(HUES)), dim) * 0.05)
        self.threshold = nn.Parameter(torch.tensor(0.3))
        self.register_buffer("source", torch.from_numpy(np.tile(source_of, 1 + len(HUES))), persistent=False)
        self.config = config

    def forward(self, features: Tensor, classes: Tensor) -> tuple[Tensor, Tensor]:
        """Loss and the share of faces given to the right class, for unit features (n, d)."""
        weight = F.normalize(self.weight).view(self.config.subcentres, -1, self.weight.shape[1])
        logits = self.config.scale * features @ weight.flatten(0, 1).T
        logits = logits.view(len(features), len(weight), -1).amax(1)  # the nearest of a character's sub-centres
        others = self.source[classes][:, None] != self.source[None]
        logits = logits.masked_fill(others, -torch.inf)
        away = -F.log_softmax(logits, 1)
        smooth = away.masked_fill(others, 0.0).sum(1) / (~others).sum(1)
        share = self.config.label_smoothing
        loss = (1 - share) * away.gather(1, classes[:, None]).squeeze(1) + share * smooth
        return loss.mean(), (logits.detach().argmax(1) == classes).float().mean()
