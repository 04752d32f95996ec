"""The bank of strangers is made of one face of each character."""

import pytest

from core.errors import DataError
from recipes.encoder.impostors import choose_faces


def face(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")


def test_one_face_of_each_character_the_same_every_time(tmp_path):
    face(tmp_path, "game/a/1.jpg", "game/a/2.jpg", "game/a/3.jpg", "game/b/1.webp", "art/c/1.png", "art/c/notes.txt")
    chosen = choose_faces(tmp_path)
    assert [path.parent.name for path in chosen] == ["c", "a", "b"]
    assert chosen[0].name == "1.png"
    assert chosen == choose_faces(tmp_path)


def test_a_source_whose_characters_are_known_already_is_left_out(tmp_path):
    face(tmp_path, "game/a/1.jpg", "another_eden_icons/a/1.jpg", "other/b/1.jpg")
    assert [path.parent.parent.name for path in choose_faces(tmp_path)] == ["game", "other"]
    assert len(choose_faces(tmp_path, without=("game",))) == 2


def test_no_faces_are_told(tmp_path):
    with pytest.raises(DataError, match="No faces under"):
        choose_faces(tmp_path)
