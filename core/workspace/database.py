"""Connections to a catalogue.db: in write-ahead mode where it may be written, otherwise read and left as it is."""

from __future__ import annotations

import itertools
import json
import math
import os
import shutil
import sqlite3
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool, StaticPool

from core.workspace import blocks, counters  # noqa: F401 -- declare tables and their triggers
from core.workspace import tables as t
from core.workspace.migrations import BUSY_SECONDS, LOG_BYTES, migrate, read_only_uri, schema_of, upgrade


def is_read_only(path: Path) -> bool:
    """Whether a catalogue can be read but not written: its file, or the folder in which SQLite keeps its log, or there
    is no space for that log."""
    return path.exists() and not (_is_allowed(path) and log_fits(path))


def _is_allowed(path: Path) -> bool:
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def log_fits(path: Path) -> bool:
    """Whether the disk, and the limit on the size of files (ulimit -f), leave space for a catalogue's log."""
    return shutil.disk_usage(path.parent).free >= LOG_BYTES and largest_file() >= LOG_BYTES


def why_read_only(path: Path) -> str:
    """Why a catalogue that was opened for reading cannot be written, and what to do."""
    if not _is_allowed(path):
        return f"{path} is read-only: nothing can be changed. Copy the workspace, or allow writing."
    what_to_do = "Free some space, or allow larger files (ulimit -f), then open the workspace again."
    return f"The disk was full when {path} was opened: nothing can be changed. {what_to_do}"


def largest_file() -> float:
    """Bytes that a file of this process may have."""
    if sys.platform == "win32":
        return math.inf
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    return math.inf if limit == resource.RLIM_INFINITY else limit


def open_for_writing(path: Path) -> Engine:
    """An engine for a catalogue that is made where it is missing and brought up to date where it is old."""
    path.parent.mkdir(parents=True, exist_ok=True)
    version = schema_of(path)
    if 0 < version < t.SCHEMA:
        migrate(path)
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_SECONDS}, json_deserializer=_from_json)
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    if version == 0:
        with engine.connect().execution_options(write=True) as db, db.begin():
            if not db.exec_driver_sql("PRAGMA user_version").scalar():  # nobody has made it since it was looked at
                t.metadata.create_all(db)
                db.exec_driver_sql(f"PRAGMA user_version = {t.SCHEMA}")
    return engine


def open_for_reading(path: Path) -> Engine:
    """An engine that changes nothing on disk; an older catalogue is brought up to date in memory."""
    uri = read_only_uri(path)

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, check_same_thread=False, isolation_level=None)

    if schema_of(path, read_only=True) == t.SCHEMA:
        return create_engine("sqlite://", creator=connect, poolclass=QueuePool, json_deserializer=_from_json)
    memory = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    with closing(connect()) as source:
        source.backup(memory)
    upgrade(memory, path.parent)
    return create_engine("sqlite://", creator=lambda: memory, poolclass=StaticPool, json_deserializer=_from_json)


_serials = itertools.count()


class Watch:
    """Tells whether anybody, in any process, has committed to a catalogue since."""

    def __init__(self, path: Path, *, read_only: bool):
        self._uri = read_only_uri(path) if read_only else f"{path.resolve().as_uri()}?mode=ro"
        self._lock = threading.Lock()
        self._serial = next(_serials)
        self._connection: sqlite3.Connection | None = None

    def version(self) -> tuple[int, int]:
        """Another value after every commit (https://www.sqlite.org/pragma.html#pragma_data_version), and for another
        Watch."""
        with self._lock:
            if self._connection is None:
                self._connection = sqlite3.connect(
                    self._uri, uri=True, timeout=BUSY_SECONDS, check_same_thread=False, isolation_level=None
                )
            number: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
            return self._serial, number

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None


def _from_json(text: str) -> Any:
    """A JSON column's value. Most are empty lists, and to parse these takes a quarter of the time of reading a face."""
    return [] if text == "[]" else json.loads(text)


def _on_connect(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, so that writers take their lock at once
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = FULL")  # a commit that files follow must survive a power cut
    cursor.close()


def _on_begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def copy_catalogue(source: Path, target: Path) -> None:
    """A consistent copy of a catalogue's file, whoever writes to it meanwhile, and also of one that is read-only."""
    target.parent.mkdir(parents=True, exist_ok=True)
    uri = read_only_uri(source) if is_read_only(source) else source.resolve().as_uri()
    with closing(sqlite3.connect(uri, uri=True)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
