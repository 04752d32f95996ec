"""The step against the stand-in: sources in order, every reason said, and nothing fetched twice."""

from __future__ import annotations

import contextlib
import io
from collections import Counter, deque
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from core.collect import pipeline
from core.collect.config import CollectConfig
from core.collect.pipeline import Wanted, collect, for_nobody
from core.collect.source import Query, SearchHit, SourceCard, SourceOptions, failed, open_source
from core.collect.status import Tally
from core.errors import Cancelled, DataError
from core.settings import Settings
from core.workspace.catalogue import Catalogue
from core.workspace.workspaces import open_workspace
from tests.stand_in.server import Answer, page, picture_bytes
from tests.stand_in.services import add_bing, add_danbooru, danbooru_post


@dataclass(frozen=True)
class ListSource:
    """Addresses by character, then an error if there is one."""

    addresses: dict[str, list[str]]
    name: str = "listed"
    error: str = ""

    @property
    def card(self):
        return SourceCard(self.name, self.name, "", "")

    def characters(self):
        return []

    def search(self, query: Query):
        for url in self.addresses.get(query.character, []):
            yield SearchHit(self.name, query.words, url, page_url="https://site.example/page", author="An Artist")
        if self.error:
            raise failed(self.name, self.error, "Try another.")


@pytest.fixture
def workspace(tmp_path):
    return open_workspace("test", Settings(data_dir=tmp_path), create=True)


@pytest.fixture
def catalogue(workspace):
    with Catalogue(workspace.catalogue_path) as opened:
        yield opened


@pytest.fixture
def run(project, downloader):
    def run(wanted, *sources, **config):
        wanted = [Wanted(w) if isinstance(w, str) else w for w in wanted]
        settings = CollectConfig(**{"limit": 3, "min_side": 32} | config)
        return collect(project, wanted, sources, settings, downloader=downloader)

    return run


def test_pictures_are_kept_with_all_that_is_known_of_where_they_came_from(server, run, workspace, catalogue):
    done = run(["Rei"], ListSource({"Rei": [server.url(f"/pic/{n}.jpg") for n in range(5)]}))
    assert done.complete
    assert done.kept == 3
    kept = catalogue.pictures(state="kept")
    assert [workspace.path(p.path).read_bytes() for p in sorted(kept, key=lambda p: p.picture_url)] == [
        picture_bytes(n) for n in range(3)
    ]
    first = kept[0]
    assert (first.source, first.query, first.page_url) == ("listed", "Rei", "https://site.example/page")
    assert (first.author, first.width, first.height) == ("An Artist", 96, 96)
    assert len(first.sha256) == 64
    assert len(first.phash) == 16
    assert first.fetched_at.startswith("20")


def test_no_more_is_fetched_than_is_needed(server, run):
    run(["Rei"], ListSource({"Rei": [server.url(f"/pic/{n}.jpg") for n in range(50)]}))
    assert sum(r.path.startswith("/pic/") for r in server.log) == 3


def test_a_second_run_fetches_nothing_again_and_takes_only_what_is_missing(server, run):
    source = ListSource({"Rei": [server.url(f"/pic/{n}.jpg") for n in range(10)]})
    run(["Rei"], source, limit=4)
    run(["Rei"], source, limit=4)
    assert sum(r.path.startswith("/pic/") for r in server.log) == 4
    assert run(["Rei"], source, limit=6).kept == 2
    assert max(server.served.values()) == 1


def test_a_picture_cut_short_near_its_end_is_kept_and_its_provenance_says_so(server, run, catalogue):
    server.add("/short.jpg", Answer(picture_bytes(9)[:-2], kind="image/jpeg"))
    assert run(["Rei"], ListSource({"Rei": [server.url("/short.jpg")]})).kept == 1
    said = "the file is cut short: only its end mark is missing"
    assert [f.reason for f in catalogue.fetches()] == [p.reason for p in catalogue.pictures()] == [said]


def test_every_picture_not_kept_has_a_reason(server, run, catalogue):
    small = io.BytesIO()
    Image.fromarray(np.zeros((20, 40, 3), np.uint8)).save(small, "PNG")
    server.add("/small.png", Answer(small.getvalue(), kind="image/png"))
    server.add("/cut.jpg", Answer(picture_bytes(9)[:800], kind="image/jpeg"))
    server.add("/page.jpg", page("<!doctype html>" + " " * 99))
    paths = ["/gone.jpg", "/small.png", "/cut.jpg", "/page.jpg"]
    done = run(["Rei"], ListSource({"Rei": [server.url(p) for p in paths]}))
    reasons = {f.url.rpartition("/")[2]: f.reason for f in catalogue.fetches()}
    assert reasons["gone.jpg"] == "the server answered 404 Not Found"
    assert reasons["small.png"] == "it is too small: 40 x 20 pixels, where 32 on the shorter side are asked"
    assert "cut short or damaged" in reasons["cut.jpg"]
    assert reasons["page.jpg"] == "it is a web page, not a picture that can be read"
    assert sum(done.reasons.values()) == 4
    assert done.sources[0].refused == 4


def test_the_same_file_and_one_that_looks_alike_are_set_aside(server, run, workspace, catalogue):
    again = io.BytesIO()
    Image.open(io.BytesIO(picture_bytes(1))).save(again, "JPEG", quality=40)
    server.add("/same.jpg", Answer(picture_bytes(1), kind="image/jpeg"))
    server.add("/alike.jpg", Answer(again.getvalue(), kind="image/jpeg"))
    urls = [server.url(p) for p in ("/pic/1.jpg", "/same.jpg", "/alike.jpg", "/pic/2.jpg")]
    run(["Rei"], ListSource({"Rei": urls}), limit=2, at_once=1)
    first = catalogue.pictures(picture_url=urls[0])[0]
    same, alike = (catalogue.pictures(picture_url=url)[0] for url in urls[1:3])
    assert {(p.state, p.duplicate_of) for p in (same, alike)} == {("duplicate", first.id)}
    assert (same.reason, alike.reason) == (f"the same file as picture {first.id}", f"looks like picture {first.id}")
    assert alike.path.startswith("bin/pictures/Rei/")
    assert workspace.path(alike.path).exists()


def test_of_two_that_look_alike_the_larger_is_kept(server, run, workspace, catalogue):
    server.add("/large.jpg", Answer(picture_bytes(1, 300), kind="image/jpeg"))
    urls = [server.url("/pic/1.jpg"), server.url("/large.jpg")]
    run(["Rei"], ListSource({"Rei": urls[:1]}), limit=1)
    done = run(["Rei"], ListSource({"Rei": urls}), limit=2)
    assert (done.kept, done.sources[0].duplicates, done.characters[0].have) == (0, 1, 1)
    small, large = (catalogue.pictures(picture_url=url)[0] for url in urls)
    assert (small.state, small.duplicate_of, large.state) == ("duplicate", large.id, "kept")
    assert small.reason == "a larger one of the same picture came from listed"
    assert workspace.path(small.path).read_bytes() == picture_bytes(1)
    assert workspace.path(large.path).read_bytes() == picture_bytes(1, 300)


def test_an_address_found_for_a_second_character_is_not_fetched_again(server, run, catalogue):
    urls = [server.url("/pic/1.jpg"), server.url("/gone.jpg")]
    run(["Rei", "Asuka"], ListSource({"Rei": urls, "Asuka": urls}), limit=5)
    assert server.served["/pic/1.jpg"] == server.served["/gone.jpg"] == 1
    asuka = catalogue.character("Asuka")
    (second,) = catalogue.pictures(character_id=asuka.id)
    assert (second.state, second.reason) == ("duplicate", "the same file as picture 1 of Rei")


def test_what_a_person_rejected_does_not_come_back(server, run, catalogue):
    server.add("/copy.jpg", Answer(picture_bytes(1), kind="image/jpeg"))
    run(["Rei"], ListSource({"Rei": [server.url("/pic/1.jpg")]}))
    catalogue.set_values("pictures", {1: {"state": "rejected"}})
    run(["Rei"], ListSource({"Rei": [server.url("/copy.jpg")]}))
    assert catalogue.picture(2).reason == "the same file as picture 1, which was rejected"


def test_a_source_that_fails_says_so_by_name_and_the_next_is_tried(server, run):
    good = ListSource({"Rei": [server.url(f"/pic/{n}.jpg") for n in range(3)]}, "good")
    bad = ListSource({"Rei": [server.url("/pic/7.jpg")]}, "bad", "it broke half-way.")
    done = run(["Rei"], bad, good)
    assert done.complete
    assert [(s.name, s.state, s.message, s.kept) for s in done.sources] == [
        ("bad", "failed", "bad: it broke half-way. Try another.", 1),
        ("good", "done", "", 2),
    ]
    assert done.characters[0].messages == ("bad: it broke half-way. Try another.",)


def test_a_source_that_finds_nothing_says_so(server, run):
    done = run(["Rei"], ListSource({}))
    assert done.sources[0].state == "nothing"
    assert done.characters[0].messages == ("listed: found nothing for 'Rei'. Try other words, or another source.",)
    assert done.characters[0].need == 3


def test_a_source_that_keeps_failing_is_given_up(server, run):
    names = [f"c{n}" for n in range(5)]
    done = run(names, ListSource({}, "bad", "it is down."))
    assert [len(c.messages) for c in done.characters] == [1, 1, 1, 0, 0]
    assert done.sources[0].state == "given up"


def test_what_may_pass_is_tried_again_in_the_next_run(server, run, catalogue):
    answers = [page("", status=503)] * 3
    server.add("/later.jpg", lambda _: answers.pop() if answers else Answer(picture_bytes(4), kind="image/jpeg"))
    source = ListSource({"Rei": [server.url("/later.jpg")]})
    assert run(["Rei"], source).sources[0].failed == 1
    assert catalogue.fetches()[0].outcome == "failed"
    assert run(["Rei"], source).kept == 1


def test_names_never_collide(server, run, catalogue):
    png = io.BytesIO()
    Image.open(io.BytesIO(picture_bytes(5))).save(png, "PNG")
    server.add("/b/001.png", Answer(png.getvalue(), kind="image/png"))
    for n, folder in enumerate("acd"):
        server.add(f"/{folder}/001.jpg", Answer(picture_bytes(n), kind="image/jpeg"))
    urls = [server.url(p) for p in ("/a/001.jpg", "/b/001.png", "/c/001.jpg", "/d/001.jpg")]
    run(["Rei"], ListSource({"Rei": urls}), limit=4, at_once=1)
    names = [p.path.rpartition("/")[2] for p in catalogue.pictures()]
    assert names == ["001.jpg", "001_2.png", "001_3.jpg", "001_4.jpg"]


def test_cancelling_keeps_what_was_done(server, project, downloader):
    def stop_at_two(progress):
        if progress.n >= 2:
            raise Cancelled("Stopped.")

    source = ListSource({"Rei": [server.url(f"/pic/{n}.jpg") for n in range(10)]})
    with pytest.raises(Cancelled):
        collect(project, [Wanted("Rei")], [source], downloader=downloader, report=stop_at_two)
    assert len(project.catalogue.pictures(state="kept")) == 2


def test_progress_tells_what_a_page_shows(server, project, downloader):
    told = []
    source = ListSource({"Rei": [server.url("/gone.jpg"), server.url("/pic/1.jpg")]})
    config = CollectConfig(limit=1, min_side=32)
    collect(project, [Wanted("Rei")], [source], config, downloader=downloader, report=told.append)
    last = [p.data["last"] for p in told if "last" in p.data]
    assert [x["outcome"] for x in last] == ["refused", "kept"]
    assert last[0]["reason"] == "the server answered 404 Not Found"
    assert last[1]["path"] == "pictures/Rei/1.jpg"
    assert (told[-1].n, told[-1].total) == (1, 1)
    assert told[-1].data["sources"][0]["kept"] == 1
    assert (told[-2].data["character"], told[-2].data["have"], told[-2].data["wanted"]) == ("Rei", 1, 1)


def test_bing_fails_and_danbooru_fills_in(server, run, downloader, catalogue):
    server.add("/images/async", page("", status=429))
    posts = [danbooru_post(n, server.url(f"/pic/{n}.jpg")) for n in range(5)]
    add_danbooru(server, {"hinata_shouyou": posts})
    options = SourceOptions(base_url=server.url(""), downloader=downloader)
    sources = [open_source(name, options) for name in ("bing", "danbooru")]
    done = run([Wanted("Hinata Shoyo", "Hinata Haikyuu tag:hinata_shouyou")], *sources)
    assert [(s.name, s.state, s.kept) for s in done.sources] == [("bing", "failed", 0), ("danbooru", "done", 3)]
    assert "answer 429" in done.characters[0].messages[0]
    assert catalogue.pictures()[0].author == "some artist"
    add_bing(server, {"Hinata Haikyuu": [server.url("/pic/50.jpg")]})
    assert run([Wanted("Hinata Shoyo", "Hinata Haikyuu", 4)], sources[0]).kept == 1


def test_a_setting_that_makes_no_sense_is_named():
    with pytest.raises(DataError, match="limit is a whole number from 1 to 1,000,000, got 0"):
        CollectConfig(limit=0)


def test_a_hostile_file_ends_itself_and_not_the_run(server, run, catalogue, monkeypatch):
    from core.collect import candidate

    read = candidate.read_with_note

    def break_on_the_second(data, **values):
        if data == picture_bytes(2):
            raise ArithmeticError("a decoder nobody foresaw")
        return read(data, **values)

    monkeypatch.setattr(candidate, "read_with_note", break_on_the_second)
    done = run(["Rei"], ListSource({"Rei": [server.url(f"/pic/{n}.jpg") for n in (1, 2, 3, 4)]}))
    assert done.complete
    (refused,) = catalogue.fetches(outcome="refused")
    assert refused.reason == "it cannot be read (ArithmeticError: a decoder nobody foresaw)"


@pytest.mark.parametrize("stopped", [True, False])
def test_whoever_waits_for_a_turn_is_woken_where_a_run_is_stopped(project, server, downloader, stopped):
    def report(progress):
        if stopped:
            raise Cancelled("Stopped.")

    source = ListSource({"Rei": [server.url("/pic/1.jpg")]})
    settings = CollectConfig(limit=1, min_side=32)
    with contextlib.suppress(Cancelled):
        collect(project, [Wanted("Rei")], [source], settings, downloader=downloader, report=report)
    assert downloader.clock.stop.is_set() is stopped


def found_at(url, load=None):
    return SearchHit("listed", "Rei", url, load=load)


@pytest.mark.parametrize(
    ("url", "host"), [("http://a.example:81/x.jpg", "a.example:81"), ("http://[::1", ""), ("no address", "")]
)
def test_the_host_of_a_result_is_that_of_its_address(url, host):
    assert pipeline._host(found_at(url)) == host
    assert pipeline._host(found_at(url, load=lambda: b"")) == "", "what lies here has none"


def test_the_first_result_whose_host_has_not_two_requests_already_is_taken():
    one, two, other = found_at("http://a/1"), found_at("http://a/2"), found_at("http://b/1")
    here = found_at("http://a/3", load=lambda: b"")
    waiting = deque([one, two, other, here])
    assert pipeline._take(waiting, Counter({"a": 2})) == other
    assert pipeline._take(waiting, Counter({"a": 2})) == here
    assert pipeline._take(waiting, Counter({"a": 2, "b": 0})) is None
    assert pipeline._take(waiting, Counter({"a": 1})) == one
    assert list(waiting) == [two]


@pytest.fixture
def halfway():
    """A run that began with 4 pictures: of Rei 5 are there and 4 are wanted, of Asuka 9 and 10."""
    run = pipeline._Run.__new__(pipeline._Run)
    run.config, run.tally, run.began, run.at_start, run.current = CollectConfig(), Tally(["x"]), 0.0, 4, 2
    run.have, run.limit, run.told = {1: 5, 2: 9}, {1: 4, 2: 10}, []
    run.report = run.told.append
    return run


def test_progress_counts_what_this_run_brought_and_no_picture_above_what_is_wanted(halfway):
    halfway._tell("Asuka", None)
    (told,) = halfway.told
    assert (told.n, told.total, told.note, told.stage) == (4 + 9 - 4, 14 - 4, "Asuka", "collect")
    assert (told.data["character"], told.data["have"], told.data["wanted"]) == ("Asuka", 9, 10)
    assert "last" not in told.data
    halfway.current = None
    halfway._tell("", None)
    assert (halfway.told[1].data["have"], halfway.told[1].data["wanted"]) == (0, 0)


@pytest.mark.parametrize(("wanted", "local", "far"), [(10, 1, 20), (19, 10, 56), (90, 81, 64)])
def test_of_what_lies_here_only_what_is_needed_is_in_hand_and_of_the_web_more_for_hosts_that_are_free(
    halfway, wanted, local, far
):
    """Four results for each picture needed and 16 more, 64 at most."""
    halfway.limit[2] = wanted
    asuka = SimpleNamespace(id=2)
    assert (halfway._room(asuka, True), halfway._room(asuka, False)) == (local, far)


def test_nobodys_pictures_of_other_words_do_not_count(project):
    for n, query in enumerate(("blue", "blue", "red")):
        project.catalogue.add_picture(None, path=f"unnamed/{n}.jpg", query=query, state="kept")
    project.catalogue.add_picture(None, path="unnamed/9.jpg", query="red", state="rejected")
    config = CollectConfig(unnamed=True, query="blue", limit=5)
    assert for_nobody(project, config) == Wanted("", "blue", 1 + 5)
