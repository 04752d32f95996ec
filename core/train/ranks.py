"""What a training asks of the processes that share it; alone, it has nothing to ask."""

from __future__ import annotations

from torch import Tensor, nn


class Ranks:
    """One process that computes alone. Others do the same steps on their own parts of each batch.

    rank: number of this process, from 0; rank 0 measures, writes and reports. size: how many there are.
    """

    rank = 0
    size = 1

    @property
    def first(self) -> bool:
        return self.rank == 0

    def gather(self, features: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """Features (n, d) and targets (n,) of all ranks, in the order of the ranks, with gradients to a rank's own."""
        return features, targets

    def wrap(self, module: nn.Module, *, partly: bool) -> nn.Module:
        """The module whose gradients are the mean over all ranks after each backward pass.

        partly: not every weight gets a gradient in every step.
        """
        return module

    def mean(self, value: Tensor) -> Tensor:
        """Mean of a scalar over all ranks, without a gradient."""
        return value

    def agree(self, value: bool) -> bool:
        """What rank 0 says."""
        return value

    def share(self, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
        """Rank 0's tensors; the others give tensors of the same names, shapes and dtypes."""
        return tensors


ALONE = Ranks()


def seed_numbers(ranks: Ranks) -> tuple[int, ...]:
    """What tells a rank's random draws from the others': nothing where there is only one."""
    return (ranks.rank,) if ranks.size > 1 else ()
