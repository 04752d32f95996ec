"""What counts as a video."""

import pytest

from core.video.kinds import ENDINGS, has_video_ending, is_video


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.bin", b"\x00\x00\x00\x18ftypmp42....", True),
        ("a.mp4", b"\x00" * 1000, True),
        ("a.MKV", b"anything", True),
        ("a.bin", b"anything", False),
        ("a.mp4", b"PK\x03\x04", False),
        ("a.mp4", b"\xff\xd8\xff\xe0" + bytes(20), False),
    ],
)
def test_the_first_bytes_decide_and_else_the_name(tmp_path, name, data, expected):
    (tmp_path / name).write_bytes(data)
    assert is_video(tmp_path / name) is expected


def test_what_is_no_file_is_no_video(tmp_path):
    assert not is_video(tmp_path) and not is_video(tmp_path / "none.mp4")


def test_endings_are_of_the_last_dot_in_any_case():
    assert has_video_ending("a.b.WebM") and not has_video_ending("mp4") and not has_video_ending("a.mp4.zip")
    assert all(ending == ending.lower() for ending in ENDINGS)
