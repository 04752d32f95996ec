"""The words for pictures that came in: how many, why not the others, what was left out."""

from __future__ import annotations

import pytest

from core.collect.listing import LeftOut
from core.collect.status import CharacterStatus, CollectReport, SourceStatus
from core.commands.collected import collected, left_out_lines, problem


def test_figures_reasons_and_characters_are_told():
    sources = (SourceStatus("zip", kept=3, duplicates=1, refused=2, failed=4),)
    done = CollectReport((CharacterStatus("Rei", 3, 5),), sources, {"it is too small": 2, "time-out": 4}, seconds=2.0)
    result = collected(done, "Workspace test.")
    lines = result.text.splitlines()
    assert lines[:4] == [
        "3 kept and 7 not kept, in 2.0 s.",
        "  4 x time-out",
        "  2 x it is too small",
        "Workspace test.",
    ]
    assert lines[-1].split() == ["Rei", "3", "5"]
    assert result.document["kept"] == 3


def test_nothing_is_said_of_others_where_everything_was_kept():
    done = CollectReport((), (SourceStatus("zip", kept=3),), {}, seconds=2.0)
    assert collected(done, "").text.splitlines()[0] == "3 kept, in 2.0 s."


@pytest.mark.parametrize(("n", "lines"), [(0, 0), (10, 10), (11, 11), (25, 11)])
def test_ten_files_that_were_left_out_are_named(n, lines):
    said = left_out_lines([LeftOut(f"{i}.pdf", "It is a PDF.") for i in range(n)])
    assert len(said) == lines
    if n:
        assert said[0] == "Left out: 0.pdf. It is a PDF."
    if n > 10:
        assert said[-1] == f"... and {n - 10} more files left out."


@pytest.mark.parametrize(
    ("counts", "have", "words"),
    [
        (
            {"found": 2, "refused": 1, "failed": 1},
            0,
            "None of the 2 pictures that were found could be taken in: 2 x no",
        ),
        ({"found": 2, "refused": 2}, 3, "None of the 2 pictures that were found could be taken in"),
        ({"found": 1, "failed": 1}, 0, "The picture that was found could not be taken in"),
        ({"found": 0}, 0, "zip: found nothing."),
        ({"found": 0}, 1, ""),
        ({"found": 3, "refused": 2}, 1, ""),  # one was there before
        ({"found": 2, "duplicates": 1, "refused": 1}, 0, ""),
        ({"found": 2, "kept": 1, "refused": 1}, 1, ""),
        ({"found": 2, "refused": 2}, 5, ""),  # nothing was wanted any more
    ],
)
def test_a_run_has_failed_where_it_found_pictures_and_lost_all_or_found_none_for_somebody_without(counts, have, words):
    rei = CharacterStatus("Rei", have, 5, ("zip: found nothing.",))
    found = problem(CollectReport((rei,), (SourceStatus("zip", **counts),), {"no.": 2}))
    assert found.startswith(words) if words else found == ""
