import pytest

from core.errors import DataError
from core.server.tokens import Tokens

READER, WRITER = "r" * 20, "w" * 20


def read(tmp_path, text):
    path = tmp_path / "tokens"
    path.write_text(text)
    return Tokens.read(path)


def test_a_token_allows_what_stands_behind_it_and_no_other_anything(tmp_path):
    tokens = read(tmp_path, f"# the bot\n{READER} read\n\n{WRITER} read,write  # mine\n")
    assert tokens.scopes(READER) == {"read"}
    assert tokens.scopes(WRITER) == {"read", "write"}
    assert tokens.scopes("x" * 20) == tokens.scopes("") == tokens.scopes(READER[:-1]) == set()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{READER}\n", "Line 1"),
        (f"\n{READER} admin\n", "Line 2"),
        (f"{READER} read write\n", "Line 1"),
        ("short read\n", "shorter than 16"),
        ("# nothing\n", "holds no token"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_with_its_place(tmp_path, text, words):
    with pytest.raises(DataError, match=words):
        read(tmp_path, text)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        Tokens.read(tmp_path / "none")


def test_the_tokens_themselves_are_not_kept(tmp_path):
    assert READER not in repr(read(tmp_path, f"{READER} read\n"))


def test_a_token_of_sixteen_characters_is_long_enough(tmp_path):
    assert read(tmp_path, "x" * 16 + " write\n").scopes("x" * 16) == {"write"}
