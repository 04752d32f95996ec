"""The faces of a training."""

import numpy as np
import pytest
import torch

from core.errors import DataError, PictureError
from core.imaging.reading import encode_jpeg
from core.train.data import FaceSet, load_pixels

GREY = np.full((20, 20, 3), 100, np.uint8)


def test_classes_are_the_trained_characters_in_order():
    faces = FaceSet([GREY] * 4, ["b", "a", "stranger", "b"], ["train", "train", "stranger", "validation"])
    assert (faces.characters, len(faces)) == (("a", "b"), 4)
    assert faces.classes().tolist() == [1, 0, -1, 1]
    assert faces.where("train").tolist() == [0, 1]
    assert faces.where("train", "validation").tolist() == [0, 1, 3]


def test_the_fingerprint_follows_ids_labels_and_parts():
    parts = ["train", "train", "validation"]
    first = FaceSet([GREY] * 3, ["a", "b", "b"], parts, [1, 2, 3])
    assert first.fingerprint() == "fc92afd8f1bae588", "runs that began with it go on"
    assert first.fingerprint() == FaceSet([GREY] * 3, ["a", "b", "b"], parts, [1, 2, 3]).fingerprint()
    assert first.fingerprint() != FaceSet([GREY] * 3, ["a", "b", "a"], parts, [1, 2, 3]).fingerprint()


@pytest.mark.parametrize(
    ("labels", "parts", "words"),
    [
        (["a", "b"], ["train"], "one length"),
        (["a", "b"], ["train", "test"], "'test'"),
        (["a", "a"], ["train", "train"], "at least 2 characters, got 1"),
        (["a", "b"], ["train", "validation"], "at least 2 characters, got 1"),
    ],
)
def test_what_cannot_be_trained_on_is_refused(labels, parts, words):
    with pytest.raises(DataError, match=words):
        FaceSet([GREY] * 2, labels, parts)


def test_files_and_arrays_become_one_uint8_tensor(tmp_path):
    path = tmp_path / "夏目.jpg"
    path.write_bytes(encode_jpeg(np.full((50, 40, 3), (200, 100, 0), np.uint8)))
    seen = []
    pixels = load_pixels([path, GREY], 16, report=seen.append)
    assert pixels.shape == (2, 3, 16, 16)
    assert pixels.dtype == torch.uint8
    assert pixels[0, :, 8, 8].tolist() == pytest.approx([200, 100, 0], abs=4)
    assert pixels[1].unique().tolist() == [100]
    assert (seen[-1].n, seen[-1].total) == (2, 2)


def test_pictures_that_may_not_be_written_to_are_read_without_a_warning():
    locked = GREY.copy()
    locked.flags.writeable = False
    assert load_pixels([locked], 20).float().mean() == 100


def test_a_file_that_is_no_picture_is_named(tmp_path):
    (tmp_path / "broken.jpg").write_bytes(b"no picture")
    with pytest.raises(PictureError, match=r"broken\.jpg"):
        load_pixels([tmp_path / "broken.jpg"], 16)


def test_every_fifty_faces_and_the_last_are_reported():
    seen = []
    load_pixels([GREY[:2, :2]] * 101, 2, report=seen.append)
    assert [(p.stage, p.n, p.total) for p in seen] == [("read", 50, 101), ("read", 100, 101), ("read", 101, 101)]
