"""JSON of any kind is a value or a ValueError."""

from __future__ import annotations

import pytest

from core.documents import parse_json


def test_a_value_is_read_from_text_and_bytes():
    assert parse_json('{"a": [1]}') == parse_json(b'{"a": [1]}') == {"a": [1]}


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, b"[" * 100_000, '{"a":' * 100_000, b"\xff\xfe\xfa"])
def test_everything_else_is_a_value_error(text):
    with pytest.raises(ValueError):
        parse_json(text)
