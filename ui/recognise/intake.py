"""What a person gave becomes pictures that are asked about: files as they are, a zip as what it holds."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import streamlit as st

from core.errors import PictureError
from core.imaging import formats
from core.recognise.queries import find_queries
from ui.common.errors import show_errors
from ui.recognise.asked import Asking


def take_in(asking: Asking, given: Sequence[tuple[str, bytes]]) -> None:
    """Add what was given in this run, and run the page again with the fields empty."""
    if not given:
        return
    with show_errors():
        asking.add([one for name, data in given for one in _pictures(name, data)])
        st.rerun()


def _pictures(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    if formats.kind(data[:512]) != "a zip":
        yield Path(name).name, data
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "given.zip")
        path.write_bytes(data)
        try:
            queries = find_queries([path])
        except PictureError as error:
            raise PictureError(str(error).replace(str(path), name)) from error
        for query in queries:
            try:
                yield query.file_name, query.data() or b""
            except PictureError:
                yield query.file_name, b""  # the table says that it cannot be read
