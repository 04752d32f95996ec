"""The stages of a training, and batches that processes share."""

from dataclasses import replace

import pytest

from core.errors import DataError
from core.train.stages import check_divisible, stages


def test_validation_chooses_first_then_all_faces_are_learned_from(faces, tiny):
    choose, refit = stages(faces, replace(tiny, epochs=10, refit_fraction=0.2))
    assert (choose.name, choose.epochs, len(choose.faces)) == ("choose", 10, 24)
    assert (refit.name, refit.epochs, len(refit.faces)) == ("refit", 2, 36)
    assert [stage.name for stage in stages(faces, replace(tiny, refit_fraction=0.0))] == ["choose"]


def test_batches_that_cannot_be_divided_are_refused_before_the_start(faces, tiny):
    with pytest.raises(DataError, match="A batch of 6 faces cannot be divided evenly over 4 ranks"):
        check_divisible(faces, tiny, 4)
    for ranks in (1, 2, 3, 6):
        check_divisible(faces, tiny, ranks)
