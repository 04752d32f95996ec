"""Training on several processes with torchrun, on the cores or GPUs of this machine.

The run's folder holds what the processes need: config.json, a file with the faces' labels and parts, and one with their
pixels, so that it does not matter who moves their files meanwhile. Both are gone once every process has read them; what
a killed training leaves is called like any half of a file, and `clean` deletes it. Each process computes its part of
every batch (torch's DistributedDataParallel; gloo on processors, nccl on GPUs); rank 0 measures, writes the
checkpoints and prints its progress, one JSON document a line, which this module hands to the reporter.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from signal import SIGTERM
from typing import IO, Any

import numpy as np

from core.atomic import write_json
from core.errors import Cancelled, DataError
from core.processes import detached, end_group
from core.progress import Progress, Reporter
from core.settings import ROOT
from core.train.card import cards
from core.train.config import TrainConfig
from core.train.data import FaceSet, load_pixels
from core.train.run import CHECKPOINT_SECONDS
from core.train.runs import RunResult, read_run
from core.train.stages import check_divisible

FACES, PIXELS, STOP = ".part-ranks.json", ".part-ranks.pixels", "stop"

CHUNK = 4096
"""Faces that are held in memory while they are laid down."""


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

    What `core.train.run.train` takes as `compute`. Raises DataError for batches that cannot be divided and a process
    that ended; what the last checkpoint holds is kept. Cancelled leaves a checkpoint.
    """
    check_divisible(faces, config, ranks)
    check_cards(ranks)
    try:
        _write_faces(faces, config.image_size, folder, checkpoint_seconds, report)
        _run_ranks(folder, report, ranks)
    finally:
        _take_away(folder)
    return read_run(folder)


def check_cards(ranks: int) -> None:
    """Raises DataError where the ranks compute on graphics cards and there are fewer of them: each needs its own."""
    there = cards()
    if 0 < there < ranks:
        raise DataError(
            f"Each of {ranks} ranks needs a graphics card of its own, and this machine has {there}. Take --ranks "
            f"{there}, or set CUDA_VISIBLE_DEVICES=-1 to share the processor's cores."
        )


def _run_ranks(folder: Path, report: Reporter, ranks: int) -> None:
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(ranks)]
    command += ["-m", "core.scale.rank", str(folder.resolve())]
    threads = str(max((os.cpu_count() or 1) // ranks, 1))
    environment = {"OMP_NUM_THREADS": threads} | os.environ | {"PYTHONUNBUFFERED": "1"}
    if not cards():  # nor do the ranks try one that cannot be used
        environment["CUDA_VISIBLE_DEVICES"] = "-1"
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


def read_faces(folder: Path) -> tuple[FaceSet, float]:
    """The faces that a run's folder holds, and the seconds between checkpoints. Raises DataError in words."""
    try:
        found = json.loads((folder / FACES).read_text(encoding="utf-8"))
        labels, size = tuple(found["labels"]), int(found["size"])
        pixels = np.memmap(folder / PIXELS, np.uint8, "r", shape=(len(labels), 3, size, size))
        faces = FaceSet(list(pixels.transpose(0, 2, 3, 1)), labels, tuple(found["parts"]), tuple(found["ids"]))
        return faces, float(found["checkpoint_seconds"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(
            f"{folder / FACES} does not name the faces of a training ({error}). "
            "`python -m core train --ranks N` writes it; start the training with that."
        ) from error


def _write_faces(faces: FaceSet, size: int, folder: Path, checkpoint_seconds: float, report: Reporter) -> None:
    """The faces for the ranks, their pixels as uint8 (n, 3, size, size)."""
    start = time.monotonic()
    with (folder / PIXELS).open("wb") as file:
        for first in range(0, len(faces), CHUNK):
            load_pixels(faces.faces[first : first + CHUNK], size).numpy().tofile(file)
            done = min(first + CHUNK, len(faces))
            report(Progress("read", done, len(faces), time.monotonic() - start))
    document: dict[str, Any] = {"labels": faces.labels, "parts": faces.parts, "ids": faces.ids, "size": size}
    write_json(folder / FACES, document | {"checkpoint_seconds": checkpoint_seconds})


def _take_away(folder: Path) -> None:
    """Delete what was laid down for the ranks."""
    for name in (FACES, PIXELS):
        with suppress(PermissionError):  # Windows: one still has it open, and it goes at the end
            (folder / name).unlink(missing_ok=True)


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
            continue
        if word["stage"] == "train":  # the first step is taken by all, so all have read
            _take_away(folder)
        if stopped is None:
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
