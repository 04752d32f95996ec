"""What bytes are, by their first ones."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from core.imaging.formats import PICTURES, kind, what_to_do
from core.imaging.reading import EXTENSIONS


@pytest.mark.parametrize("name", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF"])
def test_what_pillow_writes_is_known_by_its_name(name):
    buffer = io.BytesIO()
    Image.new("RGB", (9, 9), "red").save(buffer, name)
    assert kind(buffer.getvalue()[:64]) == name


def test_what_is_fetched_is_what_can_be_read():
    assert {"HEIC" if name == "HEIF" else name for name in EXTENSIONS} == PICTURES


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
        (b"\x00\x00\x00\x20ftypmif1\x00\x00\x00\x00avifmif1miafMA1B", "AVIF"),
        (b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1heicmiaf", "HEIC"),
        (b"\x00\x00\x00\x18ftypcrx \x00\x00\x00\x01crx isom", "a camera's raw file"),
        (b"\xff\x0a\xba\x12", "JPEG XL"),
        (b"\x00\x00\x00\x0cjP  \x0d\x0a", "JPEG 2000"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "a 7z archive"),
        (b"Rar!\x1a\x07\x01\x00", "a RAR archive"),
        (b"a" + b"\0" * 256 + b"ustar\x00", "a tar archive"),
        ("1girl, 綾波レイ".encode(), "text"),
        ("1girl, 綾波レイ".encode()[:-1], "text"),
        ("1girl".encode("utf-16"), "text"),
        (b"\xfe\xff\x001", "text"),
        (b"<?xml version='1.0'?><rss>", "a web page"),
        (b"RIFF\x00\x00\x00\x00WAVE", "sound"),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1avif", "AVIF"),  # the last brand of the box
        (b"\x00\x00\x00\x14ftypisom\x00\x00\x00\x00isomavif", "a video"),  # behind the box
        (b"\x00\x00\x00\x18ftypisomavifisomisom", "a video"),  # a version is no brand
        (b"\x00\x00\x00\x01ftypavif", "AVIF"),  # a box up to the end of the file
        (b"xx-lh5-xx", "a compressed archive"),
        (b"xx-lh5xxx", "text"),
        (b"BMO, adventure time, 1other", "text"),
        (b"BM" + bytes(12) + b"\x28\0\0\0", "BMP"),
        (b"BM" + bytes(12) + b"\x29\0\0\0", "something else"),
        (b"II+\x00\x08\0\0\0", "TIFF"),
        (b"MM\x00+\0\x08\0\0", "TIFF"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(head, words):
    assert kind(head) == words


def test_a_known_format_that_is_not_read_says_what_to_do():
    assert what_to_do("JPEG XL").startswith("Save it as PNG or JPEG first")
    assert what_to_do("a 7z archive") == "Unpack it and import the folder."
    assert "PNG" in what_to_do("something else")


@pytest.mark.parametrize("head", [b"words\x00", b"\x01words", b"\x80\x81\x82", b"a\xff\xfe\xfdb"])
def test_one_byte_that_no_text_has_makes_it_no_text(head):
    assert kind(head) == "something else"


@pytest.mark.parametrize("head", [b"tab\tline\r\npage\x0c", b" ", b"~", b"a" * 600])
def test_blanks_of_every_kind_are_text(head):
    assert kind(head) == "text"
