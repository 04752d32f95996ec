"""A map as a value: faces by their ids."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from core.visualise.map_data import MapData
from core.visualise.map_settings import MapSettings
from core.visualise.projection import Projection


def face(number, digest="a"):
    return SimpleNamespace(id=number, sha256=digest * 64)


def test_faces_are_found_by_their_ids_in_the_order_asked():
    faces = (face(7), face(3))
    data = MapData(faces, ("a", "b"), np.eye(2), Projection(MapSettings("pca"), np.eye(2)), "e", "key")
    assert data.index == {7: 0, 3: 1}
    assert data.select([3, 99, 7]) == [faces[1], faces[0]]
    assert (data.placed, data.unseen) == (0, 0)


def test_each_face_has_its_place_in_the_arrays():
    faces = (face(7), face(3))
    data = MapData(faces, ("a", "b"), np.eye(2), Projection(MapSettings("pca"), np.eye(2)), "e", "key")
    assert data.index == {7: 0, 3: 1}
    assert data.select([]) == []
    assert (data.placed, data.unseen) == (0, 0)
