"""The whole chain on drawn characters through the command line, as another program would call it."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from core.cli import main
from core.settings import Settings
from core.workspace.catalogue import Catalogue
from core.workspace.workspaces import open_workspace

QUICK = ("--preset", "quick", "--init", "random", "--set", "epochs=40", "--set", "image_size=48", "--set", "width=16")


@pytest.fixture(scope="module")
def cycle(tmp_path_factory):
    """demo, crop, balance, train, evaluate, enrol, recognise on three drawn characters: every JSON document."""
    folder = tmp_path_factory.mktemp("cycle")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WHOAMI_CASCADE", str(folder / "no-cascade.xml"))  # never the network
        patch.delenv("WHOAMI_MODELS_DIR", raising=False)
        documents = {}

        def run(step: str, *more: str, name: str = "w", code: int = 0):
            argv = [step, "--data-dir", str(folder / "data"), "--json", *more]
            argv += [] if name == "" else ["--workspace", name]
            with pytest.MonkeyPatch.context() as inner:
                import io
                import sys

                out = io.StringIO()
                inner.setattr(sys, "stdout", out)
                assert main(argv) == code, step
            documents[step] = json.loads(out.getvalue()) if out.getvalue() else None
            return documents[step]

        run("demo", "--characters", "3", "--pictures", "12")
        run("crop")
        run("balance", "--per-character", "10")
        run("train", *QUICK)
        run("evaluate")
        run("enrol")
        settings = Settings(data_dir=folder / "data")
        workspace = open_workspace("w", settings)
        with Catalogue(workspace.catalogue_path) as catalogue:
            face = catalogue.faces(state="kept", split="train")[0]
            name = catalogue.character(face.character_id).name
        run("recognise", str(workspace.path(face.path)), "--faces")
        yield SimpleNamespace(run=run, documents=documents, workspace=workspace, asked=face, name=name, folder=folder)


@pytest.mark.slow
def test_every_step_answers_with_its_keys(cycle):
    d = cycle.documents
    assert d["demo"]["kept"] == 36
    assert d["crop"]["kept"] > 12
    assert d["balance"]["leaks"] == 0
    assert d["train"]["run"] == str(cycle.folder / "data" / "models" / "w" / "quick-1")
    assert {"n", "protocol", "top1", "precision_at_1", "precision_at_5", "hit_at_5", "map_at_r", "eer"} <= set(
        d["evaluate"]
    )
    assert len(d["enrol"]["characters"]) == 3


@pytest.mark.slow
def test_a_face_it_has_seen_gets_its_name_with_evidence(cycle):
    (picture,) = cycle.documents["recognise"]
    (face,) = picture["faces"]
    assert {"box", "verdict", "character", "similarity", "candidates"} <= set(face)
    assert face["candidates"][0]["character"] == cycle.name
    assert face["evidence"][0]["face"] == str(cycle.asked.id)
    assert face["evidence"][0]["similarity"] > 0.9, "asked as a ready-made crop, it is framed anew"


@pytest.mark.slow
def test_a_run_leaves_what_it_needs_and_no_pickle(cycle):
    names = {p.name for p in (cycle.folder / "data" / "models" / "w" / "quick-1").iterdir()}
    assert {"config.json", "history.jsonl", "metrics.json", "encoder.safetensors"} <= names
    assert not [n for n in names if n.endswith((".pt", ".pth", ".pkl"))]


@pytest.mark.slow
def test_the_map_is_one_file(cycle):
    out = cycle.folder / "map.html"
    assert cycle.run("map", "--out", str(out), "--method", "pca")["faces"] > 12
    text = out.read_text(encoding="utf-8")
    assert "plotly" in text
    assert "<script src=" not in text


@pytest.mark.slow
def test_enrolling_a_new_character_needs_no_training(cycle):
    path = str(cycle.workspace.path(cycle.asked.path))
    done = cycle.run("enrol", "--character", "Somebody New", path)
    assert done["characters"]["Somebody New"] == 1
    assert len(done["characters"]) == 4


@pytest.mark.slow
def test_status_says_what_is_stale_and_what_is_next(cycle):
    steps = {s["step"]: s["state"] for s in cycle.run("status")["steps"]}
    assert set(steps) == {"collect", "crop", "balance", "train", "visualise", "recognise"}


def test_wrong_usage_is_2_and_a_failure_is_1_with_a_sentence(tmp_path, capsys):
    with pytest.raises(SystemExit) as usage:
        main(["recognise"])
    assert usage.value.code == 2
    assert main(["status", "--workspace", "nothing", "--data-dir", str(tmp_path)]) == 1
    assert "There is no workspace 'nothing'" in capsys.readouterr().err
