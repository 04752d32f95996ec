"""Characters are added, renamed, merged, split and deleted with their files: one change each, and one undo."""

from __future__ import annotations

import pytest

from core.errors import CatalogueError
from core.imaging.reading import encode_jpeg
from core.workspace import characters, faces
from core.workspace.atomic import write_bytes
from core.workspace.undo import redo, undo
from tests.conftest import noise
from tests.edits import write_crop


def files(project) -> list[str]:
    tops = [project.workspace.pictures, project.workspace.faces, project.workspace.bin]
    return sorted(project.workspace.relative(p) for top in tops for p in top.rglob("*.jpg"))


def rows(project) -> list[tuple]:
    catalogue = project.catalogue
    return [(f.id, f.character_id, f.path, f.state) for f in catalogue.faces()] + [
        (p.id, p.character_id, p.path, p.state) for p in catalogue.pictures()
    ]


@pytest.fixture
def cast(project):
    """Rei with three pictures of a face each, the third rejected; Asuka with one; file names that repeat."""
    for name, count in (("Rei", 3), ("Asuka", 1)):
        character = characters.add(project, name, who="import")
        for i in range(1, count + 1):
            path = f"pictures/{name}/{i:03d}.jpg"
            write_bytes(project.workspace.path(path), encode_jpeg(noise(i + 10 * count, 160, 160)))
            picture = project.catalogue.add_picture(character.id, path=path, width=160, height=160)
            row = {"picture_id": picture.id, "character_id": character.id, "path": f"faces/{name}/{i:03d}_1.jpg"}
            box = {"x": 40.0, "y": 40.0, "w": 60.0, "h": 60.0, "state": "kept"}
            (face,) = project.catalogue.add_faces([row | box], action="found")
            write_crop(project, face)
    faces.reject(project, [project.catalogue.face(3)], "logo")
    return project


def both_ways(project, act) -> None:
    """Undo restores rows and files exactly, redo makes the change again."""
    before = rows(project), files(project)
    names = [c.name for c in project.catalogue.characters()]
    assert act() is not None
    after = rows(project), files(project)
    assert after != before or [c.name for c in project.catalogue.characters()] != names
    undo(project)
    assert (rows(project), files(project)) == before
    assert [c.name for c in project.catalogue.characters()] == names
    redo(project)
    assert (rows(project), files(project)) == after


def test_adding_a_character_can_be_undone_unless_it_has_pictures_by_then(project):
    characters.add(project, "Misato", series="Evangelion")
    undo(project)
    assert project.catalogue.characters() == []
    redo(project)
    misato = project.catalogue.character("Misato")
    assert misato.series == "Evangelion"
    project.catalogue.add_picture(misato.id, path="pictures/Misato/1.jpg")
    undo(project)
    assert [c.name for c in project.catalogue.characters()] == ["Misato"]


def test_names_that_differ_in_case_are_two_characters_with_two_folders(project):
    first, second = characters.add(project, "Rei"), characters.add(project, "REI")
    assert (first.slug, second.slug) == ("Rei", "REI_2")
    assert characters.add(project, "  Rei ").id == first.id


def test_unnamed_is_nobodys_folder(project):
    assert characters.add(project, "unnamed").slug == "unnamed_2"


def test_a_renamed_characters_folders_follow(cast):
    rei = cast.catalogue.character("Rei")
    both_ways(cast, lambda: characters.rename(cast, rei, "Rei Ayanami"))
    assert cast.catalogue.character("Rei Ayanami").id == rei.id
    assert files(cast) == [
        *("bin/faces/Rei_Ayanami/003_1.jpg", "faces/Asuka/001_1.jpg"),
        *("faces/Rei_Ayanami/001_1.jpg", "faces/Rei_Ayanami/002_1.jpg", "pictures/Asuka/001.jpg"),
        *(f"pictures/Rei_Ayanami/{i:03d}.jpg" for i in (1, 2, 3)),
    ]
    assert not cast.workspace.path("faces/Rei").exists()


def test_a_name_that_is_taken_is_refused_and_a_deleted_ones_is_free(cast):
    rei, asuka = cast.catalogue.character("Rei"), cast.catalogue.character("Asuka")
    with pytest.raises(CatalogueError, match=r"'Asuka' already\. Merge"):
        characters.rename(cast, rei, "Asuka")
    characters.delete(cast, asuka)
    characters.rename(cast, rei, "Asuka")
    assert [c.id for c in cast.catalogue.characters()] == [rei.id]
    undo(cast)
    undo(cast)
    assert [c.name for c in cast.catalogue.characters()] == ["Asuka", "Rei"]


def test_a_name_that_differs_in_case_only_keeps_the_folder(cast):
    rei = cast.catalogue.character("Rei")
    before = files(cast)
    characters.rename(cast, rei, "REI")
    assert (cast.catalogue.character("REI").slug, files(cast)) == ("Rei", before)


def test_merged_characters_keep_every_file_under_a_name_of_its_own(cast):
    rei, asuka = cast.catalogue.character("Rei"), cast.catalogue.character("Asuka")
    faces_before = {f.id: f.sha256 for f in cast.catalogue.faces()}
    characters.say_not(cast, cast.catalogue.face(1), asuka)
    both_ways(cast, lambda: characters.merge(cast, asuka, rei))
    assert [c.name for c in cast.catalogue.characters()] == ["Rei"]
    assert {f.id: f.sha256 for f in cast.catalogue.faces()} == faces_before
    assert {f.character_id for f in cast.catalogue.faces()} == {rei.id}
    assert cast.catalogue.face(1).negatives == [rei.id]
    assert "pictures/Rei/001_2.jpg" in files(cast)
    assert len(files(cast)) == 8
    with pytest.raises(CatalogueError, match="with itself"):
        characters.merge(cast, rei, rei)


def test_split_faces_take_their_pictures_along_to_a_new_character(cast):
    rei = cast.catalogue.character("Rei")
    both_ways(cast, lambda: characters.split(cast, rei, [cast.catalogue.face(1)], "Rei II"))
    second = cast.catalogue.character("Rei II")
    assert (cast.catalogue.face(1).character_id, cast.catalogue.picture(1).character_id) == (second.id, second.id)
    assert "pictures/Rei_II/001.jpg" in files(cast)
    with pytest.raises(CatalogueError, match="Face 4 is not one of Rei"):
        characters.split(cast, rei, [cast.catalogue.face(4)], "Rei II")


def test_a_deleted_character_lies_in_the_bin(cast):
    both_ways(cast, lambda: characters.delete(cast, cast.catalogue.character("Rei")))
    assert cast.catalogue.pictures(state="kept", path="pictures/Asuka/001.jpg")
    assert sum(name.startswith("bin/") for name in files(cast)) == 6


def test_values_and_who_is_not_in_the_cast_are_undone(cast):
    rei = cast.catalogue.character("Rei")
    characters.set_values(cast, rei, "chose a cover", cover=1, series="Evangelion")
    characters.ignore(cast, [cast.catalogue.face(1)])
    characters.say_not(cast, cast.catalogue.face(2), rei)
    face = cast.catalogue.face(1)
    assert (face.ignored, cast.catalogue.face(2).negatives) == (True, [rei.id])
    assert cast.catalogue.character("Rei").cover == 1
    for _ in range(3):
        undo(cast)
    assert (cast.catalogue.face(1).ignored, cast.catalogue.face(2).negatives) == (False, [])
    assert cast.catalogue.character("Rei").series == ""
    assert cast.catalogue.picture(1).review == "new"  # nothing was decided about the picture
