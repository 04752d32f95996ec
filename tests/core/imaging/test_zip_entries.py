"""What a zip calls its entries, and what reading them may raise."""

from __future__ import annotations

import io
import zipfile

import pytest

from core.imaging.zip_entries import UNPACKING_ERRORS, cannot_be_opened, entry_names


def zipped(method: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("a.jpg", bytes(range(256)) * 8)
    return buffer.getvalue()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("at", [36, 45, 60])
def test_whatever_a_damaged_entry_raises_is_known(method, at):
    data = bytearray(zipped(method))
    data[at : at + 9] = b"\xa5" * 9
    with zipfile.ZipFile(io.BytesIO(data)) as archive, pytest.raises((OSError, *UNPACKING_ERRORS)):
        archive.read("a.jpg")


def test_a_name_without_a_mark_is_read_in_the_code_page_that_it_fits_and_one_with_a_mark_as_it_is():
    raw = zipfile.ZipInfo("綾波レイ/0.png".encode("cp932").decode("cp437"))
    marked = zipfile.ZipInfo("ソフィー/0.png")
    marked.flag_bits = 0x800
    assert entry_names([raw, marked]) == ["綾波レイ/0.png", "ソフィー/0.png"]


def test_a_wrong_mark_is_said_in_words():
    assert cannot_be_opened(UnicodeDecodeError("utf-8", b"\x88", 0, 1, "no")) == (
        "its names are marked as UTF-8 and are not"
    )
    assert cannot_be_opened(zipfile.BadZipFile("no end")) == "no end"
