"""Milvus in a file, for real: equal to the exact index, follows what is enrolled, survives a kill, judges alike."""

import os
import subprocess
import sys
from uuid import uuid4

import numpy as np
import pytest

from core.errors import DataError
from core.scale.index import ExactIndex, IndexedFaces, follow, recall
from core.scale.milvus import MilvusIndex
from core.settings import ROOT

pytestmark = pytest.mark.filterwarnings("default")  # what Milvus's own packages warn of
DIM = 16


def faces(count=600, seed=0):
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(count, DIM)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    characters = tuple(f"character {i % 20}" for i in range(count))
    return IndexedFaces(np.arange(1, count + 1), vectors, characters, tuple(f"series {i % 3}" for i in range(count)))


SERVER = os.environ.get("WHOAMI_TEST_MILVUS", "")
"""The address of a Milvus server, where one runs: what must hold of the file is asked of it too."""


@pytest.fixture(params=["a file", *([SERVER] if SERVER else [])])
def milvus(request, tmp_path):
    """An empty index, in a file, and in a collection of its own of the server."""
    uri = str(tmp_path / "faces.db") if request.param == "a file" else request.param
    index = MilvusIndex(uri, DIM, collection=f"test_{uuid4().hex}")
    yield index
    if not index.is_file:
        index.client.drop_collection(index.collection)
    index.close()


def test_milvus_finds_what_the_exact_index_finds_and_follows_it(milvus):
    exact, all_faces = ExactIndex(DIM), faces()
    queries = faces(20, seed=1).vectors
    for wanted in (all_faces, all_faces.rows(range(50, 600)), faces().rows(range(20, 580))):
        assert follow(milvus, wanted) == follow(exact, wanted)
        assert milvus.count() == exact.count() == len(wanted)
        assert milvus.stamps() == exact.stamps()
        for series in (None, "series 1"):
            found, best = milvus.search(queries, 10, series=series), exact.search(queries, 10, series=series)
            assert recall(found, best) == 1
            assert np.allclose(found.similarity, best.similarity, atol=1e-5)


def test_every_answer_is_asked_to_know_of_every_write_before_it(milvus, monkeypatch):
    """A server's answers are seconds old where nothing is said: a face just enrolled was not found."""
    asked = {}

    def told(name):
        real = getattr(milvus.client, name)
        monkeypatch.setattr(milvus.client, name, lambda *a, **k: asked.update({name: k}) or real(*a, **k))

    for name in ("search", "query", "query_iterator"):
        told(name)
    milvus.add(faces(3))
    assert milvus.search(faces(3).vectors[:1], 1).ids.tolist() == [[1]]
    assert (milvus.count(), len(milvus.stamps())) == (3, 3)
    assert {name: how["consistency_level"] for name, how in asked.items()} == dict.fromkeys(asked, "Strong")
    assert len(asked) == 3


def test_a_rename_to_any_name_reaches_it(milvus):
    one = faces(3)
    follow(milvus, one)
    named = IndexedFaces(one.ids, one.vectors, ('綾波 "レイ"', "b\\", "c'"), ('シリーズ "1"', "", ""))
    assert follow(milvus, named) == (3, 0)
    assert milvus.search(one.vectors[:1], 3, series='シリーズ "1"').ids.tolist() == [[1, -1, -1]]


WRITE_AND_DIE = """
import os, sys
from core.scale.milvus import MilvusIndex
from tests.scale.test_milvus import DIM, faces
index = MilvusIndex(sys.argv[1], DIM)
index.add(faces().rows(range(300)))
os.kill(os.getpid(), 9)
"""


def test_what_was_written_is_there_after_a_kill_and_the_rest_follows(tmp_path):
    path = str(tmp_path / "faces.db")
    died = subprocess.run([sys.executable, "-c", WRITE_AND_DIE, path], cwd=ROOT, capture_output=True, check=False)
    assert died.returncode == -9
    index = MilvusIndex(path, DIM)
    assert index.count() == 300
    assert follow(index, faces()) == (300, 0)
    queries, exact = faces(20, seed=1).vectors, ExactIndex(DIM)
    exact.add(faces())
    assert recall(index.search(queries, 10), exact.search(queries, 10)) == 1
    index.close()


@pytest.mark.parametrize("left", [0, 100])
def test_an_index_that_a_kill_left_half_written_is_built_anew(tmp_path, left):
    path = tmp_path / "faces.db"
    milvus = MilvusIndex(str(path), DIM)
    milvus.add(faces())
    milvus.close()
    (index,) = path.rglob("*.idx")
    index.write_bytes(index.read_bytes()[:left])
    milvus = MilvusIndex(str(path), DIM)
    assert milvus.search(faces().vectors[:1], 1).ids.tolist() == [[1]]
    milvus.close()


def test_another_length_and_an_engine_that_is_not_there_are_refused_in_words(tmp_path):
    milvus = MilvusIndex(str(tmp_path / "faces.db"), DIM)
    with pytest.raises(DataError, match="Choose one of: FLAT"):
        MilvusIndex(str(tmp_path / "other.db"), DIM, engine="MAGIC")
    milvus.close()
    with pytest.raises(DataError, match="holds vectors of 16 numbers"):
        MilvusIndex(str(tmp_path / "faces.db"), 8)
