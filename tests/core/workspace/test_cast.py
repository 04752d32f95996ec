import pytest

from core.errors import CatalogueError
from core.workspace import cast, characters
from core.workspace.undo import undo
from tests.faces import add_faces


@pytest.fixture
def made(project):
    return add_faces(project, {"Rei": 2, "Asuka": 1, "Misato": 1})


def owner(project, face_id):
    found = project.catalogue.face(face_id).character_id
    return None if found is None else project.catalogue.character(found).name


def everybody(project):
    return [c.name for c in project.catalogue.characters()]


def test_several_characters_become_one_of_a_new_name_and_one_undo_parts_them(project, made):
    both = [project.catalogue.character(name) for name in ("Rei", "Asuka")]
    change = cast.merge_all(project, both, "Pilots")
    assert change.action == "Rei and Asuka merged into Pilots"
    assert everybody(project) == ["Misato", "Pilots"]
    assert {owner(project, i) for i in (*made["Rei"], *made["Asuka"])} == {"Pilots"}
    face = project.catalogue.face(made["Asuka"][0])
    assert face.path.startswith("faces/Pilots/") and project.workspace.path(face.path).exists()
    undo(project)
    assert everybody(project) == ["Asuka", "Misato", "Rei"]
    assert owner(project, made["Asuka"][0]) == "Asuka"


def test_merging_into_one_of_them_leaves_that_one(project, made):
    both = [project.catalogue.character(name) for name in ("Rei", "Asuka")]
    cast.merge_all(project, both, "Asuka")
    assert everybody(project) == ["Asuka", "Misato"]
    assert owner(project, made["Rei"][0]) == "Asuka"


def test_removed_characters_can_leave_their_faces_unnamed_with_their_files(project, made):
    cast.remove_all(project, [project.catalogue.character("Rei")], keep_faces=True)
    face = project.catalogue.face(made["Rei"][0])
    assert (face.character_id, face.state) == (None, "kept")
    assert face.path.startswith("faces/unnamed/") and project.workspace.path(face.path).exists()
    assert everybody(project) == ["Asuka", "Misato"]


def test_removed_characters_can_go_to_the_bin_together(project, made):
    two = [project.catalogue.character(name) for name in ("Rei", "Asuka")]
    change = cast.remove_all(project, two, keep_faces=False)
    assert change.action == "Rei and Asuka deleted"
    assert {project.catalogue.face(i).state for i in (*made["Rei"], *made["Asuka"])} == {"removed"}
    undo(project)
    assert project.workspace.path(project.catalogue.face(made["Rei"][0]).path).exists()


def test_nobody_cannot_be_removed(project):
    with pytest.raises(CatalogueError, match="Pick at least one"):
        cast.remove_all(project, [], keep_faces=True)


def test_a_series_is_said_of_several_at_once(project, made):
    all_of_them = project.catalogue.characters()
    assert cast.set_series(project, all_of_them[:2], "EVA").action == "Asuka and Misato: from EVA"
    assert [c.series for c in project.catalogue.characters()] == ["EVA", "EVA", ""]


def test_faces_can_lose_their_name(project, made):
    characters.unname(project, project.catalogue.faces(ids=made["Rei"][:1]))
    assert [owner(project, i) for i in made["Rei"]] == [None, "Rei"]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("R", "R removed, its faces are unnamed"),
        ("RA", "R and A removed, their faces are unnamed"),
        ("RAM", "R, A and M removed, their faces are unnamed"),
        ("RAMS", "4 characters removed, their faces are unnamed"),
    ],
)
def test_who_was_removed_is_said_by_name_up_to_three(project, names, words):
    gone = [project.catalogue.add_character(name) for name in names]
    assert cast.remove_all(project, gone, keep_faces=True).action == words
    assert everybody(project) == []
