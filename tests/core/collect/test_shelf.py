"""The shelf's pages: the newest first, of everybody or of one character, and what was not kept."""

from __future__ import annotations

import pytest

from core.collect.shelf import kept_count, kept_page, not_kept, paths_of, still_kept


@pytest.fixture
def three(catalogue):
    """Two pictures of Rei, one of Asuka, and one that was rejected; ids 1 to 4."""
    rei, asuka = (catalogue.add_character(name).id for name in ("Rei", "Asuka"))
    rows = [(rei, "kept"), (asuka, "kept"), (rei, "kept"), (rei, "rejected")]
    return catalogue.add_pictures(
        [{"character_id": who, "state": state, "path": f"{n}.jpg"} for n, (who, state) in enumerate(rows, 1)]
    )


def test_the_newest_come_first_page_by_page(catalogue, three):
    assert (kept_count(catalogue), kept_count(catalogue, 1), kept_count(catalogue, 2)) == (3, 2, 1)
    assert [[p.id for p in kept_page(catalogue, None, at, 2)] for at in (0, 2)] == [[3, 2], [1]]
    assert [p.id for p in kept_page(catalogue, 1, 0, 2)] == [3, 1]


def test_picks_that_were_rejected_since_or_are_somebody_elses_do_not_count(catalogue, three):
    assert still_kept(catalogue, None, [1, 2, 4, 99]) == [2, 1]
    assert still_kept(catalogue, 1, [1, 2, 4]) == [1]
    assert still_kept(catalogue, None, []) == []


def test_a_cut_out_face_lies_where_its_face_does(catalogue, three):
    lone, gone = catalogue.add_pictures([{"character_id": 1, "kind": "face"}] * 2)
    catalogue.add_faces([{"picture_id": lone.id, "character_id": 1, "path": "faces/Rei/a.jpg"}], action="found")
    assert paths_of(catalogue, [three[0], lone, gone]) == {1: "1.jpg", lone.id: "faces/Rei/a.jpg", gone.id: ""}


def test_of_what_was_not_kept_the_number_and_the_newest_are_told(catalogue, three):
    for n, outcome in enumerate(("refused", "failed", "kept", "refused"), 1):
        catalogue.record_fetch(character_id=1 + n % 2, source="web", query="", url=f"http://a/{n}", outcome=outcome)
    number, newest = not_kept(catalogue, None, 2)
    assert (number, [f.url for f in newest]) == (3, ["http://a/4", "http://a/2"])
    assert not_kept(catalogue, 2, 5)[0] == 1
