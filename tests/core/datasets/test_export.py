"""A workspace exported in every format: dry runs, places that are refused, files that are missing."""

from __future__ import annotations

import pytest

from core.atomic import write_bytes
from core.datasets.export import FOLDERS, FORMATS, check_file, export_data
from core.datasets.from_workspace import data_set
from core.errors import DataError
from core.imaging.reading import encode_jpeg
from tests.conftest import noise
from tests.faces import add_faces


@pytest.fixture
def filled(project):
    """Two ready-made faces of Rei, and a picture of Asuka with a kept and a rejected face and a balancing copy."""
    add_faces(project, {"Rei": 2})
    asuka = project.catalogue.add_character("Asuka", series="Eva")
    write_bytes(project.workspace.path("pictures/Asuka/a.jpg"), encode_jpeg(noise(900, 400, 600)))
    picture = project.catalogue.add_picture(
        asuka.id, path="pictures/Asuka/a.jpg", width=600, height=400, author="Someone", licence="CC0", tags="1girl"
    )
    write_bytes(project.workspace.path("faces/Asuka/a_1.jpg"), encode_jpeg(noise(901, 200, 200)))
    row = {"picture_id": picture.id, "character_id": asuka.id, "x": 100.0, "y": 50.0, "w": 100.0, "h": 100.0}
    rows = [row | {"path": "faces/Asuka/a_1.jpg", "state": "kept"}, row | {"state": "rejected", "x": 300.0}]
    (kept, _) = project.catalogue.add_faces(rows, action="made")
    project.catalogue.add_faces([row | {"path": "faces/Asuka/a_1_balancing.jpg", "state": "kept", "copy_of": kept.id}],
                                action="copied")  # fmt: skip
    return project


@pytest.mark.parametrize("format", FORMATS)
def test_a_dry_run_says_what_the_export_then_writes(filled, tmp_path, format):
    out = tmp_path / "out" / ("all" if format in FOLDERS else f"all.{format}")
    said = export_data(filled, format, out, dry_run=True)
    assert not out.exists() and said.dry_run
    done = export_data(filled, format, out)
    assert (done.files, done.items) == (said.files, said.items)
    files = [path for path in out.rglob("*") if path.is_file()] if out.is_dir() else [out]
    assert len(files) == done.files
    assert done.bytes == sum(path.stat().st_size for path in files)
    if format != "parquet":  # of which so small a table is mostly its own description
        assert said.bytes == pytest.approx(done.bytes, rel=0.6)


def test_copies_and_what_was_rejected_are_no_training_data(filled, tmp_path):
    assert export_data(filled, "imagefolder", tmp_path / "a", dry_run=True).items == {"train": 3}
    assert export_data(filled, "coco", tmp_path / "a", dry_run=True).items == {"train": 1}
    assert export_data(filled, "csv", tmp_path / "a.csv", dry_run=True).items == {"rows": 4}


def test_what_the_catalogue_knows_is_in_the_records(filled):
    picture = next(p for p in data_set(filled).pictures if p.name == "Asuka")
    assert (picture.series, picture.origin.author, picture.origin.licence) == ("Eva", "Someone", "CC0")
    assert [(f.state, f.file is not None) for f in picture.faces] == [("kept", True), ("rejected", False)]


def test_a_face_that_is_ignored_has_no_name(filled):
    face = filled.catalogue.faces(state="kept", copy_of=None)[0]
    filled.catalogue.set_values("faces", {face.id: {"ignored": True}})
    assert export_data(filled, "imagefolder", filled.settings.data_dir.parent / "x", dry_run=True).items == {"train": 2}


def test_a_missing_file_is_left_out_and_told(filled, tmp_path):
    filled.workspace.path("faces/Asuka/a_1.jpg").unlink()
    said = export_data(filled, "imagefolder", tmp_path / "a", dry_run=True)
    assert said.items == {"train": 2}
    assert said.notes[-1].startswith("1 file missing and left out: faces/Asuka/a_1.jpg.")


def test_nothing_is_written_into_a_workspace(filled):
    for format, name in (("coco", "export"), ("csv", "all.csv")):
        with pytest.raises(DataError, match="where workspaces lie"):
            export_data(filled, format, filled.workspace.root / name)
        with pytest.raises(DataError, match="where workspaces lie"):
            export_data(filled, format, filled.settings.data_dir / name)


def test_a_table_needs_its_ending(filled, tmp_path):
    with pytest.raises(DataError, match=r"all.xlsx does not end in .csv. Name the file, for example .*all.csv"):
        export_data(filled, "csv", tmp_path / "all.xlsx")


@pytest.mark.parametrize("format", FORMATS)
def test_an_empty_workspace_is_a_sentence(project, tmp_path, format):
    with pytest.raises(DataError, match="to export"):
        export_data(project, format, tmp_path / f"all.{format}" if format not in FOLDERS else tmp_path / "all")


def test_a_table_is_no_folder(tmp_path):
    (tmp_path / "faces.csv").mkdir()
    with pytest.raises(DataError, match=r"faces\.csv is a folder\. Name the file"):
        check_file(tmp_path / "faces.csv", "csv")
