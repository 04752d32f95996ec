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
        raise OSError(28, "No space left on device", "a.jpg")
    with show_errors():
        raise KeyError("ours")


def test_our_errors_become_words_and_others_surface():
    app = AppTest.from_function(page, default_timeout=30).run()
    assert app.error[0].value == r"There is no face\_1. Crop some."
    assert app.info[0].value == "Stopped."
    assert app.caption[0].value == "after"
    assert app.error[1].value.startswith("The disk is full: a.jpg could not be written.")
    assert "ours" in app.exception[0].value


def test_an_internal_error_is_a_sentence_and_its_traceback_is_in_the_log(workspace):
    app = AppTest.from_function(internal, default_timeout=30).run()
    assert not app.exception
    assert "Internal error: KeyError: 'ours'. The details are in" in app.error[0].value.replace("\\", "")
    assert "Traceback" in (workspace.root / "log.txt").read_text()


def internal():
    from ui.common.errors import show_errors
    from ui.common.state import use

    use("test")
    with show_errors():
        raise KeyError("ours")
