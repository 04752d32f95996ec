"""How fast a training learns: its steps, the whole of it, its losses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from unittest import mock

import torch
from torch import nn
from torch.nn import functional as F

from benchmarks.measuring import Bar, Figure, Result, Row, Work, in_turns
from benchmarks.setting import Setting
from core.drawn import cast
from core.drawn.picture import draw_face
from core.train.config import TrainConfig
from core.train.data import TRAIN, VALIDATION, FaceSet
from core.train.learner import Learner
from core.train.microbatches import torch_threads
from core.train.presets import preset
from core.train.run import train
from core.train.start import first_network, resolve_config
from core.vision.convolutions import Depthwise, Pointwise


def faces(characters: int, each: int) -> FaceSet:
    """Drawn characters; a fifth of the faces validates."""
    drawn, labels, parts = [], [], []
    for one in cast(characters, 5):
        for seed in range(each):
            drawn.append(draw_face(one, seed))
            labels.append(one.name)
            parts.append(VALIDATION if seed % 5 == 4 else TRAIN)
    return FaceSet(drawn, tuple(labels), tuple(parts))


def as_it_was(config: TrainConfig) -> TrainConfig:
    """How Recommended computed before: whole batches by one team of threads, in bfloat16 where the processor has AMX.

    Elsewhere it was float32 then, too; bfloat16 would be a baseline that nobody had. Its convolutions were torch's own:
    `torchs_convolutions`.
    """
    amx = getattr(torch.cpu, "_is_amx_tile_supported", None)
    return replace(config, microbatch=0, frozen_stages=0, precision="bfloat16" if amx and amx() else "float32")


@contextmanager
def torchs_convolutions() -> Iterator[None]:
    """Everything learns by torch's own convolutions, as before core.vision.convolutions."""
    with (
        mock.patch.object(Pointwise, "forward", nn.Conv2d.forward),
        mock.patch.object(Depthwise, "forward", nn.Conv2d.forward),
    ):
        yield


def stepper(config: TrainConfig) -> Callable[[], object]:
    """What takes one step of a training, on faces that do not matter."""
    config = replace(resolve_config(config), precision=config.precision.replace("auto", "float32"))
    learner = Learner(first_network(config), config.classes_per_batch, config, torch.device("cpu"))
    batch = config.classes_per_batch * config.samples_per_class
    pixels = torch.rand(batch, 3, config.image_size, config.image_size)
    targets = torch.arange(batch) // config.samples_per_class

    def step() -> None:
        with torch_threads(1 if learner.microbatches else None):
            learner.step(pixels, targets, 0.01)

    return step


def steps(setting: Setting) -> Result:
    """One step of Recommended."""
    config = preset("recommended")
    before = stepper(as_it_was(config))

    def as_before() -> None:
        with torchs_convolutions():
            before()

    candidates: dict[str, Work] = {"ours": stepper(config), "as it was": as_before}
    batch = config.classes_per_batch * config.samples_per_class
    turns = in_turns(candidates, runs=setting.runs)
    return Row("a step of Recommended", batch, "faces", turns, (Bar("as it was", 0.45),))


def recommended(setting: Setting) -> list[Result]:
    """The whole of Recommended on 18 characters with 24 faces each, against how it was computed before: one pair."""
    if setting.quick:
        return []
    own, numbers = faces(18, 24), count()

    def run(config: TrainConfig) -> object:
        return train(own, config, setting.folder / f"run{next(numbers)}")

    def before() -> object:
        with torchs_convolutions():
            return run(as_it_was(config))

    config = preset("recommended")
    turns = in_turns({"ours": lambda: run(config), "as it was": before}, runs=1, warm=0)
    name = "training, Recommended, 18 x 24"
    mine = Figure(f"{name}, by the clock", turns.clock["ours"][0], "s", 180)
    return [Row(name, 1, "trainings", turns, (Bar("as it was", 0.45),)), mine]


def double_loop(features: torch.Tensor, labels: torch.Tensor, margin: float) -> torch.Tensor:
    """Batch-hard as the article's readers write it: for each anchor a loop over all others."""
    total = torch.zeros(())
    for i in range(len(features)):
        far, near = torch.zeros(()), torch.tensor(torch.inf)
        for j in range(len(features)):
            distance = F.pairwise_distance(features[i : i + 1], features[j : j + 1])[0]
            if labels[i] == labels[j]:
                far = torch.maximum(far, distance)
            else:
                near = torch.minimum(near, distance)
        total = total + F.relu(far - near + margin)
    return total / len(features)


def losses(setting: Setting) -> list[Result]:
    """Batch-hard triplet loss, forward and backward, on one thread."""
    from core.train.losses import batch_hard

    found: list[Result] = []
    for p, k in ((18, 4), (256, 4)):
        torch.manual_seed(0)
        features, labels = torch.randn(p * k, 128, requires_grad=True), torch.arange(p).repeat_interleave(k)
        few = slice(0, 16 if setting.quick or p > 18 else 72)
        again = 50 if p == 18 else 4
        work: dict[str, Callable[[], torch.Tensor]] = {
            "ours": lambda f=features, y=labels: batch_hard(f, y, margin=0.2).loss,  # type: ignore[misc]
            "the article's double loop": lambda f=features, y=labels, s=few: double_loop(f[s], y[s], 0.2),  # type: ignore[misc]
        }
        bars, left_out = [Bar("the article's double loop", 1 / 100)], {}
        try:
            work["pytorch-metric-learning"] = theirs(features, labels)
            bars.append(Bar("pytorch-metric-learning", 1 / 2))
        except ImportError:
            left_out = {"pytorch-metric-learning": "it is not installed"}
        with torch_threads(1):
            turns = in_turns(
                {name: repeated(one, 1 if "loop" in name else again) for name, one in work.items()}, runs=setting.runs
            )
        amounts = {"the article's double loop": float(len(labels[few]) ** 2)}
        name = f"triplet loss forward and backward, {p * k} x 128"
        found.append(Row(name, float(again * (p * k) ** 2), "pairs", turns, tuple(bars), amounts, left_out))
    return found


def repeated(loss: Callable[[], torch.Tensor], again: int) -> Work:
    """A loss and its gradient so many times, the slow loop once.

    A single run of a millisecond would be measured with the caches as the candidate before it has left them.
    """

    def work() -> None:
        for _ in range(again):
            loss().backward()

    return work


def theirs(features: torch.Tensor, labels: torch.Tensor) -> Callable[[], torch.Tensor]:
    """The same by pytorch-metric-learning."""
    from pytorch_metric_learning import losses, miners
    from pytorch_metric_learning.distances import LpDistance

    distance = LpDistance(normalize_embeddings=False)
    loss, miner = losses.TripletMarginLoss(margin=0.2, distance=distance), miners.BatchHardMiner(distance=distance)
    return lambda: loss(features, labels, miner(features, labels))


def files(setting: Setting) -> Result:
    """Face crops on disk to vectors, against PIL and torch one by one and a DataLoader with two workers."""
    from benchmarks.loader import loader_embeds, one_by_one
    from benchmarks.workspaces import add_crops, new_project
    from core.progress import silent
    from core.vision.encoder import pretrained_path
    from core.workspace.embeddings import embed_faces

    many, numbers = setting.of(64, 10_000), count()
    own = setting.folder / "files"
    with new_project(own) as project:
        made = add_crops(project, setting, many)
        paths = [project.workspace.path(face.path) for face in made]

    def ours() -> None:
        with new_project(own) as project:
            project.catalogue.set_values("faces", {face.id: {"sha256": f"{next(numbers):064x}"} for face in made})
            embed_faces(project, project.catalogue.faces(), pretrained_path(), silent)

    few, more = paths[: setting.of(16, 200)], paths[: setting.of(64, 1000)]
    candidates: dict[str, Work] = {
        "ours": ours,
        "PIL and torch one by one": lambda: one_by_one(few),
        "DataLoader with 2 workers": lambda: loader_embeds(more),
    }
    turns = in_turns(candidates, runs=setting.of(2, 3), warm=setting.of(0, 1))
    bars = (Bar("PIL and torch one by one", 1 / 20), Bar("DataLoader with 2 workers", 1 / 4))
    amounts = {"PIL and torch one by one": len(few), "DataLoader with 2 workers": len(more)}
    return Row(f"embed {many:,} files, disk to vectors", many, "files", turns, bars, amounts)


ROWS = (steps, recommended, losses, files)
