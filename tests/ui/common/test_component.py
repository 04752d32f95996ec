"""What the browser is given of a component of our own."""

from __future__ import annotations

import streamlit as st

from ui.common.component import jpeg_source, told


def test_a_picture_goes_along_as_a_data_address_and_a_missing_one_as_none():
    assert jpeg_source(b"abc") == "data:image/jpeg;base64,YWJj"
    assert jpeg_source(None) == ""


def test_a_component_whose_page_was_left_says_nothing():
    """Its last word starts a run of the next page, where Streamlit knows nothing of it any more."""
    assert told("of_a_page_that_was_left") == {}
    st.session_state["there"] = {"want": 3}
    assert told("there") == {"want": 3}
    del st.session_state["there"]
