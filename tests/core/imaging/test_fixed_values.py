"""Limits for files of strangers, numbers that file formats give, and the framing that encoders were trained with."""

from __future__ import annotations

from core.imaging import (
    archives,
    cut_short,
    files,
    formats,
    frames,
    framing,
    hashes,
    metadata,
    names,
    one_colour,
    profiles,
    reading,
    regions,
    zip_entries,
)
from tests.values import other_defaults, other_values

VALUES = [
    (cut_short, "ENOUGH", 0.9),
    (cut_short, "GREYS", (127, 128)),
    (files, "LARGEST_TEXT", 200_000_000),
    (formats, "ENOUGH", 64),
    (frames, "FRAMES", 30),
    (frames, "ORIENTATION", 274),
    (framing, "MARGIN", 0.5),
    (framing, "SHIFT_UP", 0.1),
    (hashes, "NEAR", 6),
    (hashes, "MOST_BANDS", 16),
    (metadata, "LARGEST", 65_500),
    (metadata, "WEBP_XMP", 4),
    (metadata, "WEBP_ALPHA", 16),
    (names, "LONGEST_NAME", 200),
    (one_colour, "SIDE", 48),
    (one_colour, "NOISE", 1.0),
    (one_colour, "SHARE", 0.12),
    (profiles, "LARGEST", 4_000_000),
    (profiles, "SAME", 3),
    (reading, "JPEG_QUALITY", 95),
    (regions, "ASPECT", 0.02),
    (regions, "MOST", 1000),
    (archives, "MOST_ENTRIES", 200_000),
    (archives, "HIGHEST_RATIO", 200),
    (archives, "SMALL", 1_000_000),
    (zip_entries, "UTF8_FLAG", 2048),
    (zip_entries, "LOCKED_FLAG", 1),
    (zip_entries, "UNICODE_PATH", 28_789),
]
DEFAULTS = [
    (files.read_head, {"size": 512}),
    (files.files_in, {"linked": False}),
    (regions.turned, {"back": False}),
    (regions.regions_xmp, {"orientation": 1}),
    (regions.read_regions, {"orientation": 1}),
]


def test_measured_values_and_limits_are_what_they_were():
    assert other_values(VALUES) == []


def test_where_nobody_says_anything_the_usual_is_taken():
    assert other_defaults(DEFAULTS) == []
