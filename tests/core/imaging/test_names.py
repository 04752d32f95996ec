"""System files, true names, and which tools change a name on the way."""

from __future__ import annotations

import os

import pytest

from core.imaging.names import file_name_text, has_system_part, is_system_name, loose_key, true_name


@pytest.mark.parametrize(
    "name",
    [
        *(
            "@eaDir",
            ".ipynb_checkpoints",
            "#recycle",
            "~snapshot",
            "$RECYCLE.BIN",
            "lost+found",
            "._000.png",
            "Thumbs.db",
        ),
        *("desktop.ini", "__MACOSX", ".DS_Store", "System Volume Information", "@Recycle", "#snapshot"),
        *(".Trash-1000", "~$list.csv", "SYNOPHOTO_THUMB_M.jpg", "ehthumbs.db", ".git", "Icon\r", "LOST.DIR"),
    ],
)
def test_what_systems_and_tools_leave_behind_is_known(name):
    assert is_system_name(name)


@pytest.mark.parametrize("name", ["Rei", "rei.png", "C.C.", "@lice", "#1", "$uzy", "Lost", "綾波", "Thumbelina"])
def test_characters_are_no_system_files(name):
    assert not is_system_name(name)


def test_a_path_is_the_systems_where_any_part_is():
    assert has_system_part(("Rei", "@eaDir", "a.png"))
    assert not has_system_part((".", "..", "Rei", "a.png"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Zoe\u0308", "Zoë"),
        ("カ\u3099", "ガ"),
        (" Rei \t Ayanami\n", "Rei Ayanami"),
        ("Rei\u200b\u202eA\x00", "ReiA"),
        ("\ufeffRei", "Rei"),
        ("Rei\u3000Ayanami", "Rei Ayanami"),
        ("\u200b", ""),
        ("♀", "♀"),
        ("👨\u200d👩", "👨👩"),
        ("Rei", "Rei"),
        ("rei", "rei"),
    ],
)
def test_a_true_name_is_nfc_without_control_and_format_characters(text, name):
    assert true_name(text) == name == true_name(name)


def test_a_file_name_in_another_code_page_becomes_text():
    name = os.fsdecode("綾波レイ".encode("cp932"))
    assert true_name(name) == "綾波レイ" == file_name_text(name)


def test_a_loose_key_forgets_case_underscores_and_spaces():
    assert loose_key("Rei  Ayanami") == loose_key("rei_ayanami") == loose_key("REI-AYANAMI")
    assert loose_key("Rei") != loose_key("Rey")
