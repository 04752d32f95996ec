"""One export: from a workspace to the files of a format, or only what they would be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.datasets.coco import plan_coco
from core.datasets.config import ExportConfig
from core.datasets.everything import csv_text, rows, write_csv, write_parquet
from core.datasets.fiftyone import plan_fiftyone
from core.datasets.from_workspace import data_set
from core.datasets.huggingface import plan_huggingface
from core.datasets.imagefolder import plan_imagefolder
from core.datasets.kohya import plan_kohya
from core.datasets.outputs import Plan, check_folder, write_folder
from core.datasets.records import DataSet
from core.datasets.xmp import plan_xmp
from core.datasets.yolo import plan_yolo
from core.errors import DataError
from core.progress import Reporter, silent
from core.workspace.project import Project

FOLDERS: dict[str, Callable[[DataSet, ExportConfig], Plan]] = {
    "imagefolder": lambda data, _: plan_imagefolder(data),
    "coco": lambda data, _: plan_coco(data),
    "yolo": lambda data, _: plan_yolo(data),
    "kohya": plan_kohya,
    "huggingface": lambda data, _: plan_huggingface(data),
    "fiftyone": lambda data, _: plan_fiftyone(data),
    "xmp": lambda data, _: plan_xmp(data),
}
"""The formats that are a folder."""

FILES = {"csv": write_csv, "parquet": write_parquet}
"""The formats that are one file."""

FORMATS = (*FOLDERS, *FILES)


@dataclass(frozen=True)
class ExportReport:
    """What was written, or would be: files, bytes (of a dry run: about), and what they hold, by part or folder."""

    format: str
    out: str
    files: int
    bytes: int
    items: dict[str, int]
    notes: tuple[str, ...] = ()
    dry_run: bool = False


def export_data(
    project: Project,
    format: str,
    out: Path,
    config: ExportConfig | None = None,
    *,
    dry_run: bool = False,
    report: Reporter = silent,
) -> ExportReport:
    """Write the workspace's data in one of FORMATS to a new or empty folder, or to a file; or say what it would be.

    Raises DataError where the place is taken or lies in a workspace, and where there is nothing to export.
    """
    forbidden = (project.settings.data_dir, project.workspace.models)
    if format in FOLDERS:
        check_folder(out, forbidden)
        plan = FOLDERS[format](data_set(project), config or ExportConfig())
        if not dry_run:
            write_folder(out, plan, report)
        size = plan.size if dry_run else _size(out)
        return ExportReport(format, str(out), len(plan.outputs), size, plan.items, plan.notes, dry_run)
    check_file(out, format, forbidden)
    data = data_set(project)
    n = sum(1 for _ in rows(data))
    if not n:
        raise DataError(f"{data.name} has no pictures to export. Collect some first.")
    if not dry_run:
        FILES[format](out, data)
    size = len(csv_text(data).encode()) if dry_run else out.stat().st_size
    return ExportReport(format, str(out), 1, size, {"rows": n}, dry_run=dry_run)


def check_file(out: Path, format: str, forbidden: tuple[Path, ...] = ()) -> None:
    """Whether a table can be written there. Raises DataError for another format's ending, for a folder, and where it
    lies in one of the forbidden folders."""
    if out.suffix.lower() != f".{format}":
        raise DataError(f"{out} does not end in .{format}. Name the file, for example {out.with_suffix('.' + format)}.")
    if out.is_dir():
        raise DataError(f"{out} is a folder. Name the file that is to be written.")
    if any(out.resolve().is_relative_to(folder.resolve()) for folder in forbidden):
        raise DataError(f"{out} lies where workspaces lie. Choose a place elsewhere.")


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
