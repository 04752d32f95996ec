"""google_images_download in its own process: its three silent endings in words, and no browser left behind."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.collect.google import GoogleSource
from core.collect.processes import _table, alive
from core.collect.source import Query, SourceOptions, open_source
from core.errors import Cancelled, SourceError
from core.settings import ROOT
from tests.stand_in.server import page
from tests.stand_in.services import add_google

browser = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("chromedriver"), reason="no chromedriver is installed"),
]


def answering(*lines: str, code: int = 0) -> tuple[str, ...]:
    """A worker that prints these lines."""
    text = "\n".join(lines)
    return sys.executable, "-c", f"import sys; sys.stdin.readline(); print({text!r}); sys.exit({code})"


def words_of(source: GoogleSource) -> str:
    with pytest.raises(SourceError) as caught:
        list(source.search(Query("Rei")))
    return str(caught.value)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("no browser", "cannot be started"),
        ("network", "google: the page cannot be opened (net::ERR"),
        ("robot", "google: it shows a CAPTCHA."),
        ("nothing", "google: the page shows no pictures."),
        ("library", "google: the library failed (net::ERR)."),
    ],
)
def test_each_ending_of_the_library_is_a_sentence(error, words):
    answer = json.dumps({"error": error, "detail": "net::ERR"})
    assert words in words_of(GoogleSource(command=answering(answer)))


def test_a_process_that_dies_says_so():
    assert "ended without an answer (exit code 3)" in words_of(GoogleSource(command=answering(code=3)))


def test_a_browser_that_hangs_is_ended_with_all_it_started(tmp_path):
    child = "import os, time; os.setsid(); open('child', 'w').write(str(os.getpid())); time.sleep(600)"
    parent = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {child!r}]); time.sleep(600)"
    script = tmp_path / "hang.py"
    script.write_text(f"import os; os.chdir({str(tmp_path)!r})\n{parent}")
    source = GoogleSource(seconds=1.5, command=(sys.executable, str(script)))
    assert "google: the browser did not finish within 1.5 s." in words_of(source)
    pid = int((tmp_path / "child").read_text())
    assert not alive(pid)


def test_cancelling_ends_the_browser_too(tmp_path):
    script = tmp_path / "hang.py"
    script.write_text(f"import os, time; open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); time.sleep(600)")

    def stop():
        if (tmp_path / "pid").exists():
            raise Cancelled("Stopped.")

    source = GoogleSource(command=(sys.executable, str(script)))
    with pytest.raises(Cancelled):
        list(source.search(Query("Rei", beat=stop)))
    assert not alive(int((tmp_path / "pid").read_text()))


def test_where_the_app_dies_its_browser_dies_too():
    grandchild = "import os, time; os.setsid(); print(os.getpid(), flush=True); time.sleep(600)"
    worker = (
        "import subprocess, sys; from core.collect.google_worker import end_with_parent; "
        f"subprocess.Popen([sys.executable, '-c', {grandchild!r}]); end_with_parent()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", worker], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, start_new_session=True
    )
    started = int(process.stdout.readline())
    process.stdin.close()  # as the system does for a process that is killed
    process.wait(10)
    process.stdout.close()
    deadline = time.monotonic() + 5
    while alive(started) and time.monotonic() < deadline:
        pass
    assert not alive(started)


def test_what_it_finds_comes_with_address_page_and_title():
    items = [{"image": "https://a.example/1.jpg", "page": "https://site.example/", "title": "One"}]
    (found,) = GoogleSource(command=answering("noise", json.dumps({"items": items}))).search(Query("Rei"))
    assert (found.picture_url, found.page_url, found.title) == (
        "https://a.example/1.jpg",
        "https://site.example/",
        "One",
    )


class TestInARealBrowser:
    pytestmark = browser

    def test_it_reads_the_page_and_leaves_no_browser_behind(self, server):
        addresses = [f"https://pics.example/{n}.jpg?a=1&b={n}" for n in range(12)]
        add_google(server, addresses)
        found = list(GoogleSource(server.url("")).search(Query("Rei Ayanami", limit=12)))
        assert [f.picture_url for f in found] == addresses
        assert (found[5].page_url, found[5].title) == ("https://site.example/page5.html", "Title 5 & more")
        asked = next(r for r in server.log if r.path == "/search")
        assert (asked.parameters["q"], asked.parameters["safe"]) == ("Rei Ayanami", "active")
        assert not _browsers()

    @pytest.mark.long
    def test_a_page_without_pictures_and_one_that_asks_for_proof_say_so(self, server):
        server.add("/search", page("<html><body>Our systems have detected unusual traffic</body></html>"))
        assert "CAPTCHA" in words_of(GoogleSource(server.url("")))
        assert not _browsers()

    def test_offline_says_so_and_leaves_no_browser_behind(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
        assert "google: the page cannot be opened (" in words_of(GoogleSource(nobody))
        assert not _browsers()

    def test_a_page_that_hangs_is_ended_with_the_browser(self, server):
        server.add("/search", lambda _: server.release.wait(60) and page(""))
        assert "did not finish within 4 s" in words_of(GoogleSource(server.url(""), seconds=4))
        assert not _browsers()


def test_without_a_driver_it_says_what_to_install(monkeypatch, server):
    monkeypatch.setenv("SE_OFFLINE", "true")
    monkeypatch.setenv("SE_CHROMEDRIVER", "/nowhere/chromedriver")
    assert "cannot be started" in words_of(GoogleSource(server.url(""), driver="/nowhere/chromedriver", seconds=60))


def _browsers() -> list[int]:
    """Processes of a browser that were started by a driver under this test's worker, waited for a moment."""
    deadline = time.monotonic() + 3
    while (found := [pid for pid, *_ in _table() if _is_browser(pid)]) and time.monotonic() < deadline:
        pass
    return found


def _is_browser(pid: int) -> bool:
    try:
        line = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    # Other tests of this machine may drive a browser too; ours has the library's user agent.
    return b"Chrome/120.0.0.0" in line and b"user-agent=" in line


@pytest.mark.parametrize(("limit", "asked"), [(1, 20), (10, 20), (11, 22), (50, 100)])
def test_twice_as_many_as_are_needed_are_asked_for_and_twenty_at_least(tmp_path, limit, asked):
    told = tmp_path / "job.json"
    code = f"import sys; open({str(told)!r}, 'w').write(sys.stdin.readline()); print('{{\"items\": []}}')"
    source = GoogleSource("http://a", False, command=(sys.executable, "-c", code), driver="/my/driver")
    assert list(source.search(Query("Rei", limit=limit))) == []
    job = json.loads(told.read_text())
    assert job == {"words": "Rei", "limit": asked, "safe": False, "base_url": "http://a", "driver": "/my/driver"}


def test_only_safe_pictures_are_asked_for_unless_said_otherwise():
    for any_rating in (True, False):
        assert open_source("google", SourceOptions(any_rating=any_rating)).safe is not any_rating


def test_google_has_no_characters_of_its_own():
    assert (GoogleSource().characters(), GoogleSource().card.name) == ([], "google")
