"""recognise: who is it? Match, unsure or unknown, with the evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.commands.command import Command
from core.commands.context import CommandResult, Context, picture_files, table
from core.datasets.tables import write_table
from core.errors import PictureError
from core.options import check, option
from core.recognise.config import RecogniseConfig

HEAD = ("picture", "verdict", "character", "similarity", "why")


@dataclass(frozen=True)
class Arguments:
    """Which pictures, and how sure a name must be."""

    pictures: tuple[Path, ...] = option(flag="", metavar="PICTURE_OR_FOLDER", help="files, and folders of them")
    config: RecogniseConfig = field(default_factory=RecogniseConfig)
    csv: Path | None = option(None, output="file", metavar="PATH", help="write the answers there too")

    def __post_init__(self) -> None:
        check(self)


def run(context: Context[Arguments]) -> CommandResult:
    """Ask about each face on each picture."""
    from core.imaging.reading import read_picture
    from core.progress import track
    from core.recognise.recogniser import open_recogniser

    args, config = context.args, context.args.config
    files = picture_files(args.pictures)
    document: list[dict[str, Any]] = []
    with context.opened() as project:
        recogniser = open_recogniser(
            project,
            far=config.far,
            encoder=config.encoder,
            detector=config.detector,
            min_score=config.min_score,
            repeated=config.repeated,
            report=context.report,
        )
        for path in track(files, context.report, "recognise"):
            try:
                answers = recogniser.ask(read_picture(path), is_face_crop=True if config.faces else None)
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
