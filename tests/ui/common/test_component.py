"""What the browser is given of a component of our own."""

from __future__ import annotations

from ui.common.component import jpeg_source


def test_a_picture_goes_along_as_a_data_address_and_a_missing_one_as_none():
    assert jpeg_source(b"abc") == "data:image/jpeg;base64,YWJj"
    assert jpeg_source(None) == ""
