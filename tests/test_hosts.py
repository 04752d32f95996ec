"""The app answers only to its own names: a web page that rebinds its name to this machine gets no session."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from core.settings import ROOT


@pytest.fixture(scope="module")
def port(tmp_path_factory) -> Iterator[int]:
    """The port of a real server with the project's own configuration."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "Home.py", "--server.port", str(port)]
    command += ["--server.headless", "true", "--server.fileWatcherType", "none"]
    log = tmp_path_factory.mktemp("hosts") / "log.txt"
    with log.open("wb") as sink:
        process = subprocess.Popen(command, cwd=ROOT, stdout=sink, stderr=sink)
    try:
        end = time.monotonic() + 90
        while status(port, "localhost", path="/_stcore/health", upgrade=False) != 200:
            assert process.poll() is None and time.monotonic() < end, log.read_text()
            time.sleep(0.2)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def status(port: int, host: str, *, origin: str = "", path: str = "/_stcore/stream", upgrade: bool = True) -> int:
    """The status of an answer; 101 is an open WebSocket, 0 no answer."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}"]
    if upgrade:
        lines += ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"]
        lines += ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", f"Origin: {origin}"]
    else:
        lines += ["Connection: close"]
    try:
        with socket.create_connection(("localhost", port), timeout=20) as connection:
            connection.sendall("\r\n".join([*lines, "", ""]).encode())
            return int(connection.recv(64).split()[1])
    except (OSError, IndexError):
        return 0


@pytest.mark.slow
def test_its_own_names_are_let_in(port):
    for host in (f"localhost:{port}", f"127.0.0.1:{port}", f"[::1]:{port}"):
        assert status(port, host, origin=f"http://{host}") == 101


@pytest.mark.slow
def test_another_name_is_refused_even_where_the_origin_is_the_same(port):
    for host in (f"evil.example:{port}", "evil.example", f"localhost.evil.example:{port}", f"evil@localhost:{port}"):
        assert status(port, host, origin=f"http://{host}") in (400, 403)


@pytest.mark.slow
def test_a_page_of_another_site_is_refused(port):
    assert status(port, f"localhost:{port}", origin="http://evil.example") == 403
