"""The heap: faces that are nobody's, some named ones to compare with, and a key that changes with what groups need."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from safetensors.numpy import save_file

import core.characters.heap as heap_module
from core.characters.heap import (
    COMPARED,
    NO_QUALITY,
    faces_to_embed,
    heap_key,
    named_keys,
    read_heap,
    unnamed_faces,
)
from core.workspace.embeddings import encoder_digest
from core.workspace.impostors import load_impostors
from tests.coloured_faces import MeanColour
from tests.core.characters.conftest import NON_FACES
from tests.faces import add_faces


@pytest.fixture
def encoder(tmp_path):
    path = tmp_path / "encoder.safetensors"
    path.write_bytes(b"weights")
    return path


@pytest.fixture
def heap(project):
    """Five faces of nobody, two of Rei; the ids of the five."""
    made = add_faces(project, {"Rei": 2, "Nobody": 5})
    project.catalogue.set_values("faces", {i: {"character_id": None} for i in made["Nobody"]})
    return made["Nobody"]


def test_what_is_ignored_rejected_or_a_copy_is_not_in_the_heap(project, heap):
    assert [f.id for f in unnamed_faces(project.catalogue)] == heap
    values = ({"ignored": True}, {"state": "rejected"}, {"copy_of": heap[4]}, {"state": "proposed"})
    for face_id, value in zip(heap, values, strict=False):
        project.catalogue.set_values("faces", {face_id: value})
    assert [f.id for f in unnamed_faces(project.catalogue)] == heap[3:]


def test_faces_and_named_ones_get_their_own_vectors(project, heap, encoder):
    seen = MeanColour()
    assert faces_to_embed(project, encoder) == 7
    found = read_heap(project, encoder, load=lambda path: seen)
    assert (found.vectors.shape, found.named_vectors.shape, found.owners) == ((5, 3), (2, 3), ("Rei", "Rei"))
    assert [f.id for f in found.faces] == heap
    assert len(found.non_faces) == NON_FACES
    assert faces_to_embed(project, encoder) == 0


def test_a_face_whose_quality_was_never_measured_counts_half(project, heap, encoder):
    project.catalogue.set_values("faces", {heap[0]: {"quality": 0.9}})
    found = read_heap(project, encoder, load=lambda path: MeanColour())
    assert found.quality.tolist() == [0.9] + [NO_QUALITY] * 4 == [0.9, 0.5, 0.5, 0.5, 0.5]
    assert found.pictures.tolist() == [f.picture_id for f in found.faces]


def test_of_many_faces_of_a_character_sixty_are_compared_evenly_spread(project):
    rei = project.catalogue.add_character("Rei")
    picture = project.catalogue.add_picture(rei.id)
    row = {"picture_id": picture.id, "character_id": rei.id, "state": "kept"}
    ids = [f.id for f in project.catalogue.add_faces([row] * 121, action="made")]
    chosen, names = named_keys(project.catalogue)
    assert len(chosen) == len(names) == COMPARED == 60
    assert (chosen[0].id, chosen[-1].id) == (ids[0], ids[-1])
    gaps = {b.id - a.id for a, b in pairwise(chosen)}
    assert gaps <= {2, 3}


@pytest.mark.parametrize(("in_all", "least", "each"), [(80, 20, 40), (9, 20, 20), (9000, 20, 60)])
def test_of_a_large_cast_fewer_of_each_are_compared(project, monkeypatch, in_all, least, each):
    monkeypatch.setattr(heap_module, "IN_ALL", in_all)
    monkeypatch.setattr(heap_module, "LEAST", least)
    for name in ("Rei", "Asuka"):
        own = project.catalogue.add_character(name)
        picture = project.catalogue.add_picture(own.id)
        row = {"picture_id": picture.id, "character_id": own.id, "state": "kept"}
        project.catalogue.add_faces([row] * 70, action="made")
    assert Counter(named_keys(project.catalogue)[1]) == {"Rei": each, "Asuka": each}


@pytest.mark.parametrize(
    ("mine", "values", "changes"),
    [
        (True, {"sha256": "0" * 64}, True),
        (True, {"quality": 0.9}, True),
        (True, {"ignored": True}, True),
        (True, {"path": "faces/unnamed/other.jpg"}, False),
        (False, {"sha256": "0" * 64}, True),
        (False, {"split": "train"}, False),
    ],
)
def test_the_key_changes_with_what_groups_depend_on(project, heap, encoder, mine, values, changes):
    before = heap_key(project, encoder)
    assert heap_key(project, encoder) == before
    named = named_keys(project.catalogue)[0][0].id
    project.catalogue.set_values("faces", {heap[0] if mine else named: values})
    assert (heap_key(project, encoder) != before) is changes


def test_the_strangers_are_those_of_the_same_encoder(project, heap, encoder, monkeypatch, tmp_path):
    bank = tmp_path / "impostors.safetensors"
    monkeypatch.setattr(heap_module, "load_impostors", lambda digest: load_impostors(digest, bank))
    drawn = read_heap(project, encoder, load=lambda path: MeanColour()).strangers
    assert drawn.shape == (320, 3), "those of the sheet, where there is no bank"
    save_file({"vectors": np.array([[0, 2, 0]], np.float16)}, bank, {"encoder": encoder_digest(encoder)})
    assert read_heap(project, encoder, load=lambda path: MeanColour()).strangers.tolist() == [[0, 1, 0]]
    save_file({"vectors": np.array([[0, 2, 0]], np.float16)}, bank, {"encoder": "another"})
    assert np.array_equal(read_heap(project, encoder, load=lambda path: MeanColour()).strangers, drawn)
