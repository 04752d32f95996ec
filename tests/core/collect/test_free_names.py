"""Names of files that come in: never one that another file of the folder has, or had, or waits for in the bin."""

from __future__ import annotations

import pytest

from core.collect.free_names import FreeNames
from core.collect.owner import NOBODY
from core.workspace import characters


@pytest.fixture
def name(project):
    """The free name for a.jpg in an owner's folder."""
    names = FreeNames(project.workspace)

    def ask(owner, table="pictures", suffix=".jpg", **values):
        with project.catalogue.reading() as db:
            return names.path(db, table, owner, "a", suffix, **values)

    return ask


def test_names_are_counted_in_each_folder_and_given_once(project, name):
    rei = project.catalogue.add_character("Rei")
    assert [name(rei), name(rei, suffix=".png"), name(NOBODY)] == [
        "pictures/Rei/a.jpg",
        "pictures/Rei/a_2.png",
        "pictures/unnamed/a.jpg",
    ]
    assert name(rei, aside=True) == "bin/pictures/Rei/a_3.jpg"
    assert [name(rei, "faces", "_1.jpg"), name(rei, "faces", "_1.jpg")] == ["faces/Rei/a_1.jpg", "faces/Rei/a_2_1.jpg"]


def test_rows_are_asked_again_where_the_character_bears_another_name(project, name):
    rei = project.catalogue.add_character("Rei")
    project.catalogue.add_picture(rei.id, path="bin/pictures/Rei/A.png")
    assert name(rei) == "pictures/Rei/a_2.jpg"
    characters.rename(project, rei, "Ayanami")
    assert name(project.catalogue.character("Ayanami")) == "pictures/Ayanami/a_2.jpg"


@pytest.mark.parametrize("folder", ["pictures/Rei", "bin/pictures/Rei"])
def test_files_that_the_rows_do_not_tell_keep_their_names(project, name, folder):
    rei = project.catalogue.add_character("Rei")
    file = project.workspace.path(f"{folder}/a.jpg")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"somebody's")
    assert name(rei) == "pictures/Rei/a_2.jpg"
