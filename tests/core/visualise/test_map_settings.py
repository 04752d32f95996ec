"""How a map is made."""

from __future__ import annotations

from core.visualise.map_settings import MapSettings


def test_only_the_settings_that_a_method_looks_at_make_another_map():
    assert MapSettings("pca", seed=1).relevant() == MapSettings("pca", seed=2, neighbours=5).relevant()
    assert MapSettings("umap", seed=1).relevant() != MapSettings("umap", seed=2).relevant()


def test_each_method_looks_at_its_own_settings():
    looked_at = {method: set(MapSettings(method).relevant()) for method in ("pca", "umap", "tsne")}
    assert looked_at == {
        "pca": {"method", "dimensions"},
        "umap": {"method", "dimensions", "neighbours", "min_distance", "seed"},
        "tsne": {"method", "dimensions", "perplexity", "seed"},
    }
