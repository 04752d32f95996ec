"""recognise: who is it? Match, unsure or unknown, with the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.commands.command import Command
from core.commands.context import CommandResult, Context, picture_files, table
from core.datasets.tables import write_table
from core.errors import PictureError
from core.options import check, option

HEAD = ("picture", "verdict", "character", "similarity", "why")


@dataclass(frozen=True)
class Arguments:
    """Which pictures, and how sure a name must be."""

    pictures: tuple[Path, ...] = option(flag="", metavar="PICTURE_OR_FOLDER", help="files, and folders of them")
    far: float = option(0.01, above=0, below=1, metavar="RATE", help="false-accept rate that sets the threshold")
    faces: bool = option(False, help="the pictures are faces already")
    csv: Path | None = option(None, output="file", metavar="PATH", help="write the answers there too")
    encoder: str | None = option(None, metavar="NAME", help="a run or `pretrained`; default: the one in use")
    detector: str = option("auto", metavar="NAME", help="auto, cnn, cnn-tiles, cascade or cascade-sensitive")
    min_score: float | None = option(
        None, low=0, high=1, metavar="SCORE", help="faces from this score on; default: the detector's own"
    )

    def __post_init__(self) -> None:
        check(self)


def run(context: Context[Arguments]) -> CommandResult:
    """Ask about each face on each picture."""
    from core.imaging.reading import read_picture
    from core.progress import track
    from core.recognise.recogniser import open_recogniser

    args = context.args
    files = picture_files(args.pictures)
    document: list[dict[str, Any]] = []
    with context.opened() as project:
        recogniser = open_recogniser(
            project,
            far=args.far,
            encoder=args.encoder,
            detector=args.detector,
            min_score=args.min_score,
            report=context.report,
        )
        for path in track(files, context.report, "recognise"):
            try:
                answers = recogniser.ask(read_picture(path), is_face_crop=True if args.faces else None)
            except PictureError as error:
                document.append({"picture": str(path), "faces": [], "error": str(error)})
                continue
            document.append({"picture": str(path), "faces": [a.as_dict() for a in answers]})
    rows = [row for one in document for row in _rows(one)]
    if args.csv:
        write_table(args.csv, HEAD, rows)
    threshold = recogniser.threshold
    said = f"Named from {threshold.match:.2f} on; {threshold.note}."
    return CommandResult(document, "\n".join([table(rows, HEAD), said]))


def _rows(one: dict[str, Any]) -> list[tuple[object, ...]]:
    if not one["faces"]:
        return [(one["picture"], "", "", "", one.get("error", "no face found"))]
    return [
        (one["picture"], f["verdict"], f["character"] or "", f"{f['similarity']:.2f}", f["reason"])
        for f in one["faces"]
    ]


COMMAND = Command("recognise", "who is it? with the evidence, or unknown", Arguments, run)
