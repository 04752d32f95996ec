"""Pictures of nobody yet: from a folder, a zip, a search; they lie in `unnamed/`, without a character."""

import json
import zipfile

import pytest

from core.cli import main
from core.collect.config import CollectConfig
from core.collect.importing import import_pictures, preview_import
from core.collect.pipeline import Wanted, collect, for_nobody
from core.collect.source import SourceOptions, open_source
from core.errors import DataError, SourceError
from tests.stand_in.server import picture_bytes


@pytest.fixture
def heap(tmp_path):
    """A flat folder of four pictures, and one in a sub-folder."""
    folder = tmp_path / "heap"
    (folder / "more").mkdir(parents=True)
    for n in range(4):
        (folder / f"{n}.jpg").write_bytes(picture_bytes(n))
    (folder / "more" / "4.jpg").write_bytes(picture_bytes(4))
    return folder


def test_a_flat_folder_comes_in_without_a_character(project, heap):
    with pytest.raises(SourceError, match="--unnamed"):
        import_pictures(project, heap / "more")
    done = import_pictures(project, heap, unnamed=True)
    pictures = project.catalogue.pictures()
    assert done.kept == 5 and [c.name for c in done.characters] == [""]
    assert {p.character_id for p in pictures} == {None} and project.catalogue.characters() == []
    assert all(p.path.startswith("pictures/unnamed/") and project.workspace.path(p.path).exists() for p in pictures)


def test_doing_it_again_takes_only_what_is_new_and_what_a_character_has_is_a_repeat(project, heap, tmp_path):
    import_pictures(project, heap, unnamed=True, limit=3)
    assert import_pictures(project, heap, unnamed=True, limit=3).kept == 0
    assert import_pictures(project, heap, unnamed=True).kept == 2
    (tmp_path / "Rei").mkdir()
    (tmp_path / "Rei" / "a.jpg").write_bytes(picture_bytes(0))
    assert import_pictures(project, tmp_path / "Rei", character="Rei").kept == 0


def test_a_zip_and_faces_too(project, heap, tmp_path):
    with zipfile.ZipFile(tmp_path / "heap.zip", "w") as file:
        for n in range(3):
            file.writestr(f"{n}.jpg", picture_bytes(n))
    assert import_pictures(project, tmp_path / "heap.zip", kind="faces", unnamed=True).kept == 3
    faces = project.catalogue.faces()
    assert {f.character_id for f in faces} == {None} and all(f.path.startswith("faces/unnamed/") for f in faces)
    assert all(project.workspace.path(f.path).exists() for f in faces)


def test_the_preview_counts_them_as_nobodys(heap):
    assert preview_import(heap, unnamed=True).characters == {"": 5}


def test_the_command_line_says_it_in_words_and_as_json(project, heap, capsys):
    words = ["import", str(heap), "--workspace", "test", "--kind", "pictures", "--unnamed"]
    assert main([*words, "--dry-run"]) == 0
    assert "5 pictures without a character yet" in capsys.readouterr().out
    assert main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["kept"] == 5
    assert main([*words, "--character", "Rei"]) == 2
    assert "not --character with --unnamed" in capsys.readouterr().err


def test_collecting_without_a_character(project):
    config = CollectConfig(limit=4, unnamed=True)
    drawn = open_source("drawn", SourceOptions(cast=4))
    assert collect(project, [for_nobody(project, config)], [drawn], config).kept == 4
    assert {p.character_id for p in project.catalogue.pictures()} == {None}
    assert len({p.known_faces[0]["name"] for p in project.catalogue.pictures()}) > 1
    assert collect(project, [for_nobody(project, config)], [drawn], config).kept == 0
    other = for_nobody(project, CollectConfig(limit=3, unnamed=True, query="other words"))
    assert other == Wanted("", "other words", 7)


def test_a_search_without_a_character_needs_words(project, capsys):
    with pytest.raises(DataError, match="needs --unnamed"):
        CollectConfig(query="red hair")
    assert main(["collect", "--workspace", "test", "--source", "bing", "--unnamed"]) == 2
    assert "--query" in capsys.readouterr().err
