"""A body that is too large is refused, whatever its header claims, and before it is read."""

from __future__ import annotations

import asyncio
import json

import pytest

from core.server.limits import BodyLimit, ServerLimits


def answer(chunks, *, limit=10, claimed=None, kind="http", early=False):
    """(status or None, bytes that the application read, how often it received) for a body in chunks."""
    sent, read, waiting = [], [], list(chunks)

    async def receive():
        body = waiting.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(waiting)}

    async def send(message):
        sent.append(message)

    async def app(scope, receive, send):
        if early:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            message = await receive()
            read.append(message["body"])
            if not message["more_body"]:
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})

    headers = [] if claimed is None else [(b"content-length", claimed)]
    asyncio.run(BodyLimit(app, limit)({"type": kind, "headers": headers}, receive, send))
    return sent, read


@pytest.mark.parametrize(("chunks", "status"), [([b"x" * 10], 200), ([b"x" * 6, b"x" * 4], 200), ([b"x" * 6] * 2, 413)])
def test_what_is_read_is_counted(chunks, status):
    sent, read = answer(chunks)
    assert sent[0]["status"] == status
    assert sum(map(len, read)) <= 10


@pytest.mark.parametrize(("claimed", "status"), [(b"10", 200), (b"11", 413), (b"-1", 413), (b"many", 413)])
def test_a_claim_that_is_too_large_or_no_number_is_refused_unread(claimed, status):
    sent, read = answer([b"x"], claimed=claimed)
    assert sent[0]["status"] == status
    assert bool(read) is (status == 200)


def test_the_refusal_says_how_much_is_allowed():
    sent, _ = answer([b"x"], limit=2_000, claimed=b"2001")
    assert json.loads(sent[1]["body"]) == {
        "detail": "A request has at most 2,000 bytes. Send fewer or smaller pictures."
    }


def test_an_answer_that_has_begun_is_not_begun_again():
    sent, _ = answer([b"x" * 11], early=True)
    assert [message["status"] for message in sent] == [200]


def test_other_connections_pass():
    sent, _ = answer([b"x" * 11], kind="websocket")
    assert sent[0]["status"] == 200


def test_what_the_server_takes_on():
    assert ServerLimits() == ServerLimits(64_000_000, 32, 64, 8, 120.0)
