"""balance: plan, do, remove; what is planned is what is made."""

from __future__ import annotations

import pytest

from core.balance.config import BalanceConfig
from core.commands.balance import Arguments
from core.errors import DataError
from tests.faces import add_faces


def test_nothing_is_dry_or_removed_unless_one_says_so():
    assert Arguments() == Arguments(BalanceConfig(), dry_run=False, remove=False)
    with pytest.raises(DataError, match="cannot go together"):
        Arguments(dry_run=True, remove=True)


def test_the_plan_says_what_is_made_and_makes_nothing(run, project):
    add_faces(project, {"Asuka": 8, "Rei": 4})
    options = ("--per-character", 7, "--validation", 0.25)
    planned = run("balance", *options, "--dry-run")[1]
    assert planned["characters"] == [
        {"character": "Asuka", "train": 6, "validation": 2, "stranger": 0, "spare": 0, "copies": 1},
        {"character": "Rei", "train": 3, "validation": 1, "stranger": 0, "spare": 0, "copies": 4},
    ]
    assert len(planned["copies"]) == 5
    assert project.catalogue.counts(by="split") == {"": 12}
    done = run("balance", *options)[1]
    assert (done["copies"], done["validation"], done["leaks"]) == (5, 3, 0)
    made = {f.path for f in project.catalogue.faces() if f.copy_of is not None}
    assert made == {copy["path"] for copy in planned["copies"]}


def test_copies_are_counted_as_they_go(run, project):
    add_faces(project, {"Rei": 4, "Asuka": 4})
    run("balance", "--per-character", 5)
    assert run("balance", "--remove")[1] == {"removed": 4}
    assert run("balance", "--remove")[1] == {"removed": 0}
    assert project.catalogue.faces(state="kept", copy_of=None)
