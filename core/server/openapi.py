"""What the documentation (/docs) says of bodies that are JSON or a form, and of refusals."""

from __future__ import annotations

from typing import Any

from core.server.schemas import NamedPicture, Problem, WithPictures

PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": words}
    for status, words in {
        400: "the request could not be done; the detail says why",
        401: "no valid token",
        403: "the token does not allow this",
        408: "the request did not come in time",
        413: "the request is too large",
        422: "the request is not what the documentation says",
        503: "the server is busy, or its disk or catalogue fails: the detail says which; try again later",
    }.items()
}


def body(model: type[WithPictures]) -> dict[str, Any]:
    """The OpenAPI text of a body that is JSON or a form with files."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    plain = {k: v for k, v in schema.get("properties", {}).items() if k != "pictures"}
    files = {"type": "array", "items": {"type": "string", "format": "binary"}}
    required = [name for name in schema.get("required", []) if name != "pictures"]
    form = {"type": "object", "properties": plain | {"pictures": files}, "required": [*required, "pictures"]}
    picture = NamedPicture.model_json_schema()
    schema["properties"]["pictures"] = {"type": "array", "minItems": 1, "items": picture}
    content = {"application/json": {"schema": schema}, "multipart/form-data": {"schema": form}}
    return {"requestBody": {"required": True, "content": content}}
