"""Workspaces as a whole: list, create, open, rename, copy, delete to the bin, back up, restore, disk use."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import zipfile
from contextlib import closing
from datetime import datetime
from pathlib import Path

from core.errors import WorkspaceError
from core.settings import Settings
from core.workspace.catalogue import Catalogue
from core.workspace.folders import Workspace, slug

NOT_COPIED = ("jobs", ".part-*", ".locks", ".staging")
"""What belongs to processes, not to the workspace."""

BIN = ".bin"
"""Deleted workspaces lie in data/.bin until a person empties it."""


def workspace_names(settings: Settings | None = None) -> list[str]:
    """Names of the workspaces there are, sorted."""
    data = (settings or Settings()).data_dir
    if not data.is_dir():
        return []
    return sorted(p.parent.name for p in data.glob("*/catalogue.db") if not p.parent.name.startswith("."))


def open_workspace(name: str, settings: Settings | None = None, *, create: bool = False) -> Workspace:
    """The workspace of that name. Raises WorkspaceError where it does not exist, unless `create`."""
    settings = settings or Settings()
    safe = slug(name)
    if name != safe:
        raise WorkspaceError(f"{name!r} cannot be a workspace's name. Use letters, digits, _ and -, such as {safe!r}.")
    workspace = Workspace(name, settings.data_dir / name, settings.models / name)
    if not workspace.catalogue_path.exists():
        if not create:
            there = ", ".join(workspace_names(settings)) or "none yet"
            raise WorkspaceError(f"There is no workspace {name!r}. There are: {there}. `demo` or `import` makes one.")
        for folder in (workspace.pictures, workspace.faces, workspace.jobs):
            folder.mkdir(parents=True, exist_ok=True)
        Catalogue(workspace.catalogue_path).close()
    return workspace


def create_workspace(name: str, settings: Settings | None = None) -> Workspace:
    """A new, empty workspace. Raises WorkspaceError where the name is taken."""
    settings = settings or Settings()
    if name.casefold() in {n.casefold() for n in workspace_names(settings)}:
        raise WorkspaceError(f"There is a workspace {name!r} already. Choose another name or open it.")
    return open_workspace(name, settings, create=True)


def rename_workspace(workspace: Workspace, name: str, settings: Settings | None = None) -> Workspace:
    """The same workspace under another name; its models move with it."""
    settings = settings or Settings()
    target = _free(name, settings)
    workspace.root.rename(target.root)
    if workspace.models.exists():
        workspace.models.rename(target.models)
    return target


def copy_workspace(workspace: Workspace, name: str, settings: Settings | None = None) -> Workspace:
    """A second workspace with the same pictures, faces, decisions and models."""
    target = _free(name, settings or Settings())
    shutil.copytree(workspace.root, target.root, ignore=shutil.ignore_patterns("catalogue.db*", *NOT_COPIED))
    _copy_catalogue(workspace.catalogue_path, target.catalogue_path)
    target.jobs.mkdir(exist_ok=True)
    if workspace.models.exists():
        shutil.copytree(workspace.models, target.models)
    return target


def delete_workspace(workspace: Workspace) -> Path:
    """Put a workspace and its models into the bin; returns where it lies. `restore_workspace` takes it back."""
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S-%f")
    place = workspace.root.parent / BIN / f"{workspace.name}.{stamp}"
    place.mkdir(parents=True)
    workspace.root.rename(place / "data")
    if workspace.models.exists():
        shutil.move(workspace.models, place / "models")
    return place


def deleted_workspaces(settings: Settings | None = None) -> list[Path]:
    """What lies in the bin, newest first."""
    folder = (settings or Settings()).data_dir / BIN
    return sorted(folder.glob("*.*"), key=lambda p: p.name.rsplit(".", 1)[-1], reverse=True) if folder.is_dir() else []


def restore_workspace(place: Path, settings: Settings | None = None) -> Workspace:
    """Take a workspace out of the bin under its old name. Raises WorkspaceError where the name is taken."""
    settings = settings or Settings()
    target = _free(place.name.rsplit(".", 1)[0], settings)
    (place / "data").rename(target.root)
    if (place / "models").exists():
        target.models.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(place / "models", target.models)
    place.rmdir()
    return target


def back_up(workspace: Workspace, out: Path) -> Path:
    """The whole workspace with its models as one zip; a consistent copy of the catalogue even while jobs write."""
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_name(out.name + ".part")
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED) as archive:
        copy = Path(folder) / "catalogue.db"
        _copy_catalogue(workspace.catalogue_path, copy)
        archive.write(copy, "data/catalogue.db")
        for root, top in ((workspace.root, "data"), (workspace.models, "models")):
            for path in sorted(root.rglob("*")) if root.exists() else []:
                name = path.relative_to(root)
                passing = path.name.startswith(("catalogue.db", ".part-")) or name.parts[0] in NOT_COPIED
                if path.is_file() and not passing:
                    archive.write(path, f"{top}/{name.as_posix()}")
    partial.replace(out)
    return out


def restore_backup(archive: Path, name: str, settings: Settings | None = None) -> Workspace:
    """A new workspace out of a backup zip. Raises WorkspaceError where the zip is none of ours."""
    target = _free(name, settings or Settings())
    with zipfile.ZipFile(archive) as zipped:
        names = zipped.namelist()
        if "data/catalogue.db" not in names:
            raise WorkspaceError(f"{archive.name} is not a backup of a workspace: it holds no data/catalogue.db.")
        for name_in_zip in names:
            top, _, rest = name_in_zip.partition("/")
            root = {"data": target.root, "models": target.models}.get(top)
            if root is None or not rest or name_in_zip.endswith("/"):
                continue
            path = root / rest
            if not path.resolve().is_relative_to(root.resolve()):
                raise WorkspaceError(
                    f"{archive.name} holds the path {name_in_zip!r}, which leads outside. It is refused."
                )
            path.parent.mkdir(parents=True, exist_ok=True)
            with zipped.open(name_in_zip) as source, path.open("wb") as sink:
                shutil.copyfileobj(source, sink)
    for folder in (target.pictures, target.faces, target.jobs):
        folder.mkdir(parents=True, exist_ok=True)
    return target


def disk_use(workspace: Workspace) -> dict[str, int]:
    """Bytes in pictures, faces, bin, models and all else."""
    parts = {"pictures": workspace.pictures, "faces": workspace.faces, "bin": workspace.bin, "models": workspace.models}
    sizes = {name: _size(folder) for name, folder in parts.items()}
    sizes["other"] = _size(workspace.root) - sizes["pictures"] - sizes["faces"] - sizes["bin"]
    return sizes


def _size(folder: Path) -> int:
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) if folder.exists() else 0


def _free(name: str, settings: Settings) -> Workspace:
    if name.casefold() in {n.casefold() for n in workspace_names(settings)}:
        raise WorkspaceError(f"There is a workspace {name!r} already. Choose another name.")
    safe = slug(name)
    if name != safe:
        raise WorkspaceError(f"{name!r} cannot be a workspace's name. Use letters, digits, _ and -, such as {safe!r}.")
    return Workspace(name, settings.data_dir / name, settings.models / name)


def _copy_catalogue(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
