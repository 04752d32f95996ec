"""The application: its routes, and errors as answers."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError
from starlette.concurrency import run_in_threadpool

from core import __version__
from core.errors import WhoAmIError
from core.failures import explain, is_expected, log_failure
from core.server.access import Gate
from core.server.batching import Full
from core.server.limits import BodyLimit, ServerLimits
from core.server.openapi import PROBLEMS, body
from core.server.requests import ask_together, read_request
from core.server.schemas import (
    CharacterInfo,
    Correction,
    DetectRequest,
    Done,
    EnrolRequest,
    FoundFaces,
    Health,
    RecogniseRequest,
)
from core.server.service import Question, Service
from core.server.tokens import READ, WRITE, Tokens


def create_app(service: Service, tokens: Tokens | None = None, limits: ServerLimits | None = None) -> FastAPI:
    """The application. Without tokens every request is answered: for this machine alone."""
    limits = limits or ServerLimits()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await run_in_threadpool(service.close)

    app = FastAPI(title="Who Am I?", version=__version__, lifespan=lifespan, responses=PROBLEMS)
    app.add_middleware(BodyLimit, limit=limits.body, seconds=limits.arrival)
    gate = Gate(tokens)
    _add_errors(app, service)
    _add_reading(app, service, gate, limits)
    _add_writing(app, service, gate, limits)
    return app


SYSTEM = (OSError, MemoryError, sqlite3.Error, DBAPIError)
"""What a full disk, a catalogue that is locked, damaged or gone, or a folder that may not be written raises."""


def _add_errors(app: FastAPI, service: Service) -> None:
    @app.exception_handler(WhoAmIError)
    async def refused(_: Request, error: WhoAmIError) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, 400)

    @app.exception_handler(RequestValidationError)
    async def misspelt(_: Request, error: RequestValidationError) -> JSONResponse:
        # In words, without the value: what came in (infinity, half a character) may have no JSON form to send back.
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        return JSONResponse({"detail": f"{where}: {first['msg']}"}, 422)

    async def unable(_: Request, error: Exception) -> JSONResponse:
        if not is_expected(error):
            raise error
        return JSONResponse({"detail": explain(error)}, 503, {"Retry-After": "30"})

    for kind in SYSTEM:
        app.add_exception_handler(kind, unable)

    @app.exception_handler(Exception)
    async def unforeseen(_: Request, error: Exception) -> JSONResponse:
        log_failure(service.project.workspace.root, "serve", error)
        return JSONResponse({"detail": explain(error)}, 500)

    @app.exception_handler(Full)
    async def busy(_: Request, error: Full) -> JSONResponse:
        detail = "Too many pictures are waiting. Try again in a few seconds."
        return JSONResponse({"detail": detail}, 503, {"Retry-After": "2"})


def _add_reading(app: FastAPI, service: Service, gate: Gate, limits: ServerLimits) -> None:
    reading: list[Any] = [gate.needs(READ)]

    @app.get("/healthz")
    def health() -> Health:
        """Whether the server answers; needs no token."""
        return Health(status="ok", workspace=service.project.name, version=__version__, ready=service.ready)

    @app.get("/v1/characters", dependencies=reading)
    def characters() -> list[CharacterInfo]:
        """The characters of the workspace."""
        return service.characters()

    @app.post("/v1/recognise", dependencies=reading, openapi_extra=body(RecogniseRequest))
    async def recognise(request: Request) -> list[FoundFaces]:
        """Who is on these pictures? For each face match, unsure or unknown, with the evidence."""
        asked, pictures = await read_request(request, RecogniseRequest, limits)
        crops = True if asked.faces else None
        ask = partial(Question, is_face_crop=crops, shipped_cast=asked.shipped_cast)
        return await ask_together(pictures, lambda rgb: service.recognise(ask(rgb)), limits)

    @app.post("/v1/detect", dependencies=reading, openapi_extra=body(DetectRequest))
    async def detect(request: Request) -> list[FoundFaces]:
        """Where are faces on these pictures?"""
        asked, pictures = await read_request(request, DetectRequest, limits)
        return await ask_together(pictures, lambda rgb: service.detect(rgb, asked.min_score), limits)


def _add_writing(app: FastAPI, service: Service, gate: Gate, limits: ServerLimits) -> None:
    writing: list[Any] = [gate.needs(WRITE)]

    @app.post("/v1/enrol", dependencies=writing, openapi_extra=body(EnrolRequest))
    async def enrol(request: Request) -> Done:
        """Enrol the one face on each picture as a known or new character; nothing is trained."""
        asked, pictures = await read_request(request, EnrolRequest, limits)
        broken = next((error for _, _, error in pictures if error), None)
        if broken:
            raise HTTPException(400, broken)
        pixels = [rgb for _, rgb, _ in pictures if rgb is not None]
        return await run_in_threadpool(service.enrol, asked.character, pixels)

    @app.post("/v1/corrections", dependencies=writing)
    def correct(correction: Correction) -> Done:
        """Keep, reject or relabel a face, or say who or what it is not; one undo step."""
        return service.correct(correction)
