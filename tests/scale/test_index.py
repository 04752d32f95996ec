"""The exact index, and how an index follows who is enrolled."""

import numpy as np
import pytest

from core.errors import DataError
from core.scale.index import ExactIndex, Hits, IndexedFaces, follow, recall


def indexed(vectors, characters, series=None, ids=None):
    vectors = np.asarray(vectors, np.float32)
    ids = np.asarray(range(1, len(vectors) + 1) if ids is None else ids, np.int64)
    return IndexedFaces(ids, vectors, tuple(characters), tuple(series or [""] * len(vectors)))


EAST, NORTH, BETWEEN = [1.0, 0.0], [0.0, 1.0], [0.6, 0.8]


def test_the_nearest_come_first_with_their_cosines():
    index = ExactIndex(2)
    index.add(indexed([EAST, NORTH, BETWEEN], ["Rei", "Asuka", "Mari"]))
    found = index.search(np.array([EAST], np.float32), 2)
    assert found.ids.tolist() == [[1, 3]]
    assert found.similarity[0] == pytest.approx([1.0, 0.6])
    assert index.count() == 3


def test_a_series_alone_is_searched_and_what_is_missing_is_minus_one():
    index = ExactIndex(2)
    index.add(indexed([EAST, NORTH], ["Rei", "Kos-Mos"], ["Evangelion", "Xenosaga"]))
    found = index.search(np.array([EAST], np.float32), 2, series="Xenosaga")
    assert found.ids.tolist() == [[2, -1]]
    assert index.search(np.array([EAST], np.float32), 1, series="Bleach").ids.tolist() == [[-1]]


def test_an_index_follows_enrolment_undo_rename_and_merge():
    index = ExactIndex(2)
    first = indexed([EAST, NORTH, BETWEEN], ["Rei", "Asuka", "Asuka"])
    assert follow(index, first) == (3, 0)
    assert follow(index, first) == (0, 0)
    assert follow(index, first.rows([0, 2])) == (0, 1)  # an enrolment is taken back
    assert index.search(np.array([NORTH], np.float32), 1).ids.tolist() == [[3]]
    renamed = indexed([EAST, BETWEEN], ["Rei Ayanami", "Asuka"], ids=[1, 3])
    assert follow(index, renamed) == (1, 0)
    merged = indexed([EAST, BETWEEN], ["Rei Ayanami", "Rei Ayanami"], ids=[1, 3])
    assert follow(index, merged) == (1, 0)
    assert index.stamps() == merged.stamps()
    assert follow(index, indexed([NORTH, BETWEEN], ["Rei Ayanami"] * 2, ids=[1, 3])) == (1, 0)  # recut
    assert index.search(np.array([NORTH], np.float32), 1).ids.tolist() == [[1]]


def test_faces_whose_parts_do_not_fit_are_refused():
    with pytest.raises(DataError, match="one length"):
        indexed([EAST, NORTH], ["Rei"])


def test_recall_counts_what_was_found():
    exact = Hits(np.array([[1, 2], [3, -1]]), np.zeros((2, 2)))
    assert recall(exact, exact) == 1
    assert recall(Hits(np.array([[2, 5], [4, -1]]), exact.similarity), exact) == pytest.approx(1 / 3)
