"""Import of a folder or zip: characters, limits, faces, and groups that a split must not cut."""

from __future__ import annotations

import io
import shutil
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from core.cli import main
from core.collect.candidate import group_of
from core.collect.importing import import_pictures, prepare_import, preview_import
from core.errors import SourceError
from core.settings import Settings
from core.workspace import characters, doctor
from core.workspace.cast import remove_all
from core.workspace.catalogue import Catalogue
from core.workspace.project import Project
from core.workspace.undo import redo, undo
from core.workspace.workspaces import open_workspace
from tests.stand_in.server import picture_bytes


@pytest.fixture
def workspace(tmp_path):
    return open_workspace("test", Settings(data_dir=tmp_path / "data"), create=True)


@pytest.fixture
def catalogue(workspace):
    with Catalogue(workspace.catalogue_path) as opened:
        yield opened


@pytest.fixture
def cast(tmp_path):
    """Two characters, six pictures each; one picture of theirs is the same source picture."""
    for c, name in enumerate(("Rei", "Asuka")):
        folder = tmp_path / "cast" / name
        folder.mkdir(parents=True)
        for n in range(5):
            (folder / f"{n:03d}.jpg").write_bytes(picture_bytes(c * 100 + n))
        (folder / "0b1d2f3a4c5e6f70.jpg").write_bytes(picture_bytes(c * 100 + 50))
    return tmp_path / "cast"


def test_pictures_come_in_by_character_in_the_order_of_their_names(project, cast):
    done = import_pictures(project, cast, limit=3)
    assert [(c.name, c.have) for c in done.characters] == [("Asuka", 3), ("Rei", 3)]
    rei = project.catalogue.character("Rei")
    assert [p.path for p in project.catalogue.pictures(character_id=rei.id)] == [
        f"pictures/Rei/{stem}.jpg" for stem in ("000", "001", "002")
    ]


def test_doing_it_again_takes_only_what_is_new(project, cast):
    assert import_pictures(project, cast, limit=3).kept == 6
    assert import_pictures(project, cast, limit=3).kept == 0
    assert import_pictures(project, cast, limit=5).kept == 4
    assert import_pictures(project, cast).kept == 2
    assert import_pictures(project, cast).kept == 0


def test_faces_are_kept_faces_whose_pixels_are_the_picture(project, cast):
    png = io.BytesIO()
    Image.open(io.BytesIO(picture_bytes(77))).save(png, "PNG")
    (cast / "Rei" / "004.png").write_bytes(png.getvalue())
    assert import_pictures(project, cast, kind="faces").kept == 13
    faces = project.catalogue.faces(state="kept")
    assert len(faces) == 13
    for face in faces:
        picture = project.catalogue.picture(face.picture_id)
        assert (picture.kind, picture.path, picture.review) == ("face", "", "done")
        assert face.box.as_list() == [0, 0, 96, 96]
        assert project.workspace.path(face.path).read_bytes().startswith(b"\xff\xd8\xff")
    names = {f.path.rpartition("/")[2] for f in faces if "/Rei/" in f.path}
    assert {"004_1.jpg", "004_2_1.jpg"} <= names
    first = next(f for f in faces if f.path == "faces/Rei/000_1.jpg")
    assert project.workspace.path(first.path).read_bytes() == picture_bytes(0)


def test_of_faces_only_the_same_file_is_a_duplicate(project, cast):
    again = io.BytesIO()
    Image.open(io.BytesIO(picture_bytes(0))).save(again, "JPEG", quality=60)
    (cast / "Rei" / "alike.jpg").write_bytes(again.getvalue())
    shutil.copy(cast / "Rei" / "000.jpg", cast / "Rei" / "same.jpg")
    done = import_pictures(project, cast, kind="faces")
    assert done.reasons == {"duplicate: the same file": 1}
    other = Catalogue(project.workspace.catalogue_path.with_name("second.db"))
    done = import_pictures(Project(project.workspace, other), cast, kind="pictures")
    other.close()
    assert done.reasons == {"duplicate: the same file": 1, "duplicate: looks alike": 1}


def test_faces_of_one_source_picture_share_a_group_across_characters(project, cast):
    import_pictures(project, cast, kind="faces")
    grouped = [p for p in project.catalogue.pictures() if p.group_key]
    assert {p.group_key for p in grouped} == {"id:0b1d2f3a4c5e6f70"}
    assert len({p.character_id for p in grouped}) == 2


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("01668e06f79ab755.jpg", "id:01668e06f79ab755"),
        ("01668e06f79ab755_1.jpg", "id:01668e06f79ab755"),
        ("12345678_p0.png", "id:12345678"),
        ("12345678_p3.png", "id:12345678"),
        ("001.jpg", ""),
        ("000123.jpg", ""),
        ("cards-zun.png", ""),
        ("name_01.png", ""),
        ("facade.jpg", ""),
        ("a00001.jpg", ""),
        ("", ""),
    ],
)
def test_a_source_id_is_told_from_an_ordinal(name, group):
    assert group_of(name) == group


def test_a_flat_folder_needs_a_character(project, cast):
    with pytest.raises(SourceError, match="Name whose pictures they are with --character"):
        import_pictures(project, cast / "Rei")
    assert import_pictures(project, cast / "Rei", character="Rei Ayanami").kept == 6


def test_a_zip_is_imported_like_a_folder(project, cast, tmp_path):
    path = shutil.make_archive(str(tmp_path / "cast"), "zip", cast)
    assert import_pictures(project, Path(path), limit=4).kept == 8
    assert project.catalogue.pictures()[0].picture_url.startswith("zip:file:///")


def test_side_files_are_read_and_other_files_are_told(project, cast):
    (cast / "Rei" / "000.txt").write_text("1girl, blue hair")
    (cast / "Rei" / "000.jpg.json").write_text("{}")
    (cast / "Rei" / "clip.mp4").write_bytes(b"\0\0\0\x18ftypmp42" + bytes(90))
    (cast / "Rei" / "new.jpg").write_bytes(b"\xff\x0a" + bytes(90))
    (cast / "Rei" / "page.png").write_text("<!doctype html>")
    done = import_pictures(project, cast)
    assert done.kept == 12 and done.complete
    assert [(one.path, one.reason.split(".")[0]) for one in done.left_out] == [
        ("Rei/clip.mp4", "It is a video"),
        ("Rei/new.jpg", "It is JPEG XL"),
        ("Rei/page.png", "It is a web page"),
    ]
    assert "2 side files (captions, metadata) were read with the pictures beside them." in done.notes
    assert project.catalogue.fetches(outcome="refused") == []


def test_two_names_that_differ_in_case_are_two_characters(project, tmp_path):
    for c, name in enumerate(("Rei", "rei", "Alice", "Alice!", "♀", "♂")):
        (tmp_path / "cast" / name).mkdir(parents=True)
        for n in range(2):
            (tmp_path / "cast" / name / f"{n}.jpg").write_bytes(picture_bytes(10 * c + n))
    done = import_pictures(project, tmp_path / "cast")
    assert {c.name: c.have for c in done.characters} == dict.fromkeys(("Rei", "rei", "Alice", "Alice!", "♀", "♂"), 2)
    assert "Rei and rei differ only in case and are taken for 2 characters." in done.notes
    assert len({p.path.casefold() for p in project.catalogue.pictures(state="kept")}) == 12


def test_a_preview_takes_nothing_in(cast):
    shutil.copy(cast / "Rei" / "000.jpg", cast / "loose.jpg")
    found = preview_import(cast, limit=4)
    assert found.characters == {"Asuka": 4, "Rei": 4}
    assert found.notes == ("1 picture beside the characters' folders was left out: loose.jpg. Put it into a folder.",)
    assert preview_import(cast / "Rei").question.endswith("--unnamed and name the faces later.")


def test_a_folder_without_a_picture_says_what_is_there(tmp_path):
    (tmp_path / "a.mp4").write_bytes(b"\0\0\0\x18ftypmp42" + bytes(90))
    with pytest.raises(SourceError, match=r"no picture that can be read, but 1 other file \(a.mp4: It is a video"):
        preview_import(tmp_path)


def test_an_unknown_kind_is_named(project, cast):
    with pytest.raises(SourceError, match=r"'heads' is no kind of import. Choose pictures or faces."):
        import_pictures(project, cast, kind="heads")


def test_nothing_is_made_where_there_is_nothing_to_import(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"7z\xbc\xaf\x27\x1c" + bytes(90))
    words = [
        "import",
        str(tmp_path / "a.zip"),
        "--kind",
        "faces",
        "--workspace",
        "new",
        "--data-dir",
        str(tmp_path / "d"),
    ]
    assert main(words) == 1
    assert not (tmp_path / "d" / "new").exists()


def test_pictures_are_either_somebody_s_or_nobody_s(cast):
    with pytest.raises(SourceError, match="either Rei's or nobody's yet"):
        prepare_import(cast, character="Rei", unnamed=True)
    assert "either Rei's or nobody's yet" in preview_import(cast, character="Rei", unnamed=True).question


def test_of_nobody_s_pictures_nothing_is_taken_for_granted(cast):
    shutil.copy(cast / "Rei" / "000.jpg", cast / "loose.jpg")
    found = preview_import(cast, unnamed=True)
    assert (found.characters, found.notes, found.question) == ({"": 13}, (), "")


def test_folders_that_are_not_clear_are_a_question_and_no_import(project, cast, tmp_path):
    shutil.copytree(cast / "Rei", tmp_path / "new" / "images")
    assert "is not clear: images is hardly a character's name" in preview_import(tmp_path / "new").question
    with pytest.raises(SourceError, match="is not clear"):
        import_pictures(project, tmp_path / "new")


@pytest.mark.parametrize(("side", "kind", "kept"), [(16, "faces", 1), (15, "faces", 0), (32, "pictures", 1)])
def test_faces_may_be_smaller_than_pictures(project, tmp_path, side, kind, kept):
    (tmp_path / "new" / "Rei").mkdir(parents=True)
    (tmp_path / "new" / "Rei" / "a.jpg").write_bytes(picture_bytes(1, side))
    assert import_pictures(project, tmp_path / "new", kind=kind).kept == kept


def test_a_picture_under_32_pixels_is_not_kept(project, tmp_path):
    (tmp_path / "new" / "Rei").mkdir(parents=True)
    (tmp_path / "new" / "Rei" / "a.jpg").write_bytes(picture_bytes(1, 31))
    assert import_pictures(project, tmp_path / "new").kept == 0


def test_a_path_that_is_not_there_is_told(tmp_path):
    with pytest.raises(SourceError, match=r"none does not exist\. Name a folder, a zip or a video"):
        preview_import(tmp_path / "none")


def test_a_folder_whose_name_no_character_can_bear_is_told_before_anybody_is_added(project, tmp_path):
    for name in ("Asuka", "x" * 201):
        (tmp_path / "in" / name).mkdir(parents=True)
        (tmp_path / "in" / name / "1.jpg").write_bytes(picture_bytes(len(name)))
    with pytest.raises(SourceError, match=r"has a name of 201 characters; a character's has at most 200\. Rename"):
        import_pictures(project, tmp_path / "in")
    assert project.catalogue.characters() == []


@pytest.mark.parametrize("kind", ["pictures", "faces"])
@pytest.mark.parametrize("act", ["merge", "merge on", "delete", "remove"])
def test_what_came_in_after_a_merge_or_a_deletion_goes_back_to_its_character_by_undo(project, cast, act, kind):
    catalogue = project.catalogue
    misato = characters.add(project, "Misato")
    done = []

    def beside(progress):
        if not done and len(catalogue.pictures(state="kept")) == 8:  # two of Rei's are in, four are to come
            done.append(act)
            asuka, rei = (catalogue.character(name) for name in ("Asuka", "Rei"))
            if act.startswith("merge"):
                characters.merge(project, rei, asuka)
            elif act == "delete":
                characters.delete(project, rei)
            else:
                remove_all(project, [rei], keep_faces=True)
            if act == "merge on":
                characters.merge(project, asuka, misato)

    import_pictures(project, cast, kind=kind, report=beside)
    assert done == [act]

    def whose():
        owners = {c.id: c.name for c in catalogue.characters()} | {None: "nobody"}
        rows = catalogue.pictures(state="kept"), catalogue.faces(state="kept")
        return [Counter(owners[row.character_id] for row in some) for some in rows]

    merged = whose()
    for _ in done * (2 if act == "merge on" else 1):
        assert undo(project)
    assert whose() == [{"Asuka": 6, "Rei": 6}, {"Asuka": 6, "Rei": 6} if kind == "faces" else {}]
    assert doctor.inspect(project) == []
    for _ in done * (2 if act == "merge on" else 1):
        assert redo(project)
    assert whose() == merged
    assert doctor.inspect(project) == []
    assert undo(project)
    assert doctor.inspect(project) == []
    assert catalogue.character(misato.id).state == "active"


def test_what_was_imported_for_the_other_one_stays_there_when_a_merge_is_undone(project, cast):
    import_pictures(project, cast / "Rei", character="Rei", limit=2)
    import_pictures(project, cast / "Asuka", character="Asuka", limit=2)
    rei, asuka = (project.catalogue.character(name) for name in ("Rei", "Asuka"))
    characters.merge(project, rei, asuka)
    import_pictures(project, cast / "Asuka", character="Asuka")
    assert undo(project)
    assert len(project.catalogue.pictures(character_id=rei.id)) == 2
    assert len(project.catalogue.pictures(character_id=asuka.id)) == 6


@pytest.mark.parametrize("act", ["merge", "delete", "rename"])
def test_what_another_command_does_to_a_character_holds_for_pictures_that_come_after_it(project, cast, act):
    catalogue = project.catalogue
    done = []

    def beside(progress):
        if not done and len(catalogue.pictures(state="kept")) == 8:  # two of Rei's are in, four are to come
            done.append(act)
            asuka, rei = (catalogue.character(name) for name in ("Asuka", "Rei"))
            acts = {
                "merge": lambda: characters.merge(project, rei, asuka),
                "delete": lambda: characters.delete(project, rei),
                "rename": lambda: characters.rename(project, rei, "Ayanami"),
            }
            acts[act]()

    import_pictures(project, cast, report=beside)
    assert done == [act]
    owners = {c.id: c.name for c in catalogue.characters()} | {None: "nobody"}
    whose = sorted(owners[p.character_id] for p in catalogue.pictures(state="kept"))
    late = {
        "merge": ["Asuka"] * 12,
        "delete": ["Asuka"] * 6 + ["nobody"] * 4,
        "rename": ["Asuka"] * 6 + ["Ayanami"] * 6,
    }
    assert whose == late[act]
    assert not list(project.workspace.pictures.glob("Rei/*"))
    assert doctor.inspect(project) == []
