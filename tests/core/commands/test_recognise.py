"""`recognise` without a screen: what it hands on to the recogniser."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from core.cli import main
from core.imaging.reading import encode_jpeg
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
