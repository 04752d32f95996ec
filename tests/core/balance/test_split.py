"""The split never cuts a group, and never moves what was decided when faces are added."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from core.balance.config import BalanceConfig
from core.balance.split import choose_strangers, group_faces, leaks, split_faces
from core.errors import DataError
from core.workspace.states import Part
from core.workspace.tables import Face, Picture


def cast(counts: dict[int, int]) -> list[Face]:
    made = []
    for character, n in counts.items():
        made += [Face(len(made) + i + 1, 0, character, sha256=f"{character}-{i}") for i in range(n)]
    return [replace(face, picture_id=face.id) for face in made]


def pictures_of(faces: list[Face], **keys: str) -> dict[int, Picture]:
    return {f.picture_id: Picture(f.picture_id, f.character_id, group_key=keys.get(f"f{f.id}", "")) for f in faces}


def test_a_quarter_of_each_character_is_held_back():
    faces = cast({1: 40, 2: 8})
    parts = split_faces(faces, group_faces(faces, pictures_of(faces)), BalanceConfig())
    counts = Counter((f.character_id, p) for f, p in zip(faces, parts, strict=True))
    assert counts == {(1, Part.TRAIN): 30, (1, Part.VALIDATION): 10, (2, Part.TRAIN): 6, (2, Part.VALIDATION): 2}


def test_a_group_stands_on_one_side_across_characters_too():
    faces = cast({1: 20, 2: 20})
    keys = {f"f{i}": "same source" for i in (1, 2, 21, 22)}
    group_of = group_faces(faces, pictures_of(faces, **keys))
    for seed in range(20):
        parts = split_faces(faces, group_of, BalanceConfig(seed=seed))
        assert len({parts[i] for i in (0, 1, 20, 21)}) == 1


def test_same_picture_same_bytes_and_near_hash_are_one_group():
    faces = cast({1: 6})
    faces[1] = replace(faces[1], picture_id=faces[0].picture_id)
    faces[2] = replace(faces[2], sha256=faces[3].sha256)
    faces[4] = replace(faces[4], phash=f"{0b1111:016x}")
    faces[5] = replace(faces[5], phash=f"{0b0101:016x}")
    group_of = group_faces(faces, pictures_of(faces))
    assert group_of[0] == group_of[1]
    assert group_of[2] == group_of[3]
    assert group_of[4] == group_of[5]
    assert len(set(group_of)) == 3


def test_new_faces_do_not_reshuffle_old_groups():
    faces = cast({1: 20})
    before = split_faces(faces, list(range(20)), BalanceConfig())
    more = [*faces, *(Face(100 + i, 100 + i, 1, sha256=f"new-{i}") for i in range(20))]
    after = split_faces(more, list(range(40)), BalanceConfig())
    moved = sum(a == Part.VALIDATION and b != Part.VALIDATION for a, b in zip(before, after[:20], strict=True))
    assert moved <= 3  # of 5: drawn by content, so most stay


def test_strangers_are_whole_characters():
    faces = cast(dict.fromkeys(range(1, 7), 10))
    parts = split_faces(faces, list(range(60)), BalanceConfig(strangers=2))
    strangers = {f.character_id for f, p in zip(faces, parts, strict=True) if p == Part.STRANGER}
    assert len(strangers) == 2
    assert sum(p == Part.STRANGER for p in parts) == 20


def test_too_many_strangers_are_refused():
    faces = cast({1: 5, 2: 5, 3: 5})
    with pytest.raises(DataError, match="Hold out fewer"):
        split_faces(faces, list(range(15)), BalanceConfig(strangers=2))


def test_one_face_trains():
    faces = cast({1: 1, 2: 2})
    for share in (0.5, 0.9):
        assert split_faces(faces, [0, 1, 2], BalanceConfig(validation=share)).count(Part.TRAIN) == 2


def test_the_division_goes_by_content_not_by_ids():
    faces = cast({1: 20})
    others = [replace(face, id=100 - face.id) for face in faces]
    assert split_faces(faces, list(range(20)), BalanceConfig()) == split_faces(others, list(range(20)), BalanceConfig())


def test_leaks_are_found():
    faces = [
        replace(f, split=part)
        for f, part in zip(cast({1: 3}), (Part.TRAIN, Part.VALIDATION, Part.VALIDATION), strict=True)
    ]
    assert leaks(faces, [0, 0, 2]) == [(1, 2)]


@pytest.mark.parametrize(
    ("characters", "strangers", "fine"), [(3, 1, True), (4, 2, True), (3, 2, False), (1, 1, False)]
)
def test_two_characters_at_least_are_left_to_train_on(characters, strangers, fine):
    faces = cast(dict.fromkeys(range(1, characters + 1), 2))
    config = BalanceConfig(strangers=strangers)
    if fine:
        assert len(choose_strangers(faces, config)) == strangers
    else:
        left = max(characters - strangers, 0)
        with pytest.raises(DataError, match=f"{strangers} strangers leave {left} of {characters} characters"):
            choose_strangers(faces, config)


def test_one_character_alone_trains_where_no_stranger_is_asked_for():
    assert choose_strangers(cast({1: 4}), BalanceConfig()) == set()


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
    assert (len(set(group_faces(faces, pictures))) == 1) is together


def test_a_picture_and_what_was_set_aside_for_it_are_one_group():
    faces = cast({1: 3})
    pictures = pictures_of(faces)
    pictures[faces[2].picture_id] = replace(pictures[faces[2].picture_id], duplicate_of=faces[0].picture_id)
    first, second, third = group_faces(faces, pictures)
    assert first == third != second


def test_only_training_and_validation_faces_leak():
    parts = (Part.TRAIN, Part.VALIDATION, Part.STRANGER, Part.TRAIN, Part.VALIDATION)
    faces = [replace(f, split=part) for f, part in zip(cast({1: 5}), parts, strict=True)]
    assert leaks(faces, [0, 0, 0, 0, 1]) == [(1, 2), (4, 2)]
