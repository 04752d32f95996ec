"""Workspaces to measure on: generated rows, and files where a step reads them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.setting import Setting
from core.drawn import DrawnPicture, cast, draw
from core.imaging.boxes import Box
from core.imaging.reading import encode_jpeg, read_picture
from core.settings import Settings
from core.workspace.project import Project, open_project
from core.workspace.tables import Face

DIFFERENT = 200
"""So many different files; the others are links to them."""


def settings_in(folder: Path) -> Settings:
    """Data and models in a folder of their own."""
    return Settings(data_dir=folder / "data", models_dir=folder / "models")


def new_project(folder: Path, name: str = "measured") -> Project:
    """An empty workspace, to be used as a context manager."""
    return open_project(name, settings_in(folder), create=True)


def add_crops(project: Project, setting: Setting, many: int, characters: int = 40) -> list[Face]:
    """Kept faces with their crops on disk; each has a content of its own as far as the catalogue knows."""
    people = [project.catalogue.add_character(f"character {n}") for n in range(characters)]
    sources = _files(setting, project.workspace.root / ".different")
    rows = []
    for n in range(many):
        who = people[n % characters]
        path = project.workspace.faces / who.slug / f"{n:06d}_1.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        os.link(sources[n % len(sources)], path)
        row = {"character_id": who.id, "state": "kept", "framing": "face_crop", "sha256": f"{n:064x}"}
        rows.append(row | {"path": project.workspace.relative(path), "split": "validation" if n % 5 == 4 else "train"})
    add = project.catalogue.add_picture
    pictures = [add(who.id, kind="face", sha256=f"{n:064x}") for n, who in enumerate(people)]
    for n, row in enumerate(rows):
        row["picture_id"] = pictures[n % characters].id
    return project.catalogue.add_faces(rows, action="made")


def _files(setting: Setting, folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{n}.jpg" for n in range(DIFFERENT)]
    for n, path in enumerate(paths):
        path.write_bytes(encode_jpeg(np.roll(setting.faces[n % len(setting.faces)], n, axis=0)))
    return paths


@dataclass(frozen=True)
class Shown:
    """A picture as its file's bytes, its size in pixels, and where its face is."""

    content: bytes
    width: int
    height: int
    face: Box


def add_pictures(
    project: Project, many: int, *, files: bool = True, pictures: Sequence[Path] = (), different: int = 24
) -> None:
    """Pictures, each with a proposed face that waits for a decision: drawn ones, or those of these files on which the
    app's detector finds a face. At most `different` of them are not the same as another."""
    people = [project.catalogue.add_character(one.name) for one in cast(8, 5)]
    few = min(many, different)
    shown = _with_faces(pictures, few) if pictures else [_shown(draw(cast(8, 5)[n % 8], n // 8)) for n in range(few)]
    rows = []
    for n in range(many):
        who, one = people[n % len(people)], shown[n % len(shown)]
        path = project.workspace.pictures / who.slug / f"{n:06d}.jpg"
        if files:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(one.content)
        about = {"path": project.workspace.relative(path), "width": one.width, "height": one.height, "review": "look"}
        picture = project.catalogue.add_picture(who.id, source="drawn", sha256=f"{n:064x}", **about)
        box = one.face
        place = {"x": round(box.x), "y": round(box.y), "w": round(box.w), "h": round(box.h)}
        path_of_face = f"faces/{who.slug}/{n:06d}_1.jpg"
        row = {"picture_id": picture.id, "character_id": who.id, "path": path_of_face, "state": "proposed", **place}
        rows.append(row | {"detector": "anime", "score": 0.3 + (n % 600) / 1000})
    project.catalogue.add_faces(rows, action="found")


def _shown(drawn: DrawnPicture) -> Shown:
    height, width = drawn.pixels.shape[:2]
    box = drawn.faces[0].box if drawn.faces else Box(10, 10, 80, 80)
    return Shown(encode_jpeg(drawn.pixels), width, height, box)


def _with_faces(paths: Sequence[Path], most: int) -> list[Shown]:
    """The first of these files with a face; the surest of each."""
    from core.vision import load_detector

    detector, found = load_detector("auto"), []
    for path in paths:
        pixels = read_picture(path)
        faces = detector.detect(pixels)
        if faces:
            found.append(Shown(path.read_bytes(), pixels.shape[1], pixels.shape[0], faces[0].box))
        if len(found) == most:
            break
    if not found:
        raise SystemExit("On none of the pictures a face was found.")
    return found
