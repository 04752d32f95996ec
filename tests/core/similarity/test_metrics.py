"""Ranking, verification and open-set figures: by hand, and against independent implementations."""

import doctest

import numpy as np
import pytest

from core.similarity import metrics


def random_faces(seed=0, characters=7, each=9, dim=8, spread=1.0):
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(characters), each)
    points = rng.normal(size=(characters, dim))[labels] + spread * rng.normal(size=(len(labels), dim))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return points.astype(np.float32), labels


def ranking(rows):
    matches = np.array(rows, bool)
    return metrics.Ranking(matches, matches.sum(axis=1))


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(metrics).failed == 0


@pytest.mark.parametrize(
    ("k", "precision", "hit"),
    [(1, [0, 1], [0, 1]), (2, [0.5, 0.5], [1, 1]), (4, [0.5, 0.25], [1, 1]), (5, [0.4, 0.2], [1, 1])],
)
def test_precision_and_hit_at_k_by_hand(k, precision, hit):
    two = ranking([[0, 1, 1, 0], [1, 0, 0, 0]])
    assert metrics.precision_at_k(two, k) == pytest.approx(precision)
    assert metrics.hit_at_k(two, k) == pytest.approx(hit)


def test_precision_at_k_cannot_exceed_its_limit():
    """Two and one faces of the character: 2/5 and 1/5 at most at k = 5, and 1 at k = 1."""
    two = ranking([[0, 1, 1, 0], [1, 0, 0, 0]])
    assert metrics.precision_at_k_limit(two, 5) == pytest.approx([0.4, 0.2])
    assert metrics.precision_at_k_limit(two, 1) == pytest.approx([1, 1])


def test_cmc_by_hand():
    assert metrics.cmc(ranking([[0, 1, 0], [1, 0, 0]]), 4) == pytest.approx([0.5, 1, 1, 1])


def test_map_at_r_and_r_precision_by_hand():
    one = ranking([[1, 0, 1, 1]])
    assert metrics.map_at_r(one) == pytest.approx([(1 + 2 / 3) / 3])
    assert metrics.r_precision(one) == pytest.approx([2 / 3])


def test_a_query_that_nothing_can_answer_counts_nowhere():
    two = metrics.rank(np.array([[0.9, 0.1], [0.2, 0.3]]), ["a", "stranger"], ["a", "b"])
    assert two.mean(metrics.hit_at_k(two, 1)) == 1.0


def test_a_face_never_answers_itself():
    alone = metrics.rank_among(np.ones((3, 3)), ["a", "b", "c"])
    assert alone.matches.shape == (3, 2)
    assert not alone.matches.any()


def test_similarities_of_the_wrong_shape_are_refused():
    with pytest.raises(ValueError, match="2 queries and 1 gallery"):
        metrics.rank(np.ones((2, 2)), ["a", "b"], ["a"])


@pytest.mark.parametrize("seed", range(3))
def test_ranking_agrees_with_pytorch_metric_learning(seed):
    accuracy = pytest.importorskip("pytorch_metric_learning.utils.accuracy_calculator")
    torch = pytest.importorskip("torch")
    faces, labels = random_faces(seed)
    knn = pytest.importorskip("pytorch_metric_learning.utils.inference").CustomKNN
    distances = pytest.importorskip("pytorch_metric_learning.distances")
    calculator = accuracy.AccuracyCalculator(
        include=("precision_at_1", "r_precision", "mean_average_precision_at_r"),
        k="max_bin_count",
        device=torch.device("cpu"),
        knn_func=knn(distances.CosineSimilarity()),
    )
    theirs = calculator.get_accuracy(torch.tensor(faces), torch.tensor(labels))
    ours = metrics.rank_among(metrics.cosine(faces, faces), labels)
    assert ours.mean(metrics.precision_at_k(ours, 1)) == pytest.approx(theirs["precision_at_1"], abs=1e-6)
    assert ours.mean(metrics.r_precision(ours)) == pytest.approx(theirs["r_precision"], abs=1e-6)
    assert ours.mean(metrics.map_at_r(ours)) == pytest.approx(theirs["mean_average_precision_at_r"], abs=1e-6)
    queries, gallery = slice(0, None, 3), np.arange(len(faces)) % 3 > 0
    theirs = calculator.get_accuracy(
        torch.tensor(faces[queries]),
        torch.tensor(labels[queries]),
        torch.tensor(faces[gallery]),
        torch.tensor(labels[gallery]),
    )
    ours = metrics.rank(metrics.cosine(faces[queries], faces[gallery]), labels[queries], labels[gallery])
    assert ours.mean(metrics.map_at_r(ours)) == pytest.approx(theirs["mean_average_precision_at_r"], abs=1e-6)


@pytest.mark.parametrize("digits", [6, 1])
def test_roc_agrees_with_scikit_learn_also_where_scores_are_equal(digits):
    sklearn = pytest.importorskip("sklearn.metrics")
    faces, labels = random_faces(1)
    genuine, impostor = metrics.pair_scores(np.round(metrics.cosine(faces, faces), digits), labels)
    truth = np.r_[np.ones(len(genuine)), np.zeros(len(impostor))]
    far, tar, _ = sklearn.roc_curve(truth, np.r_[genuine, impostor], drop_intermediate=False)
    ours = metrics.roc(genuine, impostor)
    assert ours.far == pytest.approx(far)
    assert ours.tar == pytest.approx(tar)
    grid = np.linspace(0, 1, 200_001)
    gap = np.abs(np.interp(grid, far, tar) - (1 - grid))
    assert metrics.eer(genuine, impostor) == pytest.approx(grid[gap.argmin()], abs=1e-4)
    for limit in (0.0, 0.01, 0.1, 0.5):
        assert metrics.tar_at_far(genuine, impostor, limit) == pytest.approx(tar[far <= limit].max())


def test_cmc_agrees_with_scikit_learns_top_k_accuracy():
    sklearn = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(0)
    scores, truth = rng.random((50, 6)), np.arange(50) % 6  # one gallery face a character
    ours = metrics.cmc(metrics.rank(scores, truth, np.arange(6)), 6)
    assert ours == pytest.approx([sklearn.top_k_accuracy_score(truth, scores, k=k) for k in range(1, 6)] + [1.0])


def test_eer_by_hand():
    assert metrics.eer(np.array([0.9, 0.4]), np.array([0.5, 0.1])) == pytest.approx(0.5)
    assert metrics.eer(np.array([0.9, 0.8]), np.array([0.5, 0.1])) == 0
    assert metrics.eer(np.array([0.1]), np.array([0.5])) == 1
    assert np.isnan(metrics.eer(np.array([]), np.array([0.5])))


@pytest.mark.parametrize("far", [0.0, 0.1, 0.25, 0.5, 1.0])
@pytest.mark.parametrize("scores", [[0.1, 0.2, 0.3, 0.4], [0.5, 0.5, 0.5, 0.1], [0.7] * 4])
def test_a_threshold_never_accepts_more_impostors_than_asked(far, scores):
    scores = np.array(scores, np.float32)
    threshold = metrics.threshold_at_far(scores, far)
    assert (scores >= np.float32(threshold)).mean() <= far
    lower = scores[scores < np.float32(threshold)]
    if len(lower):  # and it is the lowest such one
        assert (scores >= lower.max()).mean() > far


def test_open_set_by_hand():
    top, correct, strangers = np.array([0.9, 0.8, 0.3]), np.array([1, 0, 1]), np.array([0.5, 0.2])
    assert metrics.dir_at_far(top, correct, strangers, 0.0) == pytest.approx(1 / 3)
    assert metrics.dir_at_far(top, correct, strangers, 1.0) == pytest.approx(2 / 3)


def test_characters_are_listed_worst_first():
    labels = ["a", "a", "b"]
    rows = metrics.per_character(ranking([[1, 0, 0], [1, 0, 0], [0, 0, 1]]), labels)
    assert [(row.character, row.n) for row in rows] == [("b", 1), ("a", 2)]
    assert rows[0].precision_at_1 == 0


SOME, NONE = np.array([0.5, 0.2]), np.array([])


def test_without_scores_of_one_kind_nothing_can_be_told():
    assert np.isnan([metrics.tar_at_far(SOME, NONE, 0.1), metrics.tar_at_far(NONE, SOME, 0.1)]).all()
    assert np.isnan(
        [metrics.dir_at_far(SOME, SOME > 0, NONE, 0.1), metrics.dir_at_far(NONE, NONE > 0, SOME, 0.1)]
    ).all()
    assert np.isnan(metrics.eer(SOME, NONE))
    with pytest.raises(ValueError, match="needs impostor scores"):
        metrics.threshold_at_far(NONE, 0.1)
    for genuine, impostor in ((SOME, NONE), (NONE, SOME)):
        with pytest.raises(ValueError, match="needs genuine and impostor scores"):
            metrics.roc(genuine, impostor)


def test_of_equally_frequent_confusions_the_first_by_name_comes_first():
    found = metrics.confused_pairs(["b", "a", "a"], ["c", "c", "b"])
    assert [(one.character, one.taken_for) for one in found] == [("a", "b"), ("a", "c"), ("b", "c")]
