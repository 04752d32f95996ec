"""The mean of two networks that began with the same weights and learned from different scenes: it keeps most of what
each knows (arXiv 2203.05482).

    python -m recipes.detector.mean ONE.safetensors OTHER.safetensors --out MEAN.safetensors
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from core.vision.cnn_network import read_detector, save_detector


def mean(one: Path, other: Path, out: Path, share: float = 0.5) -> None:
    """Write (1 - share) of one's weights and `share` of the other's, batch normalisation's counts included; the
    other's spec and provenance, and one's provenance inside it."""
    net, _, before = read_detector(one)
    also, spec, provenance = read_detector(other)
    mine, theirs = net.state_dict(), also.state_dict()
    state = {k: torch.lerp(v, theirs[k], share) if v.is_floating_point() else v for k, v in mine.items()}
    net.load_state_dict(state)
    save_detector(out, net, spec, provenance | {"mean_with": before, "share": share})


def main(argv: list[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m recipes.detector.mean", description=__doc__.split("\n")[0])
    parser.add_argument("one", type=Path)
    parser.add_argument("other", type=Path)
    parser.add_argument("--share", type=float, default=0.5, help="of the other one")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args(argv)
    mean(args.one, args.other, args.out, args.share)


if __name__ == "__main__":
    main()
