"""How many files of a workspace are missing or unfinished, by rows and folder listings alone: no file is read."""

from __future__ import annotations

import os

from sqlalchemy import func, select

from core.workspace import tables as t
from core.workspace.folders import Workspace
from core.workspace.project import Project
from core.workspace.states import FaceState, PictureState


def damaged_files(project: Project) -> int:
    """Kept faces and pictures whose file is not at its place, kept faces without a hash, moves still to be made."""
    there = _listed(project.workspace)
    kept = t.faces.c.state == FaceState.KEPT
    standing = (t.pictures.c.state != PictureState.REMOVED) & (t.pictures.c.path != "")
    with project.catalogue.reading() as db:
        paths = {*db.execute(select(t.faces.c.path).where(kept)).scalars()}
        unhashed = {*db.execute(select(t.faces.c.path).where(kept & (t.faces.c.sha256 == ""))).scalars()}
        pictures = {*db.execute(select(t.pictures.c.path).where(standing)).scalars()}
        moves = db.execute(select(func.count()).select_from(t.pending_moves)).scalar_one()
    gone = {path for path in (paths | pictures) - there if not project.workspace.path(path).exists()}
    return len(gone | unhashed) + moves


def damage(project: Project) -> str:
    """One sentence about it with what to do; "" where nothing is missing."""
    n = damaged_files(project)
    if not n:
        return ""
    files = "1 file is" if n == 1 else f"{n:,} files are"
    return f"{files} missing or unfinished: `doctor` lists them, `doctor --repair` mends what can be mended."


def _listed(workspace: Workspace) -> set[str]:
    """The paths of all files a folder deep."""
    found: set[str] = set()
    for top in ("pictures", "faces"):
        root = workspace.root / top
        for folder in os.scandir(root) if root.is_dir() else ():
            if folder.is_dir():
                found |= {f"{top}/{folder.name}/{file.name}" for file in os.scandir(folder.path)}
    return found
