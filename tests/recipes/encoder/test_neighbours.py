"""Who looks like whom to the running model."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from recipes.encoder.batches import Batches
from recipes.encoder.faces import Faces
from recipes.encoder.neighbours import nearest_prototypes
from recipes.encoder.pretrain_config import PretrainConfig

ANGLES = torch.deg2rad(torch.tensor([0.0, 10.0, 30.0, 90.0, 5.0]))
POINTS = torch.stack([ANGLES.cos(), ANGLES.sin()], 1) * torch.tensor([[1.0], [2.0], [1.0], [5.0], [1.0]])
SOURCES = torch.tensor([0, 0, 0, 0, 1])


def test_neighbours_are_of_the_same_source_nearest_first_whatever_the_length():
    assert nearest_prototypes(POINTS, SOURCES, 2).tolist() == [[1, 2], [0, 2], [1, 0], [2, 1], [-1, -1]]


def test_a_source_with_few_characters_fills_its_rows():
    assert nearest_prototypes(POINTS[:2], SOURCES[:2], 3).tolist() == [[1, -1, -1], [0, -1, -1]]


def made(characters=12, each=4, sources=2):
    labels = np.repeat(np.arange(characters), each)
    names = tuple(f"s{i % sources}/c{i:02}" for i in range(characters))
    return Faces(np.zeros((len(labels), 4, 4, 3), np.uint8), names, labels, tuple(map(str, labels)))


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_part_of_a_batch_holds_a_character_and_its_neighbours(share):
    faces = made()
    batches = Batches(faces, PretrainConfig(sources=1, p=3, k=2, neighbours=share, hue_share=0.0))
    chain = torch.arange(12.0).view(12, 1) * torch.tensor([[0.1]])  # angles: who is next to whom is known
    prototypes = torch.cat([chain.cos(), chain.sin()], 1)
    batches.neighbours = nearest_prototypes(prototypes, torch.from_numpy(batches.source_of), 9).numpy()
    spans = []
    for step in range(20):
        labels = np.unique(batches.draw(step).labels)
        assert len(labels) == 3
        assert len(set(batches.source_of[labels])) == 1
        spans.append(labels.max() - labels.min())
    assert (max(spans) <= 4) == (share == 1.0), "three neighbours of a source lie within 4; random ones do not always"


def test_without_a_table_characters_are_random_and_a_batch_repeats():
    faces = made()
    config = PretrainConfig(sources=1, p=3, k=2, neighbours=1.0)
    first, second = (Batches(faces, one).draw(5) for one in (config, replace(config, neighbours=0.0)))
    assert len(set(first.labels)) == len(set(second.labels)) == 3


def test_one_of_two_views_is_the_same_face_retoned_and_never_of_a_turned_hue():
    batches = Batches(made(), PretrainConfig(sources=1, p=6, k=3, tones=1.0, hue_share=0.5))
    drawn = batches.draw(1)
    for label in np.unique(drawn.labels):
        own = drawn.labels == label
        toned = drawn.toned[own]
        turned = drawn.hues[own].any()
        assert toned.tolist() == [False, not turned, False]
        assert (drawn.faces[own][0] == drawn.faces[own][1]) == (not turned)
