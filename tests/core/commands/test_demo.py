"""demo: drawn characters, as many as asked, the same for the same seed."""

from __future__ import annotations

import pytest

from core.commands.demo import COMMAND, Arguments
from core.errors import DataError
from core.workspace.project import open_project


def test_eight_characters_with_thirty_pictures_each_unless_one_says_otherwise():
    assert Arguments() == Arguments(characters=8, pictures=30, seed=0)
    assert COMMAND.default_workspace == "demo"


@pytest.mark.parametrize(("name", "high"), [("characters", 10_000), ("pictures", 10_000), ("seed", 2**63 - 1)])
def test_what_is_out_of_range_is_named(name, high):
    assert getattr(Arguments(**{name: high}), name) == high
    for wrong in (high + 1, -1 if name == "seed" else 0):
        with pytest.raises(DataError, match=f"^{name} is a whole number"):
            Arguments(**{name: wrong})


def test_all_pictures_that_were_asked_for_are_there(run, settings):
    code, document, _ = run("demo", "--characters", 2, "--pictures", 3, workspace="drawn")
    assert code == 0
    assert [c["have"] for c in document["characters"]] == [3, 3]
    with open_project("drawn", settings) as project:
        assert len({p.sha256 for p in project.catalogue.pictures(state="kept")}) == 6
