"""Uploaded files: bytes with a name, for whoever is asked, each with a key of its content."""

from __future__ import annotations

import pytest

from core.collect.source import Query, SourceOptions, open_source
from core.errors import SourceError


def test_an_upload_is_for_whoever_is_asked():
    source = open_source("upload", SourceOptions(uploads=(("a.jpg", b"1"), ("b.jpg", b"2"))))
    found = list(source.search(Query("Rei")))
    assert [(f.name, f.load()) for f in found] == [("a.jpg", b"1"), ("b.jpg", b"2")]
    assert len({f.key for f in found}) == 2
    with pytest.raises(SourceError, match="upload: no file was uploaded"):
        open_source("upload")


def test_the_key_is_of_the_content_so_that_another_file_of_the_same_name_is_another_picture():
    def key(name, data):
        (hit,) = open_source("upload", SourceOptions(uploads=((name, data),))).search(Query("Rei"))
        return hit.key

    assert key("a.jpg", b"1") == key("a.jpg", b"1") != key("a.jpg", b"2")
    assert open_source("upload", SourceOptions(uploads=(("a.jpg", b"1"),))).characters() == []
