"""The documentation of a body: the same request as JSON and as a form with files."""

from __future__ import annotations

from core.server.openapi import PROBLEMS, body
from core.server.schemas import EnrolRequest, Problem, RecogniseRequest


def test_a_body_is_json_or_a_form_with_the_same_fields():
    text = body(EnrolRequest)["requestBody"]
    json_, form = (text["content"][kind]["schema"] for kind in ("application/json", "multipart/form-data"))
    assert text["required"] is True
    assert json_["required"] == ["pictures", "character"]
    assert json_["properties"]["pictures"]["items"]["required"] == ["data"]
    assert form["required"] == ["character", "pictures"]
    assert form["properties"]["pictures"]["items"] == {"type": "string", "format": "binary"}
    assert form["properties"]["character"] == json_["properties"]["character"]
    assert "$defs" not in json_


def test_a_field_with_a_default_is_not_required():
    form = body(RecogniseRequest)["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert form["required"] == ["pictures"]
    assert form["properties"]["faces"]["default"] is False
    cast = form["properties"]["shipped_cast"]
    assert cast["default"] is False and "looks_like" in cast["description"]


def test_each_refusal_is_documented_in_words():
    assert set(PROBLEMS) == {400, 401, 403, 408, 413, 422, 503}
    assert all(one["model"] is Problem and one["description"] for one in PROBLEMS.values())
