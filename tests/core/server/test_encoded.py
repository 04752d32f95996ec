"""Base64 as programs write it is read, and nothing else."""

from __future__ import annotations

import base64

import pytest

from core.server.encoded import from_base64

DATA = bytes(range(256))
WRITTEN = {
    "one line": base64.b64encode(DATA).decode(),
    "wrapped": base64.encodebytes(DATA).decode(),
    "wrapped by Windows": base64.encodebytes(DATA).decode().replace("\n", "\r\n"),
    "a browser's": f"data:image/png;base64,{base64.b64encode(DATA).decode()}",
}


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
def test_it_is_read_however_it_is_written(text):
    assert from_base64(text) == DATA


@pytest.mark.parametrize(
    "text", ["@@@", "aGVsbG8", "data:image/png,aGVsbG8=", "x;base64,aGVsbG8=", "aGVsbG8=,aGVsbG8=", "ä", "\ud800"]
)
def test_what_is_no_base64_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        from_base64(text)
