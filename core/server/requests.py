"""What a request brings: its fields, checked, and its pictures, decoded; and their answers, waited for together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar

import numpy as np
from fastapi import HTTPException, Request
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from core.errors import WhoAmIError
from core.imaging.reading import read_picture
from core.server.encoded import from_base64
from core.server.limits import ServerLimits
from core.server.schemas import FoundFaces, NamedPicture, WithPictures

Model = TypeVar("Model", bound=WithPictures)
Read = tuple[str, np.ndarray | None, str]
"""A picture's name, its pixels, and why it could not be read where there are none."""


async def read_request(request: Request, model: type[Model], limits: ServerLimits) -> tuple[Model, list[Read]]:
    """The request's fields and its pictures, decoded: JSON with base64, or a multipart form with files."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    files: list[tuple[str, bytes | None]] = []
    if kind == "multipart/form-data":
        async with request.form(max_files=limits.pictures, max_fields=20) as form:
            values: dict[str, Any] = {k: v for k, v in form.items() if isinstance(v, str)}
            for field, upload in form.multi_items():
                if not isinstance(upload, UploadFile):
                    continue
                if field != "pictures":
                    raise HTTPException(422, f"{field}: a picture's field is called `pictures`, also where it is one.")
                files.append((upload.filename or "", await upload.read()))
        values["pictures"] = [{"name": name, "data": ""} for name, _ in files]
        asked = _validated(model, values)
    else:
        asked = _validated(model, await _json(request))
        files = [(picture.name, _decoded(picture)) for picture in asked.pictures]
    if len(files) > limits.pictures:
        raise HTTPException(413, f"A request has at most {limits.pictures} pictures, this one has {len(files)}.")
    read: list[Read] = []
    for name, data in files:  # one after the other: small files may hold more pixels together than memory does
        read.append(await run_in_threadpool(_picture, name, data))
        if sum(rgb.shape[0] * rgb.shape[1] for _, rgb, _ in read if rgb is not None) > limits.pixels:
            words = f"The pictures of a request have at most {limits.pixels:,} pixels together."
            raise HTTPException(413, f"{words} Send fewer or smaller ones.")
    return asked, read


async def _json(request: Request) -> Any:
    try:
        return await request.json()
    except (ValueError, RecursionError) as error:
        raise HTTPException(422, "The body is neither a multipart form with files nor JSON.") from error


def _validated(model: type[Model], values: Any) -> Model:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "body"
        raise HTTPException(422, f"{where}: {first['msg']}") from error


def _decoded(picture: NamedPicture) -> bytes | None:
    try:
        return from_base64(picture.data)
    except ValueError:
        return None


def _picture(name: str, data: bytes | None) -> Read:
    if data is None:
        return name, None, f"{name or 'The picture'} is not base64. Encode the picture file as base64."
    try:
        return name, read_picture(data, name=name or "the picture"), ""
    except WhoAmIError as error:
        return name, None, str(error)


async def ask_together(
    pictures: Sequence[Read], ask: Callable[[np.ndarray], Future[list[dict[str, Any]]]], limits: ServerLimits
) -> list[FoundFaces]:
    """The faces on all pictures, asked for at once, so that they are looked at together."""
    waiting = [asyncio.wrap_future(ask(rgb)) for _, rgb, _ in pictures if rgb is not None]
    try:
        async with asyncio.timeout(limits.seconds):
            found = await asyncio.gather(*waiting, return_exceptions=True)
    except TimeoutError:
        raise HTTPException(503, f"No answer within {limits.seconds:g} s.", {"Retry-After": "5"}) from None
    answers = []
    faces = iter(found)
    for name, rgb, error in pictures:
        own = next(faces) if rgb is not None else []
        if isinstance(own, BaseException):
            raise own
        answers.append(FoundFaces(picture=name, faces=own, error=error or None))
    return answers
