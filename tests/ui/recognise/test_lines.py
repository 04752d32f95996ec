"""The rows of a batch follow its file: grown, and begun anew."""

from __future__ import annotations

import json

import pytest

from core.imaging.reading import encode_jpeg
from core.recognise.batches import new_batch
from core.recognise.config import RecogniseConfig
from tests.conftest import noise
from tests.recognised import answered, recognised
from ui.recognise.lines import Lines, key_of


@pytest.fixture
def batch(workspace, tmp_path):
    (tmp_path / "heap").mkdir()
    (tmp_path / "heap" / "a.jpg").write_bytes(encode_jpeg(noise(1)))
    return new_batch(workspace, tmp_path / "heap", RecogniseConfig())


def line(batch, name: str, *faces) -> bytes:
    one = answered(batch.source / name, *faces).as_dict() | {"far": 0.01, "encoder": "run1 01234567"}
    return json.dumps(one).encode() + b"\n"


def test_rows_grow_with_the_file_and_only_what_is_new_is_read(batch, monkeypatch):
    lines = Lines()
    lines.update(batch)
    assert lines.all() == []
    first = line(batch, "a.jpg", recognised("match", "Rei"), recognised("unknown", None))
    batch.answers.write_bytes(first)
    lines.update(batch)
    assert [(r.picture, r.face, r.verdict, r.box) for r in lines.all()] == [
        ("a.jpg", 1, "match", (10, 20, 30, 40)),
        ("a.jpg", 2, "unknown", (10, 20, 30, 40)),
    ]
    assert (lines.far, lines.encoder) == ("0.01", "run1 01234567")
    read = []
    from core.recognise import batches

    monkeypatch.setattr("ui.recognise.lines.answers_from", lambda b, at: read.append(at) or batches.answers_from(b, at))
    with batch.answers.open("ab") as file:
        file.write(line(batch, "more/b.jpg"))
    lines.update(batch)
    assert read == [len(first)]
    assert [r.picture for r in lines.all()] == ["a.jpg", "a.jpg", "more/b.jpg"]
    assert lines.names[key_of(str(batch.source / "more/b.jpg"))] == str(batch.source / "more/b.jpg")


def test_a_file_that_was_begun_anew_is_read_from_its_beginning(batch):
    lines = Lines()
    batch.answers.write_bytes(line(batch, "a.jpg") + line(batch, "b.jpg"))
    lines.update(batch)
    batch.answers.write_bytes(line(batch, "c.jpg"))
    lines.update(batch)
    assert [r.picture for r in lines.all()] == ["c.jpg"]
    batch.answers.unlink()
    lines.update(batch)
    assert (lines.all(), lines.encoder) == ([], "")
