"""What is killed: for each act a workspace to begin with, and the act, which can be run again at any time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.atomic import write_bytes
from core.balance.balancing import balance, remove_copies
from core.balance.config import BalanceConfig
from core.collect.importing import import_pictures
from core.crop import eyes, find_faces
from core.crop.config import CropConfig
from core.crop.merge_annotations import PictureBox, merge_annotations
from core.datasets.export import export_data
from core.imaging.boxes import Box, Detection
from core.imaging.reading import encode_jpeg
from core.settings import Settings
from core.workspace import characters, faces
from core.workspace.backups import back_up, restore_backup
from core.workspace.enrolment import enrol_as, set_enrolled
from core.workspace.lone import LoneFace
from core.workspace.project import Project, open_project
from core.workspace.tables import Face
from core.workspace.undo import undo
from core.workspace.workspaces import copy_workspace, rename_workspace, workspace_names
from tests.conftest import noise

SIDE = 120
BOXES = (Box(20, 20, 40, 44), Box(66, 60, 36, 40))


class KnownBoxes:
    """A detector that finds one sure face, and a second one on every third picture (those whose corner is bright)."""

    name, operating_point = "known", 0.5

    def detect_many(self, pictures: Sequence[np.ndarray], *, min_score: float | None = None) -> list[list[Detection]]:
        return [[Detection(box, 0.9, "known") for box in BOXES[: 1 + self._two(rgb)]] for rgb in pictures]

    def _two(self, rgb: np.ndarray) -> bool:
        return bool(rgb[:8, :8].mean() > 200)


@dataclass(frozen=True)
class Scene:
    """`make` fills an empty workspace; `act` is what is killed, and run again; `result`: the workspace to look at."""

    make: Callable[[Project], None]
    act: Callable[[Project], object]
    result: str = "test"


def pixels(n: int) -> np.ndarray:
    rgb = noise(n, SIDE, SIDE)
    rgb[:12, :12] = 255 if n % 3 == 0 else 20
    return rgb


def with_pictures(project: Project) -> None:
    """Six pictures of each of two characters, not looked at."""
    n = 0
    for name in ("Rei", "Asuka"):
        character = characters.add(project, name, who="import")
        for i in range(6):
            n += 1
            path = f"pictures/{name}/{i:03d}.jpg"
            data = encode_jpeg(pixels(n))
            write_bytes(project.workspace.path(path), data)
            project.catalogue.add_picture(character.id, path=path, width=SIDE, height=SIDE)


def with_faces(project: Project) -> None:
    """The same, looked at: eight faces kept, eight proposed on four pictures."""
    with_pictures(project)
    crop(project)


def with_copies(project: Project) -> None:
    with_faces(project)
    divide(project)


def crop(project: Project) -> object:
    return find_faces.crop(project, CropConfig(batch=4))


def divide(project: Project) -> object:
    return balance(project, BalanceConfig(per_character=6))


def keep_everything(project: Project) -> object:
    proposed = project.catalogue.faces(state="proposed")
    return faces.keep(project, proposed) if proposed else None


def enrol(project: Project) -> object:
    kept = project.catalogue.faces(state="kept", copy_of=None)[:3]
    return enrol_as(project, "Misato", [*(f.id for f in kept), LoneFace(noise(99), "lone", "web")])


def with_a_folder(project: Project) -> None:
    """Pictures to crop, and beside the workspace a folder of eight more, of Rei and of somebody new."""
    with_pictures(project)
    for n in range(20, 28):
        path = project.workspace.root.parent / "import" / ("Rei" if n % 2 else "Shinji") / f"{n}.jpg"
        write_bytes(path, encode_jpeg(noise(n, SIDE, SIDE)))


def bring_in(project: Project) -> object:
    return import_pictures(project, project.workspace.root.parent / "import")


def bring_in_faces(project: Project) -> object:
    return import_pictures(project, project.workspace.root.parent / "import", kind="faces")


def boxes_in(project: Project) -> object:
    pictures = project.catalogue.pictures(kind="picture", state="kept")
    boxes = [PictureBox(p.id, Box(22, 24, 40, 40), "Misato" if p.id % 2 else "") for p in pictures]
    return merge_annotations(project, boxes, [p.id for p in pictures], action="boxes in")


def with_enrolment(project: Project) -> None:
    """Two characters with faces, copies, and all their faces enrolled."""
    with_copies(project)
    kept = project.catalogue.faces(state="kept", copy_of=None)
    set_enrolled(project, kept, True, "enrolled", who="import")


def with_a_heap(project: Project) -> None:
    """Rei's faces enrolled, and pictures and faces of nobody: six kept, four proposed."""
    with_enrolment(project)
    for n in range(40, 48):
        path = f"pictures/unnamed/{n}.jpg"
        write_bytes(project.workspace.path(path), encode_jpeg(pixels(n)))
        project.catalogue.add_picture(None, path=path, width=SIDE, height=SIDE)
    crop(project)


def rename(project: Project) -> object:
    found = [c for c in project.catalogue.characters() if c.name == "Rei"]
    return characters.rename(project, found[0], "Rei Ayanami") if found else None


def merge(project: Project) -> object:
    found = {c.name: c for c in project.catalogue.characters()}
    return characters.merge(project, found["Rei"], found["Asuka"]) if "Rei" in found else None


def with_a_run(project: Project) -> None:
    """Faces and copies, a trained run, and a backup of it all."""
    with_copies(project)
    write_bytes(project.workspace.models / "run-1" / "config.json", b"{}")
    back_up(project.workspace, project.settings.data_dir / "backups" / "test.zip")


def to_other(project: Project) -> object:
    project.catalogue.close()
    return rename_workspace(project.workspace, "other", project.settings) if project.name == "test" else None


def copied(project: Project) -> object:
    there = "other" in workspace_names(project.settings)
    return None if there else copy_workspace(project.workspace, "other", project.settings)


def restored(project: Project) -> object:
    there = "other" in workspace_names(project.settings)
    archive = project.settings.data_dir / "backups" / "test.zip"
    return None if there else restore_backup(archive, "other", project.settings)


def split(project: Project) -> object:
    faces = project.catalogue.faces(state="kept", copy_of=None)
    found = {c.name: c for c in project.catalogue.characters()}  # afterwards: another process may split meanwhile
    if "Yui" in found:
        return None
    own = [face for face in faces if face.character_id == found["Rei"].id]
    return characters.split(project, found["Rei"], own[:3], "Yui")


def delete(project: Project) -> object:
    found = [c for c in project.catalogue.characters() if c.name == "Rei"]
    return characters.delete(project, found[0]) if found else None


def name_group(project: Project) -> object:
    """A group is named: some as somebody new, some as Rei, one not Rei, one not in the cast."""
    heap = project.catalogue.faces(character_id=None, ignored=False)
    if len(heap) < 8:
        return None
    named = {"Misato": heap[:4], "Rei": heap[4:6]}
    return characters.name_faces(project, named, wrong={"Rei": heap[6:7]}, ignored=heap[7:])


def exported(project: Project) -> object:
    """A data set beside the workspaces; once it is there, nothing is left to do."""
    out = project.settings.data_dir.parent / "exported"
    return None if out.exists() else export_data(project, "imagefolder", out)


def done(make: Callable[[Project], None], act: Callable[[Project], object]) -> Callable[[Project], None]:
    """A workspace in which an act was done."""

    def made(project: Project) -> None:
        make(project)
        assert act(project)
        project.catalogue.set_note("to undo", project.catalogue.changes(1)[0].id)

    return made


def take_back(project: Project) -> object:
    """Undo the act that was done, and nothing before it."""
    change = project.catalogue.change_by_id(project.catalogue.note("to undo"))
    return None if change.undone_at else undo(project)


EDITS = {
    "rename": (with_enrolment, rename),
    "merge": (with_enrolment, merge),
    "split": (with_enrolment, split),
    "delete": (with_enrolment, delete),
    "name a group": (with_a_heap, name_group),
}
"""The edits of characters: the workspace to begin with, and the edit."""

SCENES = {
    "crop": Scene(with_pictures, crop),
    "balance": Scene(with_faces, divide),
    "remove": Scene(with_copies, remove_copies),
    "keep": Scene(with_faces, keep_everything),
    "enrol": Scene(with_faces, enrol),
    "import": Scene(with_a_folder, bring_in),
    "import faces": Scene(with_a_folder, bring_in_faces),
    "box import": Scene(with_faces, boxes_in),
    "rename workspace": Scene(with_a_run, to_other, "other"),
    "copy workspace": Scene(with_a_run, copied, "other"),
    "restore": Scene(with_a_run, restored, "other"),
    "export": Scene(with_copies, exported),
    **{name: Scene(make, act) for name, (make, act) in EDITS.items()},
    **{f"undo {name}": Scene(done(make, act), take_back) for name, (make, act) in EDITS.items()},
}


def run(scene: Callable[[Project], object], settings: Settings, *, create: bool = False) -> None:
    """Open the workspace as a command does, under the name that it has by now, act, and close it."""
    eyes.load_detector = lambda *_, **__: KnownBoxes()  # type: ignore[assignment]
    names = ["test"] if create else workspace_names(settings)
    with open_project("test" if "test" in names else "other", settings, create=create) as project:
        scene(project)


def snapshot(settings: Settings, name: str = "test") -> dict[str, object]:
    """All that counts of a workspace: rows without ids and times, files with their content, what is left to do."""
    from core.imaging.hashes import sha256
    from core.workspace.moves import STAGING, pending

    with open_project(name, settings) as project:
        catalogue, root = project.catalogue, project.workspace.root
        names = {c.id: c.name for c in catalogue.characters(removed=True)} | {None: ""}
        every = catalogue.faces()
        paths = {f.id: f.path for f in every} | {None: ""}

        def said(face: Face) -> tuple[object, ...]:
            return face.enrolled, face.ignored, tuple(sorted(names[c] for c in face.negatives))

        rows = sorted(
            (f.path, names[f.character_id], f.state, f.split, f.sha256, *f.box.as_list(), paths[f.copy_of], said(f))
            for f in every
        )
        pictures = sorted((p.path, names[p.character_id], p.state, p.review, p.sha256) for p in catalogue.pictures())
        files = {
            p.relative_to(root).as_posix(): sha256(p.read_bytes())
            for top in ("pictures", "faces", "bin")
            for p in (root / top).rglob("*")
            if p.is_file()
        }
        whole = all(f.sha256 and files.get(f.path) == f.sha256 for f in every if f.state == "kept")
        cast = sorted((c.name, c.slug, c.state) for c in catalogue.characters(removed=True))
        left = [*pending(catalogue), *(p.name for p in (root / STAGING).glob("*"))]
    incoming = sorted(p.name for p in (Path(root) / "cache" / "incoming").glob("*"))
    beside = sorted(p.name for top in (settings.data_dir, settings.models) for p in top.glob(".[im]*[!k]"))
    exports = [p for p in settings.data_dir.parent.glob("*exported*/**/*") if p.is_file()]
    models = sorted(p.relative_to(settings.models).as_posix() for p in settings.models.rglob("*"))
    return {"faces": rows, "pictures": pictures, "files": files, "whole": whole, "cast": cast} | {
        "names": workspace_names(settings),
        "models": models,
        "exports": {p.relative_to(settings.data_dir.parent).as_posix(): sha256(p.read_bytes()) for p in exports},
        "left": left + incoming + beside,
    }
