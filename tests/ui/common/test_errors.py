from streamlit.testing.v1 import AppTest


def page():
    import streamlit as st

    from core.errors import Cancelled, DataError
    from ui.common.errors import show_errors

    with show_errors():
        raise DataError("There is no face_1. Crop some.")
    with show_errors():
        raise Cancelled("Stopped.")
    st.caption("after")
    with show_errors():
        raise KeyError("ours")


def test_our_errors_become_words_and_others_surface():
    app = AppTest.from_function(page, default_timeout=30).run()
    assert app.error[0].value == r"There is no face\_1. Crop some."
    assert app.info[0].value == "Stopped."
    assert app.caption[0].value == "after"
    assert "ours" in app.exception[0].value
