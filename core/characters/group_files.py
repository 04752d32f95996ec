"""Groups on disk, by what they were made from: reopening a workspace costs a file, not a computation."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import numpy as np

from core.characters.values import Group, Groups
from core.workspace.arrays import load_arrays, save_arrays
from core.workspace.project import Project

FORMAT = 3
"""Part of the file's name: to be raised when grouping changes, so that old groups are not shown as new ones."""
KEPT = 8
"""Files that are kept; the oldest go first."""


def save_groups(project: Project, key: str, groups: Groups) -> None:
    """Keep groups under the key of their faces. A folder that cannot be written is passed over."""
    sizes = np.array([len(group.faces) for group in groups.groups], np.int64)
    arrays = {
        "ids": np.array([group.id for group in groups.groups], "U24"),
        "sizes": sizes,
        "faces": np.array([face for group in groups.groups for face in group.faces], np.int64),
        "covers": np.array([group.cover for group in groups.groups], np.int64),
        "cohesion": np.array([group.cohesion for group in groups.groups], float),
        "similarity": np.array([group.similarity for group in groups.groups], float),
        "suggestions": np.array([group.suggestion for group in groups.groups], str),
        "singles": np.array(groups.singles, np.int64),
        "non_faces": np.array(groups.non_faces, np.int64),
        "granularity": np.array(groups.granularity),
    }
    with suppress(OSError):
        save_arrays(_path(project, key, groups.granularity), arrays)
        for old in _files(project)[KEPT:]:
            old.unlink(missing_ok=True)


def load_groups(project: Project, key: str, granularity: float) -> Groups | None:
    """The groups under a key, which are the newest from now on; None where there are none."""
    path = _path(project, key, granularity)
    found = _read(path)
    if found is not None:
        with suppress(OSError):
            path.touch()
    return found


def newest_groups(project: Project) -> Groups | None:
    """The groups that were made last; None where there are none."""
    return next((found for path in _files(project) if (found := _read(path)) is not None), None)


def _read(path: Path) -> Groups | None:
    arrays = load_arrays(path)
    if arrays is None:
        return None
    try:
        borders = np.cumsum(arrays["sizes"])[:-1]
        members = np.split(arrays["faces"], borders) if len(arrays["sizes"]) else []
        columns = [arrays[name].tolist() for name in ("ids", "covers", "cohesion", "suggestions", "similarity")]
        groups = [
            Group(group_id, tuple(faces.tolist()), cover, cohesion, suggestion, similarity)
            for faces, group_id, cover, cohesion, suggestion, similarity in zip(members, *columns, strict=True)
        ]
        singles, odd = (tuple(arrays[name].tolist()) for name in ("singles", "non_faces"))
        return Groups(tuple(groups), singles, odd, float(arrays["granularity"]))
    except (KeyError, ValueError):
        return None


def _path(project: Project, key: str, granularity: float) -> Path:
    return project.workspace.cache / "groups" / f"{key}-{round(granularity * 1000)}-{FORMAT}.npz"


def _files(project: Project) -> list[Path]:
    """The newest first."""
    found = list((project.workspace.cache / "groups").glob(f"*-{FORMAT}.npz"))
    return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)
