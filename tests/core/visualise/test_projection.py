import numpy as np
import pytest

from core.errors import DataError
from core.visualise import projection
from core.visualise.compiled import load_umap
from core.visualise.map_settings import MapSettings
from core.visualise.projection import fit_projection, transform

LINE = np.array([[0, 0, 0], [3, 4, 0], [6, 8, 0]], np.float32)
"""Three points on a line, 5 apart."""


def clusters(characters: int = 3, faces: int = 12, dim: int = 16) -> np.ndarray:
    random = np.random.default_rng(0)
    points = np.repeat(np.eye(characters, dim), faces, axis=0) + random.normal(0, 0.05, (characters * faces, dim))
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)


def test_pca_keeps_the_distances_of_points_on_a_line():
    flat = fit_projection(LINE, MapSettings("pca"))
    assert np.allclose(flat.points[:, 0], [-5, 0, 5], atol=1e-5)
    assert np.allclose(flat.points[:, 1], 0, atol=1e-5)
    assert flat.explained == pytest.approx((1.0, 0.0), abs=1e-6)


def test_pca_of_few_faces_has_as_many_axes_as_asked():
    assert fit_projection(LINE[:1], MapSettings("pca", dimensions=3)).points.tolist() == [[0, 0, 0]]
    assert fit_projection(LINE[:, :2], MapSettings("pca", dimensions=3)).points.shape == (3, 3)


def test_pca_places_a_known_face_exactly_where_it_is():
    flat = fit_projection(LINE, MapSettings("pca"))
    assert np.allclose(transform(flat, LINE, LINE), flat.points, atol=1e-5)


@pytest.mark.parametrize("dimensions", [2, 3])
def test_tsne_keeps_clusters_together_and_is_the_same_each_time(dimensions):
    faces = clusters()
    first = fit_projection(faces, MapSettings("tsne", dimensions=dimensions, perplexity=5))
    again = fit_projection(faces, MapSettings("tsne", dimensions=dimensions, perplexity=5))
    assert first.points.shape == (36, dimensions)
    assert np.array_equal(first.points, again.points)
    assert nearest_share(first.points) >= 0.75  # three groups of twelve are few for three dimensions


@pytest.mark.slow
def test_umap_keeps_clusters_together_is_the_same_each_time_and_places_a_query_in_its_cluster():
    faces = clusters()
    first = fit_projection(faces, MapSettings("umap"))
    assert np.array_equal(first.points, fit_projection(faces, MapSettings("umap")).points)
    assert nearest_share(first.points) == 1.0
    query = faces[12:13] + np.float32(0.01)
    there = transform(first, faces, query / np.linalg.norm(query))
    distance = np.linalg.norm(first.points - there, axis=1)
    assert distance.argmin() in range(12, 24)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"method": "mds"}, "pca, umap, tsne"),
        ({"dimensions": 4}, "dimensions is a whole number from 2 to 3, got 4"),
        ({"neighbours": 1}, "neighbours is a whole number from 2"),
        ({"min_distance": 1.5}, "from 0 to 1, got 1.5"),
        ({"perplexity": 1}, "perplexity is a number above 1"),
    ],
)
def test_settings_out_of_range_are_refused_in_words(values, says):
    with pytest.raises(DataError, match=says):
        MapSettings(**values)


def test_too_few_faces_say_what_to_do():
    with pytest.raises(DataError, match="use pca"):
        fit_projection(LINE, MapSettings("umap"))


def nearest_share(points: np.ndarray, faces: int = 12) -> float:
    distance = np.linalg.norm(points[:, None] - points, axis=2)
    np.fill_diagonal(distance, np.inf)
    rows = np.arange(len(points))
    return float((distance.argmin(axis=1) // faces == rows // faces).mean())


@pytest.mark.parametrize("method", ["pca", "umap", "tsne"])
@pytest.mark.parametrize("dimensions", [2, 3])
def test_equal_faces_have_places_that_are_numbers(method, dimensions):
    settings = MapSettings(method, dimensions)
    one = np.full(16, 0.25, np.float32)
    points = fit_projection(np.stack([one] * 12), settings).points
    assert points.shape == (12, dimensions)
    assert np.isfinite(points).all() and np.ptp(points) < 1e-3
    two = np.concatenate([np.stack([one] * 12), np.stack([-one] * 12)])
    try:
        assert np.isfinite(fit_projection(two, settings).points).all()
    except DataError as error:
        assert "too many are the same" in str(error)


def test_embeddings_that_are_no_numbers_have_no_map():
    with pytest.raises(DataError, match="no numbers"):
        fit_projection(np.full((12, 4), np.nan, np.float32), MapSettings("pca"))


def test_axes_carry_what_they_carry_and_all_of_them_everything():
    """Spreads of 3, 2 and 1 along three axes: 9, 4 and 1 of 14."""
    cross = np.array([[3, 0, 0], [-3, 0, 0], [0, 2, 0], [0, -2, 0], [0, 0, 1], [0, 0, -1]], np.float32)
    assert fit_projection(cross, MapSettings("pca", dimensions=2)).explained == pytest.approx((9 / 14, 4 / 14))
    assert sum(fit_projection(cross, MapSettings("pca", dimensions=3)).explained) == pytest.approx(1)
    equal = fit_projection(np.ones((4, 3), np.float32), MapSettings("pca"))
    assert equal.explained == (0.0, 0.0)


def test_an_axis_points_where_its_largest_entry_is_positive():
    for sign in (1, -1):
        axes = fit_projection(sign * LINE, MapSettings("pca")).axes
        assert (axes[np.arange(2), np.abs(axes).argmax(axis=1)] >= 0).all()


@pytest.mark.parametrize(("asked", "faces", "given"), [(30.0, 10, 3.0), (2.0, 10, 2.0), (30.0, 91, 30.0)])
def test_tsne_never_looks_at_more_than_a_third_of_the_others(monkeypatch, asked, faces, given):
    """Its authors' bound: the perplexity is at most (n - 1) / 3."""
    seen = {}

    class Tsne:
        def __init__(self, **settings):
            seen.update(settings)

        def fit_transform(self, embeddings):
            return seen["init"]

    monkeypatch.setattr("sklearn.manifold.TSNE", Tsne)
    random = np.random.default_rng(0).normal(size=(faces, 4)).astype(np.float32)
    fit_projection(random, MapSettings("tsne", perplexity=asked))
    assert seen["perplexity"] == given
    assert seen["init"][:, 0].std() == pytest.approx(1e-4, rel=1e-3)


@pytest.mark.parametrize(("method", "least"), [("umap", 8), ("tsne", 8), ("pca", 1)])
def test_the_fewest_faces_of_each_method(method, least, monkeypatch):
    for name in ("_umap", "_tsne"):
        monkeypatch.setattr(projection, name, lambda embeddings, start, settings: start)
    assert len(fit_projection(clusters()[:least], MapSettings(method)).points) == least
    with pytest.raises(DataError, match=f"{method} needs {least} faces or more, there are {least - 1}"):
        fit_projection(clusters()[: least - 1], MapSettings(method))


def test_weights_of_neighbours_sum_to_the_logarithm_of_their_number_before_they_are_shares():
    """Four neighbours at 0, 1, 1 and 1 above the nearest: 1 + 3 e^(-1/s) = log2(4), so each of the three has 1/3."""
    weights = projection._memberships(np.array([[0.5, 1.5, 1.5, 1.5], [0.0, 0.0, 9.0, 9.0]]))
    assert weights[0] == pytest.approx([0.5, 1 / 6, 1 / 6, 1 / 6], abs=1e-4)
    assert weights[1] == pytest.approx([0.5, 0.5, 0, 0], abs=1e-4), "two near and two far: the far ones do not count"
    assert projection._memberships(np.array([[0.3]])).tolist() == [[1.0]]


def test_a_query_lies_between_its_nearest_faces():
    """Two faces at one distance: in the middle of their places; the third, opposite, hardly counts."""
    embeddings = np.array([[1, 0], [0, 1], [-1, -1]], np.float32)
    there = projection.Projection(MapSettings("umap"), np.array([[0, 0], [10, 0], [0, 99]], np.float32))
    placed = transform(there, embeddings, np.array([[0.7, 0.7]], np.float32))
    assert placed[0] == pytest.approx([5, 0], abs=3)
    many = np.tile(embeddings[:1], (20, 1))
    places = np.arange(40, dtype=np.float32).reshape(20, 2)
    assert transform(projection.Projection(MapSettings("umap"), places), many, embeddings[:1]).shape == (1, 2)


@pytest.mark.parametrize(("faces", "asked", "given"), [(10, 15, 9), (30, 15, 15)])
def test_umap_is_asked_for_no_more_neighbours_than_there_are_and_for_one_thread(monkeypatch, faces, asked, given):
    seen = {}

    class Umap:
        def __init__(self, **settings):
            seen.update(settings)

        def fit_transform(self, embeddings):
            return seen["init"]

    monkeypatch.setattr(load_umap(), "UMAP", Umap)
    random = np.random.default_rng(0).normal(size=(faces, 4)).astype(np.float32)
    fit_projection(random, MapSettings("umap", neighbours=asked, min_distance=0.25, seed=7))
    assert (seen["n_neighbors"], seen["n_components"], seen["min_dist"]) == (given, 2, 0.25)
    assert (seen["random_state"], seen["n_jobs"]) == (7, 1)


def test_places_that_are_no_numbers_are_told(monkeypatch):
    monkeypatch.setattr(projection, "_umap", lambda embeddings, start, settings: start * np.nan)
    with pytest.raises(DataError, match="umap found no places for these faces"):
        fit_projection(clusters(), MapSettings("umap"))
