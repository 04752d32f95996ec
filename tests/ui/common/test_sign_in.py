"""Every page is behind the gate: without a sign-in that is asked for, none shows anything of a workspace."""

import ast

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.settings import ROOT

PAGES = sorted([*(ROOT / "pages").glob("*.py"), ROOT / "Home.py"])


@pytest.fixture
def secrets(tmp_path, monkeypatch):
    """A secrets file that asks for a sign-in, as the app reads its options."""
    path, get = tmp_path / "secrets.toml", st.get_option
    path.write_text('[auth]\nclient_id = "app"\n')
    monkeypatch.setattr(st, "get_option", lambda name: [str(path)] if name == "secrets.files" else get(name))
    return path


@pytest.fixture
def listens(monkeypatch):
    """Where the app listens, to be set."""
    get, at = st.get_option, {"server.address": "0.0.0.0", "secrets.files": []}
    monkeypatch.setattr(st, "get_option", lambda name: at.get(name, get(name)))
    return at


def opened(path, user=None):
    app = AppTest.from_file(str(path), default_timeout=60)
    app.user = user or {}
    app.run()
    assert not app.exception
    return app


def closed(app) -> bool:
    """Whether nothing but the gate is shown: its title, and no button but its own."""
    return (
        [t.value for t in app.title] == ["Who Am I?"]
        and all(b.key.startswith("sign_") for b in app.button)
        and not app.sidebar.children
    )


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_nobody_sees_a_page_before_signing_in(path, workspace, secrets):
    app = opened(path)
    assert closed(app) and app.button[0].label == "Sign in"


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_nothing_is_drawn_before_the_gate(path):
    """The first statement of a page that is not an import, a constant or a definition opens it; Home asks itself."""
    source = path.read_text(encoding="utf-8")
    if path.name == "Home.py":
        assert source.index("gate()") < source.index("st.sidebar")
        return
    plain = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    body = [n for n in ast.parse(source).body if not isinstance(n, plain)]
    calls = [n for n in body if any(isinstance(c, ast.Call) for c in ast.walk(n)) and "docstring" not in ast.dump(n)]
    assert ast.unparse(calls[0]).startswith("project = open_page("), ast.unparse(calls[0])


def test_who_is_allowed_comes_in_and_out_again(workspace, secrets, monkeypatch):
    ann = {"is_logged_in": True, "email": "ann@example.org"}
    assert "may not see this" in opened(ROOT / "Home.py", ann).error[0].value, "nobody is allowed yet"
    monkeypatch.setenv("WHOAMI_SIGN_IN_ALLOWED", "ann@example.org")
    app = opened(ROOT / "Home.py", ann)
    assert app.title[0].value == "test"
    assert "ann@example.org" in app.sidebar.caption[-1].value
    assert closed(app.button(key="sign_out").click().run())
    bob = opened(ROOT / "Home.py", {"is_logged_in": True, "email": "bob@example.org"})
    assert closed(bob) and "bob@example.org may not see this" in bob.error[0].value


def test_each_provider_has_its_button(workspace, secrets):
    secrets.write_text("[auth.google]\n[auth.okta]\n")
    assert [b.label for b in opened(ROOT / "Home.py").button] == ["Sign in with Google", "Sign in with Okta"]


def test_what_is_missing_for_a_sign_in_is_said(workspace, secrets):
    app = opened(ROOT / "Home.py").button[0].click().run()
    assert not app.exception
    assert "secrets.toml" in app.error[0].value


def test_secrets_that_cannot_be_read_let_nobody_in(workspace, secrets):
    secrets.write_text("[auth")
    assert closed(opened(ROOT / "Home.py"))


def test_where_others_reach_it_nothing_is_shown_without_a_sign_in(workspace, listens, monkeypatch):
    app = opened(ROOT / "Home.py")
    assert closed(app) and "listen on 0.0.0.0" in app.error[0].value
    monkeypatch.setenv("WHOAMI_WITHOUT_SIGN_IN", "true")
    assert opened(ROOT / "Home.py").title[0].value == "test"
    monkeypatch.delenv("WHOAMI_WITHOUT_SIGN_IN")
    listens["server.address"] = "127.0.0.1"
    assert opened(ROOT / "Home.py").title[0].value == "test"
