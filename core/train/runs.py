"""The folders that trainings leave, read back: finished ones and ones that can be resumed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.documents import parse_json
from core.errors import DataError
from core.train.config import TrainConfig
from core.vision.specs import read_encoder_header

CONFIG, HISTORY, METRICS = "config.json", "history.jsonl", "metrics.json"
ENCODER, CHOSEN, CHECKPOINT = "encoder.safetensors", "chosen.safetensors", "checkpoint.safetensors"


FIGURES = (
    *("n", "top1", "top1_low", "top1_high", "precision_at_1", "precision_at_5", "precision_at_5_limit"),
    *("hit_at_5", "map_at_r", "eer", "steps", "seconds"),
)
"""What of the metrics is a number where it is there; earlier versions wrote fewer of them."""


@dataclass(frozen=True)
class RunResult:
    """A training as its folder tells it. metrics is empty until it is finished; history: one dict an epoch."""

    folder: Path
    config: TrainConfig
    metrics: dict[str, Any] = field(default_factory=dict)
    history: tuple[dict[str, Any], ...] = ()

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def finished(self) -> bool:
        return bool(self.metrics)

    @property
    def resumable(self) -> bool:
        return (self.folder / CHECKPOINT).is_file()

    @property
    def encoder(self) -> Path:
        """The weights that recognise; after a refit they have seen the validation faces too."""
        return self.folder / ENCODER

    @property
    def chosen(self) -> Path:
        """The weights that validation chose and that metrics.json is about: evaluate with these."""
        path = self.folder / CHOSEN
        return path if path.is_file() else self.encoder


def faces_learned(run: RunResult) -> str:
    """The fingerprint of the faces that a finished run learned from (FaceSet.fingerprint); "" where that is not known.
    Raises EncoderError where its weights cannot be read."""
    return str(read_encoder_header(run.encoder)[1].get("faces", ""))


def read_run(folder: Path) -> RunResult:
    """The run in a folder. Raises DataError in words where there is none, or a file of it is broken."""
    folder = Path(folder)
    if not (folder / CONFIG).is_file():
        raise DataError(f"There is no training in {folder}.")
    config = TrainConfig.load(folder / CONFIG)
    try:
        metrics = parse_json((folder / METRICS).read_text(encoding="utf-8")) if (folder / METRICS).is_file() else {}
        lines = (folder / HISTORY).read_text(encoding="utf-8").splitlines() if (folder / HISTORY).is_file() else []
        history = tuple(parse_json(line) for line in lines)
        for name, values in ((METRICS, [metrics]), (HISTORY, history)):
            if not all(isinstance(value, dict) for value in values):
                raise ValueError(f"{name} holds something else than a training wrote")
        wrong = [key for key in FIGURES if not _is_figure(metrics.get(key))]
        if wrong:
            raise ValueError(f"{METRICS}: {wrong[0]} is a number, got {str(metrics[wrong[0]])[:40]!r}")
        return RunResult(folder, config, metrics, history)
    except (OSError, ValueError) as error:
        what_to_do = "Restore its files, or train anew."
        raise DataError(f"The training in {folder} cannot be read ({error}). {what_to_do}") from error


def _is_figure(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def list_runs(models: Path) -> list[RunResult]:
    """All trainings in a workspace's folder of models, newest first; folders that hold none are passed over, and so are
    damaged ones, which `damaged_runs` gives."""
    return [run for folder in _folders(models) if (run := _read_or_none(folder)) is not None]


def damaged_runs(models: Path) -> list[Path]:
    """The folders of the trainings whose files cannot be read, newest first."""
    return [folder for folder in _folders(models) if _read_or_none(folder) is None]


def _folders(models: Path) -> list[Path]:
    folders = [path.parent for path in Path(models).glob(f"*/{CONFIG}")]
    return sorted(folders, key=lambda path: ((path / CONFIG).stat().st_mtime_ns, path.name), reverse=True)


def _read_or_none(folder: Path) -> RunResult | None:
    """A run; None for one whose files are damaged, which must not hide the others."""
    try:
        return read_run(folder)
    except DataError:
        return None


def new_run_folder(models: Path, preset: str) -> Path:
    """A name that is not taken yet: <preset>-1, <preset>-2, ...; the folder is made."""
    number = 1
    while True:
        folder = Path(models) / f"{preset}-{number}"
        try:
            folder.mkdir(parents=True)
            return folder
        except FileExistsError:
            number += 1
