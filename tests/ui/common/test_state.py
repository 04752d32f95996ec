"""Which workspace is open: the address leads where it changed, else the tab's own choice stays."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.workspace.workspaces import create_workspace


def script():
    import streamlit as st

    from ui.common.state import current, in_address, use

    if st.button("two"):
        use("two")
    opened = current()
    st.caption("" if opened is None else opened.name)
    st.text(str(in_address().get("workspace")))


@pytest.fixture
def app(settings):
    for name in ("one", "two", "my_cast_2"):
        create_workspace(name)
    app = AppTest.from_function(script, default_timeout=30)
    app.query_params["workspace"] = "one"
    return app.run()


def opened(app: AppTest) -> tuple[str, str, str]:
    assert not app.exception
    address = app.query_params["workspace"]
    return app.caption[0].value, app.text[0].value, address if isinstance(address, str) else address[0]


def test_a_shared_address_opens_its_workspace_and_links_keep_it(app):
    assert opened(app) == ("one", "one", "one")


def test_a_choice_changes_the_address_and_going_back_changes_the_workspace(app):
    app.button[0].click().run()
    assert opened(app) == ("two", "two", "two")
    app.query_params["workspace"] = "one"  # as the back button does
    app.run()
    assert opened(app) == ("one", "one", "one")


def test_an_address_of_nothing_leaves_the_choice(app):
    app.query_params["workspace"] = "gone"
    app.run()
    assert opened(app) == ("one", "one", "one")
