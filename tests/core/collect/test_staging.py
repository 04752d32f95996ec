"""Fetched files wait under the hash of their address; whenever a run dies, the next one finishes what it began."""

from __future__ import annotations

import pytest

from core.collect.staging import Staging

URL = "http://a/1.jpg"


@pytest.fixture
def staging(workspace):
    return Staging(workspace)


@pytest.fixture
def rei(catalogue):
    return catalogue.add_character("Rei")


def test_bytes_are_kept_found_by_a_later_run_and_dropped(staging, workspace):
    assert staging.get(URL) is None
    staging.put(URL, b"1")
    assert Staging(workspace).get(URL) == b"1"
    assert workspace.path(staging.relative(URL)).read_bytes() == b"1"
    assert staging.path(URL) != staging.path(URL + "?size=2")
    staging.drop(URL)
    staging.drop(URL)  # nothing to drop is no error
    assert staging.get(URL) is None
    assert list(staging.folder.iterdir()) == []


def test_a_file_is_moved_to_its_place_once(staging, workspace):
    staging.put(URL, b"1")
    staging.place(URL, "pictures/Rei/1.jpg")
    staging.place(URL, "pictures/Rei/1.jpg")
    assert workspace.path("pictures/Rei/1.jpg").read_bytes() == b"1"
    assert workspace.path("pictures/Rei/1.jpg").stat().st_mode & 0o777 == 0o644
    assert staging.get(URL) is None


def test_a_file_whose_row_is_committed_is_moved_by_the_next_run(staging, catalogue, workspace, rei):
    picture = catalogue.add_picture(rei.id, path="pictures/Rei/1.jpg")
    catalogue.record_fetch(character_id=rei.id, url=URL, outcome="kept", picture_id=picture.id)
    staging.put(URL, b"1")
    assert staging.recover(catalogue) == 1
    assert workspace.path(picture.path).read_bytes() == b"1"
    assert staging.recover(catalogue) == 0


def test_a_face_comes_to_the_place_of_its_crop(staging, catalogue, workspace, rei):
    picture = catalogue.add_picture(rei.id, kind="face")
    row = {"picture_id": picture.id, "character_id": rei.id, "path": "faces/Rei/1_1.jpg", "state": "kept"}
    catalogue.add_faces([row], action="imported", who="import")
    catalogue.record_fetch(character_id=rei.id, url=URL, outcome="kept", picture_id=picture.id)
    staging.put(URL, b"1")
    assert staging.recover(catalogue) == 1
    assert workspace.path("faces/Rei/1_1.jpg").read_bytes() == b"1"


def test_what_is_in_place_already_or_was_refused_is_dropped(staging, catalogue, workspace, rei):
    picture = catalogue.add_picture(rei.id, path="pictures/Rei/1.jpg")
    workspace.path(picture.path).parent.mkdir(parents=True)
    workspace.path(picture.path).write_bytes(b"in place")
    catalogue.record_fetch(character_id=rei.id, url=URL, outcome="kept", picture_id=picture.id)
    catalogue.record_fetch(character_id=rei.id, url="http://a/2.jpg", outcome="refused")
    staging.put(URL, b"again")
    staging.put("http://a/2.jpg", b"2")
    assert staging.recover(catalogue) == 0
    assert (staging.get(URL), staging.get("http://a/2.jpg")) == (None, None)
    assert workspace.path(picture.path).read_bytes() == b"in place"


def test_what_has_no_row_or_failed_waits_and_half_a_file_goes(staging, catalogue, rei):
    catalogue.record_fetch(character_id=rei.id, url="http://a/failed.jpg", outcome="failed")
    for url in (URL, "http://a/failed.jpg"):
        staging.put(url, b"1")
    (staging.folder / ".part-x.jpg").write_bytes(b"half")
    assert staging.recover(catalogue) == 0
    assert {p.name for p in staging.folder.iterdir()} == {
        staging.path(URL).name,
        staging.path("http://a/failed.jpg").name,
    }


def test_a_picture_for_which_a_better_one_was_taken_is_moved_aside(staging, catalogue, workspace, rei):
    old = workspace.path("pictures/Rei/1.jpg")
    old.parent.mkdir(parents=True)
    old.write_bytes(b"old")
    catalogue.add_picture(rei.id, path="bin/pictures/Rei/1.jpg", state="duplicate")
    staging.recover(catalogue)
    assert not old.exists()
    assert workspace.path("bin/pictures/Rei/1.jpg").read_bytes() == b"old"
    old.write_bytes(b"somebody's")
    staging.recover(catalogue)
    assert old.read_bytes() == b"somebody's"
