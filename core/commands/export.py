"""export: an encoder as ONNX, or the workspace's data in the format of another program."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from core.commands.command import OPTIONAL, Command
from core.commands.context import CommandResult, Context
from core.commands.encoders import encoder_file
from core.datasets.config import ExportConfig
from core.errors import DataError
from core.options import check, option

ONNX = "onnx"
FORMATS = (ONNX, "imagefolder", "coco", "yolo", "kohya", "huggingface", "fiftyone", "xmp", "csv", "parquet")


@dataclass(frozen=True)
class Arguments:
    """What is exported, in which format, and where to."""

    out: Path = option(output="folder", metavar="PATH", help="the file (onnx, csv, parquet) or new folder")
    format: str = option(ONNX, choices=FORMATS, help="onnx is an encoder, the others are pictures, faces and facts")
    encoder: str = option("", metavar="NAME", help="with onnx: a run, `pretrained`, or a path")
    dry_run: bool = option(False, help="say how many files and how large; write nothing")
    config: ExportConfig = ExportConfig()

    def __post_init__(self) -> None:
        check(self)
        if self.format == ONNX and not self.encoder:
            raise DataError("Which encoder? Give --encoder NAME, or --format for a data set.")
        if self.format == ONNX and self.dry_run:
            raise DataError("--dry-run is for data sets. Give --format with it.")
        if self.format != ONNX and self.encoder:
            raise DataError("--encoder belongs to --format onnx. Leave one of the two out.")


def run(context: Context[Arguments]) -> CommandResult:
    """Write the encoder or the data set."""
    if context.args.format == ONNX:
        return _encoder(context)
    from core.datasets.export import export_data
    from core.datasets.records import counted

    args = context.args
    if not context.workspace:
        raise DataError("Whose data? Give --workspace NAME.")
    with context.opened() as project:
        done = export_data(project, args.format, args.out, args.config, dry_run=args.dry_run, report=context.report)
    items = ", ".join(f"{name} {n}" for name, n in done.items.items())
    told = "would be written to" if done.dry_run else "written to"
    about = "about " if done.dry_run else ""
    head = f"{counted(done.files, 'file')}, {about}{done.bytes / 1e6:,.1f} MB, {told} {done.out}: {items}."
    return CommandResult(asdict(done), "\n".join([head, *done.notes]))


def _encoder(context: Context[Arguments]) -> CommandResult:
    from core.imaging.files import check_out
    from core.vision.export import export_encoder

    out = check_out(context.args.out, what="The encoder")
    export_encoder(encoder_file(context, context.args.encoder), out)
    return CommandResult({"out": str(out.resolve())}, f"Written: {out}")


COMMAND = Command("export", "a data set for other programs, or an encoder as ONNX", Arguments, run, workspace=OPTIONAL)
