"""collect: for whom, in which order the names are looked for, and what it says where there is nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.collect.config import CollectConfig
from core.commands.collect import Arguments
from core.errors import DataError
from core.workspace.workspaces import workspace_names
from tests.stand_in.server import picture_bytes


@pytest.fixture
def folder(tmp_path):
    for name, count in {"Rei": 2, "Asuka": 1}.items():
        for n in range(count):
            path = tmp_path / "in" / name / f"{n}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(picture_bytes(len(name) * 10 + n))
    return tmp_path / "in"


def have(document):
    return {c["name"]: c["have"] for c in document["characters"]}


def test_defaults_and_ranges():
    assert Arguments(("zip",)) == Arguments(("zip",), (), None, None, "", 0, CollectConfig())
    with pytest.raises(DataError, match="seed"):
        Arguments(("zip",), seed=-1)


NOBODY = CollectConfig(unnamed=True)
SEARCHED = CollectConfig(unnamed=True, query="anime girl")


@pytest.mark.parametrize(
    ("source", "values", "words"),
    [
        ("folder", {"config": NOBODY, "character": ("Rei",)}, "--unnamed is for pictures without a character"),
        ("folder", {"config": NOBODY, "characters_from": Path("a.csv")}, "--unnamed is for pictures without"),
        ("folder", {"config": NOBODY}, ""),
        ("video", {}, "A video does not say who is on it"),
        ("video", {"character": ("Rei",)}, ""),
        ("video", {"characters_from": Path("a.csv")}, ""),
        ("video", {"config": NOBODY}, ""),
        ("bing", {"config": NOBODY}, "bing needs words to search for: --unnamed --query WORDS"),
        ("bing", {"config": SEARCHED}, ""),
        ("bing", {"character": ("Rei",)}, ""),
        ("urls", {"config": NOBODY}, ""),
    ],
)
def test_whose_the_pictures_are_is_said_once(source, values, words):
    if not words:
        assert Arguments((source,), **values).source == (source,)
        return
    with pytest.raises(DataError, match=words):
        Arguments((source,), **values)


def test_pictures_of_nobody_are_taken_in_unnamed(run, folder, catalogue):
    document = run("collect", "--source", "folder", "--from", folder / "Rei", "--unnamed")[1]
    assert document["kept"] == 2
    assert {p.character_id for p in catalogue.pictures()} == {None}


def test_a_new_workspace_is_made(run, folder, settings):
    assert run("collect", "--source", "folder", "--from", folder, workspace="new")[1]["kept"] == 3
    assert workspace_names(settings) == ["new", "test"]


def test_a_folder_says_itself_whose_pictures_it_holds(run, folder):
    code, document, _ = run("collect", "--source", "folder", "--from", folder)
    assert code == 0
    assert have(document) == {"Rei": 2, "Asuka": 1}


def test_names_on_the_command_line_come_before_all_others(run, folder, catalogue):
    catalogue.add_character("Misato")
    assert have(run("collect", "--source", "folder", "--from", folder, "--character", "Rei")[1]) == {"Rei": 2}


def test_a_list_brings_its_series_and_how_many_are_wanted(run, folder, tmp_path, catalogue):
    (tmp_path / "list.csv").write_text("name,series,query,wanted\nRei,Eva,,1\n")
    document = run("collect", "--source", "folder", "--from", folder, "--characters-from", tmp_path / "list.csv")[1]
    assert have(document) == {"Rei": 1}
    assert catalogue.character("Rei").series == "Eva"


def test_without_names_the_workspaces_own_characters_are_collected(run, catalogue):
    catalogue.add_character("Rei", wanted=2)
    document = run("collect", "--source", "drawn", "--limit", 5, "--near", -1)[1]
    assert have(document) == {"Rei": 2}


def test_without_anybody_it_says_how_to_name_them(run):
    code, _, words = run("collect", "--source", "drawn")
    assert code == 1
    assert "Name the characters: --character NAME" in words


def test_a_source_that_brings_nothing_at_all_is_an_error(run, folder):
    code, _, words = run("collect", "--source", "folder", "--from", folder, "--character", "Misato")
    assert code == 1
    assert "no sub-folder for 'Misato'" in words


def test_a_source_that_there_is_not_leaves_no_workspace_behind(run, settings):
    assert run("collect", "--source", "nonsense", "--character", "Rei", workspace="new")[0] == 1
    assert run("collect", "--source", "urls", "--character", "Rei", workspace="new")[0] == 1
    assert workspace_names(settings) == ["test"]


def test_addresses_that_are_all_refused_are_a_failure_and_the_reasons_are_told(run, tmp_path):
    (tmp_path / "list.txt").write_text("http://localhost:1/a.png\nftp://example.com/b.png\n")
    asked = ("collect", "--source", "urls", "--from", tmp_path / "list.txt", "--character", "Rei")
    code, document, words = run(*asked)
    assert (code, document["kept"], document["refused"] + document["failed"]) == (1, 0, 2)
    assert "None of the 2 pictures that were found could be taken in: 2 x the address is refused" in words


def test_another_seed_draws_other_pictures(run, catalogue):
    for n, seed in enumerate((1, 0), 1):
        run("collect", "--source", "drawn", "--character", "Rei", "--limit", n, "--near", -1, "--seed", seed)
    assert [p.picture_url for p in catalogue.pictures()] == ["drawn:1/Rei/0", "drawn:0/Rei/0"]
