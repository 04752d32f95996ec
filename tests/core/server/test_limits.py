"""A body that is too large is refused, whatever its header claims, and before it is kept."""

from __future__ import annotations

import asyncio
import json

import pytest
from starlette.requests import Request

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


def rest(chunks, **how):
    """(chunks that are left unread, statuses) where the client waits for an answer after its last chunk."""
    waiting, statuses = list(chunks), []

    async def receive():
        assert waiting, "nothing comes after the last part of a body"
        return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

    async def send(message):
        statuses.extend([message["status"]] if "status" in message else [])

    async def app(scope, receive, send):
        while (await receive())["more_body"]:
            pass

    headers = [(b"content-length", how["claimed"])] if "claimed" in how else []
    asyncio.run(BodyLimit(how.get("app", app), 10)({"type": "http", "headers": headers}, receive, send))
    return waiting, statuses


def test_what_is_refused_is_taken_off_the_line_first_or_the_client_sees_a_reset_in_place_of_the_answer():
    assert rest([b"x" * 6] * 5, claimed=b"30") == ([], [413])
    assert rest([b"x" * 6] * 5) == ([], [413])
    assert rest([b"x" * 11]) == ([], [413]), "the last part is not waited for twice"


def test_only_so_much_is_taken_off_the_line(monkeypatch):
    monkeypatch.setattr("core.server.limits.LEFTOVER", 12)
    assert rest([b"x" * 6] * 5, claimed=b"30") == ([b"x" * 6] * 3, [413])


def test_a_client_that_sends_no_more_gets_its_answer(monkeypatch):
    monkeypatch.setattr("core.server.limits.LEFTOVER_SECONDS", 0.01)

    async def refused():
        sent, never = [], asyncio.Event()

        async def receive():
            await never.wait()

        async def send(message):
            sent.append(message)

        scope = {"type": "http", "headers": [(b"content-length", b"11")]}
        await BodyLimit(None, 10)(scope, receive, send)
        return sent[0]["status"]

    assert asyncio.run(refused()) == 413


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
    assert ServerLimits() == ServerLimits(64_000_000, 32, 200_000_000, 64, 8, 120.0, 300.0)


def after(receive, app):
    """Statuses that are answered where the body comes as `receive` says, and has no time."""
    statuses = []

    async def send(message):
        statuses.extend([message["status"]] if "status" in message else [])

    asyncio.run(BodyLimit(app, 10, 0)({"type": "http", "headers": []}, receive, send))
    return statuses


async def never():
    await asyncio.Event().wait()


async def hung_up():
    return {"type": "http.disconnect"}


async def reading(scope, receive, send):
    await Request(scope, receive).body()


async def swallowing(scope, receive, send):
    """As FastAPI does where it reads the body itself."""
    try:
        await Request(scope, receive).body()
    except Exception:
        await send({"type": "http.response.start", "status": 400, "headers": []})


@pytest.mark.parametrize("app", [reading, swallowing])
def test_a_body_that_does_not_come_is_not_waited_for_for_ever(app):
    assert after(never, app) == [408]


@pytest.mark.parametrize("app", [reading, swallowing])
def test_one_that_is_too_large_is_told_so_whoever_reads_it(app):
    assert rest([b"x" * 6] * 5, app=app) == ([], [413])


def test_after_its_body_a_request_may_take_longer():
    parts = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive():
        if not parts:
            await asyncio.sleep(0)  # a moment at which it could be ended
        return parts.pop() if parts else {"type": "http.disconnect"}

    async def app(scope, receive, send):
        await receive()
        assert (await receive())["type"] == "http.disconnect"
        await send({"type": "http.response.start", "status": 200, "headers": []})

    assert after(receive, app) == [200]


def test_a_client_that_hangs_up_is_no_error():
    assert after(hung_up, reading) == []
