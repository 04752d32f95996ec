"""Nothing leaves this machine: no page makes the browser ask another server."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from ui.common.links import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_no_page_asks_the_internet(app, page, workspace):
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url))
    for path in ("", *(info.step for info in PAGES)):
        page.goto(f"{app.url}/{path}?workspace={workspace.name}")
        page.get_by_role("heading", level=1).first.wait_for()
        page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=60_000)
    hosts = {urlsplit(url).hostname for url in asked if url.startswith("http")}
    assert hosts == {"localhost"}
