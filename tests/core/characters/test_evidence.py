import numpy as np

from core.characters.evidence import group_may_be, nearest_named, open_groups
from core.characters.naming import Session
from core.similarity.clustering import Groups
from core.similarity.naming import Naming


def test_the_nearest_faces_of_a_character_come_first_and_nobody_else():
    vectors = np.eye(4, dtype=np.float32)[[0, 0, 1, 2]]
    naming = Naming.start(vectors, Groups((), ()), named=[None, "Rei", "Rei", "Asuka"])
    session = Session((10, 11, 12, 13), naming)
    assert [face for face, _ in nearest_named(session, 10, "Rei")] == [11, 12]
    assert nearest_named(session, 10, "Misato") == []
    assert open_groups(session) == []
    assert group_may_be(session, (10,))[0][0] == "Rei"
