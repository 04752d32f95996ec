"""Limits and waiting times of a workspace, and what is taken where nobody says anything."""

from __future__ import annotations

from core.workspace import (
    backups,
    catalogue,
    characters,
    database,
    embeddings,
    faces,
    folders,
    found,
    locks,
    lone,
    migrations,
    moves,
    one_of,
    overview,
    project,
    readable,
    recut,
    relocation,
    survey,
    sync,
    tables,
    transaction,
    undo,
    vectors,
    workspaces,
)
from tests.values import other_defaults, other_values

VALUES = [
    (backups, "LARGEST_RATIO", 200),
    (backups, "SMALL", 50_000_000),
    (backups, "MOST_FILES", 5_000_000),
    (backups, "RESERVE", 100_000_000),
    (catalogue, "REMEMBERED", 1000),
    (database, "BUSY_SECONDS", 30),
    (embeddings, "FORMAT", 2),
    (embeddings, "BATCH", 64),
    (embeddings, "SAVE_EVERY", 1024),
    (folders, "LONGEST", 80),
    (folders, "LONGEST_BYTES", 200),
    (found, "SAME_BOX", 0.01),
    (locks, "WAIT_SECONDS", 30.0),
    (migrations, "LARGEST_HEADER", 100_000_000),
    (one_of, "FEW", 500),
    (overview, "ENOUGH", 4),
    (readable, "NAMED", 3),
    (relocation, "WAIT_SECONDS", 30.0),
    (survey, "READERS", 4),
    (sync, "TOGETHER", 200),
    (tables, "SCHEMA", 6),
    (undo, "TRIES", 3),
    (vectors, "KEY", 32),
    (workspaces, "OPEN_SECONDS", 10),
]
DEFAULTS = [
    (catalogue.Catalogue.characters, {"removed": False}),
    (catalogue.Catalogue.add_character, {"wanted": 0}),
    (catalogue.Catalogue.face_pages, {"size": 10_000}),
    (catalogue.Catalogue.changes, {"limit": 50}),
    (characters.add, {"wanted": 0}),
    (characters.ignore, {"ignored": True}),
    (faces.decide, {"settle": True}),
    (faces.Acts.enrol, {"enrolled": True}),
    (faces.Acts.ignore, {"ignored": True}),
    (lone.same_crop, {"unnamed": False}),
    (migrations.schema_of, {"read_only": False}),
    (moves.recover, {"timeout": 0}),
    (project.open_project, {"create": False}),
    (recut.stage_crops, {"lenient": False}),
    (relocation.finish, {"timeout": 0}),
    (tables.Character, {"wanted": 0}),
    (tables.Picture, {"width": 0, "height": 0}),
    (
        tables.Face,
        {
            "x": 0.0,
            "y": 0.0,
            "w": 0.0,
            "h": 0.0,
            "score": 0.0,
            "quality": 0.0,
            "enrolled": False,
            "ignored": False,
            "revision": 0,
        },
    ),
    (transaction.StagedCrop, {"revision": 0}),
    (workspaces.open_workspace, {"create": False}),
]


def test_measured_values_and_limits_are_what_they_were():
    assert other_values(VALUES) == []


def test_where_nobody_says_anything_the_usual_is_taken():
    assert other_defaults(DEFAULTS) == []
