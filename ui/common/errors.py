"""Errors, told on the page as one sentence; the traceback of what should not happen goes to the workspace's log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from core.errors import Cancelled
from core.failures import explain, is_expected, log_failure
from core.settings import Settings
from ui.common.from_core import said
from ui.common.language import _
from ui.common.state import state
from ui.common.text import plain


@contextmanager
def show_errors() -> Iterator[None]:
    """Show an error of the block as a sentence, and go on after the block.

    Streamlit's own way of ending a run passes through.

    >>> with show_errors():                                    # doctest: +SKIP
    ...     start_the_work()
    """
    try:
        yield
    except Exception as error:
        if type(error).__module__.startswith("streamlit"):  # rerun, stop, and misuse of its functions
            raise
        show_error(error)


def show_error(error: Exception) -> None:
    """One error as a sentence on the page; one of the program's own is in the log of the open workspace, too."""
    if isinstance(error, Cancelled):
        st.info(plain(said(str(error))), icon=":material/stop_circle:")
        return
    log = None
    if not is_expected(error):
        log = log_failure(_log_folder(), "page", error)
        if log is None:
            raise error
    st.error(
        plain(said(explain(error)) + (" " + _("The details are in {log}.", log=log) if log else "")),
        icon=":material/error:",
    )


def _log_folder() -> Path | None:
    """The folder of the open workspace; None where there is none, or where the settings cannot be read."""
    if not state().workspace:
        return None
    try:
        return Settings().data_dir / state().workspace
    except Exception:
        return None
