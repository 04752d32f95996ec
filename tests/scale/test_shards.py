"""Two workers on Ray, one killed in the middle: every picture once, every face once."""

import os
import signal
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.errors import Cancelled, DataError
from core.scale.shards import FoundFace, find_and_embed, look_at, read_faces, shard_path

pytestmark = [pytest.mark.filterwarnings("default"), pytest.mark.usefixtures("cluster")]  # what Ray's packages warn of


class Brightness:
    """Stands for the models: a face in the left half, its vector the brightness. Dies once where it is told to."""

    def __init__(self, dies_at=None, mark=None, always=False, seconds=0.0):
        self.dies_at, self.mark, self.always, self.seconds = dies_at, mark, always, seconds

    def __call__(self):
        def look(pictures):
            time.sleep(self.seconds)
            for pixels in pictures:
                if pixels[0, 0, 0] == self.dies_at and (self.always or not Path(self.mark).exists()):
                    Path(self.mark).touch()
                    os.kill(os.getpid(), signal.SIGKILL)
            return [[FoundFace((0, 0, 4, 8), 0.9, np.array([p[0, 0, 0], 1], np.float32))] for p in pictures]

        return look


@pytest.fixture
def pictures(tmp_path):
    """24 pictures of brightness 0, 5, 10, ..."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for n in range(24):
        Image.new("RGB", (8, 8), (5 * n,) * 3).save(folder / f"{n:02d}.png")
    return [str(path) for path in sorted(folder.iterdir())]


def test_what_one_worker_finds_two_find_though_one_is_killed_in_the_middle(pictures, tmp_path):
    out, models = str(tmp_path / "out"), Brightness(dies_at=50, mark=str(tmp_path / "died"))
    done = find_and_embed(pictures, out, models=models, workers=2, shard=3)
    assert (tmp_path / "died").exists()
    assert (done.shards, done.there) == (8, 0)
    assert done.again >= 1
    rows = list(read_faces(out))
    assert Counter(row["picture"] for row in rows) == Counter(pictures), "every picture once"
    assert [row["vector"][0] for row in rows] == [5 * n for n in range(24)]
    assert not list((tmp_path / "out").glob("*.part"))


@pytest.mark.long
def test_a_node_that_dies_in_the_middle_takes_nothing_with_it(pictures, tmp_path, nodes):
    """Of two nodes with a core each, the worker of the second; there is no core for another one in its place."""
    out, seen = str(tmp_path / "out"), []

    def kill(progress):
        seen.append(progress.n)
        if progress.n >= 6 and not seen.count(-1):
            nodes()
            seen.append(-1)

    done = find_and_embed(pictures, out, models=Brightness(seconds=0.5), workers=2, shard=1, report=kill)
    assert done.again >= 1
    rows = list(read_faces(out))
    assert Counter(row["picture"] for row in rows) == Counter(pictures), "every picture once"
    assert [row["vector"][0] for row in rows] == [5 * n for n in range(24)]
    assert seen[-1] == 24


def test_a_run_that_was_stopped_goes_on(pictures, tmp_path):
    out, seen = str(tmp_path / "out"), []

    def stop(progress):
        if progress.n >= 6:
            raise Cancelled("stopped by the test")

    with pytest.raises(Cancelled):
        find_and_embed(pictures, out, models=Brightness(), workers=2, shard=3, report=stop)
    there = len(list((tmp_path / "out").glob("faces-*.parquet")))
    assert there >= 2
    done = find_and_embed(pictures, out, models=Brightness(), workers=2, shard=3, report=seen.append)
    assert done.there >= there
    assert seen[0].n >= 6
    assert (seen[-1].n, seen[-1].total) == (24, 24)
    assert Counter(row["picture"] for row in read_faces(out)) == Counter(pictures)


def test_a_shard_that_always_kills_its_worker_is_named(pictures, tmp_path):
    models = Brightness(dies_at=5, mark=str(tmp_path / "died"), always=True)
    with pytest.raises(DataError, match=r"died 3 times on the pictures from .*00.png to .*02.png"):
        find_and_embed(pictures[:6], str(tmp_path / "out"), models=models, workers=1, shard=3)


def test_a_folder_of_other_pictures_is_refused(pictures, tmp_path):
    find_and_embed(pictures[:3], str(tmp_path / "out"), models=Brightness(), workers=1, shard=3)
    with pytest.raises(DataError, match="Name another folder"):
        find_and_embed(pictures[:4], str(tmp_path / "out"), models=Brightness(), workers=1, shard=3)


def test_a_picture_that_cannot_be_read_has_a_row_that_says_so(pictures, tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    found = look_at([pictures[1], str(broken)], Brightness()())
    assert found["picture"] == [str(broken), pictures[1]]
    assert found["number"] == [-1, 0]
    assert [found[name] for name in ("x", "y", "w", "h", "score", "vector")] == [
        [0, 0], [0, 0], [0, 4], [0, 8], [0, 0.9], [None, [5, 1]],
    ]  # fmt: skip
    assert found["error"][0]
    assert found["error"][1] == ""
    assert shard_path("s3://bucket/out/", 7) == "s3://bucket/out/faces-00007.parquet"
