"""Whose pictures come in: a character's, or nobody's yet; what was tried for one says nothing about the other."""

from __future__ import annotations

from core.collect.owner import NOBODY, tried_for


def test_nobodys_pictures_lie_in_unnamed():
    assert (NOBODY.id, NOBODY.name, NOBODY.slug, NOBODY.query) == (None, "", "unnamed", "")


def test_addresses_are_known_by_whom_they_were_tried_for_and_failures_are_tried_again(catalogue):
    rei, asuka = catalogue.add_character("Rei"), catalogue.add_character("Asuka")
    for owner, url, outcome in ((rei.id, "a", "kept"), (rei.id, "b", "failed"), (asuka.id, "c", "refused")):
        catalogue.record_fetch(character_id=owner, url=url, outcome=outcome)
    catalogue.record_fetch(character_id=None, url="d", outcome="duplicate")
    assert tried_for(catalogue, rei) == {"a": "kept"}
    assert tried_for(catalogue, asuka) == {"c": "refused"}
    assert tried_for(catalogue, NOBODY) == {"d": "duplicate"}
