"""What a new row holds where nothing else is said."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import asdict, fields

import pytest

from core.workspace import tables as t


def test_a_new_character_picture_and_face(catalogue):
    character = catalogue.add_character("Rei")
    assert (character.name, character.slug, character.series, character.wanted) == ("Rei", "Rei", "", 0)
    assert (character.state, character.reference_face) == ("active", None)
    picture = catalogue.add_picture(character.id)
    said = asdict(picture)
    assert (said["kind"], said["state"], said["review"], said["duplicate_of"]) == ("picture", "kept", "new", None)
    assert (said["width"], said["height"], said["path"], said["sha256"], said["group_key"]) == (0, 0, "", "", "")
    (face,) = catalogue.add_faces([{"picture_id": picture.id, "character_id": character.id}], action="found")
    said = asdict(face)
    assert [said[key] for key in ("x", "y", "w", "h", "score", "quality")] == [0.0] * 6
    assert (said["state"], said["split"], said["copy_of"], said["revision"]) == ("proposed", "", None, 0)
    assert (said["enrolled"], said["ignored"], list(said["negatives"])) == (False, False, [])
    assert said["decided_by"] == "detector"


def test_the_fields_of_a_value_come_in_the_order_of_its_table(catalogue):
    """Rows become values by their places."""
    for value in (t.Change, t.Character, t.Face, t.Fetch, t.Picture, t.Result):
        table = t.metadata.tables[f"{value.__name__.lower()}{'es' if value is t.Fetch else 's'}"]
        assert [f.name for f in fields(value)] == [c.name for c in table.columns], value


NULLABLE = {
    "characters": {"reference_face", "cover"},
    "pictures": {"character_id", "duplicate_of"},
    "faces": {"character_id", "copy_of"},
    "changes": set(),
    "results": set(),
    "fetches": {"character_id", "picture_id"},
    "pending_moves": set(),
    "face_blocks": set(),
    "face_counts": {"character_id"},
    "picture_counts": {"character_id"},
    "picture_faces": {"quality"},
    "notes": {"value"},
}
INDEXES = {
    "characters": {("name", 1), ("slug", 1)},
    "pictures": {("state", 0), ("state kind review character_id", 0), ("sha256", 0), ("character_id", 0)},
    "faces": {
        ("picture_id copy_of state character_id w h score quality decided_by", 0),
        ("character_id", 0),
        ("character_id state copy_of phash", 0),
        ("state", 0),
        ("state copy_of character_id enrolled ignored split", 0),
        ("state copy_of character_id quality", 0),
        ("path", 0),
        ("sha256", 0),
        ("copy_of", 0),
    },
    "changes": set(),
    "results": {("kind", 0)},
    "fetches": {("character_id", 0), ("* url", 1)},
    "pending_moves": set(),
    "face_blocks": set(),
    "face_counts": {("state copied character_id enrolled ignored", 0)},
    "picture_counts": {("state kind review character_id", 0)},
    "picture_faces": set(),
    "notes": {("key", 1)},
}


@pytest.mark.parametrize("table", NULLABLE)
def test_only_these_columns_may_be_empty_and_these_are_indexed(catalogue, workspace, table):
    with contextlib.closing(sqlite3.connect(workspace.catalogue_path)) as file:
        columns = file.execute(f"PRAGMA table_info({table})").fetchall()
        assert {name for _, name, _, needed, *_ in columns if not needed} == NULLABLE[table]
        found = set()
        for _, name, unique, *_ in file.execute(f"PRAGMA index_list({table})").fetchall():
            parts = file.execute(f"PRAGMA index_info({name})").fetchall()
            found.add((" ".join(part or "*" for _, _, part in parts), unique))
        assert found == INDEXES[table]
        key = {"notes": "key", "face_blocks": "block", "picture_faces": "picture_id"}.get(table, "id")
        assert [name for _, name, *_, is_key in columns if is_key] == [key]


def test_the_file_carries_the_number_of_its_schema(catalogue, workspace):
    with contextlib.closing(sqlite3.connect(workspace.catalogue_path)) as file:
        assert file.execute("PRAGMA user_version").fetchone() == (6,)


def test_a_row_that_is_added_directly_starts_empty(catalogue):
    """The columns' own defaults, which rows written in bulk rely on."""
    from core.workspace import tables

    starts = {
        name: column.default.arg
        for table in (tables.characters, tables.pictures, tables.faces)
        for name, column in table.c.items()
        if column.default is not None and not callable(column.default.arg)
    }
    numbers = {name: value for name, value in starts.items() if isinstance(value, bool | int | float)}
    assert set(numbers) == {
        "wanted",
        "width",
        "height",
        "x",
        "y",
        "w",
        "h",
        "score",
        "quality",
        "enrolled",
        "ignored",
        "revision",
    }
    assert not any(numbers.values())
