"""Who a character is today: itself, the one that it was merged into, or nobody."""

from __future__ import annotations

import pytest

from core.workspace import cast, characters
from core.workspace.heirs import character_today
from core.workspace.undo import redo, undo


@pytest.fixture
def three(catalogue):
    return [catalogue.add_character(name) for name in ("Rei", "Asuka", "Misato")]


@pytest.fixture
def today(project):
    def ask(character):
        with project.catalogue.reading() as db:
            found = character_today(db, character.id)
        return found and found.name

    return ask


def test_a_merge_is_followed_undone_and_made_again(project, three, today):
    rei, asuka, _ = three
    assert today(rei) == "Rei"
    characters.merge(project, rei, asuka)
    assert today(rei) == "Asuka"
    undo(project)
    assert today(rei) == "Rei"
    redo(project)
    assert today(rei) == "Asuka"


def test_several_are_merged_at_once_and_on(project, three, today):
    cast.merge_all(project, three[:2], "Asuka")
    cast.merge_all(project, three[1:], "Katsuragi")
    assert [today(one) for one in three] == ["Katsuragi"] * 3


def test_who_was_deleted_is_nobody_though_it_was_merged_before(project, three, today):
    rei, asuka, misato = three
    characters.merge(project, rei, asuka)
    characters.add(project, "Rei")
    characters.delete(project, rei)
    characters.merge(project, misato, asuka)
    assert today(rei) is None
    characters.delete(project, asuka)
    assert today(misato) is None


def test_two_that_were_merged_into_each_other_in_turn_lead_to_whoever_is_left(project, three, today):
    rei, asuka, _ = three
    characters.merge(project, rei, asuka)
    characters.add(project, "Rei")
    characters.merge(project, asuka, rei)
    assert today(asuka) == "Rei"
    characters.merge(project, rei, asuka)
    assert today(rei) is None


def test_an_id_of_no_character_is_nobody(project, catalogue):
    with catalogue.reading() as db:
        assert character_today(db, 99) is None
