"""Training in two processes: the same step as in one, one log, a killed process, going on, stopping."""

import json
import os
import signal
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.errors import Cancelled, DataError
from core.scale import torchrun
from core.scale.torchrun import _judge, train_on_ranks
from core.train.config import TrainConfig
from core.train.data import FaceSet
from core.train.run import train
from core.train.runs import read_run
from core.workspace import leftovers

TINY = TrainConfig(
    preset="tiny", image_size=32, embedding_dim=8, width=4, classes_per_batch=2, samples_per_class=2, epochs=3,
    validate_every=1, augment="light", precision="float32",
)  # fmt: skip


@pytest.fixture
def faces(tmp_path):
    """4 characters, a colour each, as files."""
    rng, paths, labels, parts = np.random.default_rng(0), [], [], []
    for number in range(4):
        colour = rng.integers(40, 215, 3)
        for i in range(7):
            pixels = np.clip(colour + rng.normal(0, 25, (32, 32, 3)), 0, 255).astype(np.uint8)
            paths.append(tmp_path / f"{number}-{i}.png")
            Image.fromarray(pixels).save(paths[-1])
            labels.append(f"character {number}")
            parts.append("train" if i < 4 else "validation")
    return FaceSet(paths, tuple(labels), tuple(parts))


class At:
    """A reporter that does something at a step, once, and remembers all steps."""

    def __init__(self, step, act):
        self.step, self.act, self.seen = step, act, []

    def __call__(self, progress):
        if progress.stage == "train":
            self.seen.append(progress.n)
            if progress.n == self.step:
                self.act()


@pytest.mark.parametrize(("cards", "ranks"), [(0, 4), (1, 1), (2, 2), (4, 2)])
def test_ranks_need_a_card_each_or_none_at_all(monkeypatch, cards, ranks):
    monkeypatch.setattr(torchrun, "cards", lambda: cards)
    torchrun.check_cards(ranks)


def test_more_ranks_than_cards_are_refused_before_anything_is_laid_down(monkeypatch, faces, tmp_path):
    monkeypatch.setattr(torchrun, "cards", lambda: 1)
    with pytest.raises(DataError, match=r"this machine has 1. Take --ranks 1, or set CUDA_VISIBLE_DEVICES=-1"):
        train_on_ranks(faces, TINY, tmp_path, print, ranks=2)
    assert not (tmp_path / torchrun.PIXELS).exists()


def kill_rank_1(run):
    """End the process of rank 1 of the training that this process started, as a crash would."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_text().split("\0")
            rank_1 = "RANK=1" in (folder / "environ").read_text().split("\0")
        except OSError:
            continue
        if "core.scale.rank" in words and rank_1 and str(run) in words:
            os.kill(int(folder.name), signal.SIGKILL)


@pytest.mark.skipif(sys.platform != "linux", reason="finds the process in /proc")
def test_a_killed_rank_ends_the_run_with_a_sentence_and_it_goes_on(faces, tmp_path):
    ranks = partial(train_on_ranks, ranks=2, checkpoint_seconds=0.001)
    laid_down = []

    def kill():
        laid_down.extend((tmp_path / "run").glob(leftovers.HALVES))
        kill_rank_1(tmp_path / "run")

    killer = At(5, kill)
    with pytest.raises(DataError, match=r"rank 1 ended unexpectedly by signal 9.*train --resume run"):
        train(faces, replace(TINY, epochs=16), tmp_path / "run", report=killer, compute=ranks)
    assert laid_down == [], "every rank had read it before the first step: whoever is killed later leaves nothing"
    assert read_run(tmp_path / "run").resumable
    after = At(-1, None)
    result = train(faces, TINY, tmp_path / "run", report=after, resume=True, compute=ranks)
    assert result.finished
    assert after.seen[0] > 4, "what the checkpoint held is not learned again"
    assert after.seen == sorted(set(after.seen)), "one process reports"
    epochs = [row["epoch"] for row in result.history if row["stage"] == "choose"]
    assert epochs == list(range(1, len(epochs) + 1)), "one log"
    assert result.metrics["top1"] > 0.7, "colours are easy"
    assert not list((tmp_path / "run").glob(leftovers.HALVES))


def test_a_training_in_two_processes_stops_when_asked(faces, tmp_path):
    def stop():
        raise Cancelled("stopped by the test")

    with pytest.raises(Cancelled):
        train(
            faces,
            replace(TINY, epochs=500),
            tmp_path / "run",
            report=At(3, stop),
            compute=partial(train_on_ranks, ranks=2),
        )
    assert read_run(tmp_path / "run").resumable
    assert not (tmp_path / "run" / "stop").exists()
    assert not list((tmp_path / "run").glob(leftovers.HALVES))


def test_what_a_training_leaves_that_is_killed_before_its_ranks_have_read_is_a_leftover(workspace):
    run = workspace.models / "quick-1"
    run.mkdir(parents=True)
    faces = FaceSet([np.zeros((8, 8, 3), np.uint8)] * 2, ("a", "b"), ("train",) * 2)
    torchrun._write_faces(faces, 8, run, 2.0, lambda _: None)
    later = time.time() + leftovers.RECENT + 1
    assert {*leftovers.find_leftovers(workspace, now=later).paths} == {*run.iterdir()}
    torchrun._take_away(run)
    assert list(run.iterdir()) == []


def test_the_ranks_read_what_was_laid_down_for_them_in_parts(tmp_path, monkeypatch):
    monkeypatch.setattr(torchrun, "CHUNK", 3)
    pixels = [np.full((8, 8, 3), (10 * n, 1, 2), np.uint8) for n in range(4)]
    whole = FaceSet(pixels, ("a", "a", "b", "b"), ("train",) * 4)
    torchrun._write_faces(whole, 8, tmp_path, 2.0, lambda _: None)
    faces, seconds = torchrun.read_faces(tmp_path)
    assert (faces.labels, faces.parts, faces.ids, seconds) == (whole.labels, whole.parts, whole.ids, 2.0)
    assert np.array_equal(np.stack(faces.faces), np.stack(pixels))
    assert faces.fingerprint() == whole.fingerprint()


@pytest.mark.parametrize("size", [8, 9])
def test_a_folder_without_faces_or_with_half_of_them_is_refused_in_words(tmp_path, size):
    about = {"labels": ["a", "b"], "parts": ["train"] * 2, "ids": [1, 2], "size": size, "checkpoint_seconds": 1}
    (tmp_path / torchrun.FACES).write_text(json.dumps(about))
    if size == 9:
        (tmp_path / torchrun.PIXELS).write_bytes(bytes(2 * 3 * 8 * 8))
    with pytest.raises(DataError, match="does not name the faces"):
        torchrun.read_faces(tmp_path)


def ended(*ranks):
    """torchrun's words about ranks and the codes that they ended with."""
    return "".join(
        f"  rank      : {rank} (local_rank: {rank})\n  exitcode  : {code} (pid: 7)\n" for rank, code in ranks
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (ended((0, -15), (1, -9), (2, -11)), "The process of rank 1 ended unexpectedly by signal 9, and with it"),
        (ended((0, -15), (3, 1)), "The process of rank 3 ended unexpectedly, and with it"),
        (
            ended((2, 1)) + "ValueError: no\nOSError: disk is full\n",
            r"rank 2 .* \(OSError: disk is full\), and with it",
        ),
        ("RuntimeError: " + "x" * 300, rf"A process ended unexpectedly \(RuntimeError: {'x' * 186}\), and"),
        ("", "^A process ended unexpectedly, and with it the training. .* `train --resume run` goes on"),
    ],
)
def test_what_ended_a_training_is_told_from_torchruns_words(words, told, tmp_path):
    with pytest.raises(DataError, match=told):
        _judge(1, {}, words, tmp_path / "run")
    with pytest.raises(DataError, match=r"^the encoder is no file$"):
        _judge(1, {"error": "the encoder is no file"}, words, tmp_path / "run")
    _judge(0, {}, words, tmp_path / "run")
