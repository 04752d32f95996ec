"""YOLO text labels: the boxes of a workspace out to any labelling tool, and back.

A folder with `data.yaml` (or `classes.txt`) and `labels/<picture>.txt`, a line a face: class, then the box's centre and
size as shares of the picture. With pictures, `images/` holds them under the same names, as training tools expect.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from core.crop.merge_annotations import ImportReport, NamedBox, merge_annotations
from core.errors import DataError
from core.imaging.boxes import Box
from core.workspace.atomic import write_text
from core.workspace.project import Project
from core.workspace.states import LIVE_FACES, Kind, PictureState
from core.workspace.tables import Picture


def label_stem(picture: Picture) -> str:
    """The name of a picture's label file without its ending: its id, so that names never collide, and its own name."""
    return f"{picture.id:06d}_{Path(picture.path).stem}"


def export_yolo(project: Project, out: Path, *, pictures: bool = True, states: Sequence[str] = LIVE_FACES) -> Path:
    """Write the faces in these states into a folder; with `pictures`, copies of them too. Returns the folder.

    A picture without a face gets an empty label file: it was looked at. Raises DataError where the folder holds
    something already.
    """
    if out.exists() and any(out.iterdir()):
        raise DataError(f"{out} holds something already. Give a new or an empty folder.")
    characters = sorted(project.catalogue.characters(removed=True), key=lambda c: c.id)
    classes = {c.id: i for i, c in enumerate(characters)}
    rows = project.catalogue.pictures(kind=Kind.PICTURE, state=PictureState.KEPT)
    lines: dict[int, list[str]] = {p.id: [] for p in rows}
    sizes = {p.id: (p.width, p.height) for p in rows}
    for face in project.catalogue.faces(state=tuple(states), copy_of=None):
        if face.picture_id not in lines:
            continue
        width, height = sizes[face.picture_id]
        cx, cy = face.box.centre
        values = (cx / width, cy / height, face.w / width, face.h / height)
        lines[face.picture_id].append(" ".join([str(classes[face.character_id]), *(f"{v:.8f}" for v in values)]))
    for folder in ("labels", "images"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    for picture in rows:
        write_text(out / "labels" / f"{label_stem(picture)}.txt", "".join(f"{x}\n" for x in lines[picture.id]))
        if pictures:
            source = project.workspace.path(picture.path)
            shutil.copyfile(source, out / "images" / f"{label_stem(picture)}{source.suffix}")
    names = [c.name for c in characters]
    listed = "".join(f"  {i}: {json.dumps(name, ensure_ascii=False)}\n" for i, name in enumerate(names))
    write_text(out / "data.yaml", f"path: .\ntrain: images\nval: images\nnc: {len(names)}\nnames:\n{listed}")
    write_text(out / "classes.txt", "".join(f"{name}\n" for name in names))
    return out


def import_yolo(project: Project, folder: Path) -> ImportReport:
    """Take over the boxes of a folder of YOLO labels as one change that can be undone (see boxes.take_over).

    A label file belongs to the picture whose id and name it bears, else to the only picture of that name. Pictures
    without a label file are left alone. Raises DataError where there is nothing to read or a line is broken.
    """
    labels = folder / "labels" if (folder / "labels").is_dir() else folder
    skip = {"classes.txt", "notes.txt"}
    files = sorted(p for p in labels.rglob("*.txt") if p.name not in skip)
    names = class_names(folder)
    rows = project.catalogue.pictures(kind=Kind.PICTURE, state=PictureState.KEPT)
    by_stem: dict[str, list[Picture]] = {}
    for picture in rows:
        by_stem.setdefault(label_stem(picture), []).append(picture)
        by_stem.setdefault(Path(picture.path).stem, []).append(picture)
    boxes, covered, unknown = [], [], []
    for path in files:
        found = by_stem.get(path.stem, [])
        if len(found) != 1:
            unknown.append(path.name)
            continue
        covered.append(found[0].id)
        boxes += _boxes(path, found[0], names)
    if not covered:
        raise DataError(
            f"None of the {len(files)} label files in {labels} belongs to a picture of {project.workspace.name}."
        )
    return merge_annotations(project, boxes, covered, action="boxes from YOLO labels", unknown=unknown)


def class_names(folder: Path) -> list[str]:
    """The classes of `data.yaml` (a list, or numbers with names) or of `classes.txt`; [] where there is neither."""
    path = folder / "data.yaml"
    if path.is_file():
        return _yaml_names(path.read_text(encoding="utf-8"))
    path = folder / "classes.txt"
    return path.read_text(encoding="utf-8").split("\n") if path.is_file() else []


def _yaml_names(text: str) -> list[str]:
    """The value of `names:` in the forms that tools write: [a, b], lines of `- a`, or lines of `0: a`."""
    match = re.search(r"^names:[ \t]*(.*(?:\n[ \t-].*)*)", text, re.MULTILINE)
    if match is None:
        raise DataError("data.yaml has no `names:`. It lists the classes, such as `names: [Rei, Asuka]`.")
    body = match[1].strip()
    if body.startswith("["):
        return [
            _scalar(part)
            for part in re.findall(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'|[^,\[\]\n]+", body)
            if part.strip()
        ]
    lines = [line.strip() for line in body.splitlines() if line.strip()]
    if all(line.startswith("-") for line in lines):
        return [_scalar(line[1:]) for line in lines]
    numbered = dict(line.split(":", 1) for line in lines)
    return [_scalar(numbered[key]) for key in sorted(numbered, key=int)]


def _scalar(text: str) -> str:
    text = text.strip()
    if text.startswith('"'):
        return json.loads(text)
    return text[1:-1].replace("''", "'") if text.startswith("'") else text


def _boxes(path: Path, picture: Picture, names: Sequence[str]) -> list[NamedBox]:
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            kind, *values = line.split()
            cx, cy, w, h = (float(v) for v in values[:4])
            box = Box.from_centre(cx * picture.width, cy * picture.height, w * picture.width, h * picture.height)
            name = names[int(kind)] if names else ""
        except (ValueError, IndexError) as error:
            raise DataError(
                f"Line {number} of {path.name} is {line!r}; it is a class from 0 to {max(len(names) - 1, 0)}, then the "
                "centre and the size of the box as shares of the picture."
            ) from error
        inside = box.clip(picture.width, picture.height)
        if inside is not None:
            found.append(NamedBox(picture.id, inside, "" if name.casefold() in ("face", "head") else name))
    return found
