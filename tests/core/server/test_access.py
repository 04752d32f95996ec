"""The gate: no token file, no question; otherwise 401 without a valid token and 403 without the scope."""

from __future__ import annotations

import pytest
from fastapi import HTTPException
from fastapi.security import HTTPAuthorizationCredentials

from core.server.access import Gate


class Tokens:
    def scopes(self, token):
        return {"reader": frozenset({"read"}), "writer": frozenset({"read", "write"})}.get(token, frozenset())


def ask(tokens, scope, token=None):
    given = HTTPAuthorizationCredentials(scheme="Bearer", credentials=token) if token else None
    return Gate(tokens).needs(scope).dependency(given)


def test_without_tokens_everybody_may_do_everything():
    assert ask(None, "write") is None


@pytest.mark.parametrize(
    ("token", "scope", "status"),
    [
        ("reader", "read", None),
        ("writer", "write", None),
        ("reader", "write", 403),
        ("somebody", "read", 401),
        (None, "read", 401),
    ],
)
def test_a_token_must_be_known_and_allow_it(token, scope, status):
    if status is None:
        assert ask(Tokens(), scope, token) is None
        return
    with pytest.raises(HTTPException) as refused:
        ask(Tokens(), scope, token)
    assert refused.value.status_code == status
    assert (refused.value.headers or {}).get("WWW-Authenticate") == ("Bearer" if status == 401 else None)
    assert "allow to write" in refused.value.detail or status == 401
