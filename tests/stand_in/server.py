"""The stand-in server: a threading HTTP server on 127.0.0.1 with routes, a log of what was asked, and broken kinds."""

from __future__ import annotations

import io
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import numpy as np
from PIL import Image


@lru_cache(maxsize=2048)
def picture_bytes(n: int, side: int = 96) -> bytes:
    """JPEG number n: big random patches, so that no two look alike to a perceptual hash."""
    patches = np.random.default_rng(n).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(patches).resize((side, side), Image.Resampling.BICUBIC).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


@dataclass(frozen=True)
class Request:
    """What was asked: host without port, path, parameters, headers (lower-case names)."""

    host: str
    path: str
    parameters: dict[str, str]
    headers: dict[str, str]


@dataclass(frozen=True)
class Answer:
    """What is answered. `pieces`: an iterator of bytes that is sent without an announced length."""

    body: bytes = b""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    pieces: Callable | None = None
    announced: int | None = None
    raw: bool = False
    """The pieces are all there is: status line and headers are theirs to send."""


def page(text: str, **values) -> Answer:
    return Answer(text.encode(), **values)


def picture(n: int, **values) -> Answer:
    return Answer(picture_bytes(n), kind="image/jpeg", **values)


class StandIn:
    """Routes by path prefix, longest first; `log` holds every request in order, `served` whole answers by path."""

    def __init__(self):
        self.routes: dict[str, Callable[[Request], Answer]] = {}
        self.log: list[Request] = []
        self.served: Counter[str] = Counter()
        self.release = threading.Event()
        self.robots = ""
        self.add("/robots.txt", lambda _: Answer(self.robots.encode(), 200 if self.robots else 404, "text/plain"))
        self.add("/pic/", lambda r: picture(int(r.path.rsplit("/", 1)[-1].split(".")[0])))
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self):
                stand_in._handle(self)

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, request, client_address):
                pass  # a client that hangs up is what many tests are about

        self.http = Server(("127.0.0.1", 0), Handler)
        self.port = self.http.server_address[1]
        self._thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def add(self, prefix: str, answer: Callable[[Request], Answer] | Answer) -> None:
        self.routes[prefix] = answer if callable(answer) else lambda _: answer

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def asked(self, path: str) -> int:
        """How often exactly this path was asked."""
        return sum(r.path == path for r in self.log)

    def __enter__(self) -> StandIn:
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.release.set()
        self.http.shutdown()
        self.http.server_close()
        self._thread.join()

    def _handle(self, handler: BaseHTTPRequestHandler) -> None:
        split = urlsplit(handler.path)
        request = Request(
            handler.headers.get("Host", "").rsplit(":", 1)[0],
            split.path,
            {k: v[0] for k, v in parse_qs(split.query, keep_blank_values=True).items()},
            {k.lower(): v for k, v in handler.headers.items()},
        )
        self.log.append(request)
        prefixes = [p for p in self.routes if request.path.startswith(p)]
        answer = self.routes[max(prefixes, key=len)](request) if prefixes else page("<h1>Not found</h1>", status=404)
        if answer.raw:
            handler.close_connection = True
            for piece in answer.pieces():
                handler.wfile.write(piece)
            return
        handler.send_response(answer.status)
        handler.send_header("Content-Type", answer.kind)
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        if answer.pieces is None:
            length = len(answer.body) if answer.announced is None else answer.announced
            handler.send_header("Content-Length", str(length))
            handler.end_headers()
            handler.wfile.write(answer.body)
            handler.close_connection = length != len(answer.body)
        else:
            handler.send_header("Connection", "close")
            handler.end_headers()
            handler.close_connection = True
            for piece in answer.pieces():
                handler.wfile.write(piece)
        self.served[request.path] += 1
