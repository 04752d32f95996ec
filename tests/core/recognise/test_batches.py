"""Batches: what is asked about in a job, its answers as they come, and what stays when it is forgotten."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from core.errors import DataError, PictureError
from core.imaging.reading import encode_jpeg
from core.recognise.batches import answers_from, batches, forget, keep_batch, name_of, new_batch, start_anew
from core.recognise.config import RecogniseConfig
from tests.conftest import noise

CONFIG = RecogniseConfig(0.05, faces=True)


@pytest.fixture
def heap(tmp_path) -> Path:
    """Two pictures, one of them in a folder below."""
    folder = tmp_path / "my heap"
    (folder / "more").mkdir(parents=True)
    for n, name in enumerate(("a.jpg", "more/b.jpg")):
        (folder / name).write_bytes(encode_jpeg(noise(n)))
    return folder


def test_a_batch_is_found_again_newest_first_and_is_asked_as_it_was_said(workspace, heap):
    first = new_batch(workspace, heap, CONFIG)
    second = new_batch(workspace, heap / "more", RecogniseConfig(), "another")
    assert batches(workspace) == [second, first]
    assert (first.name, first.source, first.config) == ("my heap", heap, CONFIG)
    assert [first.short(name) for name in first.queries()] == ["a.jpg", "more/b.jpg"]
    assert sorted(query.path for query in first.queries().values()) == [heap / "a.jpg", heap / "more" / "b.jpg"]


def test_without_a_picture_there_is_no_batch(workspace, tmp_path):
    with pytest.raises(PictureError, match="does not exist"):
        new_batch(workspace, tmp_path / "nowhere", CONFIG)
    with pytest.raises(PictureError, match="no picture"):
        keep_batch(workspace, [("notes.txt", b"1girl")] * 2, CONFIG, "notes")
    assert batches(workspace) == []
    assert list((workspace.cache / "asked").iterdir()) == [], "nothing of it is left"


def test_uploaded_files_keep_their_paths_stay_inside_and_none_replaces_another(workspace):
    one, two, three = (encode_jpeg(noise(n)) for n in range(3))
    given = [("heap/a.jpg", one), ("heap\\more\\a.jpg", two), ("heap/a.jpg", three), ("../../../out.jpg", one)]
    batch = keep_batch(workspace, given, CONFIG, "heap")
    kept = {batch.short(name): query.path.read_bytes() for name, query in batch.queries().items()}
    assert kept == {"heap/a.jpg": one, "heap/more/a.jpg": two, "heap/a (2).jpg": three, "out.jpg": one}
    assert all(query.path.is_relative_to(batch.folder) for query in batch.queries().values())


def test_a_zip_is_kept_as_it_is_and_moves_with_its_workspace(workspace, tmp_path):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("sub/a.jpg", encode_jpeg(noise(1)))
    batch = keep_batch(workspace, [("cast.zip", data.getvalue())], CONFIG, "cast.zip")
    assert [batch.short(name) for name in batch.queries()] == ["sub/a.jpg"]
    moved = batch.folder.with_name("20990101-000000-000000")
    batch.folder.rename(moved)
    (found,) = batches(workspace)
    assert found.source == moved / "pictures" / "cast.zip"


def test_answers_are_read_from_where_the_last_look_ended_and_a_torn_line_waits(workspace, heap):
    batch = new_batch(workspace, heap, CONFIG)
    assert answers_from(batch) == ([], 0)
    lines = [json.dumps({"picture": name, "faces": []}).encode() + b"\n" for name in ("a", "b")]
    batch.answers.write_bytes(lines[0] + lines[1][:7])
    (found,), at = answers_from(batch)
    assert (found["picture"], at) == ("a", len(lines[0]))
    batch.answers.write_bytes(b"".join(lines))
    (found,), at = answers_from(batch, at)
    assert (found["picture"], at) == ("b", len(lines[0]) + len(lines[1]))
    batch.answers.write_bytes(b"rubbish\n")
    with pytest.raises(DataError, match=r"is damaged .* Ask about my heap again"):
        answers_from(batch)


def test_anew_and_forgotten_leave_the_pictures_where_they_lie(workspace, heap):
    batch = start_anew(new_batch(workspace, heap, CONFIG), CONFIG)  # nothing was answered yet
    batch.answers.write_bytes(b"{}\n")
    again = start_anew(batch, RecogniseConfig(0.01))
    assert batches(workspace) == [again]
    assert again.config.far == 0.01
    assert not again.answers.exists()
    forget(again)
    assert batches(workspace) == []
    assert (heap / "a.jpg").exists()


def test_a_damaged_description_hides_only_its_own_batch(workspace, heap):
    good, bad = new_batch(workspace, heap, CONFIG), new_batch(workspace, heap, CONFIG)
    (bad.folder / "batch.json").write_text('{"name": 3')
    assert batches(workspace) == [good]


@pytest.mark.parametrize(
    ("names", "called"),
    [
        (["cast.zip"], "cast.zip"),
        (["heap/a.png", "heap/more/b.png"], "heap"),
        (["heap\\a.png", "heap\\b.png"], "heap"),
        (["a.png", "b.png"], "2 files"),
        (["heap/a.png", "b.png"], "2 files"),
        (["one/a.png", "two/b.png"], "2 files"),
    ],
)
def test_a_heap_is_called_by_its_zip_its_folder_or_its_number(names, called):
    assert name_of(names) == called


def test_a_file_whose_name_is_no_name_is_kept_as_a_picture(workspace):
    batch = keep_batch(workspace, [("../..", encode_jpeg(noise(1)))], CONFIG, "one")
    assert batch.source == batch.folder / "pictures" / "picture"


def test_a_file_below_a_file_cannot_be_kept_and_nothing_is_left(workspace):
    given = [("a", encode_jpeg(noise(1))), ("a/b.jpg", encode_jpeg(noise(2)))]
    with pytest.raises(DataError, match=r"a/b\.jpg cannot be kept: "):
        keep_batch(workspace, given, CONFIG, "odd")
    assert list((workspace.cache / "asked").iterdir()) == []
