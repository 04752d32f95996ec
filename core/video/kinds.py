"""What counts as a video: by the first bytes of a file, or by its name where those do not tell."""

from __future__ import annotations

from pathlib import Path

from core.errors import PictureError
from core.imaging import formats
from core.imaging.files import read_head

ENDINGS = ("mp4", "m4v", "mkv", "webm", "mov", "avi", "mpg", "mpeg", "ts", "wmv", "flv", "ogv")
"""How videos are usually called: what a file dialogue offers. FFmpeg decides by the content."""


def has_video_ending(name: str) -> bool:
    """Whether a file is called like a video.

    >>> has_video_ending("a.MKV"), has_video_ending("mkv")
    (True, False)
    """
    return Path(name).suffix.lower().removeprefix(".") in ENDINGS


def is_video(path: Path) -> bool:
    """Whether a file looks like a video, by its first bytes, or by its name where those do not tell."""
    if not path.is_file():
        return False
    try:
        what = formats.kind(read_head(path))
    except PictureError:
        return False
    known = what in formats.ARCHIVES or what in formats.PICTURES
    return what == "a video" or (not known and has_video_ending(path.name))
