from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from core.errors import DataError
from recipes.encoder.faces import SIDE, Faces, held_out, load_faces


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for source, characters in (("here", 9), ("there", 2)):
        for character in range(characters):
            place = tmp_path / "faces" / source / f"c{character}"
            place.mkdir(parents=True)
            for number in range(6):
                face = np.full((20, 24, 3), (10 * character, 0, 200), np.uint8)  # BGR
                cv2.imwrite(str(place / f"{number}.png"), face)
    return tmp_path / "faces"


def test_faces_are_read_once_as_rgb_squares(folder: Path, tmp_path: Path):
    faces = load_faces(folder, tmp_path / "cache")
    assert faces.pixels.shape == (66, SIDE, SIDE, 3)
    assert len(faces.names) == 11
    assert faces.names[0] == "here/c0"
    assert faces.pixels[0, 5, 5].tolist() == [200, 0, 0]
    (folder / "here" / "c0" / "0.png").unlink()
    assert len(load_faces(folder, tmp_path / "cache").labels) == 66


def test_a_whole_source_and_some_of_the_others_are_held_out(folder: Path, tmp_path: Path):
    faces = load_faces(folder, tmp_path / "cache")
    unseen = held_out(faces, ["there"], 0.2)
    assert unseen[faces.sources == "there"].all()
    assert unseen[faces.sources == "here"].sum() == 4
    assert (held_out(faces, ["there"], 0.2) == unseen).all()
    assert not held_out(faces, [], 0).any()


def test_keeping_some_identities_renumbers_them(folder: Path, tmp_path: Path):
    faces = load_faces(folder, tmp_path / "cache")
    there = faces.keep(faces.sources == "there")
    assert there.names == ("there/c0", "there/c1")
    assert np.bincount(there.labels).tolist() == [6, 6]


def test_an_empty_folder_says_what_was_expected(tmp_path: Path):
    with pytest.raises(DataError, match="expected"):
        load_faces(tmp_path, tmp_path / "cache")


def test_so_many_characters_of_a_source_can_be_held_out():
    labels = np.repeat(np.arange(20), 6)
    names = tuple(f"{'here' if i < 12 else 'there'}/c{i:02}" for i in range(20))
    faces = Faces(np.zeros((len(labels), 2, 2, 3), np.uint8), names, labels, tuple(map(str, labels)))
    mask = held_out(faces, ["here:3", "there"], 0.0)
    assert mask[:12].sum() == 3
    assert mask[12:].all()
    np.testing.assert_array_equal(mask, held_out(faces, ["here:3", "there"], 0.0))
    assert held_out(faces, ["here:99"], 0.0)[:12].all()
