"""One training from beginning to end, and its folder: config.json, history.jsonl, metrics.json, encoder.safetensors.

Validation chooses the epoch and gives the metrics (chosen.safetensors). Then, where the config says refit, the chosen
weights go on with all faces, validation included: that is encoder.safetensors, which recognises and which no face of
this workspace can judge any more. checkpoint.safetensors is there while the training is not finished.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch

from core.atomic import write_json, write_text
from core.errors import Cancelled, DataError
from core.progress import Progress, Reporter, silent
from core.similarity.evaluation import Evaluation
from core.similarity.prototypes import l2_normalize, prototypes
from core.train.blend import blend
from core.train.card import repeatable
from core.train.checkpoint import computed_on, load_checkpoint, save_checkpoint, taken_from
from core.train.collapse import WARNING, CollapseWatch
from core.train.config import TrainConfig
from core.train.data import STRANGER, TRAIN, VALIDATION, FaceSet, load_pixels
from core.train.learner import Learner, StepFigures, copied_weights
from core.train.microbatches import Cores, torch_threads
from core.train.ranks import ALONE, Ranks
from core.train.runs import CHECKPOINT, CHOSEN, CONFIG, ENCODER, HISTORY, METRICS, RunResult, read_run
from core.train.speed import default_device, resolve_precision, resumed_config
from core.train.stages import Compute, stages
from core.train.start import LABELS, first_network, resolve_config
from core.train.trainer import Position, fit, make_sampler
from core.train.validate import embed, measure
from core.vision.network import FaceNet, count_parameters, save_encoder

CHECKPOINT_SECONDS = 20.0


def train(
    faces: FaceSet,
    config: TrainConfig,
    folder: Path,
    *,
    report: Reporter = silent,
    resume: bool = False,
    device: str | None = None,
    speed_cache: Path | None = None,
    compute: Compute | None = None,
) -> RunResult:
    """Train an encoder on the faces and leave everything in `folder`; what was made is returned.

    report gets Progress("train", n, total steps, data={loss, triplet, cross_entropy, active, d_ap, d_an, spread,
    lr, epoch, stage, collapsed, and the last validation's map_at_r and top1}). Where it raises Cancelled a
    checkpoint is left, and resume=True goes on from it to the same weights as an uninterrupted training. A finished
    run is just read. speed_cache: file of measured step times (core.train.speed). compute: what trains once the folder
    holds its config; default this process (core.scale.torchrun has several). Raises DataError for too few
    faces, other faces than the run began with or a folder in use, EncoderError where the weights to start from
    cannot be had.
    """
    folder, place = Path(folder), default_device(device)
    if resume:
        run = read_run(folder)
        if run.finished:
            return run
        config = resumed_config(run.config, computed_on(folder), place)
    elif (folder / CONFIG).exists():
        raise DataError(f"{folder} holds a training already. Resume it, or choose another name.")
    else:
        config = resolve_precision(resolve_config(config), place, speed_cache)
    config.save(folder / CONFIG)
    if compute is not None:
        return compute(faces, config, folder, report)
    return run_training(faces, config, folder, report, place)


def run_training(
    faces: FaceSet,
    config: TrainConfig,
    folder: Path,
    report: Reporter,
    device: torch.device,
    ranks: Ranks = ALONE,
    *,
    checkpoint_seconds: float | None = None,
) -> RunResult:
    """Train from the folder's checkpoint, or from the beginning, to the end; as one rank or as one of several."""
    with torch.random.fork_rng(devices=[]), repeatable():
        training = Training(faces, config, folder, report, device, ranks)
        training.checkpoint_seconds = checkpoint_seconds or CHECKPOINT_SECONDS
        with torch_threads(1 if training.learner.microbatches else None):
            return training.run()


class Training:
    """What the loop's callbacks share; `run` goes from wherever the folder's checkpoint is to the end."""

    def __init__(
        self, faces: FaceSet, config: TrainConfig, folder: Path, report: Reporter, device: torch.device, ranks: Ranks
    ):
        self.faces, self.config, self.folder, self.ranks = faces, config, folder, ranks
        self.report = report if ranks.first else silent
        self.device, self.cores = device, Cores(torch.get_num_threads()) if device.type == "cpu" else None
        self.targets = faces.classes()
        self.stages = stages(faces, config)
        self.sizes = [stage.epochs * len(make_sampler(stage, self.targets, config)) for stage in self.stages]
        self.pixels = load_pixels(faces.faces, config.image_size, report=self.report)
        self.learner = Learner(first_network(config), len(faces.characters), config, self.device, ranks)
        self.watch = CollapseWatch(config.margin, learned=config.mining != "none")
        self.position = Position()
        self.best = {"score": -1.0, "epoch": 0, "waited": 0}
        self.best_weights: dict[str, torch.Tensor] = {}
        self.history: list[dict[str, Any]] = []
        self.latest: dict[str, Any] = {}
        self.metrics: dict[str, Any] = {}
        self.checkpoint_seconds, self.spent = CHECKPOINT_SECONDS, 0.0
        self.begun = self.saved = time.monotonic()

    def run(self) -> RunResult:
        if (self.folder / CHECKPOINT).is_file():
            self._load()
        elif self.config.init == "pretrained":
            self._point_classifier()
        after = {"choose": self._after_epoch, "refit": self._note}
        try:
            while self.position.stage < len(self.stages):
                stage = self.stages[self.position.stage]
                fit(
                    self.learner,
                    self.pixels,
                    self.targets,
                    stage,
                    self.config,
                    self.position,
                    after_step=self._after_step,
                    after_epoch=after[stage.name],
                )
                if stage.name == "choose":
                    self._close_choice()
                self.position = Position(stage=self.position.stage + 1)
        except Cancelled:
            self._save()
            raise
        return self._finish()

    def _point_classifier(self) -> None:
        own = self.faces.where(TRAIN)
        vectors = embed(self.learner.weights.net, self.pixels[own], device=self.device, flip=False, cores=self.cores)
        learned = l2_normalize(vectors[:, : self.learner.weights.net.spec.dim])  # colours, behind it, do not learn
        means = prototypes(learned, np.asarray(self.faces.labels)[own])[1]
        self.learner.warm_classifier(self.ranks.share({"means": torch.from_numpy(means)})["means"])

    # --- called by the loop --------------------------------------------------------------------------------

    def _after_step(self, figures: StepFigures) -> None:
        """Tell how far it is; a checkpoint now and then. Whatever the reporter raises, learner and position agree."""
        if time.monotonic() - self.saved > self.checkpoint_seconds:
            self._save()
        collapsed = self.watch.update(figures.triplet, figures.spread)
        place = {"epoch": self.position.epoch + 1, "stage": self.stages[self.position.stage].name}
        data = asdict(figures) | place | {"collapsed": collapsed} | self.latest
        done = sum(self.sizes[: self.position.stage]) + self.position.step
        self.report(
            Progress("train", done, sum(self.sizes), self._seconds(), WARNING if collapsed else "", data),
        )

    def _after_epoch(self, mean: dict[str, Any]) -> bool:
        """Validate from time to time and keep the best weights; whether nothing better is to be expected."""
        stop = False
        if mean["epoch"] == self.stages[0].epochs or mean["epoch"] % self.config.validate_every == 0:
            if self.ranks.first:
                mean |= self._validate()
                stop = self._choose(mean)
            stop = self.ranks.agree(stop)
        return self._note(mean) or stop

    def _note(self, mean: dict[str, Any]) -> bool:
        self.history.append(mean | {"seconds": round(self._seconds(), 2)})
        if self.ranks.first:
            write_text(self.folder / HISTORY, "".join(json.dumps(row) + "\n" for row in self.history))
        return False

    def _validate(self) -> dict[str, Any]:
        if len(self.faces.where(VALIDATION)):
            found = self._measure(self.learner.weights.net, quick=True)
            self.latest = {key: found.as_dict()[key] for key in ("map_at_r", "top1")}
        return self.latest

    def _measure(self, net: FaceNet, *, quick: bool = False) -> Evaluation:
        half = quick and self.config.precision == "bfloat16"
        return measure(net, self.pixels, self.faces, device=self.device, quick=quick, half=half, cores=self.cores)

    def _choose(self, mean: dict[str, Any]) -> bool:
        """Take the weights if they are the best; without anything to judge by, the last are. Equal: the later."""
        score = next((mean[key] for key in ("map_at_r", "top1") if mean.get(key) is not None), float(mean["epoch"]))
        if score < self.best["score"]:
            self.best["waited"] += 1
            return self.best["waited"] >= self.config.patience
        self.best = {"score": score, "epoch": mean["epoch"], "waited": 0}
        self.best_weights = copied_weights(self.learner.weights)
        return False

    # --- its end -------------------------------------------------------------------------------------------

    def _close_choice(self) -> None:
        """Go back to the chosen weights, lay them down and measure them."""
        self.learner.begin_again(self.ranks.share(self.best_weights or copied_weights(self.learner.weights)))
        if not self.ranks.first:
            return
        net = self._net()
        save_encoder(self.folder / CHOSEN, net, net.spec, self._provenance("chosen by validation"))
        if len(self.faces.where(VALIDATION)):
            self.metrics = self._measure(net).as_dict()
        else:
            self.metrics = {"n": 0, "protocol": "none: there are no validation faces", "top1": None}

    def _finish(self) -> RunResult:
        if not self.ranks.first:
            return RunResult(self.folder, self.config)
        refitted = len(self.stages) > 1
        what = "chosen by validation, then trained on with all faces" if refitted else "chosen by validation"
        net = self._net()
        save_encoder(self.folder / ENCODER, net, net.spec, self._provenance(what))
        figures_of = f"the weights that validation chose, epoch {self.best['epoch']} of {self.stages[0].epochs}"
        if refitted:
            figures_of += "; those that recognise went on from there with all faces, validation included"
        if self._mixed():
            figures_of += f"; {self.config.weight_interpolation:.0%} of the shipped encoder is mixed in"
        self.metrics |= {
            "of": figures_of,
            "start": LABELS[self.config.init],
            "epoch": self.best["epoch"],
            "epochs": len([row for row in self.history if row["stage"] == "choose"]),
            "steps": self.history[-1]["step"] + (self._steps_of_choice() if refitted else 0),
            "refit": refitted,
            "parameters": count_parameters(net),
            "faces": {part: len(self.faces.where(part)) for part in (TRAIN, VALIDATION, STRANGER)},
            "seconds": round(self._seconds(), 1),
        }
        write_json(self.folder / METRICS, self.metrics)
        (self.folder / CHECKPOINT).unlink(missing_ok=True)
        return read_run(self.folder)

    def _net(self) -> FaceNet:
        """The network to keep: as learned, or mixed with what it began as."""
        net, config = self.learner.weights.net, self.config
        return blend(net, first_network(config), config.weight_interpolation) if self._mixed() else net

    def _mixed(self) -> bool:
        return self.config.init == "pretrained" and self.config.weight_interpolation > 0

    def _steps_of_choice(self) -> int:
        return max(int(row["step"]) for row in self.history if row["stage"] == "choose")

    def _provenance(self, what: str) -> dict[str, Any]:
        return {
            "made_by": "core.train",
            "run": self.folder.name,
            "what": what,
            "preset": self.config.preset,
            "start": LABELS[self.config.init],
            "characters": list(self.faces.characters),
            "faces": self.faces.fingerprint(),
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
        }

    def _seconds(self) -> float:
        return self.spent + time.monotonic() - self.begun

    # --- checkpoint ----------------------------------------------------------------------------------------

    def _save(self) -> None:
        if not self.ranks.first:
            return
        state: dict[str, Any] = {"faces": self.faces.fingerprint(), "device": self.device.type, "best": self.best}
        state["position"] = asdict(self.position)
        state |= {"history": self.history, "latest": self.latest, "metrics": self.metrics, "seconds": self._seconds()}
        best = {f"best.{name}": value for name, value in self.best_weights.items()} if self.position.stage == 0 else {}
        save_checkpoint(self.folder, self.learner.state_dict() | best, state)
        self.saved = time.monotonic()

    def _load(self) -> None:
        tensors, state = load_checkpoint(self.folder)
        with taken_from(self.folder):
            if state["faces"] != self.faces.fingerprint():
                raise DataError(
                    f"The faces or their split have changed since {self.folder.name} began, so it cannot be resumed. "
                    "Start a new training."
                )
            self.learner.load_state_dict(tensors)
            self.best_weights = {k.removeprefix("best."): v for k, v in tensors.items() if k.startswith("best.")}
            self.position, self.best, self.metrics = Position(**state["position"]), state["best"], state["metrics"]
            self.history, self.latest, self.spent = state["history"], state["latest"], state["seconds"]
