"""`python -m core COMMAND ...`: the same steps as the pages, without a screen.

Exit codes: 0 done, 1 failed with a sentence, 2 wrong usage, 3 stopped on request. With --json one document goes to
standard output and nothing else; words and progress go to standard error.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from core import jobs
from core.errors import Cancelled, DataError
from core.failures import explain, is_expected, log_failure
from core.plugins import load_plugins
from core.progress import Progress, Reporter
from core.settings import Settings

if TYPE_CHECKING:
    from core.commands.command import Command

WRONG_USAGE = 2
"""argparse's own code."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # cp932 has no ë: that is no reason to fail
            stream.reconfigure(errors="backslashreplace")
    try:
        return _run(argv)
    except KeyboardInterrupt:  # before the command began, or while its result was printed
        print("Stopped.", file=sys.stderr)
        return jobs.CANCELLED_CODE


def _run(argv: Sequence[str] | None) -> int:
    from core.commands.context import Context, check_outputs
    from core.commands.parser import parser

    try:
        load_plugins(Settings())
    except Exception as error:  # a broken plugin, or settings that cannot be read
        print(explain(error), file=sys.stderr)
        return 1
    words = sys.argv[1:] if argv is None else list(argv)
    known = commands_for(words)
    parsed = parser(known).parse_args(words)
    command = known[parsed.command]
    try:
        arguments = command.read(parsed)
    except DataError as error:
        print(f"{command.name}: {error} See `python -m core {command.name} --help`.", file=sys.stderr)
        return _end(parsed, WRONG_USAGE, str(error))
    report = jobs.reporter(parsed.job) if parsed.job else _terminal(sys.stderr)
    settings = None
    try:
        settings = _settings(parsed)
        check_outputs(arguments)
        result = command.run(Context(arguments, getattr(parsed, "workspace", None) or "", settings, report))
    except KeyboardInterrupt:
        print("Stopped. What was done so far is kept.", file=sys.stderr)
        return _end(parsed, jobs.CANCELLED_CODE, "Stopped by the keyboard.")
    except Exception as error:
        return _failed(parsed, settings, error)
    try:
        plain = not (sys.stdout.encoding or "").lower().startswith("utf")
        document = json.dumps(result.document, ensure_ascii=plain, default=_plain) if parsed.json else result.text
        print(document, flush=True)
    except BrokenPipeError:  # whoever read has read enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if result.problem:
        print(f"{parsed.command}: {result.problem}", file=sys.stderr)
        return _end(parsed, 1, result.problem)
    return _end(parsed, 0, result.text.splitlines()[0] if result.text else "")


def commands_for(words: Sequence[str]) -> Mapping[str, Command]:
    """The command that comes first alone: to import all of them takes a sixth of what `status` takes. All of them for
    help, for a plugin's, and for a name that there is not."""
    from core import commands

    return {words[0]: commands.command_named(words[0])} if words and words[0] in commands.NAMES else commands.COMMANDS


def _failed(parsed: argparse.Namespace, settings: Settings | None, error: Exception) -> int:
    """Say in one sentence what went wrong. The traceback goes to the workspace's log; --verbose shows it, too."""
    name = getattr(parsed, "workspace", None)
    folder = settings.data_dir / name if settings and name else None
    log = None if isinstance(error, Cancelled) else log_failure(folder, parsed.command, error)
    sentence = explain(error)
    if not is_expected(error):
        sentence += f" The details are in {log}." if log else " --verbose shows the details."
    print(f"{parsed.command}: {sentence}", file=sys.stderr)
    if parsed.verbose:
        traceback.print_exception(error)
    return _end(parsed, jobs.CANCELLED_CODE if isinstance(error, Cancelled) else 1, sentence)


def _settings(parsed: argparse.Namespace) -> Settings:
    given = {"data_dir": parsed.data_dir, "models_dir": parsed.models_dir}
    return Settings(**{key: value for key, value in given.items() if value is not None})


def _end(parsed: argparse.Namespace, code: int, sentence: str) -> int:
    if parsed.job:
        try:
            jobs.finish(parsed.job, code, sentence)
        except OSError as error:  # a full disk: the job is found dead, and its log says why
            print(explain(error), file=sys.stderr)
    return code


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _terminal(stream: TextIO) -> Reporter:
    """Progress for a person at a terminal: one line, renewed; in a log, a line now and then. Of a stage in which there
    is nothing to do only its note."""
    last_at, last_stage = 0.0, ""
    live = stream.isatty()

    def report(progress: Progress) -> None:
        nonlocal last_at, last_stage
        if progress.total == 0 and not progress.note:
            return
        at = time.monotonic()
        over = progress.total is not None and progress.n >= progress.total
        if not over and progress.stage == last_stage and at - last_at < (0.1 if live else 10):
            return
        last_at, last_stage = at, progress.stage
        total = f"/{progress.total}" if progress.total else ""
        eta = f", {progress.eta:.0f} s to go" if progress.eta else ""
        line = f"{progress.stage} {progress.n}{total}{eta} {progress.note}".rstrip()
        print(f"\r\x1b[K{line}" if live else line, end="\n" if over or not live else "", file=stream, flush=True)

    return report
