"""A settings file that cannot be read takes no page away: defaults hold until it is mended, and the page says so."""

from __future__ import annotations

import streamlit as st

from core.failures import explain
from core.settings import SETTINGS_FILE, Settings, current_settings
from ui.common.language import _
from ui.common.text import plain


def settings_problem() -> str:
    """Why settings.toml cannot be used, or "". While it cannot, `Settings()` leaves it out, in the whole process."""
    Settings.model_config["toml_file"] = SETTINGS_FILE
    try:
        current_settings()
    except Exception as error:  # whatever is wrong with the file, or with one of its values
        Settings.model_config["toml_file"] = None
        return explain(error)
    return ""


def show_settings_problem(problem: str) -> None:
    """Show what is wrong with settings.toml and go on with the defaults; stop where a WHOAMI_* variable is wrong."""
    if not problem:
        return
    try:
        current_settings()
    except Exception:  # the environment cannot be left out
        st.error(plain(problem), icon=":material/error:")
        st.stop()
    st.warning(f"{plain(problem)} {_('Until then the defaults apply.')}", icon=":material/settings_alert:")
