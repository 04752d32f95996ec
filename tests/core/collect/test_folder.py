"""A folder as a source: sub-folders called like the characters, or one flat folder for whoever is asked."""

from __future__ import annotations

import pytest

from core.collect.source import Query, SourceOptions, open_source
from core.errors import SourceError
from tests.stand_in.server import picture_bytes


@pytest.fixture
def folder(tmp_path):
    for place in ("Rei Ayanami/b.jpg", "Rei Ayanami/a.jpg", "Asuka/x/deep.jpg", ".hidden/no.jpg", "notes.txt"):
        path = tmp_path / "pictures" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture_bytes(len(place)))
    return tmp_path / "pictures"


def test_a_folder_gives_the_sub_folder_that_is_called_like_the_character(folder):
    source = open_source("folder", SourceOptions(path=folder))
    assert source.characters() == ["Asuka", "Rei Ayanami"]
    found = list(source.search(Query("rei_ayanami")))
    assert [f.name for f in found] == ["a.jpg", "b.jpg"]
    assert found[0].picture_url == (folder / "Rei Ayanami/a.jpg").as_uri()
    assert found[0].load() == (folder / "Rei Ayanami/a.jpg").read_bytes()
    assert [f.name for f in source.search(Query("Asuka"))] == ["deep.jpg"]
    with pytest.raises(SourceError, match=r"has no sub-folder for 'Misato'. It has: Asuka, Rei Ayanami."):
        list(source.search(Query("Misato")))


def test_a_flat_folder_is_for_whoever_is_asked(folder):
    source = open_source("folder", SourceOptions(path=folder / "Rei Ayanami"))
    assert len(list(source.search(Query("Misato")))) == 2


def test_a_file_is_no_folder_and_a_zip_is_another_source(folder):
    with pytest.raises(SourceError, match=r"notes\.txt is not a folder\. For a zip choose the source zip"):
        open_source("folder", SourceOptions(path=folder / "notes.txt"))


def test_only_the_first_bytes_are_read_until_a_picture_is_asked_for(folder):
    source = open_source("folder", SourceOptions(path=folder))
    (hit,) = source.search(Query("Asuka"))
    (folder / "Asuka/x/deep.jpg").write_bytes(b"changed since")
    assert hit.load() == b"changed since"
    assert hit.page_url == folder.resolve().as_uri()


def test_a_picture_of_more_bytes_than_are_read_is_left_out_and_told(folder, monkeypatch):
    most = (folder / "Rei Ayanami/a.jpg").stat().st_size
    monkeypatch.setenv("WHOAMI_MAX_PICTURE_BYTES", str(most))
    (folder / "Rei Ayanami/b.jpg").write_bytes(picture_bytes(1) + bytes(most))
    source = open_source("folder", SourceOptions(path=folder))
    assert [f.name for f in source.search(Query("Rei Ayanami"))] == ["a.jpg"]
    (left_out,) = [one for one in source.listing.left_out if one.path == "Rei Ayanami/b.jpg"]
    assert left_out.reason.endswith(f"at most {most:,} are read. Make it smaller.")
