"""A workspace as one zip, and a workspace out of such a zip: checked before anything is unpacked, all or nothing."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import tempfile
import unicodedata
import zipfile
from contextlib import closing
from pathlib import Path, PurePosixPath

from core.atomic import write_with
from core.errors import WorkspaceError
from core.failures import naming
from core.imaging.names import file_name_text
from core.imaging.zip_entries import UNPACKING_ERRORS
from core.settings import Settings
from core.workspace import tables as t
from core.workspace.database import copy_catalogue
from core.workspace.folders import Workspace
from core.workspace.relocation import move_together
from core.workspace.workspaces import NOT_COPIED, free_workspace, incoming_folders

CATALOGUE = "data/catalogue.db"
LARGEST_RATIO = 200
"""A zip that unpacks to more times its own size is made to fill disks; a backup of ours is not compressed at all."""
SMALL = 50_000_000
"""Bytes up to which no ratio is asked about."""
MOST_FILES = 5_000_000
RESERVE = 100_000_000
"""Bytes that stay free on the disk."""
BLOCK = 1 << 20
"""Bytes that are unpacked at a time."""
NEVER = ("jobs", ".locks", ".staging")
"""Folders of processes that ran elsewhere: never restored."""


def back_up(workspace: Workspace, out: Path) -> Path:
    """The whole workspace with its models as one zip; a consistent copy of the catalogue even while jobs write. Of two
    backups to one file at the same time the later one stays, whole.

    Raises WorkspaceError for a file inside the workspace, which would become a part of the next backup.
    """
    for root in (workspace.root, workspace.models):
        if out.resolve().is_relative_to(root.resolve()):
            raise WorkspaceError(f"{out} lies inside the workspace {workspace.name}. Write the backup somewhere else.")
    return write_with(out, lambda place: _pack(workspace, place))


def _pack(workspace: Workspace, place: Path) -> None:
    # A zip knows no date before 1980; a file of none, such as archives leave, is kept with that one.
    packed = zipfile.ZipFile(place, "w", zipfile.ZIP_STORED, strict_timestamps=False)
    with tempfile.TemporaryDirectory() as folder, packed as archive:
        copy = Path(folder) / "catalogue.db"
        copy_catalogue(workspace.catalogue_path, copy)
        archive.write(copy, CATALOGUE)
        taken = {_key(CATALOGUE)}
        for root, top in ((workspace.root, "data"), (workspace.models, "models")):
            for path in sorted(root.rglob("*")) if root.exists() else []:
                name = path.relative_to(root)
                passing = path.name.startswith(("catalogue.db", ".part-")) or name.parts[0] in NOT_COPIED
                if path.is_file() and not passing:
                    archive.write(path, _stored_name(f"{top}/{name.as_posix()}", taken))


def _stored_name(name: str, taken: set[str]) -> str:
    """How a file that a person put there is called in the zip, so that any system can restore it: bytes that are no
    text are decoded, control characters and backslashes become `_`, and a name that differs in case only gets a number.

    A picture that was renamed so is known by its content (`sync`).
    """
    text = "".join("_" if c == "\\" or unicodedata.category(c) == "Cc" else c for c in file_name_text(name))
    path = PurePosixPath(text)
    stored, n = text, 1
    while _key(stored) in taken:
        n += 1
        stored = path.with_name(f"{path.stem}_{n}{path.suffix}").as_posix()
    taken.add(_key(stored))
    return stored


def _key(name: str) -> str:
    """Equal for names that are one file where case or Unicode form does not count."""
    return unicodedata.normalize("NFC", name).casefold()


def restore_backup(archive: Path, name: str, settings: Settings | None = None) -> Workspace:
    """A new workspace out of a backup zip. Raises WorkspaceError, and leaves nothing behind, where it cannot be."""
    settings = settings or Settings()
    target = free_workspace(name, settings)
    for folder in (target.root, target.models):
        if folder.exists() and any(folder.iterdir()):
            raise WorkspaceError(f"{folder} is not empty. Restore under another name, or move it away.")
    if not archive.is_file() or not zipfile.is_zipfile(archive):
        raise WorkspaceError(f"{archive} is not a zip file. Name a backup that `backup` wrote.")
    try:
        with incoming_folders(target) as (root, models), zipfile.ZipFile(archive) as zipped:
            members = _checked(zipped, archive)
            _check_size(members, archive, settings.data_dir)
            for info in members:
                _unpack(zipped, info, {"data": root, "models": models})
            _check_catalogue(root / "catalogue.db", archive)
            for name in ("pictures", "faces", "jobs"):
                (root / name).mkdir(exist_ok=True)
            move_together(settings.data_dir, [(root, target.root), (models, target.models)])
    except UNPACKING_ERRORS as error:
        raise WorkspaceError(f"{archive.name} is damaged or of a kind that cannot be read: {error}.") from error
    return target


def _checked(zipped: zipfile.ZipFile, archive: Path) -> list[zipfile.ZipInfo]:
    """The files to unpack. Raises WorkspaceError for a zip that is no backup, or has a member that is not allowed."""
    infos = zipped.infolist()
    if CATALOGUE not in (info.filename for info in infos):
        raise WorkspaceError(f"{archive.name} is not a backup of a workspace: it holds no {CATALOGUE}.")
    if len(infos) > MOST_FILES:
        raise WorkspaceError(f"{archive.name} holds {len(infos):,} files, more than {MOST_FILES:,}. It is refused.")
    members, seen = [], set()
    for info in infos:
        fault = _fault(info)
        key = _key(info.filename)
        if not fault and key in seen:
            fault = "is there twice"
        if fault:
            raise WorkspaceError(f"{archive.name} holds {info.filename!r}, which {fault}. It is refused.")
        seen.add(key)
        parts = PurePosixPath(info.filename).parts
        passing = parts[0] == "data" and len(parts) > 1 and parts[1].casefold() in NEVER
        if not info.is_dir() and not passing:
            members.append(info)
    return members


def _fault(info: zipfile.ZipInfo) -> str:
    """Why a member is not allowed, as `is ...`; "" for one that is."""
    name, mode = info.filename, info.external_attr >> 16
    parts = name.rstrip("/").split("/")
    if info.flag_bits & 0x1:
        return "is encrypted"
    if mode and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_IFMT(mode) == 0):
        return "is neither a file nor a folder"
    if name.startswith("/") or "\\" in name or ":" in parts[0] or any(part in ("", ".", "..") for part in parts):
        return "leads outside"
    if any(unicodedata.category(letter) == "Cc" for letter in name):
        return "has control characters in its name"
    if parts[0] not in ("data", "models"):
        return "belongs to no workspace"
    return ""


def _check_size(members: list[zipfile.ZipInfo], archive: Path, folder: Path) -> None:
    total = sum(info.file_size for info in members)
    if total > SMALL and total > LARGEST_RATIO * archive.stat().st_size:
        raise WorkspaceError(
            f"{archive.name} would unpack to {total / archive.stat().st_size:,.0f} times its size. It is refused."
        )
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free - RESERVE
    if total > free:
        raise WorkspaceError(
            f"{archive.name} needs {total / 1e6:,.0f} MB and {RESERVE / 1e6:,.0f} to spare, but only "
            f"{(free + RESERVE) / 1e6:,.0f} MB are free. Free some space."
        )


def _unpack(zipped: zipfile.ZipFile, info: zipfile.ZipInfo, staging: dict[str, Path]) -> None:
    top, _, rest = info.filename.partition("/")
    path = staging[top] / rest
    path.parent.mkdir(parents=True, exist_ok=True)
    left = info.file_size
    with zipped.open(info) as source, naming(path), path.open("xb") as sink:
        while block := source.read(BLOCK):
            left -= len(block)
            if left < 0:
                raise zipfile.BadZipFile(f"{info.filename} is larger than it says")
            sink.write(block)


def _check_catalogue(path: Path, archive: Path) -> None:
    """Raises WorkspaceError for a file that is no catalogue, a damaged one, or one of a newer version."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as db:
            version = db.execute("PRAGMA user_version").fetchone()[0]
            tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            state = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        raise WorkspaceError(f"The catalogue in {archive.name} is damaged ({error}). Take another backup.") from error
    if state != "ok":
        raise WorkspaceError(f"The catalogue in {archive.name} is damaged ({state}). Take another backup.")
    if not {"characters", "pictures", "faces"} <= tables or version < 1:
        raise WorkspaceError(f"{archive.name} is not a backup of a workspace: {CATALOGUE} is no catalogue of ours.")
    if version > t.SCHEMA:
        raise WorkspaceError(f"{archive.name} was written by a newer version (schema {version}). Update the app.")
