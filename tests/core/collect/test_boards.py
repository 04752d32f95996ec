"""Boards through their JSON interfaces."""

from __future__ import annotations

import pytest

from core.collect.boards import tags_for
from core.collect.source import Query, SourceOptions, open_source
from core.errors import SourceError
from core.settings import Settings
from tests.stand_in.server import page
from tests.stand_in.services import (
    add_danbooru,
    add_gelbooru,
    add_moebooru,
    add_safebooru,
    danbooru_post,
    gelbooru_post,
    json_answer,
    moebooru_post,
    safebooru_post,
)


@pytest.fixture
def board(server, downloader):
    def make(name="danbooru", **values):
        return open_source(name, SourceOptions(base_url=server.url(""), downloader=downloader, **values))

    return make


def test_a_post_brings_all_that_is_known(server, board):
    post = danbooru_post(41, "https://cdn.example/41.jpg", parent_id=40)
    add_danbooru(server, {"hinata_shouyou": [post]})
    (found,) = board().search(Query("Hinata Shoyo", "tag:hinata_shouyou"))
    assert found.picture_url == "https://cdn.example/41.jpg"
    assert found.page_url == server.url("/posts/41")
    assert (found.author, found.rating, found.group, found.name) == (
        "some artist",
        "general",
        "danbooru:40",
        "danbooru_41.jpg",
    )
    assert found.tags == ("1girl", "hinata_shouyou", "haikyuu!!", "source:https://www.pixiv.net/artworks/41")


def test_only_safe_ratings_unless_asked(server, board):
    posts = [danbooru_post(n, f"https://cdn.example/{n}.jpg", rating=r) for n, r in enumerate("gsqe")]
    add_danbooru(server, {"x": posts})
    assert [f.rating for f in board().search(Query("x"))] == ["general"]
    everything = [f.rating for f in board(any_rating=True).search(Query("x"))]
    assert everything == ["general", "sensitive", "questionable", "explicit"]
    add_safebooru(
        server, {"x": [safebooru_post(n, "https://cdn.example/1.jpg", rating=r) for n, r in enumerate(("safe", "q"))]}
    )
    assert len(list(board("safebooru").search(Query("x")))) == 1


def test_pages_are_turned_until_one_is_not_full(server, board):
    posts = [danbooru_post(n, f"https://cdn.example/{n}.jpg") for n in range(230)]
    add_danbooru(server, {"x": posts})
    assert len(list(board().search(Query("x")))) == 230
    assert server.asked("/posts.json") == 4  # one for pictures of the character alone, of which there are none


@pytest.mark.parametrize(("most", "order"), [(2, [2, 0, 1, 3]), (1, [0, 1, 2, 3])])
def test_pictures_of_the_character_alone_come_first_where_the_board_allows_two_tags(server, board, most, order):
    posts = [
        danbooru_post(n, f"https://cdn.example/{n}.jpg", tag_string=f"x {'solo' if n == 2 else 'multiple_girls'}")
        for n in range(4)
    ]
    add_danbooru(server, {"x": posts}, most=most)
    assert [int(f.page_url.rpartition("/")[2]) for f in board().search(Query("x"))] == order


def test_without_a_tag_the_name_is_tried_both_ways_round(server, board):
    add_safebooru(server, {"shoyo_hinata": [safebooru_post(7, "//cdn.example/7.jpg")]})
    (found,) = board("safebooru").search(Query("Hinata Shoyo"))
    assert found.picture_url == "http://cdn.example/7.jpg"
    assert found.author == ""
    assert tags_for(Query("Eriri Spencer Sawamura")) == ["eriri_spencer_sawamura", "sawamura_spencer_eriri"]


def test_videos_and_posts_without_a_file_are_passed_over(server, board):
    posts = [
        danbooru_post(1, "https://cdn.example/1.mp4", large_file_url="https://cdn.example/1-sample.webp"),
        danbooru_post(2, "https://cdn.example/2.webm"),
        danbooru_post(3, ""),
    ]
    add_danbooru(server, {"x": posts})
    assert [f.picture_url for f in board().search(Query("x"))] == ["https://cdn.example/1-sample.webp"]


def test_the_login_is_sent_where_there_is_one(server, board):
    add_danbooru(server, {"x": [danbooru_post(1, "https://cdn.example/1.jpg")]}, login="Basic bWU6a2V5")
    settings = Settings(danbooru_login="me", danbooru_api_key="key")
    assert len(list(board(settings=settings).search(Query("x")))) == 1
    with pytest.raises(SourceError, match="danbooru: it does not know the login"):
        list(board().search(Query("x")))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (page("<html>Just a moment...</html>", status=403), "danbooru: it refused the request"),
        (page("", status=429), "danbooru: it refused the request \\(the server answered 429"),
        (page("<html>down</html>"), "danbooru: its answer is a web page, not JSON"),
        (json_answer({"success": False, "message": "tag is bad"}), "danbooru: it says: tag is bad"),
        (json_answer("text"), "danbooru: its answer is not a list of posts"),
        (page("", status=500), "danbooru: it cannot be asked: the server answered 500"),
        (json_answer({"success": False}, status=422), "danbooru: too many tags"),
    ],
)
def test_each_way_to_fail_is_a_sentence_with_the_name(server, board, answer, words):
    server.add("/posts.json", answer)
    with pytest.raises(SourceError, match=words):
        list(board().search(Query("x")))


def test_gelbooru_answers_an_object_and_wants_its_login(server, board):
    posts = [gelbooru_post(n, f"https://cdn.example/{n}.jpg") for n in range(130)]
    explicit = gelbooru_post(500, "https://cdn.example/500.jpg", rating="explicit", parent_id=3)
    add_gelbooru(server, {"x": [*posts, explicit]}, login=("7", "key"))
    settings = Settings(gelbooru_user_id="7", gelbooru_api_key="key")
    found = list(board("gelbooru", settings=settings).search(Query("x")))
    assert len(found) == 130
    assert (found[0].rating, found[0].author, found[0].name) == ("general", "somebody", "gelbooru_0.jpg")
    assert found[1].page_url == server.url("/index.php?page=post&s=view&id=1")
    assert found[1].tags == ("1girl", "blue_hair", "source:https://www.pixiv.net/artworks/1")
    everything = list(board("gelbooru", settings=settings, any_rating=True).search(Query("x")))
    assert everything[-1].rating == "explicit" and everything[-1].group == "gelbooru:3"
    with pytest.raises(
        SourceError, match=r"gelbooru: it does not know the login\. Correct gelbooru_user_id and gelbooru"
    ):
        list(board("gelbooru").search(Query("x")))


def test_on_gelbooru_nothing_is_an_answer_too(server, board):
    add_gelbooru(server, {})
    assert list(board("gelbooru").search(Query("x"))) == []


def test_moebooru_calls_s_safe_and_its_author_uploaded_only(server, board):
    posts = [moebooru_post(n, f"https://cdn.example/{n}.png", rating=r) for n, r in enumerate("sqe")]
    add_moebooru(server, {"x": posts})
    (found,) = board("moebooru").search(Query("x"))
    assert (found.rating, found.author, found.page_url) == ("safe", "", server.url("/post/show/0"))
    assert found.tags == ("blue_hair", "seifuku", "source:https://i.pximg.net/0.png")
    ratings = [one.rating for one in board("moebooru", any_rating=True).search(Query("x"))]
    assert ratings == ["safe", "questionable", "explicit"]


def test_half_a_login_is_not_sent(server, board):
    add_gelbooru(server, {})
    list(board("gelbooru", settings=Settings(gelbooru_user_id="7")).search(Query("x")))
    assert "user_id" not in server.log[-1].parameters
    add_danbooru(server, {})
    list(board(settings=Settings(danbooru_login="me")).search(Query("x")))
    assert "authorization" not in server.log[-1].headers


def test_words_serve_where_no_character_is_named():
    assert tags_for(Query("", "Rei Ayanami")) == ["rei_ayanami", "ayanami_rei"]
    assert tags_for(Query("Asuka", "Rei Ayanami")) == ["asuka"]


def test_an_origin_with_a_space_in_it_is_no_address(server, board):
    posts = [danbooru_post(n, "https://cdn.example/1.jpg", source=s) for n, s in enumerate(("a book", ""))]
    add_danbooru(server, {"x": posts})
    assert not [tag for found in board().search(Query("x")) for tag in found.tags if tag.startswith("source:")]


def test_an_address_without_a_server_is_the_board_s_own(server, board):
    add_safebooru(server, {"x": [safebooru_post(7, "/images/7.jpg")]})
    (found,) = board("safebooru").search(Query("x"))
    assert found.picture_url == server.url("/images/7.jpg")


def test_on_safebooru_a_post_of_another_rating_is_left_out_and_its_own_name_is_no_author(server, board):
    posts = [safebooru_post(1, "https://cdn.example/1.jpg", rating="general", owner="danbooru")]
    add_safebooru(server, {"x": posts})
    (found,) = board("safebooru").search(Query("x"))
    assert (found.author, found.rating) == ("", "general")


@pytest.mark.parametrize("name", ["danbooru", "safebooru", "gelbooru", "moebooru"])
def test_a_board_needs_the_network_and_has_no_characters_of_its_own(board, name):
    with pytest.raises(SourceError, match=f"{name}: it needs the network"):
        open_source(name, SourceOptions())
    assert (board(name).characters(), board(name).card.name) == ([], name)
