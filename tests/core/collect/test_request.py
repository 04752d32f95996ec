"""One request becomes a value, whatever the server answers: elsewhere, gone for good, or worth another try."""

from __future__ import annotations

import httpx
import pytest

from core.collect.rate_limit import Clock
from core.collect.request import Fetched, Limits, Redirect, Refusal, RetryableError, ask
from core.errors import Cancelled

GIF = b"GIF89a" + bytes(94)
URL = "http://a.example/x/1.gif"


def answer(handler, *, wanted=None, max_bytes=1000, limits=None, clock=None):
    if isinstance(handler, httpx.Response | Exception):
        given = handler

        def handler(request):
            if isinstance(given, Exception):
                raise given
            return given

    with httpx.Client(transport=httpx.MockTransport(handler)) as client:
        return ask(client, httpx.URL(URL), {}, wanted, max_bytes, limits or Limits(), clock or Clock())


def test_what_comes_back_is_told_by_its_bytes():
    page = httpx.Response(200, content=GIF, headers={"content-type": "text/html"})
    assert answer(page) == Fetched(URL, URL, GIF, "GIF")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_from_where_it_was_said(status):
    assert answer(httpx.Response(status, headers={"location": "../2.gif"})) == Redirect("http://a.example/2.gif")
    nowhere = answer(httpx.Response(status))
    assert isinstance(nowhere, Refusal)
    assert f"answers {status} but says no place" in nowhere.reason


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 520, 524])
def test_what_may_pass_is_tried_again_after_the_time_that_was_asked(status):
    found = answer(httpx.Response(status, headers={"retry-after": "7"}))
    assert isinstance(found, RetryableError)
    assert (found.status, found.retry_after) == (status, "7")


@pytest.mark.parametrize("status", [204, 304, 400, 401, 403, 404, 410, 501])
def test_what_will_not_change_is_refused_for_good(status):
    found = answer(httpx.Response(status))
    assert isinstance(found, Refusal)
    assert (found.outcome, found.status) == ("refused", status)
    assert f"answered {status}" in found.reason


@pytest.mark.parametrize(("size", "taken"), [(1000, True), (1001, False)])
@pytest.mark.parametrize("announced", [True, False])
def test_no_more_bytes_than_allowed_are_taken(size, taken, announced):
    data = GIF + bytes(size - len(GIF))
    content = data if announced else iter([data[:500], data[500:]])
    found = answer(httpx.Response(200, content=content))
    assert isinstance(found, Fetched) is taken
    if not taken:
        assert ("large; at most 0.001 MB" if announced else "does not end within 0.001 MB") in found.reason


def test_what_is_not_wanted_is_refused_after_its_first_bytes():
    read = []

    def chunks():
        for i in range(3):
            read.append(i)
            yield GIF

    found = answer(httpx.Response(200, content=chunks()), wanted=lambda what: f"it is a {what}")
    assert (found.reason, read) == ("it is a GIF", [0])
    short = answer(httpx.Response(200, content=b"GIF89a"), wanted=lambda what: f"it is a {what}")
    assert short.reason == "it is a GIF"
    assert isinstance(answer(httpx.Response(200, content=GIF), wanted=lambda what: ""), Fetched)


@pytest.mark.parametrize(("seconds", "late"), [(60.0, False), (60.5, True)])
def test_an_answer_that_drips_is_ended(seconds, late):
    clock = Clock()
    times = iter([0.0, seconds])
    clock.now = lambda: next(times)
    found = answer(httpx.Response(200, content=GIF), clock=clock)
    assert isinstance(found, RetryableError if late else Fetched)


def test_a_run_that_is_stopped_does_not_read_on():
    clock = Clock()
    clock.stop.set()
    with pytest.raises(Cancelled):
        answer(httpx.Response(200, content=GIF), clock=clock)


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (httpx.ConnectTimeout("x"), RetryableError, "no connection within 10 s"),
        (httpx.ReadTimeout("x"), RetryableError, "silent for 15 s"),
        (httpx.ConnectError("refused"), RetryableError, "no connection could be made (refused)"),
        (httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate has expired"), Refusal, "has expired"),
        (httpx.ConnectError("self-signed certificate"), Refusal, "signed by itself"),
        (httpx.ConnectError("SSL: Hostname mismatch"), Refusal, "for another name"),
        (httpx.ReadError("reset"), RetryableError, "the connection broke (reset)"),
        (httpx.DecodingError("bad gzip"), Refusal, "cannot be unpacked"),
        (httpx.InvalidURL("bad port"), Refusal, "cannot be understood (bad port)"),
    ],
)
def test_what_the_network_does_is_a_value_in_words(error, kind, words):
    found = answer(error)
    assert isinstance(found, kind)
    assert words in found.reason
