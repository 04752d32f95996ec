"""Lists of addresses."""

from __future__ import annotations

import pytest

from core.collect.source import Query, SourceOptions
from core.collect.urls import open_source, parse
from core.errors import SourceError
from core.imaging.reading import encode_jpeg
from tests.conftest import noise

TEXT = """# a comment
http://a/1.jpg

[ Rei ]
http://a/2.jpg  # side view
http://a/3.jpg#middle
[Asuka]
http://a/4.jpg
"""


def test_blocks_comments_and_blank_lines():
    assert parse(TEXT) == [
        ("", "http://a/1.jpg"),
        ("Rei", "http://a/2.jpg"),
        ("Rei", "http://a/3.jpg#middle"),
        ("Asuka", "http://a/4.jpg"),
    ]


def test_a_character_gets_its_own_block_and_what_stands_above_all_blocks(tmp_path):
    path = tmp_path / "list.txt"
    path.write_text(TEXT)
    source = open_source("urls", SourceOptions(path=path))
    assert source.characters() == ["Rei", "Asuka"]
    hits = list(source.search(Query("rei")))
    assert [h.picture_url for h in hits] == ["http://a/1.jpg", "http://a/2.jpg", "http://a/3.jpg#middle"]
    assert {h.page_url for h in hits} == {path.resolve().as_uri()}


def test_a_picture_is_no_list(tmp_path):
    path = tmp_path / "list.txt"
    path.write_bytes(encode_jpeg(noise(1)))
    with pytest.raises(SourceError, match="not a list of addresses"):
        open_source("urls", SourceOptions(path=path))


@pytest.mark.parametrize("path", [None, "missing.txt"])
def test_a_list_that_is_not_there_is_told(tmp_path, path):
    with pytest.raises(SourceError, match="--from"):
        open_source("urls", SourceOptions(path=path and tmp_path / path))


def test_a_list_of_addresses_says_whose_they_are(tmp_path):
    text = "# mine\nhttps://a.example/1.jpg\n\n[Rei Ayanami]\nhttps://a.example/2.jpg#top # side view\n[Asuka]\nhttps://a.example/3.jpg\n"
    assert parse(text)[1] == ("Rei Ayanami", "https://a.example/2.jpg#top")
    path = tmp_path / "list.txt"
    path.write_text(text)
    source = open_source("urls", SourceOptions(path=path))
    assert source.characters() == ["Rei Ayanami", "Asuka"]
    found = [f.picture_url for f in source.search(Query("Asuka"))]
    assert found == ["https://a.example/1.jpg", "https://a.example/3.jpg"]
