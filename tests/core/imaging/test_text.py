"""Bytes that do not say how they are encoded."""

from __future__ import annotations

import pytest

from core.imaging.text import _letter, _wide, decode_names, decode_text

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


@pytest.mark.parametrize(
    ("text", "at", "likeness"),
    [
        ("ét", 0, 0.7),  # beside a Latin letter
        ("ré", 1, 0.7),
        ("RÉ", 1, 0.7),  # capitals among capitals
        ("rÉ", 1, 0.2),  # a capital behind a small letter
        ("Ét", 0, 0.7),  # at the beginning a capital is as it should be
        (" Ét", 1, 0.7),
        ("é", 0, 0.1),  # alone
        ("аб", 1, 0.75),
        ("аБ", 1, 0.05),
        ("а", 0, -0.5),
        ("aб", 1, -0.5),  # Cyrillic beside Latin
        ("ｱ", 0, -0.4),  # half-width kana
        ("a©", 1, -0.8),  # no letter
    ],
)
def test_how_likely_a_letter_of_one_byte_is(text, at, likeness):
    assert _letter(text, at) == pytest.approx(likeness)


@pytest.mark.parametrize(
    ("char", "page", "likeness"),
    [
        ("レ", "cp932", 1.0),
        ("レ", "gbk", 0.8),
        ("亜", "cp932", 0.95),  # 0x889F: the first of the common kanji
        ("弌", "cp932", 0.45),  # 0x989F: the first of the rarer ones
        ("啊", "gbk", 0.9),  # 0xB0A1
        ("亍", "gbk", 0.4),  # 0xD8A1
        ("一", "big5", 0.98),  # 0xA440
        ("乂", "big5", 0.5),  # 0xC940
        ("가", "cp949", 0.93),
        ("각", "cp949", 0.93),
        ("갂", "cp949", 0.1),
    ],
)
def test_how_likely_a_sign_of_two_bytes_is(char, page, likeness):
    assert _wide(char, page) == likeness
