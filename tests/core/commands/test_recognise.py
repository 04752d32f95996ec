"""`recognise` without a screen: what it hands on to the recogniser."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from types import SimpleNamespace

import pytest

from core.cli import main
from core.commands import recognise
from core.imaging.hashes import perceptual
from core.imaging.reading import encode_jpeg, read_picture
from core.recognise.verdict import Evidence
from tests.coloured_faces import add_face
from tests.conftest import noise
from tests.recognised import recognised


class Asked:
    """A recogniser that finds nobody and remembers how it was asked."""

    threshold = SimpleNamespace(match=0.5, note="as told")
    choice = SimpleNamespace(name="run1")
    gallery = SimpleNamespace(encoder="0123456789abcdef")

    def __init__(self):
        self.whole = []

    def ask_many(self, pictures, *, is_face_crop=None):
        self.whole.append(is_face_crop)
        return [[] for _ in pictures]


@pytest.mark.parametrize(("options", "whole"), [(["--faces"], True), ([], None)])
def test_faces_says_that_each_picture_is_a_crop(workspace, tmp_path, monkeypatch, options, whole):
    picture = tmp_path / "one.jpg"
    picture.write_bytes(encode_jpeg(noise(1)))
    asked = Asked()
    monkeypatch.setattr("core.recognise.recogniser.open_recogniser", lambda *a, **k: asked)
    assert main(["recognise", "--workspace", workspace.name, str(picture), *options]) == 0
    assert asked.whole == [whole]


def test_the_least_score_and_the_models_folder_reach_the_recogniser(workspace, tmp_path, monkeypatch):
    picture = tmp_path / "one.jpg"
    picture.write_bytes(encode_jpeg(noise(1)))
    opened = []

    def open_recogniser(project, **options):
        opened.append((project.settings.models_dir, options["min_score"]))
        return Asked()

    monkeypatch.setattr("core.recognise.recogniser.open_recogniser", open_recogniser)
    models = str(tmp_path / "elsewhere")
    for options in (["--min-score", "0.25", "--models-dir", models], []):
        assert main(["recognise", "--workspace", workspace.name, str(picture), *options]) == 0
    assert opened == [(tmp_path / "elsewhere", 0.25), (None, None)]


@pytest.fixture
def folder(tmp_path):
    """Five pictures, one of them in a folder below; one is damaged."""
    pictures = tmp_path / "pictures"
    (pictures / "more").mkdir(parents=True)
    for n, name in enumerate(("a.jpg", "b.jpg", "c.jpg", "more/d.jpg")):
        (pictures / name).write_bytes(encode_jpeg(noise(n)))
    (pictures / "e.png").write_bytes(b"\x89PNG\r\n\x1a\n and nothing more")
    return pictures


class Named:
    """A recogniser that names every picture Rei, and stops like Ctrl-C before picture `stop`."""

    threshold = SimpleNamespace(match=0.5, note="as told")
    choice, gallery = Asked.choice, Asked.gallery

    def __init__(self, stop=None):
        self.asked, self.stop = 0, stop

    def ask_many(self, pictures, *, is_face_crop=None):
        self.asked += len(pictures)
        if self.stop is not None and self.asked > self.stop:
            raise KeyboardInterrupt
        return [[recognised("match", "Rei"), recognised("unknown", None)] for _ in pictures]


@pytest.fixture
def ask(workspace, monkeypatch):
    """Run `recognise` with a recogniser of the test's own; the exit code."""
    monkeypatch.setattr("core.recognise.batch.BATCH", 2)

    def run(recogniser, *words):
        monkeypatch.setattr("core.recognise.recogniser.open_recogniser", lambda *a, **k: recogniser)
        return main(["recognise", "--workspace", workspace.name, *map(str, words)])

    return run


@pytest.mark.parametrize("option", ["--csv", "--jsonl"])
def test_a_run_that_was_stopped_goes_on_and_ends_with_the_same_file(ask, folder, tmp_path, option):
    whole, part = tmp_path / "whole", tmp_path / "part"
    assert ask(Named(), folder, option, whole) == 0
    assert ask(Named(stop=2), folder, option, part) == 3
    lines = part.read_bytes().splitlines()
    assert lines == whole.read_bytes().splitlines()[: len(lines)], "what was done is there"
    assert len(lines) > 1
    going_on = Named()
    assert ask(going_on, folder, option, part, "--resume") == 0
    assert part.read_bytes() == whole.read_bytes()
    assert going_on.asked == 2, "only what was missing is asked again (the damaged one is no question)"
    assert b"damaged" in whole.read_bytes() or b"e.png" in whole.read_bytes()


def test_totals_are_printed_without_the_answers(ask, folder, tmp_path, capsys):
    out = tmp_path / "out.jsonl"
    assert ask(Named(), folder, "--jsonl", out, "--totals", "--json") == 0
    found = {"pictures": 5, "not_readable": 1, "faces": {"match": 4, "unknown": 4}}
    assert json.loads(capsys.readouterr().out) == found
    assert len(out.read_bytes().splitlines()) == 5
    assert ask(Named(), folder, "--totals") == 0
    words = capsys.readouterr().out
    assert "Pictures asked about: 5; 1 could not be read. Faces: 4 match, 4 unknown." in words
    assert "a.jpg" not in words


def test_a_folder_without_resume_is_answered_anew(ask, folder, tmp_path):
    out = tmp_path / "out.csv"
    out.write_text("something else")
    assert ask(Named(), folder, "--csv", out, "--resume") == 1, "no table of ours"
    assert out.read_text() == "something else"
    assert ask(Named(), folder, "--csv", out) == 0
    assert len(out.read_text().splitlines()) == 1 + 4 * 2 + 1


@pytest.mark.parametrize(
    "words",
    [
        ["--resume"],
        ["--resume", "--csv", "a", "--only", "Rei"],
        ["--csv", "a", "--jsonl", "a"],
        ["--copy"],
        ["--sort-into", "a"],
        ["--sort-into", "a", "--copy", "--link"],
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage(ask, folder, words):
    assert ask(Named(), folder, *words) == 2


def test_pictures_are_sorted_by_link_and_nothing_is_written_in_a_dry_run(ask, folder, tmp_path, catalogue):
    catalogue.add_character("Rei")
    out = tmp_path / "sorted"
    assert ask(Named(), folder, "--sort-into", out, "--dry-run") == 0
    assert not out.exists()
    assert ask(Named(), folder, "--sort-into", out, "--link", "--annotate", tmp_path / "drawn") == 0
    assert sorted(p.name for p in (out / "Rei").iterdir()) == ["a.jpg", "b.jpg", "c.jpg", "d.jpg"]
    assert (out / "Rei" / "a.jpg").samefile(folder / "a.jpg")
    assert sorted(p.name for p in (tmp_path / "drawn").iterdir()) == ["a.jpg", "b.jpg", "c.jpg", "d.jpg"]
    assert not list(out.rglob("*.part"))


def test_only_a_character_s_pictures(ask, folder, tmp_path, catalogue):
    for name in ("Rei", "Asuka"):
        catalogue.add_character(name)
    out = tmp_path / "out.csv"
    assert ask(Named(), folder, "--csv", out, "--only", "Asuka") == 0
    assert len(out.read_text().splitlines()) == 1
    assert ask(Named(), folder, "--csv", out, "--only", "Rei") == 0
    assert len(out.read_text().splitlines()) == 1 + 4 * 2
    assert ask(Named(), folder, "--only", "Nobody") == 1


def test_unknown_faces_are_taken_into_the_workspace_on_request(workspace, project, folder, monkeypatch):
    monkeypatch.setattr("core.recognise.recogniser.open_recogniser", lambda *a, **k: Named())
    assert main(["recognise", "--workspace", workspace.name, str(folder)]) == 0
    assert project.catalogue.faces(character_id=None) == []
    assert main(["recognise", "--workspace", workspace.name, str(folder), "--take-unknown"]) == 0
    assert len(project.catalogue.faces(character_id=None, state="kept")) == 1  # all four are the same black crop
    assert project.catalogue.pictures()[0].source.startswith(str(folder))


@pytest.mark.parametrize(("shown", "more"), [(8, "... and 1 more rows."), (9, "")])
def test_so_many_rows_are_printed_and_the_others_counted(ask, folder, capsys, monkeypatch, shown, more):
    monkeypatch.setattr(recognise, "SHOWN", shown)
    assert ask(Named(), folder) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Pictures asked about: 5; 1 could not be read. Faces: 4 match, 4 unknown."
    assert len(lines) == 3 + shown + bool(more) + 1
    assert [line for line in lines if "more rows" in line] == ([more] if more else [])
    assert lines[-1] == "Named from 0.50 on; as told."


def test_without_a_damaged_picture_or_a_face_it_says_so(ask, folder, capsys):
    assert ask(Asked(), folder / "a.jpg") == 0
    assert capsys.readouterr().out.splitlines()[0] == "Pictures asked about: 1. Faces: none."


def test_what_was_sorted_and_what_was_answered_before_is_told(ask, folder, tmp_path, catalogue, capsys):
    catalogue.add_character("Rei")
    out, csv = tmp_path / "sorted", tmp_path / "out.csv"
    assert ask(Named(), folder, "--csv", csv, "--sort-into", out, "--dry-run") == 0
    words = capsys.readouterr().out
    assert f"Would be sorted into {out}: " in words
    assert "Rei 4" in words
    assert "answered before" not in words
    assert ask(Named(), folder, "--csv", csv, "--resume", "--sort-into", out, "--copy") == 0
    words = capsys.readouterr().out
    assert f"Sorted into {out}: nothing." in words
    assert "5 pictures were answered before and are not asked again." in words


def test_a_second_table_is_filled_though_the_first_is_there(ask, folder, tmp_path):
    csv, lines = tmp_path / "out.csv", tmp_path / "out.jsonl"
    assert ask(Named(), folder, "--csv", csv) == 0
    before, again = csv.read_bytes(), Named()
    assert ask(again, folder, "--csv", csv, "--jsonl", lines, "--resume") == 0
    assert (again.asked, csv.read_bytes()) == (4, before)
    assert len(lines.read_bytes().splitlines()) == 5


def test_no_table_takes_the_place_of_a_picture_and_nothing_is_drawn_where_it_is_asked(ask, folder, tmp_path, capsys):
    data = (folder / "a.jpg").read_bytes()
    assert ask(Named(), folder / "a.jpg", "--csv", folder / "a.jpg") == 1
    assert "a.jpg is asked about, so no table can be written over it" in capsys.readouterr().err
    assert (folder / "a.jpg").read_bytes() == data
    assert ask(Named(), folder, "--annotate", folder) == 1
    assert f"All that is asked about lies in {folder}" in capsys.readouterr().err
    (tmp_path / "other.jpg").write_bytes(data)
    assert ask(Named(), folder / "more", tmp_path / "other.jpg", "--annotate", folder) == 0


def test_letters_that_cannot_be_drawn_are_told(ask, folder, tmp_path, capsys, monkeypatch):
    names = []
    monkeypatch.setattr("core.recognise.annotating.font_advice", lambda given: names.append(given) or "No such font.")
    assert ask(Named(), folder, "--annotate", tmp_path / "drawn") == 0
    assert "No such font." in capsys.readouterr().out
    assert names == [["Rei"]]


def test_a_picture_whose_face_is_enrolled_says_so_in_the_table_and_in_json(ask, project, tmp_path, capsys):
    rei = project.catalogue.add_character("Rei")
    seen, new = (write_noise(tmp_path / f"{n}.jpg", n) for n in (1, 2))
    looks = f"{perceptual(read_picture(seen)):016x}"
    face = add_face(project, rei, "1", (200, 0, 0))
    project.catalogue.set_values("faces", {face.id: {"phash": looks}})

    class Remembers(Named):
        def ask_many(self, pictures, *, is_face_crop=None):
            one = recognised("match", "Rei")
            answer = replace(one.answer, evidence=(Evidence(str(face.id), "Rei", 0.9),))
            return [[replace(one, face=rgb, answer=answer)] for rgb in pictures]

    assert ask(Remembers(), seen, new, "--json") == 0
    found = [picture["faces"][0].get("enrolled_already") for picture in json.loads(capsys.readouterr().out)]
    assert found == [True, None]
    assert ask(Remembers(), seen, new, "--csv", tmp_path / "out.csv") == 0
    whys = [row["why"] for row in csv.DictReader((tmp_path / "out.csv").read_text().splitlines())]
    assert whys == ["as told; this picture, or one just like it, is enrolled already", "as told"]


def write_noise(path, seed):
    path.write_bytes(encode_jpeg(noise(seed)))
    return path


def test_a_detector_that_there_is_not_is_told_before_anything_else(run, tmp_path):
    (tmp_path / "a.png").write_bytes(b"")
    code, _, words = run("recognise", tmp_path / "a.png", "--detector", "nonsense")
    assert code == 1
    assert "There is no detector 'nonsense'" in words
