"""Train the detector `cnn` from nothing on painted scenes.

    python -m recipes.detector.train --data ../shared/data --out .scratch/det/base --labels LABELS --minutes 60
    python -m recipes.detector.train ... --resume                        go on where it stopped
    python -m recipes.detector.train ... --init base.safetensors --web --fold Emilia   last stage without one character

The learning rate follows the time spent, not the steps, so that a run ends when it was told to; a pause of the
machine does not count. Stages of a whole training are listed in docs/detector.md.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from core.vision.cnn_network import STRIDE, DetectorNet, DetectorSpec, read_detector, save_detector
from recipes.detector.negatives import load_pieces
from recipes.detector.scenes import Mix, Painter, Scene
from recipes.detector.sources import load_drawn, load_sprites, load_web

SIDES = ((256, 14), (320, 9), (384, 6), (512, 4))
"""Canvas sides and how many canvases of each make a step."""


def targets(scenes: list[Scene], side: int) -> tuple[Tensor, Tensor, Tensor]:
    """What the network should say: heat (n, 1, g, g) with a peak of 1 at each face's centre cell, edge distances in
    cells (n, 4, g, g), and where the heat counts (n, 1, g, g; 0 inside ignored boxes)."""
    grid = side // STRIDE
    n = len(scenes)
    heat, edges = np.zeros((n, grid, grid), np.float32), np.ones((n, 4, grid, grid), np.float32)
    counts = np.ones((n, grid, grid), np.float32)
    middle = np.arange(grid) + 0.5
    for k, scene in enumerate(scenes):
        for box in scene.ignored:
            x1, y1 = int(box.x // STRIDE), int(box.y // STRIDE)
            counts[k, y1 : math.ceil(box.bottom / STRIDE), x1 : math.ceil(box.right / STRIDE)] = 0
        for box in sorted(scene.boxes, key=lambda b: -b.area):
            b = box.scale(1 / STRIDE)
            cx, cy = b.centre
            ix, iy = min(int(cx), grid - 1), min(int(cy), grid - 1)
            sx, sy = max(0.09 * b.w, 0.55), max(0.09 * b.h, 0.55)
            bump = (
                np.exp(-((middle - ix - 0.5) ** 2) / (2 * sx**2))[None]
                * np.exp(-((middle - iy - 0.5) ** 2) / (2 * sy**2))[:, None]
            )
            bump = bump.astype(np.float32)
            own = (bump >= heat[k]) & (bump > 0.2)
            heat[k] = np.maximum(heat[k], bump)
            x, y = np.broadcast_to(middle[None], (grid, grid)), np.broadcast_to(middle[:, None], (grid, grid))
            for channel, distance in enumerate((x - b.x, y - b.y, b.right - x, b.bottom - y)):
                edges[k, channel][own] = np.maximum(distance[own], 0.05)
    return torch.from_numpy(heat)[:, None], torch.from_numpy(edges), torch.from_numpy(counts)[:, None]


def loss_of(out: Tensor, heat: Tensor, edges: Tensor, counts: Tensor) -> tuple[Tensor, Tensor]:
    """Penalty-reduced focal loss of the centres (CenterNet, eq. 1) and 1 - GIoU of the boxes around them."""
    logit, log_edges = out[:, :1], out[:, 1:].clamp(-5, 5)
    p = logit.sigmoid().clamp(1e-4, 1 - 1e-4)
    peak = (heat >= 0.999).float()
    faces = (peak * counts).sum().clamp(min=1)
    found = -((1 - p) ** 2) * p.log() * peak * counts
    false = -((1 - heat) ** 4) * p**2 * (1 - p).log() * (1 - peak) * counts
    centre = (found.sum() + false.sum()) / faces
    weight = torch.where(heat > 0.2, heat, 0.0) * counts
    guess = log_edges.exp()
    area = lambda e: (e[:, 0] + e[:, 2]) * (e[:, 1] + e[:, 3])  # noqa: E731
    low, high = torch.minimum(guess, edges), torch.maximum(guess, edges)
    shared, hull = area(low), area(high)
    union = area(guess) + area(edges) - shared
    giou = shared / union - (hull - union) / hull
    box = ((1 - giou)[:, None] * weight).sum() / weight.sum().clamp(min=1)
    return centre, box


class Average:
    """A running mean of the weights, which is what is saved (it finds more than the last step's)."""

    def __init__(self, net: DetectorNet, decay: float = 0.998):
        self.decay, self.n = decay, 0
        self.state = {k: v.detach().clone() for k, v in net.state_dict().items()}

    def update(self, net: DetectorNet) -> None:
        """Move towards the net's present weights; faster at the start."""
        self.n += 1
        share = 1 - min(self.decay, (1 + self.n) / (10 + self.n))
        with torch.no_grad():
            for key, value in net.state_dict().items():
                if value.is_floating_point():
                    self.state[key].lerp_(value, share)


class Steps(Dataset):
    """What each step is trained on, painted when it is asked for. The seed of a step is its number: a resumed run sees
    what an uninterrupted one would have seen."""

    def __init__(self, painter: Painter, seed: int, first: int):
        self.painter, self.seed, self.first = painter, seed, first

    def __len__(self) -> int:
        return 10**6

    def __getitem__(self, index: int) -> tuple[Tensor, tuple[Tensor, Tensor, Tensor]]:
        return batch(self.painter, np.random.default_rng((self.seed, self.first + index)))


def batch(painter: Painter, rng: np.random.Generator) -> tuple[Tensor, tuple[Tensor, Tensor, Tensor]]:
    """Pixels uint8 (n, 3, side, side), channels last in memory, and their targets."""
    side, n = SIDES[rng.integers(len(SIDES))]
    scenes = [painter.scene(rng, side) for _ in range(n)]
    pixels = torch.from_numpy(np.stack([scene.pixels for scene in scenes]))
    return pixels.permute(0, 3, 1, 2), targets(scenes, side)


def train(
    painter: Painter,
    net: DetectorNet,
    *,
    minutes: float,
    out: Path,
    rate: float,
    seed: int,
    resume: bool,
    provenance: dict,
) -> None:
    """Train for so many minutes; `out`/detector.safetensors and a checkpoint every minute, `out`/log.jsonl."""
    out.mkdir(parents=True, exist_ok=True)
    net = net.to(memory_format=torch.channels_last).train()
    decay = [p for p in net.parameters() if p.ndim > 1]
    other = [p for p in net.parameters() if p.ndim <= 1]
    optimiser = torch.optim.AdamW(
        [{"params": decay, "weight_decay": 0.02}, {"params": other, "weight_decay": 0.0}], lr=rate
    )
    average, spent, step = Average(net), 0.0, 0
    checkpoint = out / "checkpoint.pt"
    if resume and checkpoint.is_file():
        state = torch.load(checkpoint, weights_only=True)
        net.load_state_dict(state["net"])
        optimiser.load_state_dict(state["optimiser"])
        average.state, average.n = state["average"], state["step"]
        spent, step = state["spent"], state["step"]

    def save() -> None:
        torch.save(
            {
                "net": net.state_dict(),
                "optimiser": optimiser.state_dict(),
                "average": average.state,
                "spent": spent,
                "step": step,
            },
            checkpoint.with_suffix(".part"),
        )
        checkpoint.with_suffix(".part").replace(checkpoint)
        held = DetectorNet(net.spec)
        held.load_state_dict(average.state)
        # How pictures are looked at is today's default, whatever the weights that training began with said.
        spec = replace(net.spec, side=DetectorSpec.side, mirrored=DetectorSpec.mirrored)
        save_detector(
            out / "detector.safetensors", held, spec, provenance | {"minutes": round(spent / 60, 1), "steps": step}
        )

    saved, sums = spent, np.zeros(3)
    # Painted in a process of its own, ahead of the network.
    painted_ahead = iter(DataLoader(Steps(painter, seed, step), batch_size=None, num_workers=1, prefetch_factor=12))
    while spent < minutes * 60:
        start = time.monotonic()
        done = spent / (minutes * 60)
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1, (step + 1) / 150) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))
        pixels, truth = next(painted_ahead)
        waited = time.monotonic() - start
        with torch.autocast("cpu", torch.bfloat16):
            result = net(pixels.float())
        centre, box = loss_of(result.float(), *truth)
        optimiser.zero_grad()
        (centre + 1.5 * box).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        average.update(net)
        step += 1
        spent += min(time.monotonic() - start, 8.0)
        sums += (centre.item(), box.item(), waited)
        if step % 50 == 0:
            row = {
                "step": step,
                "minutes": round(spent / 60, 2),
                "centre": round(sums[0] / 50, 4),
                "box": round(sums[1] / 50, 4),
                "waiting": round(sums[2] / 50, 3),
                "rate": optimiser.param_groups[0]["lr"],
            }
            with (out / "log.jsonl").open("a") as log:
                log.write(json.dumps(row) + "\n")
            sums[:] = 0
        if spent - saved > 60:
            save()
            saved = spent
    save()


def main(argv: list[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m recipes.detector.train", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder with faces/ and pictures/")
    parser.add_argument("--out", type=Path, required=True, help="folder for weights, checkpoint and log")
    parser.add_argument(
        "--labels", type=Path, required=True, help="boxes of crops and figures, from recipes.detector.labels"
    )
    parser.add_argument("--min-score", type=float, default=0.0, help="leave out labels with a lower score")
    parser.add_argument("--pieces", type=Path, help="what looks like a face, from recipes.detector.negatives")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--init", type=Path, help="weights to start from; without: random")
    parser.add_argument("--web", action="store_true", help="also train on the pictures with drawn boxes")
    parser.add_argument("--fold", default="", help="leave this character's pictures out")
    parser.add_argument("--rate", type=float, default=2e-3, help="learning rate at the start")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--resume", action="store_true")
    args = parser.parse_args(argv)
    cv2.setNumThreads(1)
    torch.manual_seed(args.seed)
    mix = replace(Mix(), web=1.0) if args.web else Mix()
    web = load_web(args.data, without=args.fold) if args.web else []
    sprites = load_sprites(args.data, args.labels, min_score=args.min_score)
    sprites["drawn"] = load_drawn(args.out.parent / "drawn")
    painter = Painter(sprites, web, mix, pieces=load_pieces(args.pieces) if args.pieces else [])
    net = read_detector(args.init)[0] if args.init else DetectorNet(DetectorSpec())
    provenance = {
        "labels": args.labels.name,
        "init": args.init and args.init.parent.name,
        "web": args.web,
        "without": args.fold,
        "rate": args.rate,
        "seed": args.seed,
    }
    train(
        painter,
        net,
        minutes=args.minutes,
        out=args.out,
        rate=args.rate,
        seed=args.seed,
        resume=args.resume,
        provenance=provenance,
    )


if __name__ == "__main__":
    main()
