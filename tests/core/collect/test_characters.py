"""Character lists."""

from __future__ import annotations

import pytest

from core.collect.characters import (
    Entry,
    add_list,
    article_characters,
    edit_character,
    needs,
    parse_list,
    read_list,
    without_pictures,
)
from core.collect.source import Query
from core.errors import DataError
from core.workspace.undo import undo


def test_the_articles_forty_characters_are_there():
    entries = article_characters()
    assert len(entries) == len({e.name for e in entries}) == 40
    assert len({e.series for e in entries}) == 12
    assert entries[0] == Entry("Hinata Shoyo", "Haikyuu", "", ("hinata_shouyou", "hinata_shoyo"))
    assert {"Kuroko Tetsuya", "Seijuro Akashi", "Izumi Hashima", "Jinta Yadomi"} <= {e.name for e in entries}


def test_the_query_serves_engines_by_words_and_boards_by_tags():
    query = Query("Megumi Kato", Entry("Megumi Kato", "Saekano", aliases=("katou_megumi", "Kato Megumi")).words)
    assert query.words == "Megumi Kato Saekano"
    assert query.tags == ("katou_megumi", "kato_megumi")


@pytest.mark.parametrize(
    "text",
    [
        "Rei Ayanami | Evangelion | rei eva | ayanami_rei; rei\nAsuka",
        "name,series,query,aliases\nRei  Ayanami,Evangelion,rei eva,ayanami_rei; rei\nAsuka,,,\n",
        "\ufeffName;Series;Query\n# a comment\nRei Ayanami;Evangelion;rei eva\nAsuka",
    ],
)
def test_a_list_is_read_pasted_or_as_csv(text):
    first, second = parse_list(text)
    assert (first.name, first.series, first.query) == ("Rei Ayanami", "Evangelion", "rei eva")
    assert first.aliases in ((), ("ayanami_rei", "rei"))
    assert second == Entry("Asuka")


def test_a_name_twice_counts_once_with_the_first_line():
    assert parse_list("Rei | Eva\nRei | Other\n") == [Entry("Rei", "Eva")]


def test_two_names_that_differ_in_case_are_two_characters_with_folders_of_their_own(project):
    rei, other = add_list(project, parse_list("Rei | Eva\nrei | Other\n"))
    assert (rei.name, rei.series, other.name, other.series) == ("Rei", "Eva", "rei", "Other")
    assert rei.slug.casefold() != other.slug.casefold()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "The list is empty"),
        ("# only a comment", "The list is empty"),
        ("Rei\n | Eva", "Line 2 of the list has no name"),
        ("name,age\nRei,14", "The columns age are not known"),
        ("name,wanted\nRei,many", "Line 2 of the list wants 'many' pictures"),
    ],
)
def test_what_cannot_be_read_names_the_line(text, words):
    with pytest.raises(DataError, match=words):
        parse_list(text)


def test_have_and_need(project):
    rei, _ = add_list(project, parse_list("name,wanted\nRei,4\nAsuka,"))
    for state in ("kept", "kept", "duplicate"):
        project.catalogue.add_picture(rei.id, state=state)
    assert [(n.character.name, n.have, n.wanted, n.need) for n in needs(project.catalogue, 50)] == [
        ("Asuka", 0, 50, 50),
        ("Rei", 2, 4, 2),
    ]
    assert rei.query == "Rei"


def test_nothing_is_there_of_whom_neither_a_picture_nor_a_face_is(project):
    rei, _, misato = add_list(project, parse_list("Rei\nAsuka\nMisato"))
    picture = project.catalogue.add_picture(rei.id, state="kept")
    row = {"picture_id": picture.id, "character_id": misato.id, "path": "a.jpg", "state": "kept", "sha256": "a"}
    project.catalogue.add_faces([row], action="found")
    missing = without_pictures(project.catalogue, needs(project.catalogue, 50))
    assert [one.name for one in missing] == ["Asuka"]


def test_what_is_searched_for_can_be_changed_cleared_and_undone(project):
    (rei,) = add_list(project, parse_list("Rei | Evangelion"))
    edit_character(project, rei.id, query=" tag:ayanami_rei ", wanted=7)
    changed = project.catalogue.character("Rei")
    assert (changed.query, changed.series, changed.wanted) == ("tag:ayanami_rei", "Evangelion", 7)
    edit_character(project, rei.id, query="")
    assert project.catalogue.character("Rei").query == ""
    undo(project)
    assert project.catalogue.character("Rei").query == "tag:ayanami_rei"
    with pytest.raises(DataError, match="-1 pictures cannot be wanted"):
        edit_character(project, rei.id, wanted=-1)


@pytest.mark.parametrize(
    ("data", "entries"),
    [
        ("name;series;query\nRei;Eva;rei eva\n", [Entry("Rei", "Eva", "rei eva")]),
        ("character,series\nRei Ayanami,Evangelion\n", [Entry("Rei Ayanami", "Evangelion")]),
        ("綾波レイ,エヴァ\n".encode("cp932"), [Entry("綾波レイ", "エヴァ")]),
        ("Rei\tEva\n".encode("utf-16"), [Entry("Rei", "Eva")]),
        ("Rei;Eva\nAsuka;Eva", [Entry("Rei", "Eva"), Entry("Asuka", "Eva")]),
        ('"Ayanami, Rei"\n', [Entry("Ayanami, Rei")]),
        ("Zoe\u0308\u200b\n", [Entry("Zoë")]),
    ],
)
def test_any_separator_header_and_encoding(data, entries, tmp_path):
    assert parse_list(data) == entries
    path = tmp_path / "list.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    assert read_list(path) == entries


@pytest.mark.parametrize("wanted", ["-1", "1.5", "9999999999999999", "１"])
def test_a_number_wanted_has_a_range(wanted):
    with pytest.raises(DataError, match="write a whole number up to 100,000"):
        parse_list(f"name,wanted\nRei,{wanted}")


def test_a_picture_is_no_list(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    with pytest.raises(DataError, match=r"a\.csv is PNG, not a list of characters"):
        read_list(tmp_path / "a.csv")


def test_a_list_in_json_or_a_page_is_refused_but_a_bracket_is_a_name():
    for text, what in (('["Rei", "Asuka"]', "JSON"), ('{"Rei": 1}', "JSON"), ("<!doctype html><p>Rei", "a web page")):
        with pytest.raises(DataError, match=f"^This is {what}, not a list of characters"):
            parse_list(text)
    assert parse_list("[Rei]") == [Entry("[Rei]")]
    with pytest.raises(DataError, match="a web page"):
        parse_list("<!doctype html>[1")


def test_a_name_a_number_and_a_list_may_be_as_large_as_is_said_and_no_larger():
    assert parse_list("R" * 200) == [Entry("R" * 200)]
    with pytest.raises(DataError, match="Line 1 of the list has a name of 201 characters; at most 200"):
        parse_list("R" * 201)
    assert parse_list("name,wanted\nRei,100000") == [Entry("Rei", wanted=100_000)]
    with pytest.raises(DataError, match="wants '100001' pictures"):
        parse_list("name,wanted\nRei,100001")
    assert len(parse_list("\n".join(f"name {n}" for n in range(10_000)))) == 10_000
    with pytest.raises(DataError, match="The list has 10,001 lines; at most 10,000"):
        parse_list("\n".join(f"name {n}" for n in range(10_001)))


@pytest.mark.parametrize(("wanted", "allowed"), [(0, True), (100_000, True), (100_001, False)])
def test_a_number_wanted_is_edited_within_its_range(project, wanted, allowed):
    (rei,) = add_list(project, [Entry("Rei", wanted=3)])
    if allowed:
        edit_character(project, rei.id, wanted=wanted)
        assert project.catalogue.character("Rei").wanted == wanted
    else:
        with pytest.raises(DataError, match="100001 pictures cannot be wanted"):
            edit_character(project, rei.id, wanted=wanted)


def test_a_line_with_a_cell_too_many_is_named():
    with pytest.raises(DataError, match="Line 2 of the list has 5 cells"):
        parse_list("Rei | Eva\nAsuka | Eva | q | a | more")


@pytest.mark.parametrize(
    ("start", "what"), [(b"PK\x03\x04", "zip"), (b"%PDF-1.7", "PDF"), (b"SQLite format 3\0", "data")]
)
def test_a_file_of_another_kind_is_no_list(tmp_path, start, what):
    (tmp_path / "a.csv").write_bytes(start + bytes(60))
    with pytest.raises(DataError, match=rf"a\.csv is .*{what}.*, not a list of characters"):
        read_list(tmp_path / "a.csv")


def test_what_is_wrong_with_a_list_is_told_with_its_file(tmp_path):
    (tmp_path / "cast.csv").write_text("# nobody")
    with pytest.raises(DataError, match=r"^cast\.csv: The list is empty"):
        read_list(tmp_path / "cast.csv")
