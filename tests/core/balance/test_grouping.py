"""Faces that belong together are never parted: the same picture, source or bytes, and near-duplicates."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.divided import cast, grouped, pictures_of


def test_same_picture_same_bytes_and_near_hash_are_one_group():
    faces = cast({1: 6})
    faces[1] = replace(faces[1], picture_id=faces[0].picture_id)
    faces[2] = replace(faces[2], sha256=faces[3].sha256)
    faces[4] = replace(faces[4], phash=f"{0b1111:016x}")
    faces[5] = replace(faces[5], phash=f"{0b0101:016x}")
    group_of = grouped(faces, pictures_of(faces))
    assert group_of[0] == group_of[1]
    assert group_of[2] == group_of[3]
    assert group_of[4] == group_of[5]
    assert len(set(group_of)) == 3


@pytest.mark.parametrize(("bits", "together"), [(0b1111, True), (0b11111, False)])
@pytest.mark.parametrize("of", ["face", "picture"])
def test_four_bits_between_crops_or_pictures_are_near(bits, together, of):
    faces = cast({1: 2})
    pictures = pictures_of(faces)
    if of == "face":
        faces = [replace(face, phash=f"{bits * i:016x}") for i, face in enumerate(faces)]
    else:
        pictures = {
            face.picture_id: replace(pictures[face.picture_id], phash=f"{bits * i:016x}")
            for i, face in enumerate(faces)
        }
    assert (len(set(grouped(faces, pictures))) == 1) is together


def test_a_picture_and_what_was_set_aside_for_it_are_one_group():
    faces = cast({1: 3})
    pictures = pictures_of(faces)
    pictures[faces[2].picture_id] = replace(pictures[faces[2].picture_id], duplicate_of=faces[0].picture_id)
    first, second, third = grouped(faces, pictures)
    assert first == third != second


def test_two_that_repeat_a_picture_that_is_gone_are_one_group():
    faces = cast({1: 3})
    pictures = pictures_of(faces)
    for i in (1, 2):
        pictures[i] = replace(pictures[i], duplicate_of=99)
    assert grouped(faces, pictures) == [0, 0, 2]


def test_a_picture_without_faces_joins_nobody():
    """Picture 3 has the key of the first and repeats the second, but none of its faces is divided."""
    faces = cast({1: 2})
    pictures = pictures_of(faces, f1="post 7")
    pictures[3] = replace(pictures[2], id=3, group_key="post 7", duplicate_of=2)
    assert grouped(faces, pictures) == [0, 1]


def test_a_thousand_equal_hashes_are_one_group_without_every_pair():
    faces = [replace(face, phash="00000000000000ff") for face in cast({1: 1000})]
    assert grouped(faces, pictures_of(faces)) == [0] * 1000
