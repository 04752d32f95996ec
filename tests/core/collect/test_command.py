"""The command, from one end to the other: a process of its own against the stand-in."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from core.settings import ROOT
from tests.stand_in.server import page
from tests.stand_in.services import add_danbooru, danbooru_post


@pytest.fixture
def run(tmp_path):
    def run(*words, **environment):
        environment = {"WHOAMI_REQUEST_PAUSE": "0", "WHOAMI_PRIVATE_ADDRESSES": "1"} | environment
        command = [sys.executable, "-m", "core", "collect", "--data-dir", str(tmp_path), "--workspace", "w", "--json"]
        done = subprocess.run(
            [*command, *words], cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False
        )
        return done.returncode, json.loads(done.stdout or "null"), done.stderr

    return run


def test_a_board_a_list_and_a_source_that_is_down(server, run, tmp_path):
    add_danbooru(server, {"hinata_shoyo": [danbooru_post(n, server.url(f"/pic/{n}.jpg")) for n in range(2)]})
    server.add("/images/async", page("", status=403))
    base = ("--base-url", server.url(""), "--character", "Hinata Shoyo", "--limit", "3")
    code, document, _ = run("--source", "bing", "--source", "danbooru", *base)
    assert code == 0
    assert (document["kept"], document["characters"][0]["need"]) == (2, 1)
    assert [(s["name"], s["state"]) for s in document["sources"]] == [("bing", "failed"), ("danbooru", "done")]
    listed = tmp_path / "list.txt"
    listed.write_text(f"[Hinata Shoyo]\n{server.url('/pic/9.jpg')}\n[Kageyama Tobio]\n{server.url('/pic/10.jpg')}\n")
    code, document, _ = run("--source", "urls", "--from", str(listed), "--limit", "3")
    assert [(c["name"], c["have"]) for c in document["characters"]] == [("Hinata Shoyo", 3), ("Kageyama Tobio", 1)]


def test_without_the_setting_the_neighbourhood_is_not_asked(server, run, tmp_path):
    listed = tmp_path / "list.txt"
    listed.write_text(server.url("/pic/1.jpg"))
    words = ("--source", "urls", "--from", str(listed), "--character", "Rei")
    _, document, _ = run(*words, WHOAMI_PRIVATE_ADDRESSES="0")
    assert document["reasons"] == {"the address is refused": 1}
    assert not server.log


def test_an_unknown_source_is_a_sentence(run):
    code, _, said = run("--source", "gogle", "--character", "Rei")
    assert code == 1
    assert "There is no source 'gogle'. There are: drawn" in said
