"""What a request brings: pictures decoded in their order, a reason for each that cannot be, answers in their places."""

from __future__ import annotations

import asyncio
import base64
import json
from concurrent.futures import Future

import numpy as np
import pytest
from fastapi import HTTPException
from starlette.requests import Request

from core.imaging.reading import encode_jpeg
from core.server.limits import ServerLimits
from core.server.requests import ask_together, read_request
from core.server.schemas import DetectRequest
from tests.conftest import noise

JPEG = base64.b64encode(encode_jpeg(noise(1, 20, 30))).decode()


def read(body, kind="application/json", limits=None):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()

    async def receive():
        return {"type": "http.request", "body": data, "more_body": False}

    request = Request({"type": "http", "method": "POST", "headers": [(b"content-type", kind.encode())]}, receive)
    return asyncio.run(read_request(request, DetectRequest, limits or ServerLimits()))


def refused(*args, **values):
    with pytest.raises(HTTPException) as problem:
        read(*args, **values)
    return problem.value.status_code, problem.value.detail


def test_pictures_come_in_their_order_and_a_broken_one_with_its_reason():
    pictures = [{"name": "a", "data": JPEG}, {"name": "b", "data": "%"}, {"data": base64.b64encode(b"x").decode()}]
    asked, (first, second, third) = read({"pictures": pictures, "min_score": 0.5})
    assert asked.min_score == 0.5
    assert (first[0], first[1].shape, first[2]) == ("a", (20, 30, 3), "")
    assert (second[0], second[1], second[2]) == ("b", None, "b is not base64. Encode the picture file as base64.")
    assert third[1] is None
    assert third[2]


def test_a_form_brings_files_and_fields():
    edge = b"--x\r\nContent-Disposition: form-data; name="
    form = edge + b'"min_score"\r\n\r\n0.5\r\n'
    form += edge + b'"pictures"; filename="a.jpg"\r\n\r\n' + base64.b64decode(JPEG) + b"\r\n--x--\r\n"
    asked, ((name, pixels, error),) = read(form, "multipart/form-data; boundary=x")
    assert (asked.min_score, name, pixels.shape, error) == (0.5, "a.jpg", (20, 30, 3), "")


def test_a_file_in_another_field_is_not_passed_over():
    form = b'--x\r\nContent-Disposition: form-data; name="picture"; filename="a.jpg"\r\n\r\n1\r\n--x--\r\n'
    told = "picture: a picture's field is called `pictures`, also where it is one."
    assert refused(form, "multipart/form-data; boundary=x") == (422, told)


def test_what_is_no_request_is_refused_in_words():
    assert refused(b"{") == (422, "The body is neither a multipart form with files nor JSON.")
    assert refused({"pictures": []})[1].startswith("pictures: ")
    assert refused([])[0] == 422
    assert refused({"pictures": [{"data": JPEG}], "min_score": 2})[1].startswith("min_score: ")


@pytest.mark.parametrize(("n", "fits"), [(2, True), (3, False)])
def test_no_more_pictures_than_allowed(n, fits):
    body, limits = {"pictures": [{"data": JPEG}] * n}, ServerLimits(pictures=2)
    if fits:
        assert len(read(body, limits=limits)[1]) == 2
    else:
        assert refused(body, limits=limits) == (413, "A request has at most 2 pictures, this one has 3.")


def together(pictures, ask, seconds=5.0):
    return asyncio.run(ask_together(pictures, ask, ServerLimits(seconds=seconds)))


def of(value):
    future = Future()
    future.set_exception(value) if isinstance(value, BaseException) else future.set_result(value)
    return future


def test_each_picture_gets_its_own_answer_and_a_broken_one_its_reason():
    pixels = [np.full((1, 1, 3), n, np.uint8) for n in (1, 2)]
    pictures = [("a", pixels[0], ""), ("b", None, "b is not base64."), ("c", pixels[1], "")]
    answers = together(pictures, lambda rgb: of([{"value": int(rgb[0, 0, 0])}]))
    assert [(a.picture, a.faces, a.error) for a in answers] == [
        ("a", [{"value": 1}], None),
        ("b", [], "b is not base64."),
        ("c", [{"value": 2}], None),
    ]


def test_a_failure_is_raised_and_no_answer_in_time_is_503():
    picture = [("a", np.zeros((1, 1, 3), np.uint8), "")]
    with pytest.raises(ZeroDivisionError):
        together(picture, lambda rgb: of(ZeroDivisionError()))
    with pytest.raises(HTTPException) as late:
        together(picture, lambda rgb: Future(), seconds=0.01)
    assert (late.value.status_code, late.value.headers) == (503, {"Retry-After": "5"})
