"""The API over its own wire format, with the shipped models and drawn characters."""

import asyncio
import base64
import errno
import json
import sqlite3
from concurrent.futures import Future
from types import SimpleNamespace

import numpy as np
import pytest
from sqlalchemy.exc import DBAPIError

from core.drawn import cast, draw
from core.failures import LOG
from core.imaging.framing import face_crop
from core.imaging.reading import encode_jpeg
from core.recognise.recogniser import enrol
from core.server.app import create_app
from core.server.batching import Full
from core.server.limits import ServerLimits
from core.server.service import Service
from core.server.tokens import Tokens
from core.settings import Settings
from core.workspace.project import open_project
from core.workspace.undo import undo
from tests.core.server.serving import client_of

READER, WRITER = "reader-reader-reader", "writer-writer-writer"
WHO = cast(2, 0)


def faces(character, n, first=0):
    """Frontal faces of a drawn character, as face_crop cuts them."""
    found, seed = [], first
    while len(found) < n:
        picture = draw(character, seed)
        found += [face_crop(picture.pixels, f.box) for f in picture.faces if f.pose == "front"][:1]
        seed += 1
    return found[:n]


def as64(rgb):
    return base64.b64encode(encode_jpeg(rgb)).decode()


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """Two drawn characters, three faces each, enrolled."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("served"))
    with open_project("served", settings, create=True) as project:
        for character in WHO:
            enrol(project, character.name, faces(character, 3))
        made = Service(project)
        yield made
        made.close()


@pytest.fixture(scope="module")
def client(service):
    with client_of(create_app(service)) as made:
        yield made


def test_the_server_says_that_it_is_there(client):
    assert client.get("/healthz").json() == {
        "status": "ok",
        "workspace": "served",
        "version": "0.1.0",
        "ready": True,
    }


def test_a_server_whose_catalogue_is_gone_is_not_ready_and_writes_nothing(client, service):
    path = service.project.catalogue.path
    aside = path.rename(path.with_name("aside.db"))
    try:
        assert client.get("/healthz").json() == {
            "status": "ok",
            "workspace": "served",
            "version": "0.1.0",
            "ready": False,
        }
        answer = client.post("/v1/corrections", json={"face": 1, "action": "not_a_face"})
        assert (answer.status_code, "is not there any more" in answer.json()["detail"]) == (400, True)
    finally:
        aside.rename(path)
    assert client.get("/healthz").json()["ready"]


def test_a_file_and_base64_get_the_same_name(client):
    face = faces(WHO[0], 1, first=500)[0]
    by_file = client.post(
        "/v1/recognise", files={"pictures": ("a.jpg", encode_jpeg(face), "image/jpeg")}, data={"faces": "true"}
    )
    by_json = client.post("/v1/recognise", json={"faces": True, "pictures": [{"name": "a.jpg", "data": as64(face)}]})
    assert by_file.status_code == by_json.status_code == 200, (by_file.text, by_json.text)
    assert by_file.json() == by_json.json()
    (answer,) = by_json.json()
    assert answer["picture"] == "a.jpg" and answer["error"] is None
    assert answer["faces"][0]["candidates"][0]["character"] == WHO[0].name
    assert {"box", "verdict", "similarity", "evidence", "reason"} <= set(answer["faces"][0])


def test_several_pictures_keep_their_order_and_a_broken_one_is_told_in_its_place(client):
    pictures = [{"name": name, "data": data} for name, data in (
        ("0", as64(faces(WHO[1], 1, first=500)[0])), ("1", base64.b64encode(b"no picture").decode()), ("2", "?!"),
        ("3", as64(faces(WHO[0], 1, first=500)[0])))]  # fmt: skip
    answers = client.post("/v1/recognise", json={"faces": True, "pictures": pictures}).json()
    assert [a["picture"] for a in answers] == ["0", "1", "2", "3"]
    assert [len(a["faces"]) for a in answers] == [1, 0, 0, 1]
    assert answers[0]["faces"][0]["candidates"][0]["character"] == WHO[1].name
    assert "not a picture" in answers[1]["error"] and "base64" in answers[2]["error"]


def test_faces_are_found_where_they_are(client):
    picture = next(p for p in (draw(WHO[0], seed) for seed in range(100)) if [f.pose for f in p.faces] == ["front"])
    (answer,) = client.post("/v1/detect", json={"pictures": [{"data": as64(picture.pixels)}]}).json()
    found = answer["faces"][0]["box"]
    true = picture.faces[0].box
    assert abs(found[0] + found[2] / 2 - true.centre[0]) < true.w / 3
    assert abs(found[1] + found[3] / 2 - true.centre[1]) < true.h / 3


def test_who_is_enrolled_answers_at_once_and_a_correction_is_one_step(service, client):
    names = [c["name"] for c in client.get("/v1/characters").json()]
    assert sorted(names) == sorted(c.name for c in WHO)
    new = cast(3, 5)[2]
    done = client.post(
        "/v1/enrol", json={"character": "Somebody new", "pictures": [{"data": as64(f)} for f in faces(new, 2)]}
    )
    assert done.status_code == 200, done.text
    asked = {"faces": True, "pictures": [{"data": as64(faces(new, 1, first=50)[0])}]}
    assert (
        client.post("/v1/recognise", json=asked).json()[0]["faces"][0]["candidates"][0]["character"] == "Somebody new"
    )
    face = service.project.catalogue.faces(state="kept")[-1]
    wrong = client.post("/v1/corrections", json={"face": face.id, "action": "reject", "reason": "blurred"})
    assert wrong.json()["faces"] == [face.id]
    assert service.project.catalogue.face(face.id).state == "rejected"


def test_a_crop_can_be_said_to_be_nobody_and_the_next_answer_knows(service, client):
    crop = as64(faces(WHO[0], 1, first=70)[0])
    asked = {"faces": True, "pictures": [{"data": crop}]}
    done = client.post("/v1/corrections", json={"picture": crop, "action": "not_in_cast"})
    assert (done.status_code, done.json()["action"]) == (200, "a face: not in the cast"), done.text
    (found,) = client.post("/v1/recognise", json=asked).json()[0]["faces"]
    assert (found["verdict"], found["character"]) == ("unknown", None)
    assert "not in your cast" in found["reason"]
    denied = client.post("/v1/corrections", json={"picture": crop, "action": "not_this", "character": WHO[0].name})
    assert denied.json()["action"] == f"a face: not {WHO[0].name}"
    undo(service.project)
    undo(service.project)


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        ("/v1/recognise", {"pictures": []}, 422, "pictures"),
        ("/v1/recognise", {"pictures": [{"data": "", "size": 3}]}, 422, "size"),
        ("/v1/recognise", [1, 2], 422, "body"),
        ("/v1/detect", {"pictures": [{"data": ""}], "min_score": 7}, 422, "min_score"),
        ("/v1/enrol", {"pictures": [{"data": ""}]}, 422, "character"),
        ("/v1/enrol", {"character": "A", "pictures": [{"data": "AAAA"}]}, 400, "not a picture"),
        ("/v1/corrections", {"face": 999, "action": "reject"}, 400, "999"),
        ("/v1/corrections", {"face": 1, "action": "relabel"}, 400, "character"),
        ("/v1/corrections", {"face": 1, "action": "explode"}, 422, "action"),
        ("/v1/corrections", {"face": 1, "picture": "AAAA", "action": "not_a_face"}, 400, "one face"),
        ("/v1/corrections", {"picture": "?", "action": "not_a_face"}, 400, "base64"),
        ("/v1/corrections", {"picture": "AAAA", "action": "keep"}, 400, "enrol"),
    ],
)
def test_what_cannot_be_done_is_said(client, path, body, status, words):
    answer = client.post(path, json=body)
    assert answer.status_code == status
    assert words in answer.text


def test_a_body_that_is_nothing_is_said(client):
    assert client.post("/v1/recognise", content=b"{").status_code == 422
    assert client.post("/v1/recognise", content=b"[" * 100_000).status_code == 422
    broken = {"content-type": "multipart/form-data; boundary=x"}
    assert client.post("/v1/recognise", content=b"rubbish", headers=broken).status_code in (400, 422)


@pytest.mark.parametrize("body", [b'{"face": Infinity, "action": "keep"}', b'{"face": 1, "action": "\\ud800"}', b"5"])
def test_a_correction_with_a_value_that_cannot_be_sent_back_is_refused_in_words(client, body):
    answer = client.post("/v1/corrections", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("body")


def test_too_much_is_refused(service):
    def drip():
        for _ in range(20):
            yield b"x" * 100

    with client_of(create_app(service, limits=ServerLimits(body=1000, pictures=2))) as client:
        assert client.post("/v1/recognise", content=b"x" * 1001).status_code == 413
        assert client.post("/v1/recognise", content=drip()).status_code == 413, "whatever the length claims"
        three = {"pictures": [{"data": ""}] * 3}
        assert client.post("/v1/recognise", json=three).status_code == 413


def test_small_files_of_many_pixels_are_refused_before_all_are_decoded(service, monkeypatch):
    read = []
    monkeypatch.setattr("core.server.requests.read_picture", lambda *_, **__: read.append(1) or np.zeros((10, 10, 3)))
    with client_of(create_app(service, limits=ServerLimits(pixels=250))) as client:
        answer = client.post("/v1/detect", json={"pictures": [{"data": "AAAA"}] * 9})
    assert (answer.status_code, len(read)) == (413, 3)
    assert "at most 250 pixels together" in answer.text


def test_a_token_is_needed_where_there_are_tokens(service, tmp_path):
    path = tmp_path / "tokens"
    path.write_text(f"{READER} read\n{WRITER} read,write\n")
    with client_of(create_app(service, Tokens.read(path))) as client:

        def status(method, route, token=None, **more):
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            return client.request(method, route, headers=headers, **more).status_code

        assert status("GET", "/healthz") == 200
        assert status("GET", "/v1/characters") == status("GET", "/v1/characters", "x" * 20) == 401
        assert status("GET", "/v1/characters", READER) == 200
        correction = {"json": {"face": 999, "action": "keep"}}
        assert status("POST", "/v1/corrections", READER, **correction) == 403
        assert status("POST", "/v1/corrections", WRITER, **correction) == 400


def test_every_route_is_documented(client):
    paths = client.get("/openapi.json").json()["paths"]
    assert {"/healthz", "/v1/characters", "/v1/recognise", "/v1/detect", "/v1/enrol", "/v1/corrections"} == set(paths)
    body = paths["/v1/recognise"]["post"]["requestBody"]["content"]
    assert set(body) == {"application/json", "multipart/form-data"}


@pytest.mark.parametrize(("fields", "asked"), [({}, False), ({"shipped_cast": "true"}, True)])
def test_the_shipped_cast_is_asked_on_request(fields, asked):
    questions = []

    def recognise(question):
        questions.append((question.is_face_crop, question.shipped_cast))
        return future

    future = Future()
    future.set_result([])
    files = {"pictures": ("a.jpg", encode_jpeg(np.zeros((9, 9, 3), np.uint8)), "image/jpeg")}
    with client_of(create_app(SimpleNamespace(recognise=recognise))) as client:
        assert client.post("/v1/recognise", files=files, data=fields).status_code == 200
    assert questions == [(None, asked)]


def test_a_picture_of_noise_is_an_empty_list(client):
    noise = np.random.default_rng(0).integers(0, 256, (300, 500, 3), dtype=np.uint8)
    assert client.post("/v1/detect", json={"pictures": [{"data": as64(noise)}]}).json()[0]["faces"] == []


def test_a_server_that_is_busy_says_when_to_ask_again_and_one_that_ends_answers_what_waits():
    closed = []
    app = create_app(SimpleNamespace(close=lambda: closed.append(True)))

    async def asked():
        async with app.router.lifespan_context(app):
            assert not closed
            return await app.exception_handlers[Full](None, Full())

    answer = asyncio.run(asked())
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert json.loads(answer.body) == {"detail": "Too many pictures are waiting. Try again in a few seconds."}
    assert closed == [True]


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "faces/a.jpg"), 503, "The disk is full: faces/a.jpg"),
        (PermissionError(errno.EACCES, "denied", "faces"), 503, "faces may not be read or written"),
        (sqlite3.OperationalError("database is locked"), 503, "Another process is writing to the catalogue"),
        (DBAPIError("", {}, sqlite3.DatabaseError("file is not a database")), 503, "The catalogue is damaged"),
        (MemoryError(), 503, "There is not enough memory"),
        (sqlite3.IntegrityError("UNIQUE constraint failed"), 500, "Internal error: IntegrityError"),
        (ZeroDivisionError("division by zero"), 500, "Internal error: ZeroDivisionError"),
    ],
)
def test_what_the_system_fails_at_is_a_sentence_in_json_and_the_unforeseen_too(tmp_path, error, status, words):
    def characters():
        raise error

    project = SimpleNamespace(workspace=SimpleNamespace(root=tmp_path))
    with client_of(create_app(SimpleNamespace(characters=characters, project=project))) as client:
        answer = client.get("/v1/characters")
    assert (answer.status_code, answer.headers.get("retry-after")) == (status, "30" if status == 503 else None)
    assert answer.json()["detail"].startswith(words)
    assert (tmp_path / LOG).exists() == (status == 500)
