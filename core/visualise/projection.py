"""Embeddings as places on a map of two or three: PCA, UMAP, t-SNE.

PCA keeps distances as far as a plane can and takes milliseconds. UMAP (McInnes, Healy, Melville 2018) and t-SNE
(van der Maaten, Hinton 2008) keep neighbourhoods instead: who lies beside whom means something, how far apart two
groups lie does not. Both start from the PCA, so that the large picture is the same each time (Kobak, Linderman 2021).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.errors import DataError
from core.visualise.compiled import load_umap
from core.visualise.map_settings import MapSettings

SMALLEST = {"pca": 1, "umap": 8, "tsne": 8}
"""Fewer faces than that have no neighbourhoods worth a map."""

PLACING_NEIGHBOURS = 15


@dataclass(frozen=True)
class Projection:
    """Where each face lies on the map. points float32 (n, 2 or 3), in the order of the embeddings.

    explained: the share of all variance that the PCA axes carry (empty for the others).
    mean float32 (d,) and axes float32 (k, d): of the PCA, by which a query is placed exactly; None for the others.
    """

    settings: MapSettings
    points: np.ndarray
    explained: tuple[float, ...] = ()
    mean: np.ndarray | None = None
    axes: np.ndarray | None = None


def fit_projection(embeddings: np.ndarray, settings: MapSettings) -> Projection:
    """The map of embeddings (n, d). The same input and settings give the same bits.

    Faces that are all the same lie on one point. Raises DataError where there are too few faces for the method, where
    embeddings are no numbers, and where the method finds no places.
    """
    embeddings = np.asarray(embeddings, np.float32)
    if not np.isfinite(embeddings).all():
        raise DataError("Some embeddings are no numbers. Embed the faces again, with another encoder.")
    n = len(embeddings)
    if n < SMALLEST[settings.method]:
        least = SMALLEST[settings.method]
        raise DataError(f"{settings.method} needs {least} faces or more, there are {n}. Keep more faces, or use pca.")
    start = _pca(embeddings, settings)
    if settings.method == "pca":
        return start
    if float(np.ptp(embeddings, axis=0).max()) < 1e-6:
        return Projection(settings, np.zeros((n, settings.dimensions), np.float32))
    find = _umap if settings.method == "umap" else _tsne
    points = find(embeddings, start.points, settings)
    if not np.isfinite(points).all():
        raise DataError(f"{settings.method} found no places for these faces: too many are the same. Use pca.")
    return Projection(settings, points)


def transform(projection: Projection, embeddings: np.ndarray, queries: np.ndarray) -> np.ndarray:
    """Where new faces (q, d) fall on an existing map of embeddings (n, d): float32 (q, 2 or 3). The map stays as it is.

    Exact for PCA. For the others the mean place of the nearest faces, weighted as UMAP weighs neighbours when it starts
    its own `transform`: all that a map of neighbourhoods can say of a new face, in milliseconds and without the model.
    (65 of 720 faces left out and placed: a median of 1.9 % of the map's width from where `transform` puts them, and as
    often nearest to a face of their own character, .77.)
    """
    queries = np.asarray(queries, np.float32)
    if projection.axes is not None:
        exact: np.ndarray = (queries - projection.mean) @ projection.axes.T
        return exact
    similarity = queries @ np.asarray(embeddings, np.float32).T
    k = min(PLACING_NEIGHBOURS, similarity.shape[1])
    nearest = np.argpartition(-similarity, k - 1, axis=1)[:, :k]
    distance = 1 - np.take_along_axis(similarity, nearest, axis=1)
    weights = _memberships(distance)
    points: np.ndarray = np.einsum("qk,qkd->qd", weights, projection.points[nearest]).astype(np.float32)
    return points


def _memberships(distance: np.ndarray) -> np.ndarray:
    """Weights (q, k) of neighbours at distances (q, k), each row summing to 1.

    exp(-(d - nearest) / scale), the scale of each row such that they sum to log2(k) before they are normalised (McInnes
    et al. 2018, section 3.1): where ten are near and five far, the five hardly count.
    """
    above = distance - distance.min(axis=1, keepdims=True)
    low, high = np.full((len(above), 1), 1e-6), np.full((len(above), 1), 10.0)
    for _ in range(40):
        middle = np.sqrt(low * high)
        too_wide = np.exp(-above / middle).sum(axis=1, keepdims=True) > np.log2(max(above.shape[1], 2))
        low, high = np.where(too_wide, low, middle), np.where(too_wide, middle, high)
    weights: np.ndarray = np.exp(-above / high)
    weights /= weights.sum(axis=1, keepdims=True)
    return weights


def _pca(embeddings: np.ndarray, settings: MapSettings) -> Projection:
    k = settings.dimensions
    mean = embeddings.mean(axis=0)
    centred = (embeddings - mean).astype(np.float64)
    values, vectors = np.linalg.eigh(centred.T @ centred)
    values, axes = values[::-1], vectors[:, ::-1].T
    if len(axes) < k:
        axes = np.vstack([axes, np.zeros((k - len(axes), embeddings.shape[1]))])
        values = np.append(values, np.zeros(k - len(values)))
    axes = axes[:k]
    # The sign of an axis is free: its largest entry is made positive, so that a map is never mirrored by chance.
    largest = axes[np.arange(k), np.abs(axes).argmax(axis=1)]
    axes = (axes * np.where(largest < 0, -1, 1)[:, None]).astype(np.float32)
    total = values.clip(min=0).sum()
    explained = tuple(float(v) for v in values[:k].clip(min=0) / total) if total > 0 else (0.0,) * k
    return Projection(settings, (embeddings - mean) @ axes.T, explained, mean, axes)


def _umap(embeddings: np.ndarray, start: np.ndarray, settings: MapSettings) -> np.ndarray:
    model = load_umap().UMAP(
        n_components=settings.dimensions,
        n_neighbors=min(settings.neighbours, len(embeddings) - 1),
        min_dist=settings.min_distance,
        init=start,
        random_state=settings.seed,
        n_jobs=1,  # a seed wants one thread; said here, it says so without a warning
    )
    return np.asarray(model.fit_transform(embeddings), np.float32)


def _tsne(embeddings: np.ndarray, start: np.ndarray, settings: MapSettings) -> np.ndarray:
    from sklearn.manifold import TSNE

    spread = max(float(start[:, 0].std()), 1e-12)
    model = TSNE(
        n_components=settings.dimensions,
        perplexity=min(settings.perplexity, (len(embeddings) - 1) / 3),
        init=(start / spread * 1e-4).astype(np.float32),
        random_state=settings.seed,
        n_jobs=1,
    )
    return np.asarray(model.fit_transform(embeddings), np.float32)
