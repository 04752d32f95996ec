"""How much faster the triplet losses are than pytorch-metric-learning's: forward and backward, one table of ratios.

python -m benchmarks.losses
"""

from __future__ import annotations

import time
from collections.abc import Callable

import torch
from pytorch_metric_learning import losses, miners
from pytorch_metric_learning.distances import LpDistance

from core.train.losses import batch_all, batch_hard, semi_hard


def best_time(loss: Callable[[], torch.Tensor], *, seconds: float = 1.0, least: int = 5) -> float:
    """Shortest of many runs, in seconds."""
    times, start = [], time.perf_counter()
    while len(times) < least or time.perf_counter() - start < seconds:
        tick = time.perf_counter()
        loss().backward()
        times.append(time.perf_counter() - tick)
    return min(times)


def main() -> None:
    print(f"{'batch (P x K)':14s} {'loss':11s} {'ours ms':>9s} {'theirs ms':>10s} {'ratio':>7s} {'difference':>11s}")
    torch.set_num_threads(1)  # the matrices are small; threads only disturb
    margin = 0.2
    distance = LpDistance(normalize_embeddings=False)
    semi = miners.TripletMarginMiner(margin=margin, distance=distance, type_of_triplets="semihard")
    theirs = losses.TripletMarginLoss(margin=margin, distance=distance)
    cases = (
        ("batch-hard", batch_hard, miners.BatchHardMiner(distance=distance)),
        ("batch-all", batch_all, None),
        ("semi-hard", semi_hard, semi),
    )
    for p, k in ((8, 4), (18, 4), (32, 4)):
        torch.manual_seed(0)
        features = torch.randn(p * k, 128, requires_grad=True)
        labels = torch.arange(p).repeat_interleave(k)
        for name, ours, miner in cases:

            def other(miner=miner, features=features, labels=labels) -> torch.Tensor:
                return theirs(features, labels, miner(features, labels) if miner else None)

            def own(ours=ours, features=features, labels=labels) -> torch.Tensor:
                return ours(features, labels, margin=margin).loss

            # batch-hard there is the mean over triplets that break the margin, here over all anchors: compare sums
            difference = float("nan") if name == "batch-hard" else abs(float((own() - other()).detach()))
            a, b = best_time(own), best_time(other)
            print(f"{p} x {k:<10d} {name:11s} {a * 1e3:9.2f} {b * 1e3:10.2f} {b / a:6.1f}x {difference:11.1e}")


if __name__ == "__main__":
    main()
