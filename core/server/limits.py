"""How much the server takes on, and the part of it that refuses a body that is too large before it is kept."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """body: bytes of a request; pictures: in one request, and their pixels together; waiting: pictures that may wait to
    be looked at; batch: pictures looked at together; seconds: how long an answer may take."""

    body: int = 64_000_000
    pictures: int = 32
    pixels: int = 200_000_000
    waiting: int = 64
    batch: int = 8
    seconds: float = 120.0


LEFTOVER = 8_000_000
"""Bytes of a refused body that are read and dropped before the refusal. A connection closed with bytes unread is
reset, and the client may then see the reset in place of the answer."""
LEFTOVER_SECONDS = 5.0


class _TooLarge(Exception):
    pass


class BodyLimit:
    """Answers 413 to a request whose body is larger than `limit` bytes, whatever its Content-Length claims."""

    def __init__(self, app: ASGIApp, limit: int):
        self.app, self.limit = app, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        claimed = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if not claimed.isdigit() or int(claimed) > self.limit:
            await _drop(receive)
            await self._refuse(send)
            return
        read, started, more = 0, False, True

        async def counted() -> Message:
            nonlocal read, more
            message = await receive()
            read += len(message.get("body", b""))
            more = message.get("more_body", False)
            if read > self.limit:
                raise _TooLarge
            return message

        async def noticed(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, counted, noticed)
        except _TooLarge:
            if not started:
                if more:
                    await _drop(receive)
                await self._refuse(send)

    async def _refuse(self, send: Send) -> None:
        body = json.dumps({"detail": f"A request has at most {self.limit:,} bytes. Send fewer or smaller pictures."})
        headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": 413, "headers": headers})
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
