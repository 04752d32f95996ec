"""Which files of a folder are asked about."""

from __future__ import annotations

import pytest

from ui.recognise.queries import in_a_folder

PNG = b"\x89PNG\r\n\x1a\n" + bytes(60)


@pytest.mark.parametrize(
    ("name", "head", "asked"),
    [
        ("a.png", PNG, True),
        ("without_ending", PNG, True),
        ("sub/a.png", PNG, True),
        ("@eaDir/a.png", PNG, False),
        ("sub\\.trash\\a.png", PNG, False),
        ("._a.png", PNG, False),
        ("a.txt", b"1girl", False),
        ("a.png", b"<html>", True),  # it is told that this is a web page
    ],
)
def test_what_seems_a_picture_is_asked_about_and_system_files_are_left_out(name, head, asked):
    assert in_a_folder(name, head) == asked
