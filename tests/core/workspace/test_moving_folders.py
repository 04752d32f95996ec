"""A character's files follow its name, also when a rename is taken back and somebody else has the name since."""

from __future__ import annotations

import pytest

from core.atomic import write_bytes
from core.imaging.hashes import sha256
from core.imaging.reading import encode_jpeg
from core.workspace import characters, doctor
from core.workspace.undo import redo, undo
from tests.conftest import noise
from tests.edits import files, rows, two_with_files


@pytest.fixture
def cast(project):
    return two_with_files(project)


@pytest.mark.parametrize(
    ("newcomer", "called", "folder"), [("Rei", "Rei (2)", "Rei_2"), ("Rei?", "Rei?", "Rei_2"), ("rei", "rei", "rei_2")]
)
def test_whoever_has_the_name_or_the_folder_since_makes_way_when_a_rename_is_undone(cast, newcomer, called, folder):
    rei = cast.catalogue.character("Rei")
    characters.rename(cast, rei, "Ayanami")
    late = characters.add(cast, newcomer, who="import")
    path = f"pictures/{late.slug}/001.jpg"
    data = encode_jpeg(noise(99, 160, 160))
    write_bytes(cast.workspace.path(path), data)
    picture = cast.catalogue.add_picture(late.id, path=path, width=160, height=160, sha256=sha256(data))

    def everything():
        names = [(c.id, c.name, c.slug) for c in cast.catalogue.characters()]
        return names, rows(cast), files(cast)

    before = everything()
    for _ in range(2):
        assert undo(cast).action == "Rei renamed to Ayanami"
        assert (cast.catalogue.character(rei.id).name, cast.catalogue.character(late.id).name) == ("Rei", called)
        moved = f"pictures/{folder}/001.jpg"
        assert cast.catalogue.picture(picture.id).path == moved
        assert cast.workspace.path(moved).read_bytes() == data
        assert cast.workspace.path("pictures/Rei/001.jpg").read_bytes() != data
        assert not [one for one in doctor.inspect(cast) if one.kind != doctor.NO_HASH]
        assert redo(cast)
        assert everything() == before


def test_whoever_has_the_new_name_since_makes_way_when_a_rename_is_made_again(cast):
    rei = cast.catalogue.character("Rei")
    characters.rename(cast, rei, "Ayanami")
    undo(cast)
    late = characters.add(cast, "Ayanami", who="import")
    assert redo(cast)
    assert (cast.catalogue.character(rei.id).name, cast.catalogue.character(late.id).name) == ("Ayanami", "Ayanami (2)")
    assert undo(cast)
    assert (cast.catalogue.character(rei.id).name, cast.catalogue.character(late.id).name) == ("Rei", "Ayanami")
