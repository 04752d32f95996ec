"""The triggers of a catalogue: a new one and one of an earlier version have all of them, in the same words."""

from __future__ import annotations

import pytest

from core.workspace.catalogue import Catalogue
from core.workspace.triggers import TRIGGERS, lost_triggers, make_anew, unmarked_blocks
from tests.faces import add_faces
from tests.old_workspace import make_old_workspace


def test_an_old_catalogue_that_is_brought_up_to_date_has_them_in_the_same_words(settings):
    with Catalogue(make_old_workspace(settings) / "catalogue.db") as catalogue, catalogue.reading() as db:
        assert (lost_triggers(db), unmarked_blocks(db)) == ([], [])


@pytest.mark.parametrize("name", TRIGGERS)
def test_each_that_is_gone_is_told_and_comes_back(project, name):
    add_faces(project, {"Rei": 1})
    with project.catalogue.writing() as db:
        db.exec_driver_sql(f"DROP TRIGGER {name}")
        db.exec_driver_sql("DELETE FROM face_blocks")
        assert (lost_triggers(db), unmarked_blocks(db)) == ([name], [0])
        make_anew(db)
        assert (lost_triggers(db), unmarked_blocks(db)) == ([], [])
