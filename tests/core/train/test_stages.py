"""The stages of a training, and batches that processes share."""

from dataclasses import replace

import pytest

from core.errors import DataError
from core.train.data import FaceSet
from core.train.stages import check_divisible, stages
from tests.core.train.conftest import coloured_faces


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


def test_a_stage_is_told_how_long_it_lasts_and_how_fast_it_learns(faces, tiny):
    """24 faces in batches of 6: 4 steps an epoch, of which 13 steps hold 3 whole ones."""
    config = replace(tiny, epochs=50, frozen_epochs=2, refit_fraction=0.5, refit_lr_scale=0.3)
    choose, refit = stages(faces, replace(config, max_steps=13))
    assert (choose.epochs, choose.number, choose.peak, choose.frozen_epochs) == (3, 0, 1.0, 2)
    assert (refit.epochs, refit.number, refit.peak, refit.frozen_epochs) == (2, 1, 0.3, 0)
    assert [stage.epochs for stage in stages(faces, replace(config, max_steps=1, refit_fraction=0.01))] == [1, 1]


def test_without_a_validation_part_nothing_is_left_to_learn(tiny):
    assert [stage.name for stage in stages(coloured_faces(validation=0), tiny)] == ["choose"]


def test_faces_of_characters_that_are_only_validated_are_not_learned(tiny):
    known = coloured_faces()
    found = FaceSet(known.faces, ("only here", *known.labels[1:]), ("validation", *known.parts[1:]))
    refit = stages(found, tiny)[-1]
    assert (refit.name, len(refit.faces)) == ("refit", 35)
