"""The split never cuts a group, and never moves what was decided when faces are added."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest

from core.balance.config import BalanceConfig
from core.balance.grouping import NEAR_FACES
from core.balance.rows import PARTS
from core.balance.split import choose_strangers, leaks, split_faces
from core.errors import DataError
from core.imaging.hashes import groups, near_pairs
from core.workspace.states import Part
from core.workspace.tables import Face, Picture
from tests.divided import cast, grouped, pictures_of, rows


def parts_of(faces: list[Face], group_of: list[int], config: BalanceConfig) -> list[Part]:
    return [PARTS[part] for part in split_faces(rows(faces), np.array(group_of), config)]


def test_a_quarter_of_each_character_is_held_back():
    faces = cast({1: 40, 2: 8})
    parts = parts_of(faces, grouped(faces, pictures_of(faces)), BalanceConfig())
    counts = Counter((f.character_id, p) for f, p in zip(faces, parts, strict=True))
    assert counts == {(1, Part.TRAIN): 30, (1, Part.VALIDATION): 10, (2, Part.TRAIN): 6, (2, Part.VALIDATION): 2}


def test_a_group_stands_on_one_side_across_characters_too():
    faces = cast({1: 20, 2: 20})
    keys = {f"f{i}": "same source" for i in (1, 2, 21, 22)}
    group_of = grouped(faces, pictures_of(faces, **keys))
    for seed in range(20):
        parts = parts_of(faces, group_of, BalanceConfig(seed=seed))
        assert len({parts[i] for i in (0, 1, 20, 21)}) == 1


def test_new_faces_do_not_reshuffle_old_groups():
    faces = cast({1: 20})
    before = parts_of(faces, list(range(20)), BalanceConfig())
    more = [*faces, *(Face(100 + i, 100 + i, 1, sha256=f"new-{i}") for i in range(20))]
    after = parts_of(more, list(range(40)), BalanceConfig())
    moved = sum(a == Part.VALIDATION and b != Part.VALIDATION for a, b in zip(before, after[:20], strict=True))
    assert moved <= 3  # of 5: drawn by content, so most stay


def test_strangers_are_whole_characters():
    faces = cast(dict.fromkeys(range(1, 7), 10))
    parts = parts_of(faces, list(range(60)), BalanceConfig(strangers=2))
    strangers = {f.character_id for f, p in zip(faces, parts, strict=True) if p == Part.STRANGER}
    assert len(strangers) == 2
    assert sum(p == Part.STRANGER for p in parts) == 20


def test_too_many_strangers_are_refused():
    faces = cast({1: 5, 2: 5, 3: 5})
    with pytest.raises(DataError, match="Hold out fewer"):
        parts_of(faces, list(range(15)), BalanceConfig(strangers=2))


def test_one_face_trains():
    faces = cast({1: 1, 2: 2})
    for share in (0.5, 0.9):
        assert parts_of(faces, [0, 1, 2], BalanceConfig(validation=share)).count(Part.TRAIN) == 2


def test_the_division_goes_by_content_not_by_ids():
    faces = cast({1: 20})
    others = [replace(face, id=100 - face.id) for face in faces]
    assert parts_of(faces, list(range(20)), BalanceConfig()) == parts_of(others, list(range(20)), BalanceConfig())


def test_leaks_are_found():
    faces = [
        replace(f, split=part)
        for f, part in zip(cast({1: 3}), (Part.TRAIN, Part.VALIDATION, Part.VALIDATION), strict=True)
    ]
    assert leaks(rows(faces).parts, np.array([0, 0, 2])) == 1


@pytest.mark.parametrize(
    ("characters", "strangers", "fine"), [(3, 1, True), (4, 2, True), (3, 2, False), (1, 1, False)]
)
def test_two_characters_at_least_are_left_to_train_on(characters, strangers, fine):
    faces = cast(dict.fromkeys(range(1, characters + 1), 2))
    config = BalanceConfig(strangers=strangers)
    if fine:
        assert len(choose_strangers([f.character_id for f in faces], config)) == strangers
    else:
        left = max(characters - strangers, 0)
        with pytest.raises(DataError, match=f"{strangers} strangers leave {left} of {characters} characters"):
            choose_strangers([f.character_id for f in faces], config)


def test_one_character_alone_trains_where_no_stranger_is_asked_for():
    assert choose_strangers([1] * 4, BalanceConfig()) == set()


def test_only_training_and_validation_faces_leak():
    parts = (Part.TRAIN, Part.VALIDATION, Part.STRANGER, Part.TRAIN, Part.VALIDATION)
    faces = [replace(f, split=part) for f, part in zip(cast({1: 5}), parts, strict=True)]
    assert leaks(rows(faces).parts, np.array([0, 0, 0, 0, 1])) == 2


def one_by_one(faces: list[Face], pictures: dict[int, Picture], config: BalanceConfig) -> tuple[list[int], list[str]]:
    """The same without arrays, a face at a time."""
    first: dict[tuple[str, int | str], int] = {}
    pairs = []
    for i, face in enumerate(faces):
        picture = pictures[face.picture_id]
        keys = [("picture", face.picture_id), ("picture", picture.duplicate_of or face.picture_id)]
        keys += [("group", picture.group_key)] if picture.group_key else []
        keys += [("bytes", face.sha256)] if face.sha256 else []
        pairs += [(first.setdefault(key, i), i) for key in keys]
    for hashes in ([face.phash for face in faces], [pictures[face.picture_id].phash for face in faces]):
        known = [i for i, text in enumerate(hashes) if text]
        pairs += [(known[a], known[b]) for a, b in near_pairs([int(hashes[i], 16) for i in known], NEAR_FACES)]
    group_of = groups(len(faces), pairs)
    strangers = choose_strangers([face.character_id for face in faces], config)
    members = defaultdict(list)
    for face, group in zip(faces, group_of, strict=True):
        members[group] += [face] if face.character_id not in strangers else []
    total = Counter(face.character_id for group in members.values() for face in group)
    target = {c: min(round(n * config.validation), n - 1) for c, n in total.items()}
    filled, chosen = Counter(), set()

    def order(group: int) -> str:
        content = min((face.sha256 or str(face.id) for face in members[group]), default="")
        return sha256(f"{config.seed}:{content}".encode()).hexdigest()

    for group in sorted(members, key=order):
        here = Counter(face.character_id for face in members[group])
        if here and all(filled[c] + n <= target[c] for c, n in here.items()):
            filled.update(here)
            chosen.add(group)
    sides = [Part.VALIDATION if group in chosen else Part.TRAIN for group in group_of]
    held = [face.character_id in strangers for face in faces]
    return group_of, [Part.STRANGER if out else side for out, side in zip(held, sides, strict=True)]


@pytest.mark.parametrize("seed", range(4))
def test_arrays_say_what_a_face_at_a_time_says(seed):
    """200 faces of five characters: on shared pictures, with repeated bytes, near hashes, keys, repeated pictures."""
    rng = np.random.default_rng(seed)
    some = lambda share, value: value if rng.random() < share else ""  # noqa: E731

    def near() -> str:
        return some(0.3, f"{int(rng.integers(400)) * 0x9E3779B97F ^ int(rng.integers(8)):016x}")

    pictures = {i: Picture(i, 1, phash=near(), group_key=some(0.1, f"k{rng.integers(9)}")) for i in range(1, 151)}
    for i in rng.choice(np.arange(1, 151), 20, replace=False).tolist():
        pictures[i] = replace(pictures[i], duplicate_of=int(rng.integers(1, 160)))  # of some that are gone as well
    content = lambda: some(0.9, sha256(b"%d" % rng.integers(1000)).hexdigest())  # noqa: E731
    faces = [
        Face(i + 1, int(rng.integers(1, 151)), int(rng.integers(1, 6)), sha256=content(), phash=near())
        for i in range(200)
    ]
    for config in (BalanceConfig(), BalanceConfig(validation=0.4, strangers=2, seed=seed)):
        group_of, parts = one_by_one(faces, pictures, config)
        assert grouped(faces, pictures) == group_of
        assert parts_of(faces, group_of, config) == parts
    assert 20 < len(set(group_of)) < 150 and len(set(parts)) == 3
