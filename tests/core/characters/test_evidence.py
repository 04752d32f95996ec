from types import SimpleNamespace

import numpy as np
import pytest

from core.characters.evidence import group_may_be, nearest_named, open_groups
from core.characters.naming import Session
from core.similarity.clustering import Group, Groups
from core.similarity.naming import Naming


def test_the_nearest_faces_of_a_character_come_first_and_nobody_else():
    vectors = np.eye(4, dtype=np.float32)[[0, 0, 1, 2]]
    naming = Naming.start(vectors, Groups((), ()), named=[None, "Rei", "Rei", "Asuka"])
    session = Session((10, 11, 12, 13), naming)
    assert [face for face, _ in nearest_named(session, 10, "Rei")] == [11, 12]
    assert nearest_named(session, 10, "Misato") == []
    assert open_groups(session) == []
    assert group_may_be(session, (10,))[0][0] == "Rei"


def test_a_face_that_is_not_in_the_session_is_near_nobody():
    naming = Naming.start(np.eye(4, dtype=np.float32)[[0, 0, 0]], Groups((), ()), named=[None, "Rei", "Rei"])
    session = Session((10, 11, 12), naming)
    assert nearest_named(session, 99, "Rei") == []
    assert [face for face, _ in nearest_named(session, 10, "Rei", 1)] == [11]
    assert group_may_be(session, (99,)) == ([], False)


def test_open_groups_come_largest_first():
    groups = Groups((Group((0, 1), 0, 0.9), Group((2, 3, 4), 2, 0.9)), ())
    session = Session((10, 11, 12, 13, 14), Naming.start(np.eye(5, dtype=np.float32), groups, named=[None] * 5))
    assert open_groups(session) == [(12, 13, 14), (10, 11)]
    assert group_may_be(session, (10, 11)) == ([], False)


@pytest.mark.parametrize(
    ("similarity", "probability", "near", "likely"),
    [
        ([[0.6, 0.25]], [0.0], ["Rei", "Asuka"], True),
        ([[0.25, 0.6]], [0.0], ["Asuka", "Rei"], True),
        ([[0.59, 0.25]], [0.0], ["Rei", "Asuka"], False),  # not near enough
        ([[0.75, 0.7]], [0.0], ["Rei", "Asuka"], False),  # two are as near
        ([[0.75, 0.7]], [0.5], ["Rei", "Asuka"], True),  # but the answers so far speak for the first
        ([[0.75, 0.7]], [0.49], ["Rei", "Asuka"], False),
        ([[0.7]], [0.0], ["Rei"], True),
        ([[0.5]], [0.0], ["Rei"], False),
        ([[-np.inf, 0.0], [0.9, -0.2]], [0.0, 0.0], ["Rei", "Asuka"], False),  # who was denied counts -1
    ],
)
def test_whom_a_group_may_be(similarity, probability, near, likely):
    likelihood = SimpleNamespace(
        row={row: row for row in range(len(similarity))},
        similarity=np.array(similarity),
        best=lambda: (None, np.array(probability)),
    )
    naming = SimpleNamespace(names=("Rei", "Asuka")[: len(similarity[0])], likelihood=likelihood)
    session = SimpleNamespace(naming=naming, rows={10 + row: row for row in range(len(similarity))})
    assert group_may_be(session, [10 + row for row in range(len(similarity))]) == (near, likely)
