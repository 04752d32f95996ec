"""evaluate: a folder of faces or the workspace's validation faces, by the encoder that was named."""

from __future__ import annotations

import pytest

from core.atomic import write_bytes
from core.commands.evaluate import Arguments, figures
from core.errors import DataError
from core.imaging.reading import encode_jpeg
from tests.coloured_faces import MeanColour, add_face
from tests.conftest import noise


@pytest.fixture
def folder(tmp_path):
    """Two characters of three faces, one of them empty, one file that is no picture."""
    for c, name in enumerate(("Asuka", "Rei")):
        for i in range(3):
            write_bytes(tmp_path / "faces" / name / f"{i}.jpg", encode_jpeg(noise(c, 40, 40)))
    write_bytes(tmp_path / "faces/Rei/z.jpg", b"\xff\xd8\xffno picture")
    (tmp_path / "faces/empty").mkdir()
    return tmp_path / "faces"


@pytest.fixture(autouse=True)
def loaded(monkeypatch):
    names = []
    monkeypatch.setattr("core.vision.load_encoder", lambda name: names.append(name) or MeanColour())
    return names


def test_defaults_and_ranges():
    assert Arguments() == Arguments(None, None, None, False)
    with pytest.raises(DataError, match="limit"):
        Arguments(limit=0)


def test_a_folder_is_measured_by_the_shipped_encoder_unless_another_is_named(run, folder, loaded):
    code, document, _ = run("evaluate", "--faces", folder, workspace=None)
    assert code == 0
    assert (document["n"], document["top1"], document["encoder"]) == (6, 1.0, "pretrained")
    assert run("evaluate", "--faces", folder, "--encoder", "random", workspace=None)[1]["encoder"] == "random"
    assert loaded == ["pretrained", "random"]


def test_a_file_that_cannot_be_read_is_passed_over_and_named(told, folder):
    assert "Passed over: z.jpg" in told("evaluate", "--faces", folder, "--encoder", "pretrained")


def test_ten_files_that_cannot_be_read_are_named(told, folder):
    for i in range(11):
        write_bytes(folder / "Rei" / f"z{i}.jpg", b"\xff\xd8\xffno picture")
    assert told("evaluate", "--faces", folder, "--encoder", "pretrained").count("Passed over: ") == 10


def test_files_beside_the_characters_and_what_systems_leave_behind_are_no_faces(run, folder):
    for path in ("notes.jpg", "__MACOSX/0.jpg", ".hidden/0.jpg"):
        write_bytes(folder / path, encode_jpeg(noise(7, 40, 40)))
    assert run("evaluate", "--faces", folder, workspace=None)[1]["n"] == 6


def test_a_folder_without_a_picture_that_can_be_read_is_told(run, tmp_path):
    write_bytes(tmp_path / "bad/Rei/0.jpg", b"\xff\xd8\xffno picture")
    assert "holds no picture that can be read" in run("evaluate", "--faces", tmp_path / "bad", workspace=None)[2]


def test_the_worst_eight_characters_and_the_report_are_told(told, folder, tmp_path):
    for c in range(8):
        for i in range(2):
            write_bytes(folder / f"name{c}" / f"{i}.jpg", encode_jpeg(noise(c + 5, 40, 40)))
    out = tmp_path / "report.html"
    lines = told("evaluate", "--faces", folder, "--encoder", "pretrained", "--report", out).splitlines()
    at = lines.index("Worst characters:")
    assert lines[at + 1].split() == ["character", "faces", "top1"]
    assert len(lines[at + 3 : lines.index(f"Report: {out}")]) == 8
    assert lines[at + 3].split()[1] in ("2", "3")


def test_a_limit_is_of_each_character(run, folder):
    assert run("evaluate", "--faces", folder, "--limit", 2, workspace=None)[1]["n"] == 4


@pytest.mark.parametrize("named", [True, False])
def test_in_a_workspace_the_named_encoder_is_measured_or_the_one_in_use(run, monkeypatch, named):
    asked = []

    def evaluate(project, name, *, rerank, report):
        asked.append((name, rerank))
        raise DataError("Enough.")

    monkeypatch.setattr("core.train.training.evaluate_workspace", evaluate)
    run("evaluate", *(("--encoder", "random", "--rerank") if named else ()))
    assert asked == [("random", True) if named else ("pretrained", False)]


def test_without_a_workspace_or_a_folder_it_says_what_to_name(run, tmp_path):
    assert "--workspace W, or --faces FOLDER" in run("evaluate", workspace=None)[2]
    (tmp_path / "flat").mkdir()
    assert "holds no folder for each character" in run("evaluate", "--faces", tmp_path / "flat", workspace=None)[2]


def test_figures_are_one_line_and_nothing_is_a_sentence():
    assert figures({"top1": 0.5, "eer": 0.125, "map_at_r": None}) == "top1 0.500, eer 0.125"
    assert figures({"top1": None}).startswith("Nothing could be measured")


def test_a_report_of_a_folder_is_one_page(run, folder, tmp_path):
    out = tmp_path / "report.html"
    code, document, _ = run("evaluate", "--faces", folder, "--report", out, workspace=None)
    assert code == 0
    assert document["report"] == str(out)
    page = out.read_text(encoding="utf-8")
    assert "<title>pretrained on faces</title>" in page
    assert "Asuka" in page


def test_a_report_that_cannot_be_written_is_said_before_the_work(run, folder, tmp_path, loaded):
    code, *_ = run("evaluate", "--faces", folder, "--report", tmp_path, workspace=None)
    assert (code, loaded) == (1, [])


def test_a_report_of_a_workspace_shows_its_own_faces(run, project, tmp_path, monkeypatch):
    for n, name in enumerate(("Asuka", "Rei", "Misato")):
        character = project.catalogue.add_character(name)
        colour = [10, 10, 10]
        for i in range(4):
            colour[n] = 200 + 10 * i
            add_face(project, character, f"{i}", tuple(colour), split="train" if i < 2 else "validation")
    path = tmp_path / "encoder.safetensors"
    path.write_bytes(b"weights")
    monkeypatch.setattr("core.train.training.encoder_path", lambda workspace, name: path)
    monkeypatch.setattr("core.workspace.embeddings.load_embedder", lambda path: MeanColour())
    out = tmp_path / "report.html"
    code, document, _ = run("evaluate", "--encoder", "run-1", "--report", out)
    assert code == 0
    assert (document["n"], document["top1"]) == (6, 1.0)
    assert "run-1 on test" in out.read_text(encoding="utf-8")


def test_an_encoder_that_there_is_not_is_told_before_the_faces_are_looked_at(run):
    code, _, words = run("evaluate", "--encoder", "nonsense")
    assert code == 1
    assert "There is no encoder 'nonsense' here" in words
