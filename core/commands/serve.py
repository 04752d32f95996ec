"""serve: the HTTP API, for other programs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.commands.command import Command
from core.commands.context import CommandResult, Context
from core.options import check, option


@dataclass(frozen=True)
class Arguments:
    """Where the server listens, and who may ask."""

    host: str = option("127.0.0.1", help="address to listen on; other than this machine's only with a token file")
    port: int = option(8000, low=1, high=65535, help="port to listen on")
    token_file: Path | None = option(None, metavar="F", help="a token a line, then its scopes: read, write or both")

    def __post_init__(self) -> None:
        check(self)


def run(context: Context[Arguments]) -> CommandResult:
    """Answer requests until stopped; the documentation is at /docs."""
    from core.server.listen import serve

    args = context.args
    with context.opened() as project:
        serve(project, host=args.host, port=args.port, token_file=args.token_file)
    return CommandResult({"host": args.host, "port": args.port}, f"Stopped listening on {args.host}:{args.port}.")


COMMAND = Command("serve", "the HTTP API: recognise, detect, enrol, correct", Arguments, run)
