"""Ten thousand drawn pictures asked about, killed once: afterwards every picture has its rows, none twice."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from collections import Counter

import cv2
import numpy as np
import pytest

from core import jobs
from core.commands import recognise
from core.commands.arguments import words
from core.drawn import cast, draw
from core.imaging.framing import face_crop
from core.imaging.reading import encode_jpeg
from core.recognise.config import RecogniseConfig
from core.recognise.recogniser import enrol
from core.settings import ROOT


def drawn_faces(character, count):
    faces = []
    for seed in range(10 * count):
        picture = draw(character, seed)
        faces += [face_crop(picture.pixels, f.box) for f in picture.faces if f.pose == "front"][:1]
        if len(faces) == count:
            break
    return faces


def fill(folder, characters, count):
    """Small pictures, each unlike the others: drawn faces, a little brighter or darker and moved."""
    folder.mkdir()
    some = [cv2.resize(f, (96, 96)) for c in characters for f in drawn_faces(c, 8)]
    for n in range(count):
        rng = np.random.default_rng(n)
        face = np.roll(some[n % len(some)], int(rng.integers(-3, 4)), axis=1)
        face = np.clip(face * rng.uniform(0.9, 1.1), 0, 255).astype(np.uint8)
        (folder / f"{n:05d}.jpg").write_bytes(encode_jpeg(face))


def until(done, seconds, what):
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def killed_and_resumed(project, settings, folder, out, kill_at):
    """Run the command, kill it after so many rows, run it again to its end; the rows of the finished table."""
    command = [sys.executable, "-m", "core", "recognise", "--workspace", project.name, "--data-dir"]
    command += [str(settings.data_dir), str(folder), "--faces", "--csv", str(out), "--resume"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def rows():
        return out.read_bytes().count(b"\n") if out.exists() else 0

    until(lambda: rows() > kill_at or process.poll() is not None, 600, "no rows were written")
    assert process.poll() is None, "it ended before it could be killed"
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = rows()
    with out.open("ab") as file:
        file.write(b"torn row, as a kill in the middle of a write leaves it")
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    assert rows() > before
    with out.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def check(rows, folder):
    """Every picture once, each answered."""
    counts = Counter(row["picture"] for row in rows)
    assert set(counts.values()) == {1}
    assert set(counts) == {str(path) for path in folder.iterdir()}
    assert {row["verdict"] for row in rows} <= {"match", "unsure", "unknown"}


@pytest.fixture
def enrolled(project):
    characters = cast(3, 0)
    for character in characters:
        enrol(project, character.name, drawn_faces(character, 3))
    return characters


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.long
def test_ten_thousand_pictures_killed_once(project, settings, enrolled, tmp_path):
    fill(tmp_path / "many", enrolled, 10_000)
    rows = killed_and_resumed(project, settings, tmp_path / "many", tmp_path / "out.csv", 3_000)
    check(rows, tmp_path / "many")
    assert len(rows) == 10_000


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_fifty_pictures_killed_once_and_a_job_has_the_same_table(project, settings, enrolled, tmp_path):
    fill(tmp_path / "some", enrolled, 50)
    rows = killed_and_resumed(project, settings, tmp_path / "some", tmp_path / "out.csv", 8)
    check(rows, tmp_path / "some")
    asked = recognise.Arguments(
        (tmp_path / "some",), RecogniseConfig(faces=True), csv=tmp_path / "job.csv", resume=True
    )
    job = jobs.start(project.workspace, "recognise", words(asked), settings=settings)
    until(lambda: jobs.read_job(job.folder).over, 120, "the job did not end")
    assert jobs.read_job(job.folder).state == jobs.DONE, jobs.read_job(job.folder).sentence
    with (tmp_path / "job.csv").open(encoding="utf-8", newline="") as file:
        told = [(row["picture"], row["verdict"], row["character"]) for row in csv.DictReader(file)]
    assert told == [(row["picture"], row["verdict"], row["character"]) for row in rows]
