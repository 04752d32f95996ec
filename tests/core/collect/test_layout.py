"""Which folders are characters, which only stand around them."""

from __future__ import annotations

import pytest

from core.collect.layout import _and, arrange


def found(*paths: str):
    return arrange([tuple(path.split("/")) for path in paths])


def characters(*paths: str) -> list[str]:
    layout = found(*paths)
    assert layout.question == ""
    return list(layout.characters)


def test_a_folder_is_a_character_with_all_that_is_below_it():
    layout = found("Rei/1.png", "Rei/2020/2.png", "Asuka/3.png", "4.png")
    assert layout.characters == {"Asuka": (2,), "Rei": (0, 1)}
    assert layout.loose == (3,)
    assert layout.notes == ()


@pytest.mark.parametrize(
    ("paths", "captioned", "names"),
    [
        (("10_rei/1.png", "5_asuka langley/1.png"), False, ["asuka langley", "rei"]),
        (("img/10_rei/1.png", "img/3_asuka/1.png"), False, ["asuka", "rei"]),
        (("10_rei/1.png",), True, ["rei"]),
        (("10_rei/1.png", "5_rei/2.png"), True, ["rei"]),
        (("9_nine/1.png",), False, ["9_nine"]),
        (("2B/1.png", "9S/1.png"), True, ["2B", "9S"]),
        (("02_zero/1.png", "2B/1.png"), True, ["02_zero", "2B"]),
        (("1_girl/1.png", "2_girl/1.png"), False, ["1_girl", "2_girl"]),
        (("2022_summer/1.png", "2023_winter/1.png"), True, ["2022_summer", "2023_winter"]),
        (("10_faces/1.png", "5_rei/1.png"), True, ["10_faces", "5_rei"]),
    ],
)
def test_kohyas_number_of_repeats_is_no_part_of_a_name_where_that_is_plain(paths, captioned, names):
    layout = arrange([tuple(path.split("/")) for path in paths], captioned=captioned)
    assert list(layout.characters) == names
    assert ("how often a training repeats" in " ".join(layout.notes)) is (names[0][0].isalpha())


def test_folders_of_one_name_around_each_other_are_said_once():
    layout = found("d/d/d/d/Rei/1.png", "d/d/d/d/Asuka/1.png")
    assert list(layout.characters) == ["Asuka", "Rei"]
    assert layout.notes == ("'d' lies around all the others: the folders in it are the characters.",)


@pytest.mark.parametrize(
    "paths",
    [
        ("cast/Rei/1.png", "cast/Asuka/2.png"),
        ("a/b/Rei/1.png", "a/b/Asuka/2.png"),
        ("train/Rei/1.png", "valid/Rei/3.png", "test/Asuka/2.png"),
        ("set/train/Rei/1.png", "set/val/Asuka/2.png"),
        ("train/Rei/1.png", "train/Asuka/2.png"),
        ("images/train2017/Rei/1.png", "images/val2017/Asuka/2.png"),
        ("Training/Rei/1.png", "Testing/Asuka/2.png"),
        ("training_set/Rei/1.png", "test_set/Asuka/2.png"),
        ("cast/Rei/1.png", "cast/Asuka/2.png", "preview.png"),
    ],
)
def test_folders_around_the_characters_are_looked_through_and_told(paths):
    assert characters(*paths) == ["Asuka", "Rei"]
    assert found(*paths).notes


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (("Rei/2020/1.png", "Rei/2021/2.png"), ["Rei"]),
        (("Rei/images/1.png",), ["Rei"]),
        (("Rei/1.png",), ["Rei"]),
        (("Test/1.png", "Rei/2.png"), ["Rei", "Test"]),
        (("Rei/train/1.png", "Asuka/train/2.png"), ["Asuka", "Rei"]),
        (("cast/Rei/1.png",), ["Rei"]),
        (("Zoe\u0308/1.png", "Zo\u00eb/2.png"), ["Zoë"]),
        (("1.png", "2.png"), []),
        ((), []),
    ],
)
def test_other_layouts(paths, names):
    assert characters(*paths) == names


@pytest.mark.parametrize(
    ("paths", "words"),
    [
        (("train/1.png", "test/2.png"), "train and test hold pictures, without a folder for each character"),
        (("images/1.png",), "images is hardly a character's name"),
        (("images/1.png", "crops/2.png"), "images and crops are hardly"),
        (("train/Rei/1.png", "train/Asuka/1.png", "Misato/3.png"), "train with folders in it stands beside Misato"),
        (("2020/1.png", "2021/2.png"), "hardly a character's name"),
    ],
)
def test_what_is_not_clear_is_a_question_that_names_what_was_found(paths, words):
    assert words in found(*paths).question


def test_a_name_means_the_very_folder_before_those_that_are_alike():
    layout = found("Rei/1.png", "rei/2.png", "Asuka_Langley/3.png")
    assert layout.called("rei") == ["rei"]
    assert layout.called("REI") == ["Rei", "rei"]
    assert layout.called("Asuka Langley") == ["Asuka_Langley"]
    assert layout.called("Misato") == []
    assert layout.notes == ("Rei and rei differ only in case and are taken for 2 characters.",)


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (("loose.png", "cast/Rei/1.png", "cast/Asuka/2.png"), ["Asuka", "Rei"]),
        (("loose.png", "cast/Rei/1.png"), ["cast"]),  # one folder in another beside a picture may be a character's
        (("Rei/images/1.png", "Rei/crops/2.png"), ["Rei"]),
        (("cast/images/a/1.png", "cast/crops/2.png"), ["crops", "images"]),
        (("cast/1/a/1.png", "cast/2/b/2.png"), ["1", "2"]),
    ],
)
def test_one_folder_around_the_others_is_looked_through_where_these_may_be_characters(paths, names):
    assert list(found(*paths).characters) == names


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("a",), "a"),
        (("a", "b"), "a and b"),
        (("a", "b", "c", "d"), "a, b, c and d"),
        (("a", "b", "c", "d", "e"), "a, b, c, d and 1 more"),
        ((), ""),
    ],
)
def test_four_names_are_told_and_how_many_more(names, words):
    assert _and(names) == words


def test_train_beside_a_character_is_one_as_well_unless_it_holds_several_folders():
    assert found("train/Rei/1.png", "Misato/3.png").question == ""
    assert found("train/Rei/1.png", "train/Asuka/2.png", "Misato/3.png").question != ""


def test_a_part_of_a_split_alone_needs_folders_in_all_of_it():
    assert list(found("train/Rei/1.png", "train/2.png").characters) == ["train"]
    assert found("train/1.png").question.startswith("train holds pictures, without a folder")


def test_a_name_of_nothing_but_blanks_is_nobody_s():
    assert found(" /1.png", "Rei/2.png").loose == (0,)
