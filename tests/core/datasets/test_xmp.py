"""Names of faces in copies of the pictures, and back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PIL import Image

from core.atomic import write_bytes
from core.crop.annotation_files import import_folder
from core.datasets.export import export_data
from core.datasets.outputs import write_folder
from core.datasets.records import DataSet
from core.datasets.xmp import plan_xmp, read_xmp
from core.errors import DataError
from core.imaging.reading import encode_jpeg
from tests.conftest import noise


def test_copies_hold_the_names_and_are_read_back(data, tmp_path):
    originals = {p.file: p.file.read_bytes() for p in data.pictures}
    plan = plan_xmp(data)
    out = write_folder(tmp_path / "set", plan)
    assert plan.items == {"Rei_A": 1, "Asuka": 1, "Kaworu": 1}
    assert plan.notes == ("2 pictures left out: without a kept face.",)
    read = {picture.file_name: picture.boxes for picture in read_xmp(out).pictures}
    assert [named.name for named in read["Rei_A/001.jpg"]] == ["Rei A", ""]
    assert read["Kaworu/001.jpg"][0].box.as_list() == pytest.approx([100.5, 10, 30, 40], abs=0.01)
    assert {path: path.read_bytes() for path in originals} == originals


def test_a_picture_that_cannot_hold_xmp_has_it_beside(data, tmp_path):
    source = tmp_path / "a.gif"
    Image.fromarray(noise(5, 120, 160)).save(source)
    one = DataSet("test", (replace(data.pictures[1], file=source, place="pictures/Asuka/a.gif"),))
    out = write_folder(tmp_path / "set", plan_xmp(one))
    assert sorted(p.name for p in (out / "Asuka").iterdir()) == ["a.gif", "a.gif.xmp"]
    assert (out / "Asuka" / "a.gif").read_bytes() == source.read_bytes()
    (picture,) = read_xmp(out).pictures
    assert picture.boxes[0].name == "Asuka"


def test_a_folder_without_regions_is_a_sentence(tmp_path):
    (tmp_path / "a.jpg").write_bytes(encode_jpeg(noise(1)))
    with pytest.raises(DataError, match="has face regions"):
        read_xmp(tmp_path)


@pytest.fixture
def pictured(project):
    """A picture of Rei with one kept face."""
    rei = project.catalogue.add_character("Rei")
    write_bytes(project.workspace.path("pictures/Rei/a.jpg"), encode_jpeg(noise(900, 400, 600)))
    picture = project.catalogue.add_picture(rei.id, path="pictures/Rei/a.jpg", width=600, height=400)
    write_bytes(project.workspace.path("faces/Rei/a_1.jpg"), encode_jpeg(noise(901, 200, 200)))
    row = {"picture_id": picture.id, "character_id": rei.id, "x": 100.0, "y": 50.0, "w": 100.0, "h": 100.0}
    project.catalogue.add_faces([row | {"path": "faces/Rei/a_1.jpg", "state": "kept"}], action="made")
    return project


def test_what_another_program_renamed_is_taken_over(pictured, tmp_path):
    export_data(pictured, "xmp", tmp_path / "set")
    assert import_folder(pictured, tmp_path / "set").same == 1
    copy = tmp_path / "set" / "Rei" / "a.jpg"
    copy.write_bytes(copy.read_bytes().replace(b'Name="Rei"', b'Name="Yui"'))
    done = import_folder(pictured, tmp_path / "set")
    assert (done.same, done.renamed, done.new_characters) == (0, 1, ["Yui"])


def test_an_import_of_pictures_brings_the_faces_along(pictured, tmp_path):
    from core.collect.importing import import_pictures
    from core.workspace.project import open_project

    export_data(pictured, "xmp", tmp_path / "set")
    (tmp_path / "set" / "provenance.csv").unlink()
    with open_project("other", pictured.settings, create=True) as other:
        import_pictures(other, tmp_path / "set", kind="pictures", character="")
        (picture,) = other.catalogue.pictures()
    (known,) = picture.known_faces
    assert known["name"] == "Rei" and known["box"] == pytest.approx([100, 50, 100, 100], abs=0.05)


def test_a_picture_that_is_damaged_is_passed_over(data, tmp_path):
    out = write_folder(tmp_path / "set", plan_xmp(data))
    whole = len(read_xmp(out).pictures)
    (out / "Rei_A" / "000.jpg").write_bytes((out / "Rei_A" / "001.jpg").read_bytes()[:40])
    (out / "Rei_A" / "empty.jpg").write_bytes(b"")
    assert len(read_xmp(out).pictures) == whole


@pytest.mark.parametrize(("kind", "ending"), [("PNG", "png"), ("WEBP", "webp"), ("JPEG", "jpg"), ("GIF", "gif")])
def test_pictures_that_can_hold_their_regions_do_and_others_have_a_file_beside_them(data, tmp_path, kind, ending):
    source = tmp_path / f"a.{ending}"
    Image.fromarray(noise(1, 120, 160)).save(source, kind)
    one = DataSet("test", (replace(data.pictures[1], file=source, place=f"pictures/Asuka/a.{ending}"),))
    out = write_folder(tmp_path / "set", plan_xmp(one))
    beside = ["a.gif.xmp"] if kind == "GIF" else []
    assert sorted(path.name for path in (out / "Asuka").iterdir()) == [f"a.{ending}", *beside]
    (picture,) = read_xmp(out).pictures
    assert [named.name for named in picture.boxes] == ["Asuka"]
