"""The shipped cast: of one encoder, sure or silent, and never a name of one's own."""

import json

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file

from core.errors import DataError
from core.recognise import enrolment, shipped_cast
from core.recognise.answer_table import rows_of
from core.recognise.enrolment import open_gallery
from core.recognise.gallery import Gallery
from core.recognise.recogniser import open_recogniser
from core.recognise.shipped_cast import CAST, Likeness, ShippedCast, load_cast
from core.recognise.threshold import Scores, Threshold
from core.recognise.verdict import answer
from core.settings import PRETRAINED
from core.workspace.embeddings import encoder_digest
from core.workspace.models import EncoderChoice

ENCODER = PRETRAINED / "encoder.safetensors"
CHARACTERS = [("Sea", "A"), ("Sea", "B"), ("Sky", "no. 3")]
NONE = np.array([], np.float32)
RULE = Threshold(0.6, 0.5, 0.1, 0.01, "", Scores(NONE, NONE, NONE, np.array([], bool)))
BEST = np.array([1, 0, 0], np.float32)
"""Looks like A and nobody else."""
BETWEEN = np.array([0.71, 0.7, 0], np.float32)


def a_cast(match: float = 0.8) -> ShippedCast:
    return ShippedCast.of(CHARACTERS, np.eye(3), match=match, lead=0.05)


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A cast on disk, of the encoder `mine`."""
    path = tmp_path / "cast.safetensors"
    about = {"encoder": "mine", "characters": json.dumps(CHARACTERS), "match": "0.8", "lead": "0.05"}
    save_file({"prototypes": np.eye(3, dtype=np.float16)}, path, about)
    monkeypatch.setattr(shipped_cast, "CAST", path)
    return path


def test_only_who_is_near_and_ahead_of_the_second_is_told():
    sure, unsure = a_cast().looks_like(np.stack([BEST, BETWEEN]))
    assert (sure.name, sure.work) == ("A", "Sea")
    assert sure.similarity == pytest.approx(1, abs=0.02)
    assert unsure is None
    assert a_cast(match=1.01).looks_like(BEST[None]) == [None]


def test_a_cast_comes_back_from_disk_and_only_for_its_encoder(kept):
    assert load_cast("mine").characters == tuple(CHARACTERS)
    assert load_cast("mine").looks_like(BEST[None])[0].name == "A"
    assert load_cast("other") is None


def test_no_cast_or_a_broken_one_is_none(tmp_path):
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"not tensors")
    assert load_cast("mine", tmp_path / "missing.safetensors") is None
    assert load_cast("mine", broken) is None


@pytest.mark.parametrize(
    ("prototypes", "changed"),
    [
        (np.eye(3), None),
        (np.eye(3), {"characters": "3"}),
        (np.eye(3), {"characters": "[null]"}),
        (np.ones(3), {}),
        (np.eye(2), {}),
        (np.empty((0, 3)), {"characters": "[]"}),
    ],
)
def test_a_cast_that_does_not_fit_together_is_none(tmp_path, prototypes, changed):
    about = {"encoder": "mine", "characters": json.dumps(CHARACTERS), "match": "0.8", "lead": "0.05"}
    save_file({"prototypes": prototypes}, tmp_path / "cast", None if changed is None else about | changed)
    assert load_cast("mine", tmp_path / "cast") is None


def test_a_shipped_cast_that_is_missing_is_named(project, monkeypatch):
    monkeypatch.setattr(enrolment, "load_cast", lambda digest: None)
    with pytest.raises(DataError, match=r"cast\.safetensors, is missing, damaged"):
        open_gallery(project, EncoderChoice("pretrained", ENCODER, ""), shipped_cast=True)


def test_without_anybody_enrolled_a_face_is_unknown_and_looks_like_somebody():
    gallery = Gallery(np.empty((0, 3)), (), (), "mine", cast=a_cast())
    one, other = (found.as_dict() for found in answer(np.stack([BEST, BETWEEN]), gallery, RULE))
    assert (one["verdict"], one["character"]) == ("unknown", None), "it is no name of one's own"
    assert one["looks_like"]["name"] == "A"
    assert "looks_like" not in other


def test_who_is_enrolled_comes_before_the_cast():
    gallery = Gallery(BEST[None], ("Mine",), ("1",), "mine", cast=a_cast())
    known, unknown = answer(np.stack([BEST, np.array([0, 0, 1])]), gallery, RULE)
    assert (known.character, known.looks_like) == ("Mine", None)
    assert unknown.looks_like.words() == "looks like no. 3 from Sky (shipped cast)"


def test_a_table_says_whom_an_unknown_face_looks_like():
    like = Likeness("A", "Sea", 0.9).as_dict()
    face = {"verdict": "unknown", "character": None, "similarity": 0.1, "reason": "nobody", "series": ""}
    document = {"picture": "a.png", "faces": [face | {"probability": None, "box": [0, 0, 1, 1], "looks_like": like}]}
    assert rows_of(document)[0][4] == "nobody; looks like A from Sea (shipped cast)"


def test_an_empty_workspace_is_asked_only_with_the_cast_of_its_encoder(kept, project, tmp_path, monkeypatch):
    encoder = tmp_path / "encoder.safetensors"
    encoder.write_bytes(b"weights")
    choice = EncoderChoice("run-1", encoder, "for this test")
    monkeypatch.setattr("core.recognise.recogniser.choose", lambda project, name: choice)
    with pytest.raises(DataError, match="Nobody is enrolled"):
        open_gallery(project, choice)
    with pytest.raises(DataError, match="run-1 is in use here"):
        open_recogniser(project, shipped_cast=True)
    monkeypatch.setattr("core.recognise.enrolment.encoder_digest", lambda path: "mine")
    asked = open_recogniser(project, shipped_cast=True)
    assert answer(BEST[None], asked.gallery, asked.threshold)[0].looks_like.name == "A"


@pytest.mark.skipif(not ENCODER.is_file(), reason="no encoder is shipped with this copy")
def test_the_shipped_cast_belongs_to_the_shipped_encoder_and_holds_vectors_only():
    cast = load_cast(encoder_digest(ENCODER))
    assert cast is not None, "make it anew: python -m recipes.encoder.cast"
    assert len(cast.characters) == len(set(cast.characters)) > 2000
    with safe_open(CAST, "np") as file:
        assert list(file.keys()) == ["prototypes"]
    assert CAST.stat().st_size < 1_500_000
