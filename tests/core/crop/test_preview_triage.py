"""What other settings would make of the faces that were found."""

from __future__ import annotations

from core.crop.config import CropConfig
from core.crop.preview_triage import preview_triage
from core.imaging.boxes import Box


def test_a_higher_threshold_keeps_fewer(made, catalogue):
    made.picture(scores=[0.9])
    made.picture(scores=[0.6])
    made.picture([Box(1, 1, 20, 20)], scores=[0.9])
    made.picture([], review="nothing")
    made.picture(review="done")
    made.picture([], review="new")
    low = preview_triage(catalogue, CropConfig(propose=0.5), 0.5)
    assert (low.sure, low.look, low.nothing, low.kept, low.done, low.new) == (2, 1, 1, 2, 1, 1)
    high = preview_triage(catalogue, CropConfig(accept=0.8, propose=0.5), 0.1)
    assert (high.sure, high.look, high.kept) == (1, 2, 1)
    small = preview_triage(catalogue, CropConfig(accept=0.8, propose=0.5, min_side=10), 0.1)
    assert (small.sure, small.look) == (2, 1)
    none = preview_triage(catalogue, CropConfig(accept=0.8, propose=1.0, min_side=10), 0.1)
    assert (none.sure, none.nothing) == (2, 2)


def test_a_face_exactly_at_the_border_counts_as_the_job_counts_it(made, catalogue):
    """0.5 of 0.5 is the faintest face that is proposed."""
    made.picture(scores=[0.25])
    at = preview_triage(catalogue, CropConfig(accept=0.5, propose=0.5), 0.9)
    above = preview_triage(catalogue, CropConfig(accept=0.5, propose=0.52), 0.9)
    assert (at.nothing, at.look) == (0, 1)
    assert (above.nothing, above.look) == (1, 0)


def test_without_a_score_in_the_config_the_detectors_own_counts(made, catalogue):
    made.picture(scores=[0.8])
    assert preview_triage(catalogue, CropConfig(), 0.8).kept == 1
    assert preview_triage(catalogue, CropConfig(), 0.81).kept == 0
