"""Catalogues of earlier versions brought up to date: numbered steps (PRAGMA user_version), a copy of the file first.

Each step takes a catalogue from one schema to the next, all steps in one transaction: another process sees the old
catalogue or the new one. The steps speak SQL, not today's tables: what they meant must not change when the tables do.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from core.documents import parse_json
from core.errors import CatalogueError
from core.failures import explain
from core.workspace.tables import SCHEMA

GALLERY = "gallery.safetensors"
LARGEST_HEADER = 100_000_000
LOG_BYTES = 65_536
"""What SQLite needs beside a catalogue in write-ahead mode, even to read it."""
INDEX_BYTES = 32_768
"""Of the log's index, `-shm`, where anybody has the catalogue open (https://www.sqlite.org/walformat.html)."""
BUSY_SECONDS = 30
"""How long a writer waits for another one's transaction."""


def backup_path(catalogue: Path, version: int) -> Path:
    """Where the catalogue as it was before the migration lies."""
    return catalogue.with_name(f"{catalogue.name}.schema-{version}")


def read_only_uri(catalogue: Path) -> str:
    """How SQLite opens a catalogue without making a file beside it, which write-ahead mode would do.

    Files of the log that were begun on a full disk, and hold nothing, are passed over.
    """
    log, index = (_size(catalogue.with_name(catalogue.name + ending)) for ending in ("-wal", "-shm"))
    uri = f"{catalogue.resolve().as_uri()}?mode=ro"
    return uri if log > 0 or index >= INDEX_BYTES else f"{uri}&immutable=1"


def _size(path: Path) -> int:
    """In bytes; 0 for a file that is not there."""
    return path.stat().st_size if path.exists() else 0


def schema_of(catalogue: Path, *, read_only: bool = False) -> int:
    """The schema of a catalogue; 0 where it is new or empty. Raises CatalogueError for a newer or a broken one, and for
    an empty one beside pictures: what was decided about them would be begun anew."""
    if not catalogue.exists():
        return 0
    if not _size(catalogue):
        beside = (path for top in ("pictures", "faces") for path in catalogue.parent.glob(f"{top}/*/*"))
        if catalogue.is_file() and any(path.is_file() for path in beside):
            raise CatalogueError(
                f"{catalogue} is empty although pictures lie beside it: what was decided about them is lost. Restore a "
                "backup; or move that file away, make the workspace anew and let `sync` take in what lies there."
            )
        return 0
    uri = read_only_uri(catalogue) if read_only else f"{catalogue.resolve().as_uri()}?mode=rw"
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS)) as db:
            version: int = db.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.DatabaseError as error:
        if shutil.disk_usage(catalogue.parent).free < LOG_BYTES:
            raise CatalogueError(
                f"The disk is full: {catalogue} cannot be opened. Free some space, then do it again."
            ) from error
        if catalogue.is_file() and isinstance(error, sqlite3.OperationalError):  # locked, a failing disk: no damage
            raise CatalogueError(f"{catalogue} cannot be opened. {explain(error)}") from error
        raise CatalogueError(
            f"{catalogue} is damaged or no catalogue ({error}). Restore a backup, or open another workspace."
        ) from error
    if version < 0:
        raise CatalogueError(f"{catalogue} says schema {version}: it is no catalogue of this app. Restore a backup.")
    if version > SCHEMA:
        raise CatalogueError(f"{catalogue} was written by a newer version (schema {version}). Update the app.")
    return version


def migrate(catalogue: Path) -> None:
    """Bring a catalogue up to date where it is older; the file as it was stays beside it."""
    with closing(sqlite3.connect(catalogue, timeout=BUSY_SECONDS, isolation_level=None)) as db:
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if not 0 < version < SCHEMA:
            return
        upgrade(db, catalogue.parent, keep=lambda old: _back_up(catalogue, backup_path(catalogue, old)))


def upgrade(db: sqlite3.Connection, folder: Path, *, keep: Callable[[int], None] | None = None) -> None:
    """Take every step that is missing, on a connection without open transaction. `folder`: the workspace's.

    keep: gets the old version before the first step, when nobody else can write any more: of two processes, the slower
    one would copy what the faster one has made.
    """
    db.execute("PRAGMA foreign_keys = OFF")  # or a table that is rebuilt could not be dropped; checked at the end
    db.execute("BEGIN IMMEDIATE")
    try:
        version = db.execute("PRAGMA user_version").fetchone()[0]  # another process may have been faster
        if keep is not None and version < SCHEMA:
            keep(version)
        for number in range(version + 1, SCHEMA + 1):
            STEPS[number](db, folder)
        broken = db.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise CatalogueError(
                f"The catalogue of {folder.name} cannot be brought up to date: {len(broken)} rows point to rows that "
                f"are not there (first: {broken[0][0]} row {broken[0][1]}). It is left as it was; restore a backup."
            )
        db.execute(f"PRAGMA user_version = {SCHEMA}")
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise


def _back_up(catalogue: Path, target: Path) -> None:
    partial = target.with_name(target.name + ".part")
    partial.unlink(missing_ok=True)
    with closing(sqlite3.connect(catalogue)) as source, closing(sqlite3.connect(partial)) as copy:
        source.backup(copy)
    partial.replace(target)


def _to_2(db: sqlite3.Connection, folder: Path) -> None:
    """Faces and pictures without a character; enrolment, ignored faces and negatives; titles, framing, covers."""
    nullable = (r"character_id INTEGER NOT NULL", "character_id INTEGER")
    _rebuild(db, "pictures", [nullable])
    _rebuild(db, "faces", [nullable])
    _rebuild(db, "fetches", [nullable, (r",\s*CONSTRAINT one_fetch_a_url UNIQUE \(character_id, url\)", "")])
    db.execute("CREATE UNIQUE INDEX one_fetch_a_url ON fetches (coalesce(character_id, 0), url)")
    for table, column in (
        ("characters", "cover INTEGER"),
        ("pictures", "title VARCHAR NOT NULL DEFAULT ''"),
        ("faces", "framing VARCHAR NOT NULL DEFAULT ''"),
        ("faces", "enrolled BOOLEAN NOT NULL DEFAULT 0"),
        ("faces", "ignored BOOLEAN NOT NULL DEFAULT 0"),
        ("faces", "negatives JSON NOT NULL DEFAULT '[]'"),
    ):
        db.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    db.execute(
        "CREATE TABLE pending_moves (id INTEGER NOT NULL PRIMARY KEY, source VARCHAR NOT NULL, "
        "target VARCHAR NOT NULL, sha256 VARCHAR NOT NULL, at VARCHAR NOT NULL)"
    )
    rows = [(face,) for face in _enrolled_in(folder / GALLERY)]
    db.executemany("UPDATE faces SET enrolled = 1 WHERE id = ?", rows)


def _to_3(db: sqlite3.Connection, folder: Path) -> None:
    """Counts without reading the rows."""
    db.execute("CREATE INDEX pictures_by_state ON pictures (state, kind, review)")
    db.execute("CREATE INDEX faces_by_state ON faces (state, copy_of, character_id, enrolled, ignored, split)")


def _to_4(db: sqlite3.Connection, folder: Path) -> None:
    """Marks for blocks of faces; the review's queue without reading the rows of faces and pictures."""
    db.execute("CREATE TABLE face_blocks (block INTEGER NOT NULL PRIMARY KEY, mark INTEGER NOT NULL)")
    db.execute("INSERT INTO face_blocks SELECT id / 16384, random() FROM faces GROUP BY 1")
    for name, when, row in (
        ("inserted", "AFTER INSERT ON faces", "new"),
        ("updated", "AFTER UPDATE OF id, state, character_id, sha256, split, copy_of ON faces", "new"),
        ("deleted", "AFTER DELETE ON faces", "old"),
    ):
        mark = f"DELETE FROM face_blocks WHERE block = {row}.id / 16384; "  # noqa: S608 -- words of ours
        mark += f"INSERT INTO face_blocks VALUES ({row}.id / 16384, random());"  # noqa: S608
        db.execute(f"CREATE TRIGGER face_{name} {when} BEGIN {mark} END")
    db.execute("DROP INDEX ix_faces_picture_id")
    db.execute(
        "CREATE INDEX faces_of_picture ON faces (picture_id, copy_of, state, character_id, w, h, score, quality)"
    )
    db.execute("CREATE INDEX faces_by_quality ON faces (state, copy_of, character_id, quality)")
    db.execute("DROP INDEX pictures_by_state")
    db.execute("CREATE INDEX pictures_by_state ON pictures (state, kind, review, character_id)")


def _to_5(db: sqlite3.Connection, folder: Path) -> None:
    """What other settings would find, and what repeats among a character's faces, without reading the rows; and a
    change may edit many rows alike, which an earlier version could not undo."""
    db.execute("DROP INDEX faces_of_picture")
    db.execute(
        "CREATE INDEX faces_of_picture ON faces "
        "(picture_id, copy_of, state, character_id, w, h, score, quality, decided_by)"
    )
    db.execute("DROP INDEX faces_by_character_and_state")
    db.execute("CREATE INDEX faces_by_character_and_state ON faces (character_id, state, copy_of, phash)")


def _to_6(db: sqlite3.Connection, folder: Path) -> None:
    """Counts, and what is seen of a picture's faces, kept by triggers: cards and queues read no millions of rows."""
    db.execute(
        "CREATE TABLE face_counts (id INTEGER NOT NULL PRIMARY KEY, state VARCHAR NOT NULL, copied BOOLEAN NOT NULL, "
        "character_id INTEGER, enrolled BOOLEAN NOT NULL, ignored BOOLEAN NOT NULL, n INTEGER NOT NULL)"
    )
    db.execute(
        "CREATE TABLE picture_counts (id INTEGER NOT NULL PRIMARY KEY, state VARCHAR NOT NULL, kind VARCHAR NOT NULL, "
        "review VARCHAR NOT NULL, character_id INTEGER, n INTEGER NOT NULL)"
    )
    _count(db, "faces", "face_counts", ("state", "copied", "character_id", "enrolled", "ignored"))
    _count(db, "pictures", "picture_counts", ("state", "kind", "review", "character_id"))
    db.execute(
        "CREATE TABLE picture_faces (picture_id INTEGER NOT NULL PRIMARY KEY, faces INTEGER NOT NULL, "
        "score FLOAT NOT NULL, side FLOAT NOT NULL, quality FLOAT, named BOOLEAN NOT NULL)"
    )
    seen = (
        "INSERT INTO picture_faces SELECT picture_id, count(*), min(score), min(min(w, h)), "
        "min(CASE WHEN quality > 0 THEN quality END), max(state = 'proposed' AND character_id IS NOT NULL) "
        "FROM faces WHERE copy_of IS NULL AND state IN ('proposed', 'kept') AND {} GROUP BY picture_id;"
    )
    db.execute(seen.format("1"))
    columns = "picture_id, copy_of, state, character_id, w, h, score, quality"
    for name, when, rows in (
        ("inserted", "AFTER INSERT ON faces", "new.picture_id"),
        ("deleted", "AFTER DELETE ON faces", "old.picture_id"),
        ("updated", f"AFTER UPDATE OF {columns} ON faces", "old.picture_id, new.picture_id"),
    ):
        which = f"picture_id IN ({rows})"
        acts = f"DELETE FROM picture_faces WHERE {which}; {seen.format(which)}"  # noqa: S608 -- words of ours
        db.execute(f"CREATE TRIGGER picture_faces_{name} {when} BEGIN {acts} END")


def _count(db: sqlite3.Connection, table: str, counts: str, columns: tuple[str, ...]) -> None:
    """Index, rows and triggers of a table of counts."""

    def values(row: str) -> list[str]:
        return [f"({row}.copy_of IS NOT NULL)" if c == "copied" else f"{row}.{c}" for c in columns]

    def same(row: str) -> str:
        return " AND ".join(f"{column} IS {value}" for column, value in zip(columns, values(row), strict=True))

    names = ", ".join(columns)
    here, new = ", ".join(values(table)), ", ".join(values("new"))
    db.execute(f"INSERT INTO {counts} ({names}, n) SELECT {here}, count(*) FROM {table} GROUP BY {here}")  # noqa: S608
    db.execute(f"CREATE INDEX {counts}_by_value ON {counts} ({names})")
    none = f"NOT EXISTS (SELECT 1 FROM {counts} WHERE {same('new')})"  # noqa: S608 -- words of ours
    more = f"INSERT INTO {counts} ({names}, n) SELECT {new}, 0 WHERE {none}; "
    more += f"UPDATE {counts} SET n = n + 1 WHERE {same('new')};"  # noqa: S608
    less = f"UPDATE {counts} SET n = n - 1 WHERE {same('old')};"  # noqa: S608
    read = names.replace("copied", "copy_of")
    db.execute(f"CREATE TRIGGER {counts}_more AFTER INSERT ON {table} BEGIN {more} END")
    db.execute(f"CREATE TRIGGER {counts}_less AFTER DELETE ON {table} BEGIN {less} END")
    db.execute(f"CREATE TRIGGER {counts}_other AFTER UPDATE OF {read} ON {table} BEGIN {less} {more} END")


def _rebuild(db: sqlite3.Connection, table: str, replace: list[tuple[str, str]]) -> None:
    """The same rows in a table of another definition (https://www.sqlite.org/lang_altertable.html, section 7)."""
    query = "SELECT sql FROM sqlite_master WHERE type = ? AND tbl_name = ? AND sql IS NOT NULL"
    (old,) = (row[0] for row in db.execute(query, ("table", table)))
    indexes = [row[0] for row in db.execute(query, ("index", table))]
    new = old
    for pattern, words in replace:
        new, n = re.subn(pattern, words, new)
        if n != 1:
            raise CatalogueError(f"The table {table} of the catalogue has no {pattern!r}: it is not one of ours.")
    new = re.sub(rf'CREATE TABLE "?{table}"?', f"CREATE TABLE new_{table}", new, count=1)
    db.execute(new)
    db.execute(f"INSERT INTO new_{table} SELECT * FROM {table}")  # noqa: S608 -- a name of ours
    db.execute(f"DROP TABLE {table}")
    db.execute(f"ALTER TABLE new_{table} RENAME TO {table}")
    for index in indexes:
        db.execute(index)


def _enrolled_in(gallery: Path) -> list[int]:
    """Ids of the faces in a gallery file, which said until schema 1 who is enrolled; none where it cannot be read."""
    try:
        with gallery.open("rb") as file:
            size = int.from_bytes(file.read(8), "little")
            header = parse_json(file.read(size)) if 0 < size < LARGEST_HEADER else {}
        return [int(face) for face in parse_json(header["__metadata__"]["faces"]) if str(face).isdigit()]
    except (OSError, ValueError, KeyError, TypeError):
        return []


STEPS: dict[int, Callable[[sqlite3.Connection, Path], None]] = {2: _to_2, 3: _to_3, 4: _to_4, 5: _to_5, 6: _to_6}
"""What leads to each schema from the one before."""
