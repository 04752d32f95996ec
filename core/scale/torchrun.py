"""Training on several processes with torchrun: on the cores or GPUs of this machine, or as one of several nodes.

The run's folder holds what the processes need: config.json, and `ranks.json` with the faces. Each process computes its
part of every batch (torch's DistributedDataParallel; gloo on processors, nccl on GPUs); rank 0 measures, writes the
checkpoints and prints its progress, one JSON document a line, which this module hands to the reporter.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from signal import SIGTERM
from typing import IO, Any

import numpy as np

from core.errors import Cancelled, DataError
from core.processes import detached, end_group
from core.progress import Progress, Reporter
from core.settings import ROOT
from core.train.config import TrainConfig
from core.train.data import FaceSet
from core.train.run import CHECKPOINT_SECONDS
from core.train.runs import RunResult, read_run
from core.train.stages import check_divisible
from core.workspace.atomic import write_json

FACES, STOP = "ranks.json", "stop"


def train_on_ranks(
    faces: FaceSet,
    config: TrainConfig,
    folder: Path,
    report: Reporter,
    *,
    ranks: int,
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
) -> RunResult:
    """Train in `ranks` processes of this machine, from the folder's checkpoint where there is one.

    What `core.train.run.train` takes as `compute`. Raises DataError for batches that cannot be divided, faces that are
    not files, and a process that ended; what the last checkpoint holds is kept. Cancelled leaves a checkpoint.
    """
    check_divisible(faces, config, ranks)
    _write_faces(faces, folder, checkpoint_seconds)
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(ranks)]
    command += ["-m", "core.scale.rank", str(folder.resolve())]
    threads = str(max((os.cpu_count() or 1) // ranks, 1))
    environment = {"OMP_NUM_THREADS": threads} | os.environ | {"PYTHONUNBUFFERED": "1"}
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as words:
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=words,
            text=True, **detached(),
        ) as process:  # fmt: skip
            assert process.stdout is not None
            try:
                end = _relay(process.stdout, folder, report)
                code = process.wait()
            finally:
                end_group(process.pid)
                (folder / STOP).unlink(missing_ok=True)
        words.seek(0)
        _judge(code, end, words.read(), folder)
    (folder / FACES).unlink(missing_ok=True)
    return read_run(folder)


def read_faces(folder: Path) -> tuple[FaceSet, float]:
    """The faces that a run's folder names, and the seconds between checkpoints. Raises DataError in words."""
    try:
        found = json.loads((folder / FACES).read_text(encoding="utf-8"))
        paths = [Path(path) for path in found["faces"]]
        faces = FaceSet(paths, tuple(found["labels"]), tuple(found["parts"]), tuple(found["ids"]))
        return faces, float(found["checkpoint_seconds"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(
            f"{folder / FACES} does not name the faces of a training ({error}). "
            "`python -m core train --ranks N` writes it; start the training with that."
        ) from error


def _write_faces(faces: FaceSet, folder: Path, checkpoint_seconds: float) -> None:
    if any(isinstance(face, np.ndarray) for face in faces.faces):
        raise DataError("Several processes read the faces from files; these are pixels in memory. Save them first.")
    document: dict[str, Any] = {"faces": [str(Path(str(face)).resolve()) for face in faces.faces]}
    document |= {"labels": faces.labels, "parts": faces.parts, "ids": faces.ids}
    write_json(folder / FACES, document | {"checkpoint_seconds": checkpoint_seconds})


def _relay(stream: IO[str], folder: Path, report: Reporter) -> dict[str, Any]:
    """Hand rank 0's lines to the reporter until the stream ends; returns its last word. A reporter that raises asks the
    processes to stop, and raises once they have."""
    end: dict[str, Any] = {}
    stopped: Cancelled | None = None
    for line in stream:
        try:
            word = json.loads(line)
        except ValueError:
            continue  # what a library prints
        if not isinstance(word, dict):
            continue
        if "stage" not in word:
            end = word
        elif stopped is None:
            try:
                report(Progress(**word))
            except Cancelled as error:
                stopped = error
                (folder / STOP).touch()
    if stopped is not None:
        raise stopped
    return end


def _judge(code: int, end: dict[str, Any], words: str, folder: Path) -> None:
    """Raise DataError where the processes did not come to the end."""
    if code == 0:
        return
    if end.get("error"):
        raise DataError(str(end["error"]))
    rank, signal = _killed(words)
    who = f"The process of rank {rank} ended unexpectedly" if rank else "A process ended unexpectedly"
    last = next((line.strip() for line in reversed(words.splitlines()) if "Error: " in line), "")
    why = f" by signal {signal}" if signal else f" ({last[:200]})" if last else ""
    raise DataError(
        f"{who}{why}, and with it the training. The last checkpoint is kept: `train --resume {folder.name}` goes on "
        "from it, with `--ranks` for several processes again."
    )


def _killed(words: str) -> tuple[str, int]:
    """The rank that ended first by what torchrun wrote, "" where it wrote nothing, and the signal that ended it or 0.

    The ranks that torchrun ends itself afterwards (SIGTERM) are not meant.
    """
    found = re.findall(r"rank\s*:\s*(\d+)[^\n]*\n\s*exitcode\s*:\s*(-?)(\d+)", words)
    by_signal = [(rank, int(number)) for rank, minus, number in found if minus and int(number) != SIGTERM]
    return by_signal[0] if by_signal else (found[-1][0], 0) if found else ("", 0)
