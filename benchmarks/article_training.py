"""How soon a training tells faces apart as well as the article's: ours and the article's recipe on the same real faces.

    python -m benchmarks.article_training --faces FACES --start DEV.safetensors --imagenet LITE2.safetensors

precision@5 is counted as the article does, among faces that no training sees: a quarter of each character's. Ours
trains until it reaches what the article reached in the end, 63.6 % (on faces of its own). The article's recipe then
gets fifty times the processor's seconds that ours took, or --seconds if that is less, and reaches the figure or does
not: nothing is extrapolated. What comes before the first step counts, what measuring takes does not, for all alike.

--start must not have seen the characters of --sources. --imagenet is an EfficientNet-Lite2 with ImageNet's weights
(recipes.encoder.imagenet): ours is measured from it, too, and the article's recipe starts from it. The weights of its
own EfficientNet-B3 are a download, and from random ones it would be no match; Lite2 costs less a face than B3, which
is in the article's favour.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.measuring import processor_seconds
from core.errors import Cancelled
from core.similarity.evaluation import evaluate
from core.similarity.prototypes import prototypes
from core.train.config import TrainConfig
from core.train.data import TRAIN, VALIDATION, FaceSet, load_pixels
from core.train.learner import Learner
from core.train.microbatches import Cores, torch_threads
from core.train.presets import preset
from core.train.stages import stages
from core.train.trainer import Position, fit
from core.train.validate import embed
from core.vision.network import FaceNet, read_encoder

ARTICLES_PRECISION = 0.636
"""precision@5 of the article's own table of neighbours: 40 characters, 8 validation faces each."""
EACH = 32
"""Faces of a character at most, as the article has them; a quarter validates."""


@dataclass(frozen=True)
class Reached:
    """precision@5 over the processor's seconds of training, the first before any step, and how many faces were seen."""

    name: str
    curve: tuple[tuple[float, float], ...]
    faces: int

    def seconds(self, precision: float) -> float | None:
        """When it was first as good as that; None: never."""
        return next((seconds for seconds, found in self.curve if found >= precision), None)

    def line(self) -> str:
        """For the table."""
        seconds = self.seconds(ARTICLES_PRECISION)
        first, (end, last) = self.curve[0][1], self.curve[-1]
        reached = f"{seconds:.1f} s" if seconds is not None else f"not in {end:.0f} s"
        return f"| {self.name} | {first:.3f} | {reached} | {last:.3f} | {self.faces:,} |"


def real_faces(folder: Path, sources: list[str], least: int) -> FaceSet:
    """The characters of these sources with at least so many faces: up to 32 of each, every fourth validates."""
    paths, labels, parts = [], [], []
    for character in sorted(path for source in sources for path in (folder / source).iterdir() if path.is_dir()):
        files = sorted(character.iterdir())
        if len(files) < least:
            continue
        chosen = np.random.default_rng(0).permutation(len(files))[:EACH]
        for number, index in enumerate(chosen):
            paths.append(files[index])
            labels.append(f"{character.parent.name}/{character.name}")
            parts.append(VALIDATION if number % 4 == 3 else TRAIN)
    return FaceSet(paths, tuple(labels), tuple(parts))


class Clock:
    """The processor's seconds since it was made, but for those inside `stopped`."""

    def __init__(self) -> None:
        self._begun, self._aside = processor_seconds(), 0.0

    def seconds(self) -> float:
        return processor_seconds() - self._begun - self._aside

    @contextmanager
    def stopped(self) -> Iterator[None]:
        before = processor_seconds()
        yield
        self._aside += processor_seconds() - before


def reach(
    name: str, faces: FaceSet, config: TrainConfig, net: FaceNet, *, seconds: float, every: int, from_faces: bool
) -> Reached:
    """Train `net` until it is as good as the article, or for so many of the processor's seconds.

    It is measured before the first step and after every so many. from_faces: the network knows faces, and its
    classifier begins at the characters' means, as core.train.run has it.
    """
    clock, device, cores = Clock(), torch.device("cpu"), Cores(torch.get_num_threads())
    pixels, targets = load_pixels(faces.faces, config.image_size), faces.classes()
    learner = Learner(net, len(faces.characters), config, device)
    if from_faces:
        own = faces.where(TRAIN)
        vectors = embed(net, pixels[own], device=device, flip=False, cores=cores)
        learner.warm_classifier(torch.from_numpy(prototypes(vectors, np.asarray(faces.labels)[own])[1]))
    curve: list[tuple[float, float]] = []
    asking = faces.where(VALIDATION)

    def look() -> bool:
        now = clock.seconds()
        with clock.stopped():
            vectors = embed(learner.weights.net, pixels[asking], device=device, flip=False, cores=cores)
            found = evaluate(vectors, [faces.labels[i] for i in asking]).precision_at_5
        curve.append((now, found))
        print(f"  {name}: {now:.1f} s, precision@5 {found:.3f}", file=sys.stderr, flush=True)
        return found >= ARTICLES_PRECISION

    def after_step(_: Any) -> None:
        late = clock.seconds() >= seconds
        if (late or learner.steps % every == 0) and (look() or late):
            raise Cancelled("measured")

    if not look():
        try:
            with torch_threads(1 if learner.microbatches else None):
                stage = stages(faces, config)[0]
                fit(
                    learner,
                    pixels,
                    targets,
                    stage,
                    config,
                    Position(),
                    after_step=after_step,
                    after_epoch=lambda _: False,
                )
        except Cancelled:
            pass
    return Reached(name, tuple(curve), learner.steps * config.classes_per_batch * config.samples_per_class)


def ours(path: Path, *, knows_faces: bool) -> tuple[TrainConfig, FaceNet]:
    """Recommended, from an encoder's file; what speaks of keeping what it knows is for those that know faces."""
    net, spec, _ = read_encoder(path)
    config = replace(preset("recommended", init="pretrained"), image_size=spec.size, precision="float32")
    return config if knows_faces else replace(config, frozen_stages=0, weight_interpolation=0.0), net


def articles(path: Path) -> tuple[TrainConfig, FaceNet]:
    """The article's recipe with another backbone, whose pooled features are what is compared."""
    net, spec, _ = read_encoder(path)
    config = replace(preset("article", init="imagenet"), precision="float32", embedding_dim=spec.dim)
    net.embedding, net.neck = torch.nn.Identity(), torch.nn.Identity()  # type: ignore[assignment]
    net.spec = replace(spec, size=config.image_size, dim=1280)
    return config, net


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--faces", type=Path, required=True, help="folder of SOURCE/CHARACTER/pictures")
    parser.add_argument("--sources", default="shiny_colors,twisted_wonderland")
    parser.add_argument("--least", type=int, default=21, help="faces that a character must have")
    parser.add_argument("--start", type=Path, required=True, help="an encoder that has not seen these characters")
    parser.add_argument("--imagenet", type=Path, required=True, help="EfficientNet-Lite2 with ImageNet's weights")
    parser.add_argument("--times", type=float, default=50.0)
    parser.add_argument("--seconds", type=float, default=3600.0, help="the most that any of the three gets")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    faces = real_faces(args.faces, args.sources.split(","), args.least)
    trained, asking = len(faces.where(TRAIN)), len(faces.where(VALIDATION))
    print(f"{len(faces.characters)} characters, {trained} faces trained on, {asking} ask", file=sys.stderr)
    config, net = ours(args.start, knows_faces=True)
    first = reach("ours, from an encoder of faces", faces, config, net, seconds=args.seconds, every=4, from_faces=True)
    config, net = articles(args.imagenet)
    limit = min(args.times * (first.seconds(ARTICLES_PRECISION) or args.seconds), args.seconds)
    second = reach("the article's recipe, from ImageNet", faces, config, net, seconds=limit, every=40, from_faces=False)
    config, net = ours(args.imagenet, knows_faces=False)
    third = reach("ours, from ImageNet", faces, config, net, seconds=limit, every=8, from_faces=False)
    print("| training | before the first step | reaches 63.6 % after | last | faces seen |\n|---|---|---|---|---|")
    for one in (first, second, third):
        print(one.line())
    if args.out:
        rows = [{"name": one.name, "curve": one.curve, "faces": one.faces} for one in (first, second, third)]
        args.out.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
