"""detect: faces on any pictures, without a workspace."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.commands.command import NONE, Command
from core.commands.context import CommandResult, Context, none_readable, picture_files, table
from core.errors import PictureError
from core.options import check, option
from core.progress import track

BATCH = 16
"""Pictures that are held in memory together."""


@dataclass(frozen=True)
class Arguments:
    """Which pictures, by which detector."""

    pictures: tuple[Path, ...] = option(flag="", metavar="PICTURE_OR_FOLDER", help="files, and folders of them")
    detector: str = option("auto", metavar="NAME", help="auto, cnn, cnn-tiles, cascade or cascade-sensitive")
    min_score: float | None = option(
        None, low=0, high=1, metavar="SCORE", help="faces from this score on; default: the detector's own"
    )

    def __post_init__(self) -> None:
        check(self)


def run(context: Context[Arguments]) -> CommandResult:
    """Boxes and scores; a picture that cannot be read is listed with the reason."""
    from core.imaging.reading import read_picture
    from core.vision import load_detector

    detector = load_detector(context.args.detector, settings=context.settings)
    document: list[dict[str, Any]] = []
    rows: list[tuple[object, ...]] = []
    files = picture_files(context.args.pictures, context.report)
    groups = [files[i : i + BATCH] for i in range(0, len(files), BATCH)]
    for group in track(groups, context.report, "detect"):
        readable, pixels = [], []
        for path in group:
            try:
                pixels.append(read_picture(path))
                readable.append(path)
            except PictureError as error:
                document.append({"picture": str(path), "faces": [], "error": str(error)})
                rows.append((path, "", str(error)))
        found = detector.detect_many(pixels, min_score=context.args.min_score)
        for path, detections in zip(readable, found, strict=True):
            faces = [{"box": d.box.as_list(), "score": round(float(d.score), 4)} for d in detections]
            document.append({"picture": str(path), "faces": faces})
            rows += [(path, f["score"], f["box"]) for f in faces] or [(path, "", "no face found")]
    reasons = [one["error"] for one in document if "error" in one]
    text = table(rows, ("picture", "score", "x, y, w, h"))
    return CommandResult(document, text, none_readable(len(files), len(reasons), "".join(reasons[:1])))


COMMAND = Command("detect", "faces on pictures, without a workspace", Arguments, run, workspace=NONE)
