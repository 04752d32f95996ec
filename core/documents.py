"""JSON that others wrote, or a kill left half: a value, or a ValueError, whatever the text is."""

from __future__ import annotations

import json
from typing import Any


def parse_json(text: str | bytes) -> Any:
    """The value of a JSON text. Raises ValueError where it is none; also where it is nested too deeply, for which the
    standard library raises RecursionError, and where bytes are no text."""
    try:
        return json.loads(text)
    except RecursionError as error:
        shown = text if isinstance(text, str) else text.decode("utf-8", "replace")
        raise json.JSONDecodeError("it is nested too deeply", shown[:80], 0) from error
