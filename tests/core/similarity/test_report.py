"""The figures of a report, on faces whose answers a person can tell."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import DataError
from core.similarity.pair_figures import pair_figures, roc_points
from core.similarity.prototypes import l2_normalize
from core.similarity.report import ReportFaces, _leads, make_report

A, B, C, D = np.eye(4, dtype=np.float32)


def near(axis, count, seed):
    """Unit vectors near an axis."""
    return l2_normalize(axis + np.random.default_rng(seed).normal(0, 0.1, (count, 4)).astype(np.float32))


def report_faces(**changed) -> ReportFaces:
    """a, b and c with 4 enrolled and 4 asking; one of a's looks like b; d's 12 faces are strangers."""
    queries = np.concatenate([near(A, 3, 0), near(B, 1, 1), near(B, 4, 2), near(C, 4, 3)])
    names = np.repeat(["a", "b", "c"], 4)
    enrolled = np.concatenate([near(A, 4, 4), near(B, 4, 5), near(C, 4, 6)])
    given = {
        "queries": queries,
        "query_names": names,
        "enrolled": enrolled,
        "enrolled_names": names,
        "strangers": near(D, 12, 7),
        "stranger_names": np.repeat(["d", "e"], 6),
    }
    return ReportFaces(**(given | changed))


def figures(report):
    return {figure.name: figure for figure in report.figures}


def test_each_figure_has_its_number_and_an_interval():
    found = figures(make_report(report_faces()))
    top1 = found["named rightly (top-1)"]
    assert (top1.value, top1.n) == (pytest.approx(11 / 12), 12)
    assert top1.low <= top1.value <= top1.high <= 1
    assert found["named rightly where 1% of strangers are named"].value == pytest.approx(11 / 12)
    assert found["recall@1"].value == pytest.approx(10 / 12), "and one of b's has the odd face of a beside it"
    for name in ("recall@5", "recall@10", "precision@1", "precision@5", "MAP@R", "equal error rate of pairs"):
        assert 0 <= found[name].low <= found[name].high <= 1
    assert found["equal error rate of pairs"].n == 66, "12 faces make 66 pairs"


def test_worst_characters_and_confusions_come_first():
    report = make_report(report_faces())
    worst, *others = report.by_character
    assert (worst.character, worst.n, worst.right) == ("a", 4, 0.75)
    assert (round(worst.low, 3), round(worst.high, 3)) == (0.301, 0.954), "Wilson's interval of 3 of 4"
    assert [c.right for c in others] == [1, 1]
    (confused,) = report.confusions
    assert (confused.character, confused.taken_for, confused.times, confused.of) == ("a", "b", 1, 4)
    ((query, enrolled),) = confused.pairs
    assert query == 3
    assert enrolled in range(4, 8), "a face of b"


def test_without_strangers_each_query_plays_one():
    none = {"strangers": np.empty((0, 4), np.float32), "stranger_names": np.array([], str)}
    report = make_report(report_faces(**none))
    assert "not enrolled" in report.impostors
    assert report.calibration.n == 24, "12 known ones, and the same 12 as strangers"
    assert "held-out" in make_report(report_faces()).impostors


def test_a_rate_that_so_few_strangers_cannot_tell_is_left_out():
    report = make_report(report_faces())
    assert [row[0] for row in report.identification] == [0.01, 0.05, 0.1, 0.2]


def test_two_characters_without_strangers_are_reported_without_rates():
    keep = slice(0, 8)
    faces = report_faces()
    two = ReportFaces(
        faces.queries[keep], faces.query_names[keep], faces.enrolled[keep], faces.enrolled_names[keep],
        np.empty((0, 4), np.float32), np.array([], str),
    )  # fmt: skip
    report = make_report(two)
    assert report.reliability == ()
    assert np.isnan(figures(report)["named rightly where 1% of strangers are named"].value)


def test_nobody_enrolled_is_said():
    with pytest.raises(DataError, match="Balance first"):
        make_report(report_faces(enrolled=np.empty((0, 4), np.float32), enrolled_names=np.array([], str)))


def test_pairs_of_one_character_alone_have_no_rates():
    assert pair_figures(near(A, 3, 0), np.array(["a"] * 3)) == []
    assert roc_points(near(A, 3, 0), np.array(["a"] * 3)) == ()
    points = roc_points(np.stack([A, A, B, B]), np.array(["a", "a", "b", "b"]))
    assert points[0] == (pytest.approx(1e-4), 1.0), "all genuine pairs are accepted before any other"


@pytest.mark.parametrize(("count", "rates", "judged"), [(10, [0.01, 0.05, 0.1, 0.2], 22), (9, [0.01, 0.05, 0.2], 0)])
def test_ten_strangers_tell_a_rate_of_a_tenth_and_let_probabilities_be_judged(count, rates, judged):
    strangers = {"strangers": near(D, count, 7), "stranger_names": np.repeat(["d"], count)}
    report = make_report(report_faces(**strangers))
    assert [row[0] for row in report.identification] == rates
    assert (report.calibration.n, bool(report.reliability)) == (judged, judged > 0)


def test_the_figures_stand_in_their_order():
    assert list(figures(make_report(report_faces())))[:9] == [
        "named rightly (top-1)", "named rightly where 1% of strangers are named",
        "named rightly where 5% of strangers are named",
        "recall@1", "recall@5", "recall@10", "precision@1", "precision@5", "MAP@R",
    ]  # fmt: skip


def test_of_a_confusion_four_pairs_are_shown():
    queries = np.concatenate([near(B, 5, 0), near(C, 5, 1)])
    faces = report_faces(queries=queries, query_names=np.repeat(["a", "c"], 5))
    (confused,) = make_report(faces).confusions
    assert (confused.times, confused.of, len(confused.pairs)) == (5, 5, 4)


def test_the_lead_is_over_the_second_and_of_the_only_one_over_the_opposite():
    assert _leads(np.array([[0.1, 0.5, 0.25], [0.0, 0.0, -1.0]])).tolist() == [0.25, 0.0]
    assert _leads(np.array([[0.5], [-0.25]])).tolist() == [1.5, 0.75]


def test_characters_that_ask_once_are_not_ranked_among_each_other():
    one = {"queries": np.stack([A, B, C]), "query_names": np.array(["a", "b", "c"])}
    report = make_report(report_faces(**one))
    assert not {"recall@1", "MAP@R"} & set(figures(report))
    assert figures(report)["named rightly (top-1)"].value == 1.0
