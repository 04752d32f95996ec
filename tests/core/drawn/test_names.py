"""Names are pronounceable and never repeated."""

from __future__ import annotations

import re

import numpy as np
import pytest

from core.drawn.names import full_name, given


@pytest.mark.parametrize("boy", [True, False])
def test_given_names_can_be_spoken(boy):
    rng = np.random.default_rng(0)
    for _ in range(200):
        # No three consonants in a row, but for those that Japanese writes so in Latin letters.
        name = given(rng, boy).lower().replace("sh", "s").replace("ch", "c").replace("ts", "t")
        assert not re.search(r"[^aeiou]{3}", name), name


def test_a_taken_name_is_not_given_again():
    taken: set[str] = set()
    names = [full_name(np.random.default_rng(0), False, taken) for _ in range(3)]
    assert len(set(names)) == 3


def test_when_all_tries_are_taken_a_number_is_put_behind():
    class Everything(set):
        def __contains__(self, name):
            return not name.endswith(" 3")

    assert full_name(np.random.default_rng(0), False, Everything()).endswith(" 3")
