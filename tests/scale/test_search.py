"""An index under the scorer: the same characters, faces and similarities as comparing with every face."""

import numpy as np
import pytest

from core.scale.index import ExactIndex, Hits, IndexedFaces
from core.scale.search import IndexedScorer
from core.similarity.prototypes import centred
from core.similarity.scorer import CharacterScorer

DIM = 24


def unit(vectors):
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def scene(moved=0.0, count=900, characters=60, seed=0):
    """A scorer, an index over the same faces less a centre that lies `moved` from the scorer's, and 80 queries."""
    rng = np.random.default_rng(seed)
    middles = rng.normal(size=(characters, DIM)) + 0.5
    owner = rng.integers(0, characters, count)
    vectors = unit(middles[owner] + 0.8 * rng.normal(size=(count, DIM)))
    exact = CharacterScorer.of(vectors, [f"character {c:02d}" for c in owner])
    centre = exact.centre + moved * unit(rng.normal(size=(1, DIM)))[0]
    ids = rng.permutation(10_000)[:count]
    index = ExactIndex(DIM)
    index.add(IndexedFaces(ids, centred(vectors, centre), ("",) * count, ("",) * count))
    queries = unit(middles[rng.integers(0, characters, 80)] + 1.2 * rng.normal(size=(80, DIM)))
    return IndexedScorer(exact, index, ids, centre), queries


@pytest.mark.parametrize("moved", [0.0, 0.015, 0.3])
@pytest.mark.parametrize(("characters", "faces"), [(5, 6), (2, 1), (60, 3)])
def test_it_finds_what_comparing_with_every_face_finds(moved, characters, faces):
    search, queries = scene(moved)
    found = search.top(queries, characters=characters, faces=faces)
    best = search.enrolled.top(queries, characters=characters, faces=faces)
    assert np.array_equal(found.characters, best.characters)
    assert np.array_equal(found.faces, best.faces)
    assert np.allclose(found.character_similarity, best.character_similarity, atol=1e-6)
    assert np.allclose(found.face_similarity, best.face_similarity, atol=1e-6)
    assert (search.names, search.centre.tolist()) == (search.enrolled.names, search.enrolled.centre.tolist())


def test_the_index_answers_by_itself_unless_the_centre_has_moved_far(monkeypatch):
    asked = []
    whole = CharacterScorer.top
    for moved, again in ((0.0, 0), (0.015, 0), (0.6, 80)):
        search, queries = scene(moved)
        monkeypatch.setattr(CharacterScorer, "top", lambda self, q, **k: asked.append(len(q)) or whole(self, q, **k))
        search.top(queries, characters=5, faces=6)
        assert sum(asked) == again
        asked.clear()


def test_no_more_faces_than_there_are_and_no_query_are_answered_too():
    search, queries = scene(count=4, characters=3)
    found = search.top(queries[:2], characters=5, faces=6)
    best = search.enrolled.top(queries[:2], characters=5, faces=6)
    assert found.faces.tolist() == best.faces.tolist()
    assert found.characters.tolist() == best.characters.tolist()
    assert len(search.top(queries[:0], characters=5, faces=6).faces) == 0


def test_a_face_that_an_index_misses_costs_only_itself():
    search, queries = scene()
    found = search.index.search

    def misses_the_best(asked, k, *, series=None):
        hits = found(asked, k + 1)
        return Hits(hits.ids[:, 1:], hits.similarity[:, 1:])

    search.index.search = misses_the_best
    best = search.enrolled.top(queries, characters=5, faces=7)
    assert np.array_equal(search.top(queries, characters=5, faces=6).faces, best.faces[:, 1:])
