"""The gate before every page: who must sign in does so, and only who is allowed comes in (core.sign_in)."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.errors import DataError
from core.failures import explain
from core.settings import ROOT, current_settings
from core.sign_in import DEFAULT, is_allowed, may_listen, providers
from ui.common.language import _
from ui.common.text import plain


def gate() -> None:
    """End the page here for whoever may not see it.

    Where a sign-in is configured (docs/sign-in.md), they are asked for it; where none is, the app must listen on this
    machine alone, or be told that others are welcome. What cannot be read lets nobody in.
    """
    try:
        named = providers(Path(path) for path in st.get_option("secrets.files"))
        signs_in = bool(named) or "is_logged_in" in st.user
        settings = current_settings()
        reason = may_listen(st.get_option("server.address") or "", signs_in=signs_in, settings=settings)
        allowed = settings.sign_in_allowed
    except Exception as error:  # DataError, or whatever is wrong with the settings
        _closed(explain(error))
    if reason:
        _closed(reason)
    if not signs_in:
        return
    if not st.user.get("is_logged_in"):
        _ask(named)
    if not is_allowed(st.user.to_dict(), allowed):
        words = "{who} may not see this. Whoever runs the app can allow it: sign_in_allowed in settings.toml."
        _closed(_(words, who=st.user.get("email") or _("This account")), out=True)


def account() -> None:
    """Who is signed in, and the way out; nothing where nobody has to sign in."""
    if st.user.get("is_logged_in"):
        st.caption(plain(_("Signed in as {name}", name=st.user.get("email") or st.user.get("name") or "?")))
        st.button(_("Sign out"), key="sign_out", icon=":material/logout:", on_click=st.logout)


def _closed(reason: str, *, out: bool = False) -> None:
    """Say why nobody comes in here, and end the page."""
    with _card():
        st.error(plain(reason), icon=":material/lock:")
        if out:
            st.button(_("Sign out"), key="sign_out", icon=":material/logout:", on_click=st.logout)
    st.stop()


def _ask(named: tuple[str, ...]) -> None:
    """A button for each provider, and the end of the page."""
    with _card():
        st.markdown(_("Which anime character is this? Sign in to find out."))
        for name in named or (DEFAULT,):
            label = _("Sign in") if name == DEFAULT else _("Sign in with {name}", name=name.title())
            if st.button(label, key=f"sign_in_{name}", type="primary", icon=":material/login:", width="stretch"):
                _begin(name)
    st.stop()


def _card() -> DeltaGenerator:
    """The one thing on the page of whoever is not in yet: a card in the middle, under the app's name."""
    middle = st.container(horizontal_alignment="center")
    card = middle.container(border=True, width=420, gap="medium")
    card.image(str(ROOT / "ui" / "icon.png"), width=56)
    card.title("Who Am I?")
    return card


def _begin(name: str) -> None:
    """Send the browser to the provider; say what is missing where that cannot be done."""
    try:
        st.login(None if name == DEFAULT else name)
    except Exception as error:
        if "Authlib" in type(error).__name__:
            error = DataError(_("Signing in needs one more package: pip install -r requirements-signin.txt"))
        st.error(plain(str(error)), icon=":material/error:")
