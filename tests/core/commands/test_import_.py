"""import: what a folder holds, taken in once, or only said."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from core.collect.importing import ImportPreview
from core.commands.import_ import Arguments, _preview
from core.errors import DataError
from tests.stand_in.server import picture_bytes


@pytest.fixture
def folder(tmp_path):
    for name, count in {"Asuka": 1, "Rei": 3}.items():
        for n in range(count):
            path = tmp_path / "in" / name / f"{n}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(picture_bytes(len(name) * 10 + n))
    (tmp_path / "in/Rei/a.pdf").write_bytes(b"%PDF-1.7")
    return tmp_path / "in"


def test_the_kind_is_pictures_or_faces(tmp_path):
    with pytest.raises(DataError, match="kind is one of pictures, faces"):
        Arguments(tmp_path, "videos")
    with pytest.raises(DataError, match="limit"):
        Arguments(tmp_path, "faces", limit=0)
    with pytest.raises(DataError, match="either Rei's or nobody's yet"):
        Arguments(tmp_path, "faces", character="Rei", unnamed=True)
    assert Arguments(tmp_path, "faces", unnamed=True).character == ""


def test_a_dry_run_counts_and_takes_nothing_in(run, folder, catalogue):
    code, document, _ = run("import", folder, "--kind", "pictures", "--dry-run")
    assert code == 0
    assert document["characters"] == [{"name": "Asuka", "pictures": 1}, {"name": "Rei", "pictures": 3}]
    assert [one["path"] for one in document["left_out"]] == ["Rei/a.pdf"]
    assert (document["dry_run"], document["unnamed"], document["question"]) == (True, 0, "")
    assert catalogue.pictures() == []


@pytest.mark.parametrize("kind", ["pictures", "faces"])
def test_they_come_in_once_as_what_was_said(run, folder, catalogue, kind):
    assert run("import", folder, "--kind", kind, "--limit", 2)[1]["kept"] == 3
    assert run("import", folder, "--kind", kind, "--limit", 2)[1]["kept"] == 0
    assert {p.kind for p in catalogue.pictures()} == {kind.removesuffix("s")}
    assert len(catalogue.faces()) == (3 if kind == "faces" else 0)


def test_a_flat_folder_needs_a_name(run, folder, catalogue):
    assert run("import", folder / "Rei", "--kind", "faces")[0] == 1
    document = run("import", folder / "Rei", "--kind", "faces", "--character", "Rei Ayanami")[1]
    assert [(c["name"], c["have"]) for c in document["characters"]] == [("Rei Ayanami", 3)]


def test_an_import_that_keeps_nothing_has_failed(run, folder):
    (folder / "torn/Rei").mkdir(parents=True)
    (folder / "torn/Rei/1.jpg").write_bytes(picture_bytes(1)[:300])
    code, _, said = run("import", folder / "torn", "--kind", "pictures")
    assert code == 1
    assert "The picture that was found could not be taken in: 1.jpg" in said
    assert run("import", folder / "torn", "--kind", "pictures")[::2] == (1, said), "the same answer again"
    (folder / "torn/Rei/2.jpg").write_bytes(picture_bytes(2))
    assert run("import", folder / "torn", "--kind", "pictures")[0] == 0


@pytest.mark.parametrize(
    ("characters", "question", "lines"),
    [
        ({"Rei": 3, "Asuka": 1}, "", ["a holds 4 pictures of 2 characters. Nothing was imported."]),
        (
            {"": 5},
            "Whose are they?",
            ["a holds 5 pictures without a character yet. Nothing was imported."],
        ),
        ({}, "", ["a holds 0 pictures of 0 characters. Nothing was imported."]),
    ],
)
def test_a_preview_in_words(characters, question, lines):
    found = ImportPreview(characters, (), ("A note.",), question)
    told = _preview(Path("a"), found).text.splitlines()
    assert told[: len(lines)] == lines
    assert told[-1] == "A note."
    assert len(told) == len(lines) + 1 + (2 + len(characters) if "Rei" in characters else 0)
    document = _preview(Path("a"), found).document
    assert (document["notes"], document["question"]) == (["A note."], question)
    assert document["unnamed"] == characters.get("", 0)
    assert "" not in [one["name"] for one in document["characters"]]
    assert _preview(Path("a"), found).problem == question


@pytest.mark.parametrize(
    ("path", "options", "words"),
    [
        ("none", (), "none does not exist. Name a folder"),
        ("in/Rei", (), "has no folder for each character"),
        ("long", (), "a character's has at most 200. Rename the folder."),
        ("in", ("--character", "x" * 201), "at most 200 characters"),
        ("in", ("--character", "\u200b"), "A character needs a name."),
        ("in", ("--character", "Shinji"), "no sub-folder for 'Shinji'. It has: Asuka, Rei."),
        ("in/Rei/a.pdf", (), "zip"),
        ("bomb.zip", (), "bomb.jpg is packed more than 200-fold"),
        ("data", (), "belongs to the workspace test ("),
        ("data", ("--workspace", "new"), "belongs to the workspace new ("),
        ("in", ("--workspace", "models"), "no workspace can be called so"),
        ("in", ("--workspace", "a b"), "cannot be a workspace's name"),
    ],
)
def test_a_dry_run_ends_as_the_import_would_and_says_the_same(run, folder, path, options, words):
    (folder / "../long" / ("x" * 201)).mkdir(parents=True)
    (folder / "../long" / ("x" * 201) / "1.jpg").write_bytes(picture_bytes(1))
    with ZipFile(folder / "../bomb.zip", "w", ZIP_DEFLATED) as archive:
        archive.writestr("Rei/bomb.jpg", picture_bytes(1) + bytes(5_000_000))
    words_of = ("import", folder.parent / path, "--kind", "faces", *options)
    (code, _, said), (dry_code, _, dry_said) = run(*words_of), run(*words_of, "--dry-run")
    assert (code, dry_code) == (1, 1)
    assert dry_said == said
    assert words in said
    assert "import: import:" not in said


def test_a_refused_import_makes_neither_workspace_nor_character(run, folder, settings, catalogue):
    assert run("import", folder, "--kind", "faces", "--character", "Shinji", workspace="new")[0] == 1
    assert not (settings.data_dir / "new").exists()
    assert run("import", folder, "--kind", "faces", "--character", "Shinji")[0] == 1
    assert catalogue.characters() == []
