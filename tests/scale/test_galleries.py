"""Recognising with the gallery in Milvus, for real: the same threshold and verdicts as exactly, whatever is edited."""

from dataclasses import replace

import numpy as np
import pytest

from core.errors import DataError
from core.recognise.enrolment import enrol_all
from core.recognise.recogniser import enrol, open_recogniser
from core.recognise.verdict import answer
from core.scale.index import IndexedFaces
from core.scale.search import IndexedScorer
from core.workspace import characters
from core.workspace.undo import redo, undo
from tests.conftest import noise
from tests.faces import add_faces

pytestmark = pytest.mark.filterwarnings("default")  # what Milvus's own packages warn of
FACES = {"Rei": 12, "Asuka": 9, "Mari": 6, "Misato": 1}


@pytest.fixture
def in_milvus(project, monkeypatch):
    """The workspace with the setting, and 28 faces enrolled, of which the index says the nearest 8."""
    pytest.importorskip("pymilvus")
    monkeypatch.setattr("core.scale.search.FOUND", 8)
    add_faces(project, FACES)
    enrol_all(project)
    return replace(project, settings=project.settings.model_copy(update={"gallery_index": "milvus"}))


def same_answers(project, in_milvus):
    """Open both recognisers and compare what they say of faces near and far from the enrolled ones; the index."""
    exact, other = open_recogniser(project), open_recogniser(in_milvus)
    assert exact.gallery.index is None
    assert isinstance(other.gallery.index, IndexedScorer)
    assert other.threshold.as_dict() == exact.threshold.as_dict()
    rng = np.random.default_rng(0)
    vectors = np.concatenate(
        [exact.gallery.embeddings + s * rng.normal(size=exact.gallery.embeddings.shape) for s in (0, 0.05, 0.2)]
    )
    queries = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    said, expected = answer(queries, other.gallery, other.threshold), answer(queries, exact.gallery, exact.threshold)
    assert [(a.verdict, a.character, a.reason) for a in said] == [(a.verdict, a.character, a.reason) for a in expected]
    found, wanted = ([e for a in answers for e in a.evidence] for answers in (said, expected))
    assert [(e.face, e.character) for e in found] == [(e.face, e.character) for e in wanted]
    assert [e.similarity for e in found] == pytest.approx([e.similarity for e in wanted], abs=1e-6)
    assert len({a.verdict for a in said}) > 1
    index = other.gallery.index.index
    held = dict.fromkeys(index.stamps())
    assert sorted(held) == sorted(map(int, exact.gallery.faces))
    assert index.count() == len(exact.gallery)
    return index


def names_held(index):
    rows = index.client.query(index.collection, filter="id >= 0", output_fields=["character"], limit=1000)
    return {row["character"] for row in rows}


def test_verdicts_are_the_exact_ones_after_enrol_undo_rename_and_merge(project, in_milvus):
    index = same_answers(project, in_milvus)
    assert (index.count(), names_held(index)) == (28, set(FACES))
    enrol(project, "Kaworu", [noise(900), noise(901)])
    assert same_answers(project, in_milvus).count() == 30
    undo(project)
    assert names_held(same_answers(project, in_milvus)) == set(FACES)
    redo(project)
    characters.rename(project, project.catalogue.character("Rei"), "Rei Ayanami")
    assert names_held(same_answers(project, in_milvus)) == {"Rei Ayanami", "Asuka", "Mari", "Misato", "Kaworu"}
    characters.merge(project, project.catalogue.character("Mari"), project.catalogue.character("Asuka"))
    index = same_answers(project, in_milvus)
    assert names_held(index) == {"Rei Ayanami", "Asuka", "Misato", "Kaworu"}
    assert index.client.list_collections() == [index.collection], "what an earlier centre was used for is dropped"


def test_what_has_not_changed_is_not_written_again(project, in_milvus, monkeypatch):
    written = []
    add = "core.scale.milvus.MilvusIndex.add"
    first = open_recogniser(in_milvus).gallery.index
    monkeypatch.setattr(add, lambda self, faces: written.append(faces))
    again = open_recogniser(in_milvus).gallery.index
    assert written == []
    assert np.array_equal(first.centre_held, again.centre_held)
    monkeypatch.undo()
    first.index.remove(first.ids[:3].tolist())  # as if an earlier one had been ended in the middle
    monkeypatch.setattr(add, lambda self, faces: written.append(faces))
    open_recogniser(in_milvus)
    assert [sorted(faces.ids.tolist()) for faces in written] == [sorted(first.ids[:3].tolist())]
    assert isinstance(written[0], IndexedFaces)


def test_a_milvus_that_cannot_be_reached_says_how_to_do_without(in_milvus, tmp_path):
    (tmp_path / "file").touch()
    settings = in_milvus.settings.model_copy(update={"milvus_uri": str(tmp_path / "file" / "in_a_file.db")})
    with pytest.raises(DataError, match=r"cannot be used.*gallery_index = exact"):
        open_recogniser(replace(in_milvus, settings=settings))
