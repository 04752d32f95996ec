"""Characters are added, renamed, merged, split and deleted with their files: one change each, and one undo."""

from __future__ import annotations

import pytest

from core.atomic import write_bytes
from core.errors import CatalogueError
from core.workspace import characters
from core.workspace.undo import redo, undo
from tests.edits import files, rows, two_with_files


@pytest.fixture
def cast(project):
    return two_with_files(project)


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
    assert {p.review for p in cast.catalogue.pictures(ids=(1, 2))} == {"new"}  # nothing was decided about the pictures
    face = cast.catalogue.face(1)
    assert (face.ignored, cast.catalogue.face(2).negatives) == (True, [rei.id])
    assert face.character_id is None, "who is not in the cast is no face of Rei's"
    assert cast.catalogue.character("Rei").cover == 1
    for _ in range(3):
        undo(cast)
    assert (cast.catalogue.face(1).ignored, cast.catalogue.face(2).negatives) == (False, [])
    assert cast.catalogue.face(1).character_id == rei.id
    assert cast.catalogue.character("Rei").series == ""
    assert cast.catalogue.picture(1).review == "new"  # nothing was decided about the picture


def test_adding_who_is_there_changes_nothing_and_several_are_one_change(project):
    rei = characters.add(project, "Rei", series="Eva")
    before = len(project.catalogue.changes())
    assert characters.add(project, " Rei ") == characters.add(project, "Rei", series="Eva") == rei
    assert len(project.catalogue.changes()) == before
    assert characters.add(project, "Rei", series="NGE", wanted=3).series == "NGE"
    made = characters.add_all(project, [{"name": "Rei"}, {"name": "Asuka"}])
    assert [c.name for c in made] == ["Rei", "Asuka"]
    actions = [c.action for c in project.catalogue.changes()]
    assert actions == ["added 2 characters", "added Rei", "added Rei"]
    with pytest.raises(CatalogueError, match="needs a name"):
        characters.add_all(project, [{"name": "Misato"}, {"name": " "}])
    assert [c.name for c in project.catalogue.characters()] == ["Asuka", "Rei"]


def test_many_faces_are_named_denied_and_ignored_in_one_change(cast):
    rei, asuka = cast.catalogue.character("Rei"), cast.catalogue.character("Asuka")
    one, two, four = (cast.catalogue.face(i) for i in (1, 2, 4))
    characters.say_not(cast, four, rei)
    four = cast.catalogue.face(4)
    both_ways(cast, lambda: characters.name_faces(cast, {"Rei": [four]}, wrong={"Asuka": [one]}, ignored=[two]))
    assert cast.catalogue.changes()[0].action == "a face named Rei, a face not Asuka, a face: not in the cast"
    one, two, four = (cast.catalogue.face(i) for i in (1, 2, 4))
    assert (four.character_id, four.negatives) == (rei.id, [])
    assert (one.character_id, one.negatives) == (rei.id, [asuka.id])
    assert two.ignored
    characters.name_faces(cast, {"Misato": [two]})
    assert not cast.catalogue.face(2).ignored
    characters.ignore(cast, [cast.catalogue.face(1)])
    characters.ignore(cast, [cast.catalogue.face(1)], ignored=False)
    assert cast.catalogue.changes()[0].action == "1 face: looked at again"
    with pytest.raises(CatalogueError, match="no character 'Nobody'"):
        characters.name_faces(cast, {}, wrong={"Nobody": [one]})


def test_a_picture_of_nobody_goes_with_its_only_face(project):
    picture = project.catalogue.add_picture(None, path="pictures/unnamed/1.jpg")
    row = {"picture_id": picture.id, "path": "faces/unnamed/1_1.jpg", "state": "kept"}
    write_bytes(project.workspace.path(row["path"]), b"a face")
    (face,) = project.catalogue.add_faces([row], action="found")
    characters.name_faces(project, {"Rei": [face]})
    rei = project.catalogue.character("Rei")
    assert (project.catalogue.picture(picture.id).character_id, project.catalogue.face(face.id).character_id) == (
        rei.id,
        rei.id,
    )


def test_a_deleted_characters_lone_face_gets_no_path_for_its_picture(project):
    rei = project.catalogue.add_character("Rei")
    lone = project.catalogue.add_picture(rei.id, kind="face")
    characters.delete(project, rei)
    assert (project.catalogue.picture(lone.id).path, project.catalogue.picture(lone.id).state) == ("", "removed")


@pytest.mark.parametrize(
    ("named", "denied", "ignored", "words"),
    [
        ({"A": 2}, {}, 0, "2 faces named A"),
        ({"A": 1}, {"B": 2}, 3, "a face named A, 2 faces not B, 3 faces: not in the cast"),
        ({"A": 1, "B": 1, "C": 1}, {}, 1, "a face named A, a face named B, a face named C and 1 more"),
        ({"A": 1, "B": 1, "C": 1}, {"D": 1}, 1, "a face named A, a face named B, a face named C and 2 more"),
    ],
)
def test_what_was_said_of_many_faces_in_words(named, denied, ignored, words):
    many = [{name: [None] * n for name, n in said.items()} for said in (named, denied)]
    assert characters._in_words(*many, [None] * ignored) == words
