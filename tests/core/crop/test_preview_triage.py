"""What other settings would make of the faces that were found."""

from __future__ import annotations

from collections import Counter

import numpy as np

from core.crop.config import CropConfig
from core.crop.findings import triage
from core.crop.preview_triage import preview_triage
from core.imaging.boxes import Box, Detection


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


def test_the_query_counts_as_triage_decides(made, catalogue):
    """The rule stands in core.crop.findings; the query says it for all pictures at once."""
    rng = np.random.default_rng(0)
    config = CropConfig(accept=0.6, propose=0.5, min_side=12)
    expected: Counter[str] = Counter()
    for _ in range(60):
        boxes = [Box(1, 1, *rng.integers(8, 17, 2).tolist()) for _ in range(rng.integers(0, 4))]
        scores = rng.choice([0.2, 0.3, 0.5, 0.6, 0.9], len(boxes)).tolist()
        made.picture(boxes, scores=scores)
        found = [Detection(b, s, "test") for b, s in zip(boxes, scores, strict=True) if s >= 0.6 * 0.5]
        finding = triage(found, accept=0.6, min_side=12)
        expected.update({finding.review: 1, "kept": sum(p.kept for p in finding.proposals)})
    counted = preview_triage(catalogue, config, 0.1)
    assert all(expected.values())
    assert {"sure": counted.sure, "look": counted.look, "nothing": counted.nothing, "kept": counted.kept} == expected
