"""export: an encoder as ONNX, checked against the original."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.commands.command import OPTIONAL, Command
from core.commands.context import CommandResult, Context
from core.commands.encoders import encoder_file
from core.options import check, option


@dataclass(frozen=True)
class Arguments:
    """Which encoder, and where it is written."""

    encoder: str = option(metavar="NAME", help="a run, `pretrained`, or a path")
    out: Path = option(output="file", metavar="ONNX", help="the file that is written")

    def __post_init__(self) -> None:
        check(self)


def run(context: Context[Arguments]) -> CommandResult:
    """Write the encoder."""
    from core.vision.export import export_encoder

    out = export_encoder(encoder_file(context, context.args.encoder), context.args.out)
    return CommandResult({"out": str(out.resolve())}, f"Written: {out}")


COMMAND = Command("export", "an encoder as ONNX", Arguments, run, workspace=OPTIONAL)
