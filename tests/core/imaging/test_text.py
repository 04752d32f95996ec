"""Bytes that do not say how they are encoded."""

from __future__ import annotations

import pytest

from core.imaging.text import _common_hangul, _letter, _wide, best_code_page, decode_names, decode_text

NAMES = {
    "cp932": ["綾波レイ", "ソフィー", "初音ミク", "惣流・アスカ", "涼宮ハルヒ", "坂田銀時", "ルフィ", "うさぎ", "表"],
    "gbk": ["绫波丽", "初音未来", "雷电将军", "路飞", "芙兰朵露", "博丽灵梦", "三月七"],
    "cp949": ["아스카", "하츠네미쿠", "나루토", "손오공", "아야나미레이"],
    "big5": ["綾波零", "初音未來", "漩渦鳴人", "涼宮春日", "雪之下雪乃"],
    "cp437": ["Zoë", "Renée", "Müller", "Niño", "Éclair", "Ångström", "Noël", "Façade"],
    "cp1252": ["Zoë", "Renée", "José", "Chloé", "Søren", "Löwe"],
    "euc_jp": ["綾波レイ", "ソフィー", "初音ミク", "惣流・アスカ", "うさぎ"],
    "cp850": ["João", "Søren", "São Tomé", "Ångström", "Noël"],
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

    assert _likeness("Rei A\r\n\tsuka", "cp932") == 0.0  # only ASCII: nothing to judge by
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
        ("rÉT", 1, 0.2),
        ("é", 0, 0.1),  # alone
        ("b1é", 2, 0.1),  # a letter further away is no neighbour
        ("é1b", 0, 0.1),
        ("aéб", 1, 0.1),  # Latin on one side only
        ("аб", 1, 0.75),
        ("аБ", 1, 0.05),
        ("Аб", 0, 0.75),
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


def at(page: str, *numbers: int) -> str:
    return bytes(numbers).decode(page)


@pytest.mark.parametrize(
    ("page", "lead", "trail", "likeness"),
    [
        ("cp932", 0x88, 0x9F, 0.95),
        ("cp932", 0x97, 0xFC, 0.95),
        ("cp932", 0x98, 0x9F, 0.45),
        ("cp932", 0x9F, 0xFC, 0.45),
        ("cp932", 0xE0, 0x40, 0.45),
        ("cp932", 0xEA, 0x40, 0.45),
        ("cp932", 0xED, 0x40, 0.2),
        ("cp932", 0x87, 0x40, 0.2),
        ("gbk", 0xB0, 0xA1, 0.9),
        ("gbk", 0xB0, 0xA0, 0.2),
        ("gbk", 0xAF, 0xA0, 0.2),
        ("gbk", 0xA1, 0xA2, 0.2),
        ("gbk", 0xD7, 0xA1, 0.9),
        ("gbk", 0xD8, 0xA1, 0.4),
        ("big5", 0xA4, 0x40, 0.98),
        ("big5", 0xC6, 0x7E, 0.98),
        ("big5", 0xC9, 0x40, 0.5),
        ("big5", 0xF9, 0x40, 0.5),
        ("big5", 0xA3, 0x44, 0.15),
        ("big5", 0xA4, 0xA1, 0.8),
        ("big5", 0xC9, 0xA1, 0.4),
        ("big5", 0xF9, 0xA1, 0.4),
        ("big5", 0xA3, 0xA1, 0.15),
    ],
)
def test_where_common_signs_begin_and_end_in_each_code_page(page, lead, trail, likeness):
    assert _wide(at(page, lead, trail), page) == likeness


@pytest.mark.parametrize(("char", "page"), [("ぁ", "cp932"), ("ヾ", "cp932")])
def test_kana_from_the_first_to_the_last(char, page):
    assert _wide(char, page) == 1.0


def test_signs_that_nobody_defined_speak_against():
    assert _wide("\ue000", "cp932") == -2.0


@pytest.mark.parametrize(
    ("initial", "vowel", "final", "common"),
    [
        *((initial, 0, 0, initial not in (1, 4, 8, 10, 13)) for initial in range(19)),
        *((0, vowel, 0, vowel not in (3, 7, 10, 11, 15, 16, 19)) for vowel in range(21)),
        *((0, 0, final, final in (0, 1, 4, 8, 16, 17, 19, 21)) for final in range(28)),
        (18, 20, 21, True),
    ],
)
def test_a_syllable_of_names_has_no_doubled_consonant_a_frequent_vowel_and_a_simple_final(
    initial, vowel, final, common
):
    assert _common_hangul(chr(0xAC00 + 588 * initial + 28 * vowel + final)) is common


@pytest.mark.parametrize("char", ["\uabff", chr(0xAC00 + 11_172), "A"])
def test_what_is_no_syllable_is_none_of_names(char):
    assert not _common_hangul(char)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"a\0b\0", "ab"),
        (b"\0a\0b", "ab"),
        (b"a\0b", "a\0b"),  # an odd number of bytes is no UTF-16
        (b"a\0", "a\0"),  # and two are too few to tell
        (b"a\0" + b"bcdefg", "a\0bcdefg"),  # one of eight is no rule
    ],
)
def test_every_other_byte_of_zero_is_utf_16(data, text):
    assert decode_text(data) == text


def test_three_tenths_of_zeros_in_every_other_byte_are_not_enough():
    """Of 20 bytes ten are odd: four of them are more than three."""
    assert decode_text(b"a\0" * 3 + b"ab" * 7) == "a\0" * 3 + "ab" * 7
    assert decode_text(b"a\0" * 4 + b"ab" * 6) == (b"a\0" * 4 + b"ab" * 6).decode("utf-16-le")


def test_only_the_beginning_tells_whether_it_is_utf_16():
    assert decode_text(b"ab" * 1000 + b"a\0" * 1000) == "ab" * 1000 + "a\0" * 1000


def test_an_ideograph_in_a_latin_word_counts_three_tenths():
    from core.imaging.text import _likeness

    assert _likeness("亜", "cp932") == 0.95
    assert _likeness("a亜", "cp932") == _likeness("亜a", "cp932") == pytest.approx(0.3 * 0.95)
    assert _likeness("1亜a", "cp932") == pytest.approx(0.3 * 0.95)
    assert _likeness("1亜", "cp932") == _likeness("a1亜", "cp932") == _likeness("亜1a", "cp932") == 0.95
    assert _likeness("亜é", "gbk") is not None


def test_what_no_code_page_reads_is_western():
    assert best_code_page(b"\xff\xfe\x81") in ("cp437", "cp866", "cp1251", "cp1252")
    assert best_code_page(b"") == "cp932"
