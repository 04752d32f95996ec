"""What benchmarks.advice measures: the same known faces before and after the advice was followed."""

import numpy as np

from benchmarks import advice as a
from benchmarks.verdict_faces import MeasuredFaces
from core.recognise.impostors import Bank
from core.similarity.prototypes import l2_normalize


def test_who_is_asked_for_more_gets_more_and_is_named_more_often():
    """Half of twelve drawn characters, faces apart: two enrolled faces tell them from strangers less than eight do."""
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(12), 30)
    vectors = l2_normalize(rng.normal(size=(12, 24))[labels] + 1.0 * rng.normal(size=(360, 24)))
    faces = MeasuredFaces(vectors, np.array([f"game/{k:02d}" for k in labels]), vectors[:0], labels[:0])
    bank = Bank(l2_normalize(np.random.default_rng(1).normal(size=(300, 24))))
    row = a.measure(faces, bank, "game", 6, 2, 8, 2)
    assert row["enrolled"] == 6
    assert 0 < row["asked"] <= 6
    assert row["hardly"] == 0, "twelve faces are too few to tell"
    assert row["before"] + 0.1 < row["after"]
    assert row["before"] < row["at 5 %"]
    assert "| game, 2 then 8 | 6, " in a.table([("game, 2 then 8", row)])
