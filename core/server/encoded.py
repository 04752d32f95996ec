"""Pictures in JSON: base64 as programs write it."""

from __future__ import annotations

import base64


def from_base64(text: str) -> bytes:
    """The bytes of base64 in one line or wrapped, as `base64` writes it (RFC 2045), bare or as a browser's `data:` URL
    (RFC 2397). Raises ValueError for anything else.

    >>> from_base64("aGVs\\nbG8="), from_base64("data:image/png;base64,aGVsbG8=")
    (b'hello', b'hello')
    """
    head, comma, rest = text.partition(",")
    if comma and head.startswith("data:") and head.endswith(";base64"):
        text = rest
    return base64.b64decode("".join(text.split()), validate=True)
