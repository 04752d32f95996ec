import pytest

from core.workspace.covers import covers


@pytest.fixture
def add(catalogue):
    def add(character, quality, state="kept", **values):
        picture = catalogue.add_picture(character.id, kind="face")
        row = {"picture_id": picture.id, "character_id": character.id, "quality": quality, "state": state} | values
        (face,) = catalogue.add_faces([row], action="found")
        return face.id

    return add


def test_the_best_kept_face_stands_for_a_character_and_the_largest_comes_first(catalogue, add):
    rei, asuka = catalogue.add_character("Rei"), catalogue.add_character("Asuka")
    catalogue.add_character("Nobody yet")
    add(rei, 0.9)
    add(asuka, 0.3)
    best = add(asuka, 0.7)
    add(asuka, 0.99, state="rejected")
    add(asuka, 0.98, copy_of=best)
    found = covers(catalogue)
    assert [(c.character.name, c.faces) for c in found] == [("Asuka", 2), ("Rei", 1)]
    assert found[0].face.id == best
    assert [c.character.name for c in covers(catalogue, 1)] == ["Asuka"]


def test_a_reference_face_is_the_cover_while_it_is_kept(catalogue, add):
    rei = catalogue.add_character("Rei")
    chosen = add(rei, 0.1)
    other = add(rei, 0.9)
    catalogue.set_values("characters", {rei.id: {"reference_face": chosen}})
    assert covers(catalogue)[0].face.id == chosen
    catalogue.set_values("faces", {chosen: {"state": "rejected"}})
    assert covers(catalogue)[0].face.id == other


def test_of_equal_faces_the_first_is_the_cover(catalogue, add):
    rei = catalogue.add_character("Rei")
    first = add(rei, 0.5)
    add(rei, 0.5)
    assert covers(catalogue)[0].face.id == first


def test_without_faces_there_is_no_cover(catalogue):
    catalogue.add_character("Rei")
    assert covers(catalogue) == []
