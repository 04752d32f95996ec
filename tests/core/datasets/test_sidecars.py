"""What tools leave beside pictures, as they really write it."""

from __future__ import annotations

import json

import pytest

from core.datasets.sidecars import Sidecar, from_json, from_text, name_of, read_sidecars

DANBOORU = {
    "category": "danbooru",
    "id": 41,
    "tag_string": "1girl ayanami_rei blue_hair",
    "tag_string_character": "ayanami_rei",
    "tag_string_artist": "some_artist",
    "rating": "g",
    "source": "https://www.pixiv.net/artworks/9",
}


def as_json(document) -> Sidecar:
    return from_json(json.dumps(document).encode())


def test_gallery_dl_on_danbooru():
    assert as_json(DANBOORU) == Sidecar(
        ("1girl", "ayanami_rei", "blue_hair"),
        ("ayanami_rei",),
        "some artist",
        "general",
        "",
        "",
        "https://danbooru.donmai.us/posts/41",
        "https://www.pixiv.net/artworks/9",
    )


def test_gallery_dl_on_pixiv_and_moebooru():
    pixiv = {"category": "pixiv", "id": 7, "title": "レイ", "user": {"name": "絵師", "account": "e"}, "tags": ["青髪"]}
    found = as_json(pixiv)
    assert (found.title, found.author, found.tags) == ("レイ", "絵師", ("青髪",))
    assert found.page_url == "https://www.pixiv.net/artworks/7"
    moebooru = as_json({"category": "yandere", "id": 5, "tags": "a_b c", "rating": "s", "author": "uploader"})
    assert (moebooru.rating, moebooru.tags, moebooru.page_url) == ("safe", ("a_b", "c"), "https://yande.re/post/show/5")


def test_waifuc_with_scores_and_what_the_site_said():
    found = as_json({"filename": "a.png", "tags": {"1girl": 0.99, "blue hair": 0.8}, "danbooru": DANBOORU})
    assert found.characters == ("ayanami_rei",) and found.author == "some artist"
    assert as_json({"tags": {"1girl": 0.99, "blue hair": 0.8}}).tags == ("1girl", "blue_hair")


def test_tags_by_kind():
    found = as_json({"tags": {"general": ["solo"], "character": ["rei"], "artist": ["x_y"]}, "sources": ["http://a/b"]})
    assert found == Sidecar(("solo", "rei", "x_y"), ("rei",), "x y", source="http://a/b")


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("1girl, blue hair, solo\n", ("1girl", "blue_hair", "solo")),
        ("1girl\nblue_hair\n", ("1girl", "blue_hair")),
        ("1girl blue_hair solo", ("1girl", "blue_hair", "solo")),
        ("a girl in the rain", ("a_girl_in_the_rain",)),
        ("", ()),
    ],
)
def test_the_ways_in_which_captions_are_written(text, tags):
    assert from_text(text.encode()).tags == tags


def test_grabber_keeps_kinds_apart():
    found = from_text(b"character:ayanami_rei\nartist:some_artist\nrating:e\n1girl\n:d")
    assert found == Sidecar(("1girl", ":d", "ayanami_rei"), ("ayanami_rei",), "some artist", "explicit")


def test_several_files_say_it_together_and_the_first_counts_most():
    found = read_sidecars(
        [("a.json", b'{"tags": ["x"], "title": "T"}'), ("a.txt", b"x, y"), ("b.json", b'{"title": "U"}')]
    )
    assert (found.tags, found.title) == (("x", "y"), "T")


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b"[1, 2]", b"null", b'{"tags": 5, "title": [], "user": 3.5, "source": "javascript:x", "id": {}}',
     b'{"tags": [null, {"a": 1}], "rating": true}', b"[" * 100_000],
)  # fmt: skip
def test_what_is_damaged_or_means_something_else_says_nothing(data):
    assert from_json(data) == Sidecar()


def test_a_tag_as_a_name():
    assert name_of("hatsune_miku_(vocaloid)") == "Hatsune Miku"
    assert name_of("綾波レイ") == "綾波レイ"


def test_there_are_bounds():
    assert len(as_json({"tags": [f"t{i}" for i in range(900)]}).tags) == 500
    assert as_json({"tags": ["x" * 101, "y"], "title": "z" * 900}).title == "z" * 300
    assert read_sidecars([("a.txt", b"x" * 2_000_001)]) == Sidecar()


def test_a_list_of_one_is_that_one_and_what_is_no_text_says_nothing():
    assert from_json(json.dumps([DANBOORU]).encode()) == as_json(DANBOORU) != Sidecar()
    assert from_json(json.dumps([DANBOORU] * 2).encode()) == Sidecar()
    assert from_json(bytes(range(256)) * 9) == Sidecar()


@pytest.mark.parametrize(
    ("site", "number", "page"),
    [
        ("danbooru", 41, "https://danbooru.donmai.us/posts/41"),
        ("pixiv", "9", "https://www.pixiv.net/artworks/9"),
        ("twitter", 41, ""),
        ("danbooru", "x41", ""),
        ("danbooru", 4.5, ""),
        ("danbooru", None, ""),
    ],
)
def test_the_page_of_a_post_is_known_by_its_board_and_number(site, number, page):
    assert as_json({"category": site, "id": number}).page_url == page


def test_tags_have_a_hundred_characters_and_are_five_hundred_at_most():
    found = as_json({"tags": ["a" * 100, "b" * 101] + [f"tag {n}" for n in range(600)]}).tags
    assert (found[0], found[1], found[-1], len(found)) == ("a" * 100, "tag_0", "tag_497", 499)


@pytest.mark.parametrize(
    ("site", "said", "rating"),
    [("yandere", "s", "safe"), ("danbooru", "s", "sensitive"), ("danbooru", "G", "general"), ("x", "Mature", "mature")],
)
def test_a_rating_is_spelled_out_as_its_board_means_it(site, said, rating):
    assert as_json({"category": site, "rating": said}).rating == rating


def test_of_two_ratings_and_sources_the_first_counts():
    found = from_text(b"1girl, rating:g, rating:e, source:https://a.example/1, source:https://b.example/2")
    assert (found.tags, found.rating, found.source) == (("1girl",), "general", "https://a.example/1")
