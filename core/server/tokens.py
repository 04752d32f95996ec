"""Who may ask the server, and for what: tokens from a file, each with its scopes."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from pathlib import Path

from core.errors import DataError
from core.imaging.files import read_regular

READ, WRITE = "read", "write"
SCOPES = frozenset({READ, WRITE})
LARGEST = 1_000_000
"""Bytes of a token file."""
SHORTEST = 16
"""Characters that a token has at least; `python -c "import secrets; print(secrets.token_urlsafe(32))"` makes one."""


@dataclass(frozen=True)
class Tokens:
    """SHA-256 digests of the tokens, each with what it allows."""

    scopes_of: tuple[tuple[bytes, frozenset[str]], ...]

    @classmethod
    def read(cls, path: Path) -> Tokens:
        """Read a token file: one token a line, then its scopes: `read`, `write` or both (`read,write`). `#` comments.

        Raises DataError with the line where one cannot be understood, or where there is no token.
        """
        try:
            lines = read_regular(path, limit=LARGEST).decode().splitlines()
        except (DataError, UnicodeDecodeError) as error:
            raise DataError(f"The token file {path} cannot be read ({error}).") from error
        found = []
        for number, line in enumerate(lines, 1):
            words = line.split("#")[0].split()
            if not words:
                continue
            scopes = frozenset(words[1].split(",")) if len(words) == 2 else frozenset()
            if not scopes or not scopes <= SCOPES:
                raise DataError(
                    f"Line {number} of the token file {path.name} is a token and its scopes: read, write or read,write."
                )
            if len(words[0]) < SHORTEST:
                raise DataError(f"The token in line {number} of {path.name} is shorter than {SHORTEST} characters.")
            found.append((_digest(words[0]), scopes))
        if not found:
            raise DataError(f"The token file {path} holds no token. Write one a line, with its scopes behind it.")
        return cls(tuple(found))

    def scopes(self, token: str) -> frozenset[str]:
        """What a token allows; nothing where it is unknown. Every known digest is compared, in constant time."""
        asked, allowed = _digest(token), frozenset[str]()
        for digest, scopes in self.scopes_of:
            if hmac.compare_digest(asked, digest):
                allowed = scopes
        return allowed


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
