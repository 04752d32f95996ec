"""Bing and DuckDuckGo through ddgs, against their answer shapes."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from core.collect.engines import EngineSource, _network
from core.collect.source import Query, SourceOptions, open_source
from core.errors import SourceError
from tests.stand_in.server import page
from tests.stand_in.services import add_bing, add_duckduckgo, json_answer

ADDRESSES = [f"https://pics.example/a%2Fb/{n}.jpg?x=1&y={n}" for n in range(80)]


@pytest.mark.parametrize("name", ["bing", "duckduckgo"])
def test_results_come_page_by_page_with_address_page_and_title(server, name):
    add_bing(server, {"Rei Ayanami": ADDRESSES})
    add_duckduckgo(server, {"Rei Ayanami": ADDRESSES})
    source = open_source(name, SourceOptions(base_url=server.url("")))
    found = list(source.search(Query("Rei Ayanami", limit=80)))
    assert [f.picture_url for f in found] == ADDRESSES
    assert (found[3].page_url, found[3].source, found[3].query) == (
        "https://site.example/page3.html",
        name,
        "Rei Ayanami",
    )
    assert found[3].title


def test_safe_search_is_asked_for(server):
    add_bing(server, {})
    add_duckduckgo(server, {})
    for name in ("bing", "duckduckgo"):
        list(open_source(name, SourceOptions(base_url=server.url(""))).search(Query("x")))
    asked = {r.path: r.parameters for r in server.log}
    assert asked["/images/async"]["adlt"] == "strict"
    assert asked["/i.js"]["p"] == "1"


def test_no_more_pages_are_asked_for_than_are_read(server):
    add_bing(server, {"x": ADDRESSES})
    next(EngineSource("bing", server.url("")).search(Query("x")))
    assert server.asked("/images/async") == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (page("slow down", status=429), "bing: it refused the request for now \\(answer 429\\). Wait some minutes"),
        (page("oops", status=500), "bing: it answered 500."),
        (page("<html><form id='captcha'>Are you a human?</form></html>"), "bing: it shows a CAPTCHA"),
    ],
)
def test_each_way_to_fail_is_a_sentence_with_the_name(server, answer, words):
    server.add("/images/async", answer)
    with pytest.raises(SourceError, match=words):
        list(EngineSource("bing", server.url("")).search(Query("x")))


def test_an_answer_of_another_form_says_so(server):
    add_duckduckgo(server, {})
    server.add("/i.js", page("<html>surprise</html>"))
    with pytest.raises(SourceError, match="duckduckgo: its answer is not of the form that is known"):
        list(EngineSource("duckduckgo", server.url("")).search(Query("x")))


def test_no_search_token_says_so(server):
    server.add("/", page("<html>nothing here</html>"))
    with pytest.raises(SourceError, match="duckduckgo: it did not let a program search"):
        list(EngineSource("duckduckgo", server.url("")).search(Query("x")))


def test_nothing_found_is_an_empty_list(server):
    server.add("/i.js", json_answer({"results": []}))
    add_bing(server, {})
    assert list(EngineSource("bing", server.url("")).search(Query("nobody"))) == []


def test_a_server_that_is_not_there_or_hangs_says_so(server):
    with pytest.raises(SourceError, match="bing: it cannot be reached"):
        list(EngineSource("bing", "http://127.0.0.1:9").search(Query("x")))
    server.add("/images/async", lambda _: server.release.wait(10) and page(""))
    with pytest.raises(SourceError, match="bing: no answer within 1 s"):
        list(EngineSource("bing", server.url(""), timeout=1).search(Query("x")))


class Pages:
    """An engine with so many results a page, without end or with so many pages."""

    status, blocked = 200, False

    def __init__(self, pages, *, image="https://a.example/{}.jpg"):
        self.pages, self.image, self.asked, self.raw = pages, image, [], {}

    def search(self, words, safesearch, page):
        self.asked.append((safesearch, page))
        found = range(2 * page, 2 * page + 2) if page <= self.pages else ()
        return [SimpleNamespace(image=self.image.format(n), url=None, title=None) for n in found]


def searched(monkeypatch, engine, **values):
    monkeypatch.setattr(EngineSource, "_engine", lambda self: engine)
    return list(EngineSource("bing", **values).search(Query("x")))


def test_ten_pages_are_read_at_most_and_one_that_brings_nothing_new_ends_it(monkeypatch):
    endless = Pages(99)
    assert len(searched(monkeypatch, endless)) == 20
    assert [page for _, page in endless.asked] == list(range(1, 11))
    again = Pages(99, image="https://a.example/same.jpg")
    assert [hit.picture_url for hit in searched(monkeypatch, again)] == ["https://a.example/same.jpg"] * 2
    assert len(again.asked) == 2


def test_a_result_without_an_address_is_none(monkeypatch):
    assert searched(monkeypatch, Pages(3, image="")) == []


@pytest.mark.parametrize(("safe", "said"), [(True, "on"), (False, "off")])
def test_the_engine_is_told_whether_the_search_is_safe(monkeypatch, safe, said):
    engine = Pages(1)
    searched(monkeypatch, engine, safe=safe)
    assert engine.asked[0] == (said, 1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("DNS error", "its name is not known here"),
        ("bad certificate", "no secure connection could be made"),
        ("connection refused", "it does not accept the connection"),
        ("ConnectError: x", "no connection could be made"),
        ("a  b\nc", "a b c"),
        ("x" * 160, "x" * 160),
        ("x" * 161, "x" * 157 + "..."),
    ],
)
def test_the_library_s_words_are_shortened(words, said):
    assert _network(Exception(words)) == said


@pytest.mark.parametrize("name", ["bing", "duckduckgo"])
def test_an_engine_has_no_characters_of_its_own(name):
    assert (EngineSource(name).characters(), EngineSource(name).card.name) == ([], name)
