import numpy as np
import pytest

from core.errors import DataError
from core.similarity.clustering import Group, Groups
from core.similarity.naming import IGNORED, UNNAMED, Naming


def fan(*degrees: float) -> np.ndarray:
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def heap(**options) -> Naming:
    """Eight faces: 0 to 2 in one group, 3 to 6 in another, 7 alone."""
    groups = Groups((Group((3, 4, 5, 6), 3, 0.9), Group((0, 1, 2), 0, 0.9)), (7,))
    return Naming.start(fan(0, 2, 4, 90, 92, 94, 96, 200), groups, **options)


def test_at_the_start_nobody_is_named_and_the_groups_are_open():
    naming = heap()
    assert naming.names == ()
    assert naming.unnamed.tolist() == list(range(8))
    assert naming.open_groups == ((3, 4, 5, 6), (0, 1, 2))


def test_names_that_are_there_already_are_kept():
    naming = heap(named=["Rei", None, None, "Asuka", None, None, None, None])
    assert naming.names == ("Asuka", "Rei")
    assert naming.owner.tolist() == [1, -1, -1, 0, -1, -1, -1, -1]
    assert naming.open_groups == ((4, 5, 6), (1, 2))


def test_naming_a_group_without_the_wrong_face():
    before = heap()
    after = before.confirm((3, 4, 5), " Rei ", wrong=(6,))
    assert after.names == ("Rei",)
    assert after.owner.tolist() == [-1, -1, -1, 0, 0, 0, -1, -1]
    assert after.open_groups == ((0, 1, 2),)
    assert after.denied == {(6, 0)}
    assert before.names == () and before.owner[3] == UNNAMED


def test_a_wrong_face_that_had_the_name_loses_it_and_a_confirmed_one_is_no_longer_denied():
    naming = heap().confirm((3, 4), "Rei").confirm((), "Rei", wrong=(3,))
    assert naming.owner[3] == UNNAMED
    again = naming.confirm((3,), "Rei")
    assert (again.owner[3], again.denied) == (0, frozenset())


def test_denied_faces_are_never_likely_again():
    naming = heap().confirm((3, 4, 5), "Rei").deny(6, "Rei")
    row = naming.likelihood.row[6]
    assert naming.likelihood.probability[row, 0] == 0
    assert naming.likelihood.candidates(6, 5) == ()
    assert heap().confirm((3, 4, 5), "Rei").likelihood.candidates(6, 5) == (0,)


def test_ignored_faces_are_gone():
    naming = heap().ignore((0, 1, 2))
    assert naming.owner.tolist()[:3] == [IGNORED] * 3
    assert naming.unnamed.tolist() == [3, 4, 5, 6, 7]
    assert naming.open_groups == ((3, 4, 5, 6),)


def test_a_face_pulled_out_waits_alone():
    naming = heap().pull_out((0,))
    assert naming.open_groups == ((3, 4, 5, 6), (1, 2))
    assert 0 in naming.unnamed


def test_a_group_is_split_into_what_is_most_unlike():
    mixed = Naming.start(fan(0, 2, 4, 90, 92), Groups((Group((0, 3, 1, 4, 2), 0, 0.5),), ()))
    assert {frozenset(group) for group in mixed.split((0, 3, 1, 4, 2)).open_groups} == {
        frozenset({0, 1, 2}),
        frozenset({3, 4}),
    }


def test_what_cannot_be_is_refused_in_words():
    with pytest.raises(DataError, match="needs a name"):
        heap().confirm((0,), "  ")
    with pytest.raises(DataError, match="from 0 to 7"):
        heap().ignore((8,))
    with pytest.raises(DataError, match="no character 'Misato' yet"):
        heap().deny(0, "Misato")
    with pytest.raises(DataError, match="8 faces but 1 names"):
        heap(named=["Rei"])


def test_an_empty_heap_can_be_asked_everything():
    naming = Naming.start(np.empty((0, 4), np.float32), Groups((), ()))
    assert (naming.open_groups, naming.unnamed.tolist(), len(naming.likelihood.faces)) == ((), [], 0)


def test_groups_that_were_wrong_are_trusted_less():
    named = heap().confirm((3, 4, 5), "Rei", wrong=(6,))
    assert named.purity == (3, 4)
    assert heap().split((3, 4, 5, 6)).purity == (2, 4)
    assert heap().pull_out((0, 1, 2)).purity == (1, 3)
    assert heap().pull_out((0,)).purity == (0, 0)
    assert heap().confirm((0, 7), "Rei").purity == (0, 0)


def test_the_first_and_the_last_face_are_known_and_those_beside_them_are_not():
    assert heap().ignore((0, 7)).owner[[0, 7]].tolist() == [IGNORED, IGNORED]
    for outside in (-1, 8):
        with pytest.raises(DataError, match="from 0 to 7"):
            heap().ignore((outside,))


def test_a_group_of_one_is_pulled_out_and_not_split():
    one = heap().split((7,))
    assert one.loose == {7} and len(one.groups) == 2


def test_what_groups_turned_out_to_be_adds_up():
    assert heap().confirm((0, 1, 2), "Rei").confirm((3, 4, 5), "Asuka", wrong=(6,)).purity == (6, 7)
    assert heap().confirm((7,), "Rei").purity == (0, 0)


def test_a_face_near_strangers_is_less_likely_of_the_cast():
    """Two faces, 10 degrees to either side of Rei's; strangers stand on one side."""
    vectors = fan(0, 2, 180, 182, 12, 350)
    known = {"named": ["Rei", "Rei", "Asuka", "Asuka", None, None]}
    naming = Naming.start(vectors, Groups((), ()), strangers=fan(*[40] * 10), **known)
    assert naming.strangeness is not None
    assert np.median(naming.strangeness) == pytest.approx(0, abs=1e-6)
    assert naming.strangeness[4] > naming.strangeness[5]
    plain, told = (one.likelihood.best()[1] for one in (Naming.start(vectors, Groups((), ()), **known), naming))
    assert told[0] < told[1]
    assert told[0] < plain[0]
    none = Naming.start(vectors, Groups((), ()), strangers=np.empty((0, 2), np.float32), **known)
    assert none.strangeness is None
