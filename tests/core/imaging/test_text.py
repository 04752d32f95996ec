"""Bytes that do not say how they are encoded."""

from __future__ import annotations

import pytest

from core.imaging.text import decode_names, decode_text

NAMES = {
    "cp932": ["綾波レイ", "ソフィー", "初音ミク", "惣流・アスカ", "涼宮ハルヒ", "坂田銀時", "ルフィ", "うさぎ", "表"],
    "gbk": ["绫波丽", "初音未来", "雷电将军", "路飞", "芙兰朵露", "博丽灵梦", "三月七"],
    "cp949": ["아스카", "하츠네미쿠", "나루토", "손오공", "아야나미레이"],
    "big5": ["綾波零", "初音未來", "漩渦鳴人", "涼宮春日", "雪之下雪乃"],
    "cp437": ["Zoë", "Renée", "Müller", "Niño", "Éclair", "Ångström", "Noël", "Façade"],
    "cp1252": ["Zoë", "Renée", "José", "Chloé", "Søren", "Löwe"],
    "cp866": ["Аска", "Наруто", "Сакура"],
    "cp1251": ["Аска", "Наруто", "Мику"],
}


@pytest.mark.parametrize(("page", "name"), [(page, name) for page, names in NAMES.items() for name in names])
def test_a_name_in_a_code_page_is_read_back(page, name):
    assert decode_names([f"{name}/000.png".encode(page)]) == [f"{name}/000.png"]


def test_names_of_one_archive_are_decoded_alike():
    # alone, the first could be Cyrillic
    names = ["橙/1.png", "綾波レイ/1.png", "plain/1.png"]
    assert decode_names([name.encode("cp932") for name in names]) == names


def test_what_is_utf8_stays_utf8_beside_a_code_page():
    assert decode_names(["レイ".encode(), "アスカ".encode("cp932")]) == ["レイ", "アスカ"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp932"])
def test_a_text_file_in_any_of_the_usual_encodings(encoding):
    text = "name;series\nRei;綾波レイ\n"
    assert decode_text(text.encode(encoding)) == text


@pytest.mark.parametrize("data", [b"", b"\xff", b"\xff\xfe", b"\x00", bytes(range(256)), b"\x81" * 50])
def test_any_bytes_become_some_text(data):
    assert isinstance(decode_text(data), str)


def test_control_characters_speak_against_a_reading_and_line_breaks_do_not():
    from core.imaging.text import _likeness

    assert _likeness("Rei\r\n\tAsuka", "cp932") == 0.0  # only ASCII: nothing to judge by
    assert _likeness("Rei\x01", "cp932") == -2.0
    assert _likeness("レイ\n", "cp932") == _likeness("レイ", "cp932") == 1.0
    assert _likeness("レイ\x01", "cp932") == (4 * 1.0 - 2) / 5
