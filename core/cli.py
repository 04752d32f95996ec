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

from core import jobs
from core.errors import WhoAmIError
from core.progress import Progress, Reporter
from core.settings import Settings

STEPS = (
    ("tour", "the whole chain on drawn characters, without a screen"),
    ("demo", "a workspace of drawn characters, no network"),
    ("collect", "pictures from a source"),
    ("import", "a folder or zip with a folder for each character"),
    ("crop", "find the faces on the pictures; review, import and export boxes"),
    ("balance", "split by groups, then N faces a character"),
    ("train", "train an encoder on the faces"),
    ("evaluate", "measure an encoder on a workspace's validation faces, or on a folder"),
    ("map", "the faces as points, as one HTML file"),
    ("enrol", "put faces into the gallery that answers"),
    ("recognise", "who is it? with the evidence, or unknown"),
    ("detect", "faces on pictures, without a workspace"),
    ("export", "an encoder as ONNX"),
    ("status", "what there is and what to do next"),
    ("undo", "take back the last decision"),
    ("sync", "take in files put there by hand, report those that vanished"),
    ("backup", "the whole workspace as one zip"),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one step; returns the exit code."""
    # Threads that wait must not spin: beside another busy process training would be several times slower.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
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


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(prog="python -m core", description="Who Am I? Anime face recognition, the whole way.")
    steps = top.add_subparsers(dest="step", required=True, metavar="STEP")
    made = {name: steps.add_parser(name, help=text, description=text) for name, text in STEPS}
    for name, one in made.items():
        one.add_argument("--data-dir", type=Path, help="folder of the workspaces (default: data/)")
        one.add_argument("--models-dir", type=Path, help="folder of the runs (default: models/, or DATA_DIR/models)")
        one.add_argument("--json", action="store_true", help="one JSON document on standard output")
        one.add_argument("--job", type=Path, help=argparse.SUPPRESS)
        if name not in ("detect",):
            default = "demo" if name in ("tour", "demo") else None
            needed = default is None and name not in ("evaluate", "export")
            one.add_argument("--workspace", required=needed, default=default, metavar="W")
    _demo(made["demo"])
    _demo(made["tour"])
    _collect(made["collect"], made["import"])
    _crop(made["crop"])
    _balance(made["balance"])
    _train(made["train"])
    _ask(made)
    return top


def _demo(one: argparse.ArgumentParser) -> None:
    one.add_argument("--characters", type=_positive, default=8)
    one.add_argument("--pictures", type=_positive, default=30, help="pictures of each character")
    one.add_argument("--seed", type=int, default=0)


def _collect(collect: argparse.ArgumentParser, bring: argparse.ArgumentParser) -> None:
    collect.add_argument("--source", required=True, action="append", help="tried in the order given; repeatable")
    collect.add_argument("--character", nargs="+", action="extend", default=[], metavar="NAME")
    collect.add_argument("--characters-from", type=Path, metavar="CSV", help="names, or lines of name,series,query")
    collect.add_argument("--limit", type=_positive, default=50, help="pictures of each character (default 50)")
    collect.add_argument("--from", dest="origin", type=Path, metavar="PATH", help="folder, zip or list of addresses")
    collect.add_argument("--base-url", default="", help="another board that speaks the same language")
    collect.add_argument("--seed", type=int, default=0)
    bring.add_argument("path", type=Path)
    bring.add_argument("--kind", choices=("pictures", "faces"), required=True)
    bring.add_argument("--limit", type=_positive, help="at most so many of each character")
    bring.add_argument("--character", default="", metavar="NAME", help="whose they are, where the folder is flat")


def _crop(crop: argparse.ArgumentParser) -> None:
    crop.add_argument("--detector", default="auto", help="auto, cnn, cnn-tiles, cascade or cascade-sensitive")
    crop.add_argument("--accept", type=float, help="score from which a face is kept without a look")
    crop.add_argument("--min-side", type=_positive, default=24, help="pixels")
    crop.add_argument("--redo", action="store_true", help="look again where no person has decided")
    review = crop.add_argument_group("review", "instead of looking for faces; one of these")
    review.add_argument("--review-list", action="store_true", help="what is worth a look, worst first")
    review.add_argument("--status", default="open", help="of that list: open, nothing, look, sure, done, new or all")
    review.add_argument("--keep", type=_positive, nargs="+", metavar="FACE_ID")
    review.add_argument("--as", dest="named", default="", metavar="NAME", help="keep them under this character's name")
    review.add_argument("--reject", type=_positive, nargs="+", metavar="FACE_ID")
    review.add_argument("--reason", default="", help="why they are rejected")
    review.add_argument("--export-boxes", type=Path, metavar="PATH", help="COCO (.json), or a folder of YOLO labels")
    review.add_argument("--import-boxes", type=Path, metavar="PATH", help="the same, back; undo takes it back")


def _balance(balance: argparse.ArgumentParser) -> None:
    balance.add_argument("--per-character", type=_positive, default=32)
    balance.add_argument("--cap", action="store_true", help="draw down to that number too")
    balance.add_argument("--mode", choices=("copy", "augment"), default="copy")
    balance.add_argument("--validation", type=float, default=0.25)
    balance.add_argument("--strangers", type=int, default=0, metavar="K", help="characters held out wholly")
    balance.add_argument("--seed", type=int, default=0)
    balance.add_argument("--dry-run", action="store_true", help="say what would be made, make nothing")
    balance.add_argument("--remove", action="store_true", help="take the balancing copies back")


def _train(train: argparse.ArgumentParser) -> None:
    train.add_argument("--preset", choices=("article", "recommended", "quick"), default="recommended")
    train.add_argument("--init", choices=("pretrained", "imagenet", "random"), help="default: the best there is")
    train.add_argument("--epochs", type=_positive)
    train.add_argument("--seed", type=int, default=0)
    train.add_argument("--resume", metavar="RUN")
    train.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="any other setting of the run")


def _ask(made: dict[str, argparse.ArgumentParser]) -> None:
    evaluate = made["evaluate"]
    evaluate.add_argument("--encoder", metavar="NAME", help="a run, `pretrained`, or a path")
    evaluate.add_argument("--faces", type=Path, metavar="FOLDER", help="a folder of faces, a folder a character")
    evaluate.add_argument("--limit", type=_positive, help="with --faces: at most so many of each character")
    evaluate.add_argument("--rerank", action="store_true", help="k-reciprocal re-ranking (evaluation only)")
    made["map"].add_argument("--out", type=Path, required=True)
    made["map"].add_argument("--method", choices=("umap", "pca", "tsne"), default="umap")
    made["map"].add_argument("--dimensions", type=int, choices=(2, 3), default=2)
    enrol = made["enrol"]
    enrol.add_argument(
        "--character",
        nargs="+",
        action="append",
        metavar=("NAME", "FACE_ID_OR_PATH"),
        help="a character and its faces; none: every kept face of the workspace",
    )
    for name in ("map", "enrol", "recognise", "export"):
        made[name].add_argument("--encoder", metavar="NAME", required=name == "export")
    recognise = made["recognise"]
    recognise.add_argument("pictures", nargs="+", type=Path, metavar="PICTURE_OR_FOLDER")
    recognise.add_argument("--far", type=float, default=0.01, help="false-accept rate that sets the threshold")
    recognise.add_argument("--faces", action="store_true", help="the pictures are faces already")
    recognise.add_argument("--csv", type=Path, help="write the answers there too")
    for name in ("recognise", "detect"):
        made[name].add_argument("--detector", default="auto")
        made[name].add_argument("--min-score", type=float)
    made["detect"].add_argument("pictures", nargs="+", type=Path, metavar="PICTURE_OR_FOLDER")
    made["export"].add_argument("--out", type=Path, required=True)
    made["backup"].add_argument("--out", type=Path, required=True)


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
    return value


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


def _terminal(stream) -> Reporter:
    """Progress for a person at a terminal: one line, renewed; in a log, a line now and then."""
    last = {"at": 0.0, "stage": ""}
    live = stream.isatty()

    def report(progress: Progress) -> None:
        at = time.monotonic()
        over = progress.total is not None and progress.n >= progress.total
        if not over and progress.stage == last["stage"] and at - last["at"] < (0.1 if live else 10):
            return
        last.update(at=at, stage=progress.stage)
        total = f"/{progress.total}" if progress.total else ""
        eta = f", {progress.eta:.0f} s to go" if progress.eta else ""
        line = f"{progress.stage} {progress.n}{total}{eta} {progress.note}".rstrip()
        print(f"\r\x1b[K{line}" if live else line, end="\n" if over or not live else "", file=stream, flush=True)

    return report
