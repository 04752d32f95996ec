"""All tests of pages share one search for Streamlit's components."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session", autouse=True)
def quick_start(components_found_once):
    """The app starts in a tenth of the time."""
