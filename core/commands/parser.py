"""The command line's arguments: every command with its options."""

from __future__ import annotations

import argparse
from pathlib import Path

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
    bring.add_argument("--dry-run", action="store_true", help="say what was found, import nothing")


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
    review.add_argument("--force", action="store_true", help="with --import-boxes: also where it looks implausible")


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
