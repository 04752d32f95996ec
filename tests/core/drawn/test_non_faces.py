import numpy as np

from core.drawn.non_faces import non_face_crops


def test_as_many_square_crops_as_asked_the_same_every_time():
    crops = non_face_crops(6)
    assert len(crops) == 6
    assert all(crop.dtype == np.uint8 and crop.shape == (len(crop), len(crop), 3) for crop in crops)
    assert all(np.array_equal(a, b) for a, b in zip(crops, non_face_crops(6), strict=True))


def test_another_seed_gives_other_crops():
    assert not np.array_equal(non_face_crops(1)[0], non_face_crops(1, seed=1)[0])


def test_none_asked_none_made():
    assert non_face_crops(0) == []
