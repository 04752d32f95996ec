"""The gate before the routes: a bearer token with the right scope, where tokens are asked for at all."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from core.server.tokens import Tokens

BEARER = HTTPBearer(auto_error=False)


class Gate:
    """Lets requests through whose token has the scope; all of them where there are no tokens."""

    def __init__(self, tokens: Tokens | None):
        self._tokens = tokens

    def needs(self, scope: str) -> Any:
        """A dependency of a route. Answers 401 without a valid token, 403 where the token lacks the scope."""

        def check(given: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]) -> None:
            if self._tokens is None:
                return
            scopes = self._tokens.scopes(given.credentials) if given else frozenset[str]()
            if not scopes:
                words = "A valid token is needed: Authorization: Bearer TOKEN."
                raise HTTPException(401, words, {"WWW-Authenticate": "Bearer"})
            if scope not in scopes:
                raise HTTPException(403, f"This token does not allow to {scope}.")

        return Depends(check)
