"""Projections on disk, and a map as a value."""

from __future__ import annotations

import os
from types import SimpleNamespace

import numpy as np
import pytest

from core.visualise import maps
from core.visualise.map_settings import MapSettings
from core.visualise.projection import _memberships


def face(number, digest="a"):
    return SimpleNamespace(id=number, sha256=digest * 64)


def test_points_come_back_by_face_and_crop(workspace):
    points = np.array([[1, 2], [3, 4]], np.float32)
    maps.save_map(workspace, "key", [face(1), face(2, "b")], points)
    found = maps.load_map(workspace, "key")
    assert {key: value.tolist() for key, value in found.items()} == {(1, "a" * 64): [1, 2], (2, "b" * 64): [3, 4]}
    assert maps.load_map(workspace, "other") is None


def test_only_the_newest_maps_are_kept(workspace):
    for number in range(maps.KEPT + 2):
        maps.save_map(workspace, f"m{number}", [face(1)], np.zeros((1, 2)))
        os.utime(workspace.cache / "maps" / f"m{number}.npz", (number, number))
    maps.save_map(workspace, "last", [face(1)], np.zeros((1, 2)))
    names = {path.stem for path in (workspace.cache / "maps").glob("*.npz")}
    assert len(names) == maps.KEPT and "last" in names and "m0" not in names


def test_the_key_changes_with_encoder_faces_and_settings_but_not_with_what_the_method_ignores():
    key = maps.map_key("e", [face(1)], MapSettings("pca"))
    assert key == maps.map_key("e", [face(1)], MapSettings("pca", perplexity=9))
    others = [
        maps.map_key("f", [face(1)], MapSettings("pca")),
        maps.map_key("e", [face(2)], MapSettings("pca")),
        maps.map_key("e", [face(1, "b")], MapSettings("pca")),
        maps.map_key("e", [face(1)], MapSettings("pca", dimensions=3)),
    ]
    assert len({key, *others}) == 5


def test_memberships_sum_to_one_and_reach_as_many_neighbours_as_the_logarithm_says():
    distance = np.array([[0.1, 0.2, 0.3, 0.4]])
    (weights,) = _memberships(distance)
    assert weights.sum() == pytest.approx(1)
    assert weights.tolist() == sorted(weights, reverse=True)
    assert 1 / weights[0] == pytest.approx(2, abs=1e-3), "before they are normalised the weights sum to log2(4)"


def test_equally_near_neighbours_weigh_the_same():
    assert _memberships(np.full((1, 5), 0.3))[0] == pytest.approx([0.2] * 5)


def test_points_that_are_no_numbers_are_not_kept(workspace):
    with pytest.raises(ValueError, match="finite numbers"):
        maps.save_map(workspace, "key", [face(1)], np.array([[np.nan, 0]], np.float32))
    assert maps.load_map(workspace, "key") is None


def test_a_map_is_known_by_all_that_it_depends_on_and_not_by_names():
    key = maps.map_key("encoder", [face(1), face(2)], MapSettings("pca"))
    assert len(key) == 24
    assert key == maps.map_key("encoder", [face(1), face(2)], MapSettings("pca", seed=3))
    others = {
        maps.map_key("another", [face(1), face(2)], MapSettings("pca")),
        maps.map_key("encoder", [face(2), face(1)], MapSettings("pca")),
        maps.map_key("encoder", [face(1), face(2, "b")], MapSettings("pca")),
        maps.map_key("encoder", [face(1), face(2)], MapSettings("pca", 3)),
    }
    assert len(others | {key}) == 5
