"""docs/extending.md: each example is complete and does what it says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest

from core.imaging.reading import encode_jpeg
from core.settings import ROOT
from tests.conftest import noise
from tests.faces import add_faces

EXAMPLES = dict(
    re.findall(r"```python\n# (\w+)\.py\n(.*?)```", (ROOT / "docs/extending.md").read_text(encoding="utf-8"), re.DOTALL)
)


@pytest.fixture
def run(tmp_path, settings):
    """Run a command with some of the examples as plugins; its exit code, document and standard error."""

    def run(plugins, *words):
        for name, text in EXAMPLES.items():
            (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
        environment = os.environ | {"PYTHONPATH": str(tmp_path), "WHOAMI_PLUGINS": plugins}
        command = [sys.executable, "-m", "core", *map(str, words), "--json"]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        return done.returncode, json.loads(done.stdout or "null"), done.stderr

    return run


def test_there_is_one_example_of_each_kind():
    assert list(EXAMPLES) == ["squares", "middle", "colours", "count"]


def test_a_source(run, settings):
    code, document, said = run(
        "squares", "collect", "--workspace", "w", "--source", "squares", "--character", "Rei", "--limit", 2
    )
    assert code == 0, said
    assert document["kept"] == 2


def test_a_detector(run, tmp_path):
    (tmp_path / "a.jpg").write_bytes(encode_jpeg(noise(1)))
    code, document, said = run("middle", "detect", "--detector", "middle", tmp_path / "a.jpg")
    assert code == 0, said
    assert document[0]["faces"] == [{"box": [20, 20, 40, 40], "score": 0.9}]


def test_an_encoder(run, tmp_path):
    for character in ("Rei", "Asuka"):
        (tmp_path / "faces" / character).mkdir(parents=True)
        for n in range(3):
            (tmp_path / "faces" / character / f"{n}.jpg").write_bytes(encode_jpeg(noise(n)))
    code, document, said = run("colours", "evaluate", "--faces", tmp_path / "faces", "--encoder", "colours")
    assert code == 0, said
    assert (document["n"], document["encoder"]) == (6, "colours")


def test_a_command_and_its_range(run, project):
    add_faces(project, {"Rei": 4, "Asuka": 2})
    assert run("count", "count", "--workspace", "test", "--least", 4)[:2] == (0, {"characters": 1})
    assert run("count", "count", "--workspace", "test", "--least", 0)[0] == 2


def test_a_plugin_that_cannot_be_had_is_one_sentence(run):
    code, _, said = run("gone", "status", "--workspace", "test")
    assert code == 1
    assert "The plugin gone cannot be imported" in said
    assert "Traceback" not in said
