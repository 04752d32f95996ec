"""Which characters look alike to the running model, so that a batch can hold them together.

The rows of the classifier are the model's own prototypes: no face has to be embedded for them. Random characters are
soon easy to tell apart; two girls with the same short red hair are not, and triplets of them still teach.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F


def nearest_prototypes(prototypes: Tensor, sources: Tensor, count: int) -> Tensor:
    """(n, d) prototypes and the source of each (n,) -> int64 (n, count): the nearest of its own source, nearest first.

    The character itself is not among them. Where a source has fewer others, -1 fills the row.
    """
    unit = F.normalize(prototypes.detach().float())
    found = torch.full((len(unit), count), -1, dtype=torch.int64)
    for source in sources.unique().tolist():
        own = (sources == source).nonzero().squeeze(1)
        similarity = unit[own] @ unit[own].T
        similarity.fill_diagonal_(-torch.inf)
        width = min(count, len(own) - 1)
        if width > 0:
            found[own, :width] = own[similarity.topk(width, dim=1).indices]
    return found
