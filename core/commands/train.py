"""train: an encoder learns to tell the workspace's characters apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from core.commands.command import Command
from core.commands.context import CommandResult, Context
from core.commands.evaluate import figures
from core.errors import DataError, WorkspaceError
from core.options import SEED, check, option
from core.train.config import INITS, TrainConfig
from core.train.presets import PRESETS, default_init, preset
from core.train.runs import RunResult
from core.workspace.project import Project

WRITTEN_IN = ("architecture", "image_size", "embedding_dim", "width", "precision")
"""Settings of a run that follow from its start and the machine, whatever was asked for."""


@dataclass(frozen=True)
class Arguments:
    """A preset, and what of it is different."""

    preset: str = option("recommended", choices=tuple(PRESETS), help="what to start from")
    init: str | None = option(None, choices=INITS, help="the weights to start from; default: the best there are")
    epochs: int | None = option(None, low=1, high=10_000, help="passes over the faces")
    seed: int = option(0, low=0, high=SEED, help="same seed, same run")
    resume: str | None = option(None, metavar="RUN", help="go on with a run that was stopped, as it began")
    settings: tuple[str, ...] = option(
        (), flag="--set", each=True, metavar="NAME=VALUE", help="any other setting of the run; repeatable"
    )
    ranks: int = option(1, low=1, high=64, help="processes that share each batch, on the cores or GPUs of this machine")

    def __post_init__(self) -> None:
        check(self)
        self.config()

    def config(self) -> TrainConfig:
        """All settings of the training. Raises DataError for one that is not allowed."""
        config = preset(self.preset, init=self.init, seed=self.seed).with_settings(self.settings)
        return replace(config, epochs=self.epochs) if self.epochs else config

    def check_same(self, run: RunResult) -> None:
        """Raises DataError where a resumed run is asked for what it did not begin with: it ends as it would have."""
        given: dict[str, Any] = {"epochs": self.epochs, "init": self.init, "seed": self.seed or None}
        asked = replace(run.config.with_settings(self.settings), **{k: v for k, v in given.items() if v is not None})
        began = run.config.as_dict()
        other = [key for key, value in asked.as_dict().items() if value != began[key] and key not in WRITTEN_IN]
        if other:
            raise DataError(
                f"{run.name} began with {', '.join(f'{key}={_text(began[key])}' for key in other)}, and a run that is "
                "resumed keeps its settings. Resume it without that, or train anew, without --resume."
            )

    @classmethod
    def of(cls, config: TrainConfig) -> Arguments:
        """The arguments that mean this config: its preset, and `--set` for every other difference."""
        name = config.preset if config.preset in PRESETS else "recommended"
        init = None if config.init == default_init(name) else config.init
        base = preset(name, init=init, seed=config.seed).as_dict()
        other = {key: value for key, value in config.as_dict().items() if value != base[key]}
        epochs = other.pop("epochs", None)
        return cls(name, init, epochs, config.seed, None, tuple(f"{key}={_text(v)}" for key, v in other.items()))


def _text(value: Any) -> str:
    return "none" if value is None else str(value)


def run(context: Context[Arguments]) -> CommandResult:
    """Train on the workspace's split."""
    from core.scale.torchrun import train_on_ranks
    from core.train.label_errors import read_label_errors
    from core.train.runs import read_run
    from core.train.start import LABELS
    from core.train.training import train_workspace
    from core.workspace.folders import inside

    args, before = context.args, None
    compute = partial(train_on_ranks, ranks=args.ranks) if args.ranks > 1 else None
    with context.opened() as project:
        if args.resume is not None:
            before = read_run(inside(project.workspace.models, args.resume))
            args.check_same(before)
        made = train_workspace(project, args.config(), resume=args.resume, report=context.report, compute=compute)
        again = _enrol_again(project, made.name, context)
    metrics, doubtful = made.metrics, read_label_errors(made.folder)
    lines = [
        *([_finished(made)] if before is not None and before.finished else []),
        _outcome(made.name, metrics),
        f"It {LABELS[made.config.init]}. Measured: {metrics.get('of', 'not told')}.",
        figures(metrics),
        *([doubtful.words] if doubtful.words else []),
        *([again] if again else []),
        f"In {made.folder}",
    ]
    document = {"run": str(made.folder.resolve()), "metrics": metrics, "suspects": doubtful.as_dict()}
    return CommandResult(document, "\n".join(lines))


def _finished(run: RunResult) -> str:
    return (
        f"{run.name} is finished: nothing was left to train. A longer training is a new one, "
        f"`train --preset {run.config.preset} --epochs N` with more than its {run.config.epochs}."
    )


def _outcome(run: str, metrics: Mapping[str, Any]) -> str:
    """What a training came to: a job ends with it.

    >>> _outcome("quick-1", {"top1": 0.975, "n": 40, "steps": 60, "seconds": 41.2})
    'quick-1: 98 % of the 40 validation faces get the right name; 60 steps in 41 s.'
    >>> _outcome("old-1", {"top1": 0.5})  # an earlier version's
    'old-1: 50 % of the validation faces get the right name.'
    """
    steps, seconds, n = (metrics.get(key) for key in ("steps", "seconds", "n"))
    took = "" if steps is None or seconds is None else f"; {steps} steps in {seconds:.0f} s"
    if metrics.get("top1") is None:
        return f"{run}: without validation faces nothing was measured{took}."
    of = "the validation faces" if n is None else f"the {n} validation faces"
    return f"{run}: {100 * metrics['top1']:.0f} % of {of} get the right name{took}."


def _enrol_again(project: Project, run: str, context: Context[Arguments]) -> str:
    """Where somebody is enrolled and the new encoder is in use now: their faces by it, and words that say so."""
    from core.recognise.enrolment import enrol_again, enrolled_faces
    from core.workspace.models import encoder_in_use, is_measured

    if not is_measured(project.workspace, run):
        return "Without validation faces it does not become the encoder in use by itself; choose it on the page Train."
    if encoder_in_use(project).name != run or not enrolled_faces(project.catalogue)[0]:
        return ""
    try:
        gallery = enrol_again(project, report=context.report)
    except WorkspaceError as error:  # the run is done, whoever enrols just now
        return f"The enrolled faces were not embedded again: {error} `enrol --again` does it."
    return f"{len(gallery)} enrolled faces were embedded again: the new encoder answers from now on."


COMMAND = Command("train", "train an encoder on the faces", Arguments, run)
