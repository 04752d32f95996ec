"""Faces that a tiny network can learn in a second: one colour and one pattern a character."""

import numpy as np
import pytest
import torch

from core.train.config import TrainConfig
from core.train.data import FaceSet


def coloured_faces(characters=4, train=6, validation=3, strangers=0, side=32, seed=0):
    rng = np.random.default_rng(seed)
    faces, labels, parts = [], [], []
    for number in range(characters + bool(strangers)):
        colour = rng.integers(40, 215, 3)
        counts = {"stranger": strangers} if number == characters else {"train": train, "validation": validation}
        for part, count in counts.items():
            for _ in range(count):
                noise = rng.normal(0, 25, (side, side, 3))
                faces.append(np.clip(colour + noise, 0, 255).astype(np.uint8))
                labels.append(f"character {number}")
                parts.append(part)
    return FaceSet(faces, tuple(labels), tuple(parts))


@pytest.fixture(autouse=True)
def one_thread():
    """Tiny networks lose more time to waiting for a second thread than it saves."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def faces():
    return coloured_faces()


@pytest.fixture(scope="session")
def tiny():
    """A config that trains in about a second."""
    return TrainConfig(
        preset="tiny",
        image_size=32,
        embedding_dim=8,
        width=4,
        classes_per_batch=3,
        samples_per_class=2,
        epochs=3,
        validate_every=1,
        augment="light",
        precision="float32",
    )
