"""A run that is killed goes on: nothing that landed is fetched again, and no picture loses where it came from."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections import Counter

import pytest

from core.collect.staging import Staging
from core.imaging.hashes import sha256
from core.settings import ROOT, Settings
from core.workspace.catalogue import Catalogue
from core.workspace.project import Project
from core.workspace.sync import sync
from core.workspace.workspaces import open_workspace
from tests.stand_in.server import picture_bytes
from tests.stand_in.services import add_bing

CHARACTERS, EACH, HOSTS = 20, 25, 8
NAMES = [f"Character {c}" for c in range(CHARACTERS)]


def start(tmp_path, server):
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.stand_in.collecting",
            str(tmp_path),
            server.url(""),
            json.dumps(NAMES),
            str(EACH),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )


def landed(tmp_path, urls):
    """Addresses whose bytes are on disk: entered in the journal, or waiting in cache/incoming."""
    workspace = open_workspace("test", Settings(data_dir=tmp_path), create=True)
    staging = Staging(workspace)
    with Catalogue(workspace.catalogue_path) as catalogue:
        entered = {f.url for f in catalogue.fetches()}
    return entered | {url for url in urls if staging.path(url).exists()}


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1])
def test_killed_three_times_a_run_ends_complete(tmp_path, server, seed):
    urls = {
        name: [server.url(f"/pic/{c * EACH + n}.jpg", f"host{n % HOSTS}.example") for n in range(EACH)]
        for c, name in enumerate(NAMES)
    }
    every = [url for some in urls.values() for url in some]
    add_bing(server, urls)
    moments = sorted(random.Random(seed).sample(range(10, CHARACTERS * EACH - 10), 3))
    settled: set[str] = set()
    asked_before: Counter[str] = Counter()
    for moment in moments:
        process = start(tmp_path, server)
        deadline = time.monotonic() + 60
        while sum(r.path.startswith("/pic/") for r in list(server.log)) < moment:
            assert process.poll() is None or time.monotonic() < deadline
            time.sleep(0.002)
        process.kill()
        process.communicate()
        asked = Counter(_url(server, r) for r in list(server.log) if r.path.startswith("/pic/"))
        assert not {url for url in settled if asked[url] > asked_before[url]}, "fetched again though it had landed"
        settled, asked_before = landed(tmp_path, every), asked
    process = start(tmp_path, server)
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    assert json.loads(out)["characters"][-1]["have"] == EACH

    asked = Counter(_url(server, r) for r in server.log if r.path.startswith("/pic/"))
    assert not {url for url in settled if asked[url] > asked_before[url]}, "fetched again though it had landed"
    # Only what was under way when the process was killed is asked for a second time: at most one a host and a kill.
    assert sum(n - 1 for n in asked.values()) <= 3 * HOSTS
    workspace = open_workspace("test", Settings(data_dir=tmp_path))
    with Catalogue(workspace.catalogue_path) as catalogue:
        kept = catalogue.pictures()
        assert len(kept) == CHARACTERS * EACH
        assert {p.picture_url for p in kept} == set(every)
        for picture in kept:
            number = int(picture.picture_url.rpartition("/")[2].split(".")[0])
            data = workspace.path(picture.path).read_bytes()
            assert data == picture_bytes(number)
            assert picture.sha256 == sha256(data)
            assert (picture.state, picture.source, picture.query) == ("kept", "bing", NAMES[number // EACH])
            assert picture.page_url.startswith("https://site.example/page")
            assert picture.fetched_at
        report = sync(Project(workspace, catalogue))
        assert not report.vanished
        assert not report.pictures_taken_in
    assert not list(Staging(workspace).folder.iterdir())


def _url(server, request):
    return server.url(request.path, request.host)


@pytest.mark.parametrize("moment", ["fetched", "entered"])
def test_whatever_the_moment_the_next_run_finishes(tmp_path, server, make_downloader, clock, moment, monkeypatch):
    """Dies once between fetch and entry, once between entry and the file's move."""
    from core.collect import intake as store
    from core.collect.config import CollectConfig
    from core.collect.pipeline import Wanted, collect
    from core.collect.source import SourceOptions, open_source
    from core.workspace import moves

    class Died(BaseException):
        pass

    def die(*_, **__):
        raise Died

    add_bing(server, {"Rei": [server.url(f"/pic/{n}.jpg") for n in range(3)]})
    workspace = open_workspace("test", Settings(data_dir=tmp_path), create=True)

    def run():
        downloader = make_downloader(clock=type(clock)())  # a stop is for good
        source = open_source("bing", SourceOptions(base_url=server.url(""), downloader=downloader))
        with Catalogue(workspace.catalogue_path) as catalogue:
            config = CollectConfig(limit=3, min_side=32, at_once=1)
            return collect(Project(workspace, catalogue), [Wanted("Rei")], [source], config, downloader=downloader)

    with monkeypatch.context() as patch:
        patch.setattr(*((store.CollectedStore, "put", die) if moment == "fetched" else (moves, "_make", die)))
        with pytest.raises(Died):
            run()
    run()
    assert [server.asked(f"/pic/{n}.jpg") for n in range(3)] == [1, 1, 1]
    with Catalogue(workspace.catalogue_path) as catalogue:
        kept = catalogue.pictures(state="kept")
        assert [workspace.path(p.path).exists() for p in kept] == [True] * 3
    assert not list(Staging(workspace).folder.iterdir())
