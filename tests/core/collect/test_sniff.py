"""What bytes are, by their first ones."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from core.collect.sniff import PICTURES, kind
from core.imaging.reading import EXTENSIONS


@pytest.mark.parametrize("name", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF"])
def test_what_pillow_writes_is_known_by_its_name(name):
    buffer = io.BytesIO()
    Image.new("RGB", (9, 9), "red").save(buffer, name)
    assert kind(buffer.getvalue()[:64]) == name


def test_what_is_fetched_is_what_can_be_read():
    assert set(EXTENSIONS) == PICTURES


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"", "nothing"),
        (b" \n<!DOCTYPE HTML><html>", "a web page"),
        (b"<?xml version='1.0'?><svg>", "an SVG drawing"),
        (b'{"error": 1}', "JSON"),
        (b"not found", "text"),
        (b"\x00\x00\x00\x18ftypmp42....", "a video"),
        (b"\x00\x00\x00\x18ftypheic....", "HEIC"),
        (b"RIFF\x00\x00\x00\x00AVI ", "a video"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x00\x01\x02\x03", "something else"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(head, words):
    assert kind(head) == words
