"""How much the server takes on, and the part of it that refuses a body that is too large, before it is kept, or that
does not come."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """body: bytes of a request; pictures: in one request, and their pixels together; waiting: pictures that may wait to
    be looked at; batch: pictures looked at together; seconds: how long an answer may take; arrival: how many seconds a
    body may take to come."""

    body: int = 64_000_000
    pictures: int = 32
    pixels: int = 200_000_000
    waiting: int = 64
    batch: int = 8
    seconds: float = 120.0
    arrival: float = 300.0


LEFTOVER = 8_000_000
"""Bytes of a refused body that are read and dropped before the refusal. A connection closed with bytes unread is
reset, and the client may then see the reset in place of the answer."""
LEFTOVER_SECONDS = 5.0


class _Refused(Exception):
    """Ends the application's reading of a body that is not taken."""


class BodyLimit:
    """Answers 413 to a request whose body is larger than `limit` bytes, whatever its Content-Length claims, and 408 to
    one whose body has not come after `seconds`. Of a client that hangs up before that nothing is told."""

    def __init__(self, app: ASGIApp, limit: int, seconds: float = 300.0):
        self.app, self.limit, self.seconds = app, limit, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        claimed = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if not claimed.isdigit() or int(claimed) > self.limit:
            await _drop(receive)
            await self._refuse(send, 413)
            return
        read, started, more, refusal = 0, False, True, 0
        end = asyncio.get_running_loop().time() + self.seconds

        async def counted() -> Message:
            nonlocal read, more, refusal
            try:
                async with asyncio.timeout_at(end if more else None):
                    message = await receive()
            except TimeoutError:
                refusal = 408
                raise _Refused from None
            read += len(message.get("body", b""))
            more = message.get("more_body", False)
            if read > self.limit:
                refusal = 413
                raise _Refused
            return message

        async def noticed(message: Message) -> None:
            nonlocal started
            if refusal and not started:
                return  # what the application makes of the refusal: the answer to it is below
            started = started or message["type"] == "http.response.start"
            await send(message)

        with suppress(_Refused, ClientDisconnect):
            await self.app(scope, counted, noticed)
        if refusal and not started:
            if more and refusal == 413:
                await _drop(receive)
            await self._refuse(send, refusal)

    async def _refuse(self, send: Send, status: int) -> None:
        words = f"A request has at most {self.limit:,} bytes. Send fewer or smaller pictures."
        if status == 408:
            words = f"The request did not come within {self.seconds:g} s. Send it again, or send fewer pictures."
        body = json.dumps({"detail": words})
        headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body.encode()})


async def _drop(receive: Receive) -> None:
    """Read the rest of a body and forget it, up to LEFTOVER bytes or LEFTOVER_SECONDS."""
    dropped, more = 0, True
    try:
        async with asyncio.timeout(LEFTOVER_SECONDS):
            while more and dropped < LEFTOVER:
                message = await receive()
                dropped += len(message.get("body", b""))
                more = message["type"] == "http.request" and message.get("more_body", False)
    except TimeoutError:
        return
