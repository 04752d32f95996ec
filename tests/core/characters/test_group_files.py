"""Groups on disk: they come back as they were, the oldest go, a damaged file is none."""

from __future__ import annotations

import os

import pytest

from core.characters.group_files import KEPT, load_groups, newest_groups, save_groups
from core.characters.values import Group, Groups

GROUPS = Groups((Group("g3", (3, 1, 2), 1, 0.75, "綾波", 0.5), Group("g4", (4, 5), 4, 0.5)), (6,), (7, 8), 0.65)


def files(project):
    return sorted((project.workspace.cache / "groups").iterdir())


@pytest.mark.parametrize("groups", [GROUPS, Groups((), (), (), 0.5), Groups((), (1, 2), (), 0.25)])
def test_groups_come_back_as_they_were(project, groups):
    save_groups(project, "key", groups)
    assert load_groups(project, "key", groups.granularity) == groups
    assert newest_groups(project) == groups


def test_another_key_or_granularity_is_another_file(project):
    save_groups(project, "key", GROUPS)
    assert load_groups(project, "other", GROUPS.granularity) is None
    assert load_groups(project, "key", 0.5) is None
    assert load_groups(project, "key", 0.6502) == GROUPS  # the same to a thousandth


def test_the_newest_are_kept_and_reading_makes_new(project):
    for i in range(KEPT + 2):
        save_groups(project, f"k{i}", GROUPS)
        path = next(p for p in files(project) if p.name.startswith(f"k{i}-"))
        os.utime(path, ns=(i, i))
    assert len(files(project)) == KEPT
    assert load_groups(project, "k1", 0.65) is None
    save_groups(project, "k0", Groups((), (), ()))
    load_groups(project, "k9", 0.65)
    assert newest_groups(project) == GROUPS


def test_a_damaged_file_is_passed_over(project):
    save_groups(project, "old", GROUPS)
    save_groups(project, "new", GROUPS)
    next(p for p in files(project) if p.name.startswith("new")).write_bytes(b"no arrays")
    assert load_groups(project, "new", 0.65) is None
    assert newest_groups(project) == GROUPS
    assert newest_groups(project) is not None
