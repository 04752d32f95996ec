"""A picture on its way in: its name, the id of its source picture, and the reasons not to take it."""

from __future__ import annotations

import errno

import pytest

from core.collect.candidate import group_of, prepare, stem_of
from core.collect.request import Refusal
from core.collect.source import SearchHit
from core.collect.staging import Staging
from core.errors import Cancelled, SourceError, WorkspaceError
from core.imaging.hashes import sha256
from core.imaging.reading import encode_jpeg
from core.workspace.states import Kind
from tests.conftest import noise


def hit(data: bytes | None = None, name: str = "", url: str = "http://a/one.png") -> SearchHit:
    return SearchHit("folder", "Rei", url, name=name, load=None if data is None else lambda: data)


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("01668e06f79ab755_2.jpg", "id:01668e06f79ab755"),
        ("123456.jpg", "id:123456"),
        ("100000_p0.png", "id:100000"),
        ("099999.jpg", ""),
        ("12345.jpg", ""),
        ("facade.png", ""),
        ("face12.png", "id:face12"),
        ("faced1.png", ""),
        ("1234a5.png", ""),
        ("123ab4.png", "id:123ab4"),
        ("name_01.jpg", ""),
    ],
)
def test_ids_of_source_pictures(name, group):
    assert group_of(name) == group


@pytest.mark.parametrize(
    ("name", "url", "stem"),
    [
        ("a b.jpg", "", "a_b"),
        ("", "http://a/x/Rei%20side.png?size=1", "Rei_side"),
        ("", "http://a/", "unnamed"),
        ("no_ending", "", "no_ending"),
        ("x" * 80 + ".jpg", "", "x" * 60),
    ],
)
def test_file_names_are_safe_and_short(name, url, stem):
    assert stem_of(hit(name=name, url=url)) == stem


def test_a_full_disk_ends_the_run_and_is_no_fault_of_the_pictures(workspace, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Staging, "put", full)
    with pytest.raises(WorkspaceError, match="The disk is full"):
        prepare(hit(encode_jpeg(noise(1))), Staging(workspace), None, min_side=16)


def test_what_memory_did_not_hold_is_tried_again(workspace, monkeypatch):
    def too_large(*_, **__):
        raise MemoryError

    monkeypatch.setattr("core.collect.candidate.read_with_note", too_large)
    got = prepare(hit(encode_jpeg(noise(1))), Staging(workspace), None, min_side=16)
    assert (got.outcome, got.reason) == ("failed", "there was not enough memory to read it")


def test_a_picture_that_is_large_enough_is_taken_as_it_came(workspace):
    data = encode_jpeg(noise(1, 40, 60))
    taken = prepare(hit(data, "one.jpg"), Staging(workspace), None, min_side=40)
    assert (taken.width, taken.height, taken.stem, taken.extension) == (60, 40, "one", ".jpg")
    assert taken.sha256 == taken.file_sha256 == sha256(data)


def test_a_smaller_one_is_refused_with_both_numbers(workspace):
    refused = prepare(hit(encode_jpeg(noise(1, 39, 60))), Staging(workspace), None, min_side=40)
    assert isinstance(refused, Refusal)
    assert "60 x 39" in refused.reason and "40" in refused.reason


def test_without_a_downloader_nothing_is_fetched(workspace):
    refused = prepare(hit(), Staging(workspace), None, min_side=40)
    assert "network" in refused.reason


def test_a_face_is_stored_as_jpeg(workspace):
    import cv2

    _, png = cv2.imencode(".png", noise(1, 50, 50))
    face = prepare(hit(png.tobytes(), "one.png"), Staging(workspace), None, min_side=40, kind=Kind.FACE)
    picture = prepare(hit(png.tobytes(), "two.png"), Staging(workspace), None, min_side=40)
    assert (face.extension, picture.extension) == (".jpg", ".png")
    assert face.sha256 == picture.sha256 == picture.file_sha256 != face.file_sha256


class Recorded(Staging):
    """Remembers under which keys files were put by."""

    def __init__(self, workspace):
        super().__init__(workspace)
        self.put_by = []

    def put(self, key, data):
        self.put_by.append(key)
        return super().put(key, data)


@pytest.mark.parametrize("kind", [Kind.PICTURE, Kind.FACE])
def test_a_file_of_one_s_own_is_put_by_as_it_came(workspace, kind):
    data = encode_jpeg(noise(1, 50, 50))
    staging = Recorded(workspace)
    taken = prepare(hit(data, "one.jpg"), staging, None, min_side=40, kind=kind)
    assert staging.put_by == ["http://a/one.png"]
    assert taken.file_sha256 == taken.sha256 == sha256(data)
    assert staging.get("http://a/one.png") == data


@pytest.mark.parametrize("error", [Cancelled("Stopped."), SourceError("folder: it is gone. Look for it.")])
def test_what_ends_a_source_ends_it_here_too(workspace, error):
    def load():
        raise error

    with pytest.raises(type(error)):
        prepare(SearchHit("folder", "Rei", "a", load=load), Staging(workspace), None, min_side=40)


def test_one_hostile_file_is_one_refusal_with_a_short_reason(workspace):
    def load():
        raise RuntimeError("x" * 500)

    refused = prepare(SearchHit("folder", "Rei", "a", load=load), Staging(workspace), None, min_side=40)
    assert refused.reason.startswith("it cannot be read (RuntimeError: xxx")
    assert len(refused.reason) == 300


@pytest.mark.parametrize(("name", "stem"), [(".x.jpg", "x"), (".jpg", "jpg"), ("a.b", "a")])
def test_a_point_at_the_very_start_begins_no_extension(name, stem):
    assert stem_of(hit(name=name)) == stem
