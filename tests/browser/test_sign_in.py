"""Signing in with a real provider on this machine, in a real browser."""

from __future__ import annotations

import pytest

from core.workspace.workspaces import create_workspace
from tests.browser.conftest import App

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore")]  # the provider's own libraries warn

SECRETS = """[auth]
redirect_uri = "{app}/oauth2callback"
cookie_secret = "a secret of this test alone, 32 bytes"
client_id = "who-am-i"
client_secret = "another secret"
server_metadata_url = "{provider}/.well-known/openid-configuration"
"""


@pytest.fixture
def app(settings, tmp_path, monkeypatch):
    """The app, which lets in whom the provider knows as ann@example.org."""
    oidc = pytest.importorskip("oidc_provider_mock")
    monkeypatch.setenv("WHOAMI_SIGN_IN_ALLOWED", "ann@example.org")
    create_workspace("secret_cast", settings)
    running = App(tmp_path / "app.log")
    with oidc.run_server_in_thread() as provider:
        secrets = tmp_path / "secrets.toml"
        secrets.write_text(SECRETS.format(app=running.url, provider=f"http://localhost:{provider.server_port}"))
        running.start("--secrets.files", str(secrets))
        try:
            yield running
        finally:
            running.stop()


def sign_in(page, who: str) -> None:
    page.get_by_role("button", name="Sign in").click()
    page.fill("input[name=sub]", who)
    page.get_by_role("button", name="Authorize").first.click()


def sign_out(page, app) -> None:
    """The provider asks whether to leave it, too; the app has forgotten whoever it was either way."""
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/oauth2/end_session**")
    page.goto(app.url)


def test_only_who_signs_in_and_is_allowed_sees_anything(app, page):
    for path in ("/", "/crop", "/recognise"):
        page.goto(app.url + path)
        page.get_by_role("button", name="Sign in").wait_for()
        assert "secret_cast" not in page.content()
        assert page.get_by_role("link", name="Collect").count() == 0
    sign_in(page, "bob@example.org")
    page.get_by_text("bob@example.org may not see this").wait_for()
    assert "secret_cast" not in page.content()
    sign_out(page, app)
    sign_in(page, "ann@example.org")
    page.get_by_role("heading", name="secret_cast").wait_for()
    page.goto(f"{app.url}/collect")
    page.get_by_role("heading", name="Collect").first.wait_for()
    sign_out(page, app)
    page.get_by_role("button", name="Sign in").wait_for()
    assert "secret_cast" not in page.content()
