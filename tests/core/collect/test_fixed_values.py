"""How much is asked and taken from the network and from files of strangers."""

from __future__ import annotations

from core.collect import (
    addresses,
    boards,
    candidate,
    characters,
    download,
    drawn,
    dropped,
    engines,
    google,
    google_worker,
    importing,
    intake,
    listing,
    pipeline,
    processes,
    request,
    robots,
    source,
    status,
    urls,
    video,
)
from tests.values import other_defaults, other_values

VALUES = [
    (boards, "PAGE", 100),
    (boards, "PAGES", 20),
    (boards, "LARGEST_ANSWER", 20_000_000),
    (candidate, "LONGEST_STEM", 60),
    (characters, "LONGEST_LIST", 10_000),
    (characters, "LARGEST_LIST", 20_000_000),
    (characters, "MOST_WANTED", 100_000),
    (dropped, "SAMPLE", 24),
    (dropped, "FACE_SIDE", 256),
    (dropped, "FACE_RATIO", 1.25),
    (engines, "PAGES", 10),
    (engines, "TIMEOUT", 15),
    (google, "SECONDS", 90.0),
    (google_worker, "NEAR", 3000),
    (importing, "LOOKED_AT", 2000),
    (intake, "BETTER", 1.3),
    (intake, "MOST_COMPARED", 16),
    (pipeline, "PER_HOST", 2),
    (processes, "PATIENCE", 3.0),
    (request, "PASSING", {408, 425, 429, 500, 502, 503, 504, *range(520, 525)}),
    (robots, "LONGEST", 500_000),
    (urls, "LARGEST", 20_000_000),
    (video, "EVERY", 1.0),
]
DEFAULTS = [
    (addresses.checked, {"private": False}),
    (addresses.GuardedBackend, {"private": False}),
    (addresses.GuardedTransport, {"verify": True, "connections": 32}),
    (boards.BoardSource, {"safe": True}),
    (characters.Entry, {"wanted": 0}),
    (download.Downloader, {"verify": True}),
    (download.Downloader.fetch, {"robots": True}),
    (drawn.DrawnSource, {"seed": 0, "cast": 8}),
    (engines.EngineSource, {"safe": True}),
    (google.GoogleSource, {"safe": True}),
    (importing.preview_import, {"kind": "pictures", "unnamed": False}),
    (importing.prepare_import, {"kind": "pictures", "unnamed": False}),
    (importing.import_pictures, {"kind": "pictures", "unnamed": False}),
    (listing.Listing, {"side_files": 0}),
    (pipeline.Wanted, {"limit": 0}),
    (robots.Robots, {"delay": 0.0}),
    (source.SourceCard, {"network": False, "browser": False}),
    (source.Query, {"limit": 50}),
    (source.SourceOptions, {"seed": 0, "cast": 8, "any_rating": False}),
    (status.SourceStatus, {"found": 0, "kept": 0, "duplicates": 0, "refused": 0, "failed": 0}),
    (status.CollectReport, {"seconds": 0.0}),
]


def test_measured_values_and_limits_are_what_they_were():
    assert other_values(VALUES) == []


def test_where_nobody_says_anything_the_usual_is_taken():
    assert other_defaults(DEFAULTS) == []
