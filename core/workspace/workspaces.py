"""Workspaces as a whole: list, create, open, rename, copy, delete to the bin, back up, restore, disk use."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from core.errors import WorkspaceError
from core.settings import Settings, current_settings
from core.workspace.catalogue import Catalogue
from core.workspace.database import copy_catalogue
from core.workspace.folders import Workspace, slug
from core.workspace.locks import check_unused
from core.workspace.relocation import finish, move_together

NOT_COPIED = ("jobs", ".part-*", ".locks", ".staging")
"""What belongs to processes, not to the workspace."""

RESERVED_NAMES = ("backups", "models", "pretrained")
"""Folders that hold what belongs to all workspaces: no new one is called so. Old ones still open."""

OWN = (
    *(
        "catalogue.db*",
        "pictures",
        "faces",
        "jobs",
        "cache",
        "bin",
        "asked",
        "unnamed",
        ".locks",
        ".staging",
        ".part-*",
    ),
    *("gallery*", "suspects.json", "log.txt*", "replaced"),
)
"""What belongs to a workspace in a folder that it shares with others, by its reserved name."""

OPEN_SECONDS = 10
"""How long opening a workspace waits for one that is being moved."""

BIN = ".bin"
"""Deleted workspaces lie in data/.bin until a person empties it."""


def workspace_names(settings: Settings | None = None) -> list[str]:
    """Names of the workspaces there are, sorted."""
    data = (settings or current_settings()).data_dir
    finish(data)
    if not data.is_dir():
        return []
    return sorted(p.parent.name for p in data.glob("*/catalogue.db") if not p.parent.name.startswith("."))


def open_workspace(name: str, settings: Settings | None = None, *, create: bool = False) -> Workspace:
    """The workspace of that name. Raises WorkspaceError where it does not exist, unless `create`.

    A folder that somebody renamed to a name that no new workspace could have, such as `my cast`, opens too.
    """
    settings = settings or current_settings()
    safe = slug(name)
    if name != safe and name not in workspace_names(settings):
        raise WorkspaceError(f"{name!r} cannot be a workspace's name. Use letters, digits, _ and -, such as {safe!r}.")
    finish(settings.data_dir, timeout=OPEN_SECONDS)
    workspace = Workspace(name, settings.data_dir / name, settings.models / name)
    if not workspace.catalogue_path.exists():
        if not create:
            there = ", ".join(workspace_names(settings)) or "none yet"
            raise WorkspaceError(f"There is no workspace {name!r}. There are: {there}. `demo` or `import` makes one.")
        check_name(name)
        for folder in (workspace.pictures, workspace.faces, workspace.jobs):
            folder.mkdir(parents=True, exist_ok=True)
        Catalogue(workspace.catalogue_path).close()
    return workspace


def check_name(name: str) -> None:
    """Raises WorkspaceError, naming one that is allowed, for a name that a new workspace cannot have."""
    safe = slug(name)
    if name != safe:
        raise WorkspaceError(f"{name!r} cannot be a workspace's name. Use letters, digits, _ and -, such as {safe!r}.")
    if name.casefold() in RESERVED_NAMES:
        raise WorkspaceError(
            f"{name!r} is the folder of what belongs to all workspaces, so no workspace can be called so. "
            f"Choose another name, such as {name + '_cast'!r}."
        )


def create_workspace(name: str, settings: Settings | None = None) -> Workspace:
    """A new, empty workspace. Raises WorkspaceError where the name is taken."""
    settings = settings or current_settings()
    if name.casefold() in {n.casefold() for n in workspace_names(settings)}:
        raise WorkspaceError(f"There is a workspace {name!r} already. Choose another name or open it.")
    return open_workspace(name, settings, create=True)


def rename_workspace(workspace: Workspace, name: str, settings: Settings | None = None) -> Workspace:
    """The same workspace under another name; its models move with it.

    Raises WorkspaceError where something runs in it, or the name is taken.
    """
    settings = settings or current_settings()
    target = free_workspace(name, settings)
    _move_out(workspace, target.root, target.models)
    return target


def copy_workspace(workspace: Workspace, name: str, settings: Settings | None = None) -> Workspace:
    """A second workspace with the same pictures, faces, decisions and models; it is there wholly or not at all."""
    settings = settings or current_settings()
    target = free_workspace(name, settings)
    with incoming_folders(target) as (root, models):
        shutil.copytree(workspace.root, root, ignore=shutil.ignore_patterns("catalogue.db*", *NOT_COPIED))
        copy_catalogue(workspace.catalogue_path, root / "catalogue.db")
        (root / "jobs").mkdir()
        if workspace.models.exists():
            shutil.copytree(workspace.models, models)
        move_together(settings.data_dir, [(root, target.root), (models, target.models)])
    return target


@contextmanager
def incoming_folders(target: Workspace) -> Iterator[tuple[Path, Path]]:
    """Where a new workspace's folder and its models are filled, beside their places; cleared before and after."""
    folders = tuple(place.with_name(f".incoming-{target.name}") for place in (target.root, target.models))
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    try:
        yield folders[0], folders[1]
    finally:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)


def delete_workspace(workspace: Workspace) -> Path:
    """Put a workspace and its models into the bin; returns where it lies. `restore_workspace` takes it back."""
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S-%f")
    place = workspace.root.parent / BIN / f"{workspace.name}.{stamp}"
    _move_out(workspace, place / "data", place / "models")
    return place


def _move_out(workspace: Workspace, root: Path, models: Path) -> None:
    """Move a workspace's folders; of a folder whose name is reserved only what is this workspace's own."""
    moves = [(workspace.root, root)]
    if workspace.name.casefold() in RESERVED_NAMES:
        own = sorted({path for pattern in OWN for path in workspace.root.glob(pattern)})
        moves = [(path, root / path.name) for path in own]
    if workspace.name.casefold() != "pretrained":
        moves.append((workspace.models, models))
    move_together(workspace.root.parent, moves, check=lambda: check_unused(workspace))


def deleted_workspaces(settings: Settings | None = None) -> list[Path]:
    """What lies in the bin, newest first."""
    folder = (settings or current_settings()).data_dir / BIN
    finish(folder.parent)
    places = [path.parent for path in folder.glob("*.*/data")]
    return sorted(places, key=lambda p: p.name.rpartition(".")[2], reverse=True)


def restore_workspace(place: Path, settings: Settings | None = None) -> Workspace:
    """Take a workspace out of the bin under its old name. Raises WorkspaceError where the name is taken."""
    settings = settings or current_settings()
    target = free_workspace(place.name.rpartition(".")[0], settings)
    move_together(settings.data_dir, [(place / "data", target.root), (place / "models", target.models)])
    with suppress(OSError):
        place.rmdir()
    return target


def disk_use(workspace: Workspace) -> dict[str, int]:
    """Bytes in pictures, faces, bin, models and all else."""
    parts = {"pictures": workspace.pictures, "faces": workspace.faces, "bin": workspace.bin, "models": workspace.models}
    sizes = {name: _size(folder) for name, folder in parts.items()}
    sizes["other"] = _size(workspace.root) - sizes["pictures"] - sizes["faces"] - sizes["bin"]
    return sizes


def _size(folder: Path) -> int:
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) if folder.exists() else 0


def free_workspace(name: str, settings: Settings) -> Workspace:
    """Where a new workspace of that name would lie. Raises WorkspaceError where the name is taken or not allowed."""
    if name.casefold() in {n.casefold() for n in workspace_names(settings)}:
        raise WorkspaceError(f"There is a workspace {name!r} already. Choose another name.")
    check_name(name)
    return Workspace(name, settings.data_dir / name, settings.models / name)
