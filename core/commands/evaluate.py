"""evaluate: what an encoder is worth, on a workspace's validation faces or on a folder of faces that nobody split."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.atomic import write_text
from core.commands.command import OPTIONAL, Command
from core.commands.context import CommandResult, Context, picture_files, table
from core.commands.encoders import encoder_file
from core.errors import DataError, PictureError
from core.imaging.names import is_system_name
from core.options import check, option
from core.progress import track

if TYPE_CHECKING:  # what computes is imported where it is used: every command starts sooner
    import numpy as np

    from core.similarity.evaluation import Evaluation
    from core.workspace.project import Project

AT_ONCE = 200_000_000
"""Bytes of pixels that are read before they are embedded."""
SHOWN = ("top1", "precision_at_1", "precision_at_5", "hit_at_5", "map_at_r", "eer")


@dataclass(frozen=True)
class Arguments:
    """Which encoder, on what."""

    encoder: str | None = option(None, metavar="NAME", help="a run, `pretrained`, or a path")
    faces: Path | None = option(None, metavar="FOLDER", help="a folder of faces, a folder a character")
    limit: int | None = option(None, low=1, high=1_000_000, help="with --faces: at most so many of each character")
    rerank: bool = option(False, help="k-reciprocal re-ranking (evaluation only)")
    report: Path | None = option(
        None, output="file", metavar="PATH", help="write an HTML report: curves, intervals, characters, confusions"
    )

    def __post_init__(self) -> None:
        check(self)


def run(context: Context[Arguments]) -> CommandResult:
    """Measure by both protocols."""
    from core.train.training import evaluate_workspace
    from core.workspace.locks import step_lock
    from core.workspace.models import encoder_in_use

    args = context.args
    if args.faces is not None:
        return _evaluate_folder(context, args.faces)
    if not context.workspace:
        raise DataError("Say what to measure on: --workspace W, or --faces FOLDER --encoder NAME.")
    with context.opened() as project:
        name = args.encoder or encoder_in_use(project).name
        alone = nullcontext() if project.catalogue.read_only else step_lock(project.workspace, "evaluate")
        with alone:  # what it embeds is kept
            found = evaluate_workspace(project, name, rerank=args.rerank, report=context.report)
            if args.report is not None:
                _report_workspace(context, project, name, found.protocol, args.report)
    return _evaluation(found, name, args.report)


def _evaluate_folder(context: Context[Arguments], folder: Path) -> CommandResult:
    """A folder a character; every picture is a face as it is."""
    import numpy as np

    from core.similarity.evaluation import evaluate_folder
    from core.vision import load_encoder

    name = context.args.encoder or "pretrained"
    encoder = load_encoder(encoder_file(context, name))
    files = _files_of_characters(context, folder)
    read: list[Path] = []
    passed_over: list[str] = []
    vectors = [np.empty((0, encoder.dim), np.float32)]
    for batch in _readable(track(files, context.report, "read"), passed_over):
        read += [path for path, _ in batch]
        vectors.append(encoder.embed([pixels for _, pixels in batch]))
    if not read:
        raise DataError(f"{folder} holds no picture that can be read.")
    labels = [path.relative_to(folder).parts[0] for path in read]
    found = evaluate_folder(np.concatenate(vectors), labels)
    if context.args.report is not None:
        title = f"{Path(name).stem} on {folder.name}"
        _report_folder(context.args.report, np.concatenate(vectors), np.array(labels), read, title)
    done = _evaluation(found, name, context.args.report)
    sentences = [f"Passed over: {sentence}" for sentence in passed_over]
    return replace(done, text="\n".join([done.text, *sentences[:10]]))


def _files_of_characters(context: Context[Arguments], folder: Path) -> list[Path]:
    """The pictures in the folder of each character. Raises DataError where there is no such folder."""
    inside = sorted(folder.iterdir()) if folder.is_dir() else []
    folders = [path for path in inside if path.is_dir() and not is_system_name(path.name)]
    if not folders:
        raise DataError(f"{folder} holds no folder for each character.")
    files: list[Path] = []
    for one in folders:
        with suppress(PictureError):  # an empty folder is a character without faces
            files += picture_files([one], context.report)[: context.args.limit]
    return files


def _readable(files: Iterable[Path], passed_over: list[str]) -> Iterator[list[tuple[Path, np.ndarray]]]:
    """Pictures with their pixels, so many at a time that memory holds them; why others cannot be read is added to
    `passed_over`."""
    from core.imaging.reading import read_picture

    batch: list[tuple[Path, np.ndarray]] = []
    for path in files:
        try:
            batch.append((path, read_picture(path)))
        except PictureError as error:
            passed_over.append(str(error))
        if sum(pixels.nbytes for _, pixels in batch) >= AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _report_workspace(context: Context[Arguments], project: Project, encoder: str, protocol: str, out: Path) -> None:
    """The report of a workspace's validation faces; its faces come from their files."""
    from core.similarity.report import make_report
    from core.train.training import measured_faces
    from core.visualise.report_page import report_page
    from core.workspace.crops import face_pixels

    faces, asking, enrolled = measured_faces(project, encoder, context.report)
    rows = {"queries": asking, "enrolled": enrolled}

    def pixels(which: str, row: int) -> np.ndarray | None:
        with suppress(PictureError):
            return face_pixels(project, rows[which][row])
        return None

    write_text(out, report_page(make_report(faces), f"{Path(encoder).stem} on {project.name}", protocol, pixels))


def _report_folder(out: Path, vectors: np.ndarray, names: np.ndarray, files: list[Path], title: str) -> None:
    """The report of a folder: five faces of each character are drawn and enrolled, the others ask."""
    from core.imaging.reading import read_picture
    from core.similarity.report import ReportFaces, make_report
    from core.similarity.shots import drawn_split
    from core.visualise.report_page import report_page

    asking, chosen = drawn_split(names)
    none = vectors[:0], names[:0]
    faces = ReportFaces(vectors[asking], names[asking], vectors[chosen], names[chosen], *none)
    rows = {"queries": asking, "enrolled": chosen}
    protocol = f"One draw: {len(chosen)} faces enrolled, at most 5 of each character; the other {len(asking)} ask."
    page = report_page(make_report(faces), title, protocol, lambda which, row: read_picture(files[rows[which][row]]))
    write_text(out, page)


def _evaluation(found: Evaluation, name: str, report: Path | None = None) -> CommandResult:
    document = found.as_dict() | {"encoder": name}
    if report is not None:
        document["report"] = str(report.resolve())
    worst = [
        (row["character"], row["n"], *(row[k] for k in ("top1",) if k in row)) for row in document["by_character"][:8]
    ]
    lines = [f"{name}, {found.protocol}.", figures(document)]
    if worst:
        lines += ["Worst characters:", table(worst, ("character", "faces", "top1")[: len(worst[0])])]
    if report is not None:
        lines.append(f"Report: {report}")
    return CommandResult(document, "\n".join(lines))


def figures(metrics: Mapping[str, Any]) -> str:
    """The figures that were measured, in one line, and what limits them."""
    from core.similarity.evaluation import few_words

    shown = [f"{key} {metrics[key]:.3f}" for key in SHOWN if metrics.get(key) is not None]
    if not shown:
        return "Nothing could be measured: there are no validation faces."
    return "\n".join([", ".join(shown), few_words(metrics.get("precision_at_5_limit"))]).strip()


COMMAND = Command(
    "evaluate",
    "measure an encoder on a workspace's validation faces, or on a folder",
    Arguments,
    run,
    workspace=OPTIONAL,
)
