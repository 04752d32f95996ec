"""Addresses: a page of its own on a fresh server, a refresh, a bookmark."""

from __future__ import annotations

import re

import pytest

from core.workspace.workspaces import create_workspace

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.timeout(300)
def test_a_pages_own_address_works_on_a_fresh_server_and_a_refresh_keeps_the_workspace(settings, app, page):
    create_workspace("one")
    create_workspace("two")
    page.goto(f"{app.url}/balance?workspace=one")
    page.get_by_text("The six steps").wait_for(timeout=60_000)  # Home.py's navigation, not Streamlit's own
    page.get_by_text("There are no faces to divide yet. Bring pictures in.").wait_for()
    picker = page.get_by_test_id("stSidebar").get_by_role("combobox", name="Workspace")
    picker.click()
    page.get_by_role("option", name="two").click()
    page.wait_for_url(re.compile("workspace=two"))
    page.reload()
    page.get_by_text("There are no faces to divide yet. Bring pictures in.").wait_for(timeout=60_000)
    assert "workspace=two" in page.url
    page.get_by_test_id("stMain").get_by_role("button", name="Go to Collect").click()
    page.get_by_role("heading", name="Collect").wait_for()
    page.wait_for_url(re.compile("workspace=two"))

    page.go_back()
    page.get_by_role("heading", name="Balance").wait_for()
    assert "workspace=two" in page.url
    page.goto(f"{app.url}/home?workspace=one")
    page.get_by_role("heading", name="one").wait_for()
    assert not page.get_by_role("dialog").count(), "Streamlit knows no such page"
