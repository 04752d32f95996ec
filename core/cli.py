"""`python -m core STEP ...`: the same steps as the pages, without a screen.

Exit codes: 0 done, 1 failed with a sentence, 2 wrong usage, 3 stopped on request. With --json one document goes to
standard output and nothing else; words and progress go to standard error.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from core import jobs
from core.commands.parser import parser
from core.errors import WhoAmIError
from core.progress import Progress, Reporter
from core.settings import Settings


def main(argv: Sequence[str] | None = None) -> int:
    """Run one step; returns the exit code."""
    from core.commands import COMMANDS
    from core.commands.context import Context

    args = parser().parse_args(argv)
    settings = _settings(args)
    report = jobs.reporter(args.job) if args.job else _terminal(sys.stderr)
    run = COMMANDS[args.step]
    try:
        answer = run(Context(args, settings, report))
    except WhoAmIError as error:
        print(f"{args.step}: {error}", file=sys.stderr)
        return _end(args, jobs.exit_code(error), str(error))
    except KeyboardInterrupt:
        print("Stopped. What was done so far is kept.", file=sys.stderr)
        return _end(args, jobs.CANCELLED_CODE, "Stopped by the keyboard.")
    except Exception as error:
        _end(args, 1, f"An error of ours: {type(error).__name__}: {error}")
        raise
    try:
        print(json.dumps(answer.document, ensure_ascii=False, default=_plain) if args.json else answer.text, flush=True)
    except BrokenPipeError:  # whoever read has read enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return _end(args, 0, answer.text.splitlines()[0] if answer.text else "")


def _settings(args: argparse.Namespace) -> Settings:
    given = {"data_dir": args.data_dir, "models_dir": args.models_dir}
    return Settings(**{key: value.absolute() for key, value in given.items() if value is not None})


def _end(args: argparse.Namespace, code: int, sentence: str) -> int:
    if args.job:
        jobs.finish(args.job, code, sentence)
    return code


def _plain(value: object) -> object:
    if isinstance(value, Path):
        return str(value)
    if hasattr(value, "item"):
        return value.item()
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _terminal(stream: TextIO) -> Reporter:
    """Progress for a person at a terminal: one line, renewed; in a log, a line now and then."""
    last_time, last_stage = 0.0, ""
    live = stream.isatty()

    def report(progress: Progress) -> None:
        nonlocal last_time, last_stage
        at = time.monotonic()
        over = progress.total is not None and progress.n >= progress.total
        if not over and progress.stage == last_stage and at - last_time < (0.1 if live else 10):
            return
        last_time, last_stage = at, progress.stage
        total = f"/{progress.total}" if progress.total else ""
        eta = f", {progress.eta:.0f} s to go" if progress.eta else ""
        line = f"{progress.stage} {progress.n}{total}{eta} {progress.note}".rstrip()
        print(f"\r\x1b[K{line}" if live else line, end="\n" if over or not live else "", file=stream, flush=True)

    return report
