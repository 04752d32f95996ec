"""What the worker reads out of the result page, without a browser: addresses, pages, titles, and how it ended."""

from __future__ import annotations

import io
import json
import sys
from types import ModuleType, SimpleNamespace

import pytest

from core.collect import google_worker
from core.collect.google_worker import ROBOT, _first_line, _items, _plain, main, search


def shown(image, page, title):
    return f'["{image}",600,400],[1],{{"2003":[null,"id","{page}","{title}"]}}'


def test_each_address_gets_its_own_page_and_title():
    text = shown("https://a/1.jpg", "https://s/1", "One") + shown("https://a/2.jpg", "https://s/2", "Two \\u0026 more")
    assert list(_items(["https://a/2.jpg", "https://a/1.jpg"], text)) == [
        {"image": "https://a/2.jpg", "page": "https://s/2", "title": "Two & more"},
        {"image": "https://a/1.jpg", "page": "https://s/1", "title": "One"},
    ]


def test_an_address_without_a_page_does_not_take_its_neighbours():
    text = '["https://a/1.jpg",6,4]' + shown("https://a/2.jpg", "https://s/2", "Two")
    first, _, unknown = _items(["https://a/1.jpg", "https://a/2.jpg", "https://a/3.jpg"], text)
    assert first == {"image": "https://a/1.jpg", "page": "", "title": ""}
    assert unknown == {"image": "https://a/3.jpg", "page": "", "title": ""}


@pytest.mark.parametrize(("text", "plain"), [("a?b\\u003d1", "a?b=1"), ("a", "a"), ('a"b', 'a"b')])
def test_escapes_of_the_script_are_undone(text, plain):
    assert _plain(text) == plain


@pytest.mark.parametrize(
    ("page", "asks"), [("Unusual Traffic from", True), ("<a href=/sorry/index>", True), ("no results", False)]
)
def test_a_page_that_asks_for_proof_is_told(page, asks):
    assert bool(ROBOT.search(page)) is asks


def test_the_first_line_that_says_something_is_the_detail():
    assert _first_line("\n  \n  Message: no chrome \nStacktrace") == "Message: no chrome"
    assert _first_line("") == ""
    assert len(_first_line("x" * 500)) == 300


JOB = {"words": "Rei, Eva", "limit": 5, "safe": True, "driver": "", "base_url": ""}


class WebDriverError(Exception):
    """As the driver raises it."""

    def __init__(self, msg):
        super().__init__(msg)
        self.msg = msg


@pytest.fixture
def library(monkeypatch):
    """The library without a browser: what it finds, the page that it shows, how it fails; what it was asked."""
    told = SimpleNamespace(found={}, page="", error=None, asked=None, urls=[], quit=0)

    class Library:
        def build_search_url(self, words):
            return f"https://www.google.com/search?q={words}"

        def download_extended_page(self, url, driver):
            told.urls.append(url)
            return told.page

        def download(self, arguments):
            told.asked = arguments
            sys.modules["selenium"].webdriver.Chrome()
            print("\nit speaks ")  # noqa: T201
            if told.error is not None:
                raise told.error
            self.download_extended_page(self.build_search_url("Rei"), None)
            return told.found, 0

    class Browser:
        def quit(self):
            told.quit += 1
            raise RuntimeError("it is gone already")

    modules = {name: ModuleType(name) for name in ("google_images_download", "selenium", "selenium.common")}
    modules["google_images_download.google_images_download"] = SimpleNamespace(googleimagesdownload=Library)
    modules["selenium.common.exceptions"] = SimpleNamespace(WebDriverException=WebDriverError)
    modules["selenium"].webdriver = SimpleNamespace(Chrome=Browser)
    for name, one in modules.items():
        monkeypatch.setitem(sys.modules, name, one)
    return told


def test_each_picture_is_answered_once_and_the_library_speaks_to_nobody(library, capsys):
    library.found = {"Rei": ["https://a/1.jpg", "", "https://a/1.jpg"], "Eva": ["https://a/2.jpg"]}
    library.page = shown("https://a/1.jpg", "https://s/1", "One")
    assert search(JOB) == {
        "items": [
            {"image": "https://a/1.jpg", "page": "https://s/1", "title": "One"},
            {"image": "https://a/2.jpg", "page": "", "title": ""},
        ]
    }
    assert library.asked == {
        "keywords": "Rei  Eva",
        "limit": 5,
        "no_download": True,
        "silent_mode": True,
        "safe_search": True,
        "chromedriver": None,
    }
    assert (library.urls, library.quit) == (["https://www.google.com/search?q=Rei"], 1)
    assert capsys.readouterr().out == ""


def test_another_server_and_driver_may_stand_in(library):
    search(JOB | {"base_url": "http://127.0.0.1:1", "driver": "/bin/driver", "safe": False})
    assert library.urls == ["http://127.0.0.1:1/search?q=Rei"]
    assert (library.asked["chromedriver"], library.asked["safe_search"]) == ("/bin/driver", False)


@pytest.mark.parametrize(
    ("error", "page", "answer"),
    [
        (SystemExit(), "", {"error": "no browser", "detail": "it speaks"}),
        (WebDriverError("net::ERR_NAME"), "", {"error": "network", "detail": "net::ERR_NAME"}),
        (WebDriverError("no such element"), "", {"error": "library", "detail": "no such element"}),
        (WebDriverError(None), "", {"error": "library", "detail": ""}),
        (ValueError("x" * 400), "", {"error": "library", "detail": "ValueError: " + "x" * 288}),
        (None, "<div id='main-frame-error'>", {"error": "network", "detail": "the browser shows an error page"}),
        (None, "our systems have detected unusual traffic", {"error": "robot", "detail": ""}),
        (None, "no results", {"error": "nothing", "detail": ""}),
    ],
)
def test_each_ending_is_one_of_few_words_and_no_browser_is_left(library, error, page, answer):
    library.error, library.page = error, page
    assert search(JOB) == answer
    assert library.quit == 1


def test_a_job_is_a_line_and_so_is_its_answer(monkeypatch, capsys):
    watched = []
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(JOB) + "\nmore"))
    monkeypatch.setattr(google_worker, "end_with_parent", lambda: "it ends with its parent")
    thread = google_worker.threading.Thread
    monkeypatch.setattr(thread, "start", lambda self: watched.append((self.daemon, self._target())))
    monkeypatch.setattr(google_worker, "search", lambda job: {"items": [job["words"]]})
    main()
    assert capsys.readouterr().out == '{"items": ["Rei, Eva"]}\n'
    assert watched == [(True, "it ends with its parent")]


def test_a_page_is_looked_for_near_its_picture():
    """Google names it within 3000 letters, and before the next picture."""
    for between, page in ((2900, "https://s/1"), (3100, "")):
        text = '["https://a/1.jpg",6,4]' + " " * between + '"2003":[null,"id","https://s/1","One"]'
        assert [one["page"] for one in _items(["https://a/1.jpg"], text)] == [page]
