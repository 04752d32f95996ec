"""The shipped cast is made of a few faces of each character; two sources of one work share their characters."""

import pytest

from core.errors import DataError
from recipes.encoder.cast import MOST, choose_faces, name_of


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("umamusume/1006_oguri_cap", "Oguri Cap"),
        ("zenless/hugo-vlad", "Hugo Vlad"),
        ("kancolle/kc0009", "no. 9"),
        ("hololive/gura", "Gawr Gura"),
        ("sekai/KAITO", "KAITO"),
        ("touhou/霊夢", "霊夢"),
    ],
)
def test_folders_become_names(folder, name):
    assert name_of(*folder.split("/")) == name


def test_two_sources_of_a_work_give_one_character(tmp_path):
    for path in ("shiny_colors/koito/1.png", "shinycolors_stickers/fukumarukoito/1.png", "touhou/a/notes.txt"):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_bytes(b"")
    files, labels = choose_faces(tmp_path)
    assert len(files) == 2
    assert set(labels) == {"The Idolmaster Shiny Colors/Koito"}


def test_so_many_faces_of_a_character_are_enough_and_none_is_told(tmp_path):
    with pytest.raises(DataError, match="No faces under"):
        choose_faces(tmp_path)
    (tmp_path / "game" / "a").mkdir(parents=True)
    for n in range(MOST + 3):
        (tmp_path / "game" / "a" / f"{n:02}.jpg").write_bytes(b"")
    assert len(choose_faces(tmp_path)[0]) == MOST
