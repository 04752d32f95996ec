"""Provenance: exported, and a source or an author taken out and brought back."""

from __future__ import annotations

import csv
import io
import json

import pytest

from core.collect.importing import import_pictures
from core.collect.provenance import COLUMNS, export, export_text, remove, rows, sources_and_authors
from core.errors import DataError
from core.settings import Settings
from core.workspace.catalogue import Catalogue
from core.workspace.project import Project
from core.workspace.sync import sync
from core.workspace.undo import redo, undo
from core.workspace.workspaces import open_workspace
from tests.stand_in.server import picture_bytes


@pytest.fixture
def workspace(tmp_path):
    return open_workspace("test", Settings(data_dir=tmp_path / "data"), create=True)


@pytest.fixture
def catalogue(workspace, tmp_path):
    """Rei: pictures 0 to 2, and a smaller repetition of the first; Asuka: two faces."""
    for place, data in {
        "pictures/Rei/0.jpg": picture_bytes(0),
        "pictures/Rei/1.jpg": picture_bytes(1),
        "pictures/Rei/2.jpg": picture_bytes(2),
        "pictures/Rei/3.jpg": picture_bytes(0, 80),
        "faces/Asuka/0.jpg": picture_bytes(10),
        "faces/Asuka/1.jpg": picture_bytes(11),
    }.items():
        path = tmp_path / "in" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    with Catalogue(workspace.catalogue_path) as opened:
        import_pictures(Project(workspace, opened), tmp_path / "in" / "pictures")
        import_pictures(Project(workspace, opened), tmp_path / "in" / "faces", kind="faces")
        yield opened


def files(workspace):
    return {
        workspace.relative(p): p.read_bytes()
        for top in (workspace.pictures, workspace.faces)
        for p in sorted(top.rglob("*"))
        if p.is_file()
    }


def test_every_picture_that_ever_came_in_is_exported(catalogue, tmp_path):
    assert export(catalogue, tmp_path / "out.csv") == 6
    read = list(csv.DictReader((tmp_path / "out.csv").read_text().splitlines()))
    assert tuple(read[0]) == COLUMNS
    assert [(r["character"], r["state"], r["path"]) for r in read] == [
        ("Rei", "kept", "pictures/Rei/0.jpg"),
        ("Rei", "kept", "pictures/Rei/1.jpg"),
        ("Rei", "kept", "pictures/Rei/2.jpg"),
        ("Rei", "duplicate", "bin/pictures/Rei/3.jpg"),
        ("Asuka", "kept", "faces/Asuka/0_1.jpg"),
        ("Asuka", "kept", "faces/Asuka/1_1.jpg"),
    ]
    text, _ = export_text(catalogue, "jsonl")
    assert [json.loads(line)["sha256"] for line in text.splitlines()] == [r["sha256"] for r in read]
    with pytest.raises(DataError, match="Choose csv or jsonl"):
        export(catalogue, tmp_path / "out.xlsx")


def test_a_cell_is_never_a_formula(catalogue):
    catalogue.set_values("pictures", {1: {"author": '=HYPERLINK("http://evil")'}})
    text, _ = export_text(catalogue, "csv")
    assert next(csv.DictReader(io.StringIO(text)))["author"] == '\'=HYPERLINK("http://evil")'


def test_everything_of_a_source_goes_and_comes_back_as_it_was(project):
    before, rows = files(project.workspace), project.catalogue.pictures()
    assert sources_and_authors(project.catalogue) == ({"folder": 5}, {})
    change = remove(project, source="folder")
    assert change.action == "everything of source folder removed"
    assert not files(project.workspace)
    assert not project.catalogue.pictures(state=("kept", "duplicate"))
    assert not project.catalogue.faces(state="kept")
    assert not sync(project).vanished
    undo(project)
    assert files(project.workspace) == before
    assert project.catalogue.pictures() == rows
    redo(project)
    assert not files(project.workspace)


def test_an_author_goes_alone(project):
    project.catalogue.set_values("pictures", {2: {"author": "A"}, 3: {"author": "B"}})
    remove(project, author="A")
    assert [p.id for p in project.catalogue.pictures(state="removed")] == [2]
    assert remove(project, author="nobody") is None
    with pytest.raises(DataError, match="a source or an author"):
        remove(project)


def test_a_picture_of_nobody_is_exported_too(catalogue):
    picture = catalogue.add_picture(None, path="pictures/unnamed/a.jpg")
    row = next(row for row in rows(catalogue) if row["path"] == picture.path)
    assert (row["character"], row["series"]) == ("", "")
