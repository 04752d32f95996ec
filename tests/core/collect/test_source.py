"""The list of sources by name, their cards, and what a query asks for."""

from __future__ import annotations

import pytest

from core.collect import source as sources
from core.collect.source import Query, SearchHit, SourceCard, SourceOptions, open_source, register_source
from core.errors import SourceError
from core.plugins import PluginError


def test_every_source_has_a_card_that_says_what_it_is():
    cards = sources.cards()
    assert {c.name for c in cards} == set(sources.MODULES) == {*sources.LOCAL, *sources.NETWORK}
    for card in cards:
        assert card.title and card.returns.endswith(".") and card.terms.endswith(".")
        assert card.network == (card.name in sources.NETWORK)


def test_an_unknown_source_names_those_there_are():
    with pytest.raises(SourceError, match=r"There is no source 'gogle'. There are: drawn, folder, "):
        open_source("gogle")


@pytest.mark.parametrize("name", ["folder", "zip", "urls"])
def test_without_a_path_or_with_a_wrong_one_it_says_what_to_do(name, tmp_path):
    with pytest.raises(SourceError, match=f"{name}: no .* was named. Name one with --from"):
        open_source(name)
    with pytest.raises(SourceError, match="does not exist"):
        open_source(name, SourceOptions(path=tmp_path / "nowhere"))


@pytest.mark.parametrize(
    ("text", "words", "tags"),
    [
        ("", "Rei", ()),
        ("ayanami rei", "ayanami rei", ()),
        ("tag:ayanami_rei", "Rei", ("ayanami_rei",)),
        ("rei tag:a evangelion tag:b", "rei evangelion", ("a", "b")),
        ("tag:", "Rei", ()),
    ],
)
def test_words_to_search_with_and_what_boards_call_the_character(text, words, tags):
    query = Query("Rei", text)
    assert (query.words, query.tags) == (words, tags)


def test_a_source_that_is_added_stands_last_and_its_name_is_taken(monkeypatch):
    monkeypatch.setattr(sources, "_added", {})
    card = SourceCard("mine", "Mine", "Nothing.", "Free.")
    register_source(card, lambda name, options: (name, options.seed))
    assert sources.names()[-1] == "mine"
    assert sources.added_names() == ["mine"]
    assert sources.card("mine") == card
    assert open_source("mine", SourceOptions(seed=5)) == ("mine", 5)
    for name in ("mine", "zip"):
        with pytest.raises(PluginError, match=name):
            register_source(SourceCard(name, "Again", "Nothing.", "Free."), lambda name, options: None)


def test_a_hit_is_known_by_its_address_whatever_loads_it():
    assert SearchHit("zip", picture_url="a", load=lambda: b"1") == SearchHit("zip", picture_url="a", load=lambda: b"2")
    assert SearchHit("zip", picture_url="a").key == "a"


def test_only_what_is_safe_is_asked_for_unless_one_says_so():
    assert SourceOptions().any_rating is False
