"""Our errors, told on the page in their own words; unexpected ones surface."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.errors import Cancelled, WhoAmIError
from ui.common.text import plain


@contextmanager
def show_errors() -> Iterator[None]:
    """Show a WhoAmIError of the block as a message, and go on after the block.

    >>> with told():                                    # doctest: +SKIP
    ...     start_the_work()
    """
    try:
        yield
    except Cancelled as stop:
        st.info(plain(str(stop)), icon=":material/stop_circle:")
    except WhoAmIError as error:
        st.error(plain(str(error)), icon=":material/error:")
