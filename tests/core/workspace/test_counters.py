"""Counts and what is seen of a picture's faces are true whoever writes, and by whatever statement."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import delete, insert, select, update

from core.workspace import tables as t
from core.workspace.counters import TRIGGERS, count_anew, face_counts, picture_counts, picture_faces
from tests.faces import add_faces
from tests.old_workspace import make_old_workspace


def kept(db, table):
    """The rows of a table that triggers keep, those that count nothing and their own ids aside."""
    columns = [column for column in table.c if column.name != "id"]
    query = select(*columns).where(table.c.n > 0) if "n" in table.c else select(*columns)
    return sorted(map(repr, db.execute(query).all()))


def everything(catalogue):
    with catalogue.reading() as db:
        return {table.name: kept(db, table) for table in (face_counts, picture_counts, picture_faces)}


def counted_anew(catalogue):
    with closing(sqlite3.connect(catalogue.path)) as db, db:
        count_anew(db)
    return everything(catalogue)


FACE = {
    "state": ("kept", "proposed", "rejected", "removed"),
    "character_id": (1, 2, None),
    "picture_id": (1, 2, 3),
    "copy_of": (None, None, 1),
    "enrolled": (True, False),
    "ignored": (True, False),
    "w": (20.0, 60.0),
    "quality": (0.0, 0.2, 0.8),
    "score": (0.3, 0.9),
    "split": ("train", ""),
}
PICTURE = {
    "state": ("kept", "removed"),
    "kind": ("picture", "face"),
    "review": ("look", "new"),
    "character_id": (1, None),
}


def test_after_any_writes_they_are_what_counting_anew_gives(project):
    add_faces(project, {"Rei": 4, "Asuka": 3})
    draw = random.Random(1)
    with project.catalogue.writing() as db:
        for n in range(120):
            table, values = (t.faces, FACE) if n % 3 else (t.pictures, PICTURE)
            row = {name: draw.choice(values[name]) for name in draw.sample(sorted(values), 2)}
            if n % 7 == 0:
                db.execute(insert(t.faces).values(**{"picture_id": 2} | (row if table is t.faces else {})))
            elif n % 11 == 0:
                db.execute(delete(t.faces).where(t.faces.c.id == n // 11 + 1, t.faces.c.id > 1))
            else:
                db.execute(update(table).where(table.c.id % 5 == n % 5).values(**row))
    found = everything(project.catalogue)
    assert all(found.values())
    assert counted_anew(project.catalogue) == found


def test_what_is_seen_of_a_pictures_faces(project):
    """Of three: a rejected one and a copy do not count; a quality of 0 was never measured."""
    character, picture = project.catalogue.add_character("Rei"), project.catalogue.add_picture(None)
    box = {"picture_id": picture.id, "w": 40.0, "h": 30.0, "score": 0.7}
    rows = [
        box | {"state": "proposed", "character_id": character.id},
        box | {"state": "kept", "w": 20.0, "score": 0.5, "quality": 0.4},
        box | {"state": "rejected", "w": 5.0, "score": 0.1, "quality": 0.1},
    ]
    first, second, _ = project.catalogue.add_faces(rows, action="found")
    project.catalogue.add_faces([box | {"state": "kept", "w": 1.0, "copy_of": second.id}], action="copied")
    with project.catalogue.reading() as db:
        assert db.execute(select(picture_faces)).all() == [(picture.id, 2, 0.5, 20.0, 0.4, True)]
    project.catalogue.set_values("faces", {one.id: {"state": "removed"} for one in (first, second)})
    with project.catalogue.reading() as db:
        assert db.execute(select(picture_faces)).all() == []


@pytest.mark.parametrize(
    ("by", "equal", "expected"),
    [
        ("character_id", {"state": "kept", "copy_of": None}, {1: 2, 2: 3}),
        ("state", {}, {"kept": 6, "proposed": 1}),
        ("state", {"character_id": (1,), "ignored": False}, {"kept": 3, "proposed": 1}),
        ("character_id", {"state": ["kept", "proposed"], "enrolled": True}, {2: 1}),
        ("character_id", {"character_id": None}, {}),
    ],
)
def test_counts_are_those_of_the_rows(project, by, equal, expected):
    faces = add_faces(project, {"Rei": 3, "Asuka": 3})
    catalogue = project.catalogue
    catalogue.set_values("faces", {faces["Rei"][0]: {"state": "proposed"}, faces["Asuka"][0]: {"enrolled": True}})
    copy = {"picture_id": 1, "character_id": 1, "state": "kept", "copy_of": faces["Rei"][1]}
    catalogue.add_faces([copy], action="copied")
    assert catalogue.counts("faces", by, **equal) == expected
    assert catalogue.counts("pictures", "kind") == {"face": 6}


def test_a_migrated_catalogue_has_them_and_the_same_triggers(settings, workspace):
    from core.workspace.catalogue import Catalogue

    old = make_old_workspace(settings) / "catalogue.db"
    with Catalogue(old) as catalogue:
        found = everything(catalogue)
        assert found["face_counts"] and found["picture_faces"]
        assert counted_anew(catalogue) == found

    def triggers(path):
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        with closing(sqlite3.connect(path)) as db:
            return {name: " ".join(sql.split()) for name, sql in db.execute(query) if name in TRIGGERS}

    assert triggers(old) == triggers(workspace.catalogue_path)
    assert triggers(old).keys() == TRIGGERS.keys()
