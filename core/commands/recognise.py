"""recognise: who is it? Match, unsure or unknown, with the evidence; one picture or ten thousand."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.commands.command import Command
from core.commands.context import CommandResult, Context, table
from core.errors import DataError
from core.options import check, option
from core.recognise.config import RecogniseConfig

if TYPE_CHECKING:
    from core.recognise.answer_table import AnswerTable
    from core.recognise.recogniser import Recogniser
    from core.recognise.sorting import Sorter
    from core.recognise.unknown import UnknownFaces

SHOWN = 200
"""Rows that are printed at most."""


@dataclass(frozen=True)
class Arguments:
    """Which pictures, how sure a name must be, and what is written."""

    pictures: tuple[Path, ...] = option(flag="", metavar="PICTURE_OR_FOLDER", help="files, folders of them, and zips")
    config: RecogniseConfig = field(default_factory=RecogniseConfig)
    csv: Path | None = option(None, output="rows", metavar="PATH", help="write a row for each face there, as they come")
    jsonl: Path | None = option(None, output="rows", metavar="PATH", help="write a line for each picture, as they come")
    resume: bool = option(False, help="go on with --csv or --jsonl where an earlier run stopped")
    only: str = option("", metavar="NAME", help="only the pictures on which this character was recognised")
    sort_into: Path | None = option(
        None, output="folder", metavar="FOLDER", help="sort the pictures into a folder for each character"
    )
    copy: bool = option(False, help="with --sort-into: copies")
    link: bool = option(
        False,
        help="with --sort-into: hard links, which take no space and share the original's bytes: editing one edits both",
    )
    dry_run: bool = option(False, help="with --sort-into: only say how many pictures would go where")
    annotate: Path | None = option(
        None, output="folder", metavar="FOLDER", help="write each picture there with boxes and names on it"
    )

    take_unknown: bool = option(
        False, help="take unknown faces into the workspace without a name, to be grouped: characters --groups"
    )

    def __post_init__(self) -> None:
        check(self)
        if self.resume and self.csv is None and self.jsonl is None:
            raise DataError("--resume goes on with a file of answers: name it with --csv or --jsonl.")
        if self.resume and self.only:
            raise DataError("--only leaves pictures out of the file, so --resume could not tell what was done.")
        if self.csv is not None and self.csv == self.jsonl:
            raise DataError("--csv and --jsonl write two files: give them two names.")
        chosen = self.copy + self.link + self.dry_run
        if self.sort_into is None and chosen:
            raise DataError("--copy, --link and --dry-run belong to --sort-into FOLDER.")
        if self.sort_into is not None and chosen != 1:
            raise DataError("Choose how to sort: --copy, --link, or --dry-run to see what would go where.")


def run(context: Context[Arguments]) -> CommandResult:
    """Ask about each face on each picture; write what was asked for, picture by picture."""
    from core.recognise.queries import find_queries
    from core.recognise.recogniser import open_recogniser
    from core.recognise.unknown import UnknownFaces

    args, config = context.args, context.args.config
    written = [f for f in (args.sort_into, args.annotate) if f is not None]
    _check_apart(args, written)
    queries = find_queries(args.pictures, outside=written)
    with ExitStack() as stack:
        project = stack.enter_context(context.opened())
        if args.only:
            project.catalogue.character(args.only)
        recogniser = open_recogniser(
            project,
            far=config.far,
            encoder=config.encoder,
            detector=config.detector,
            min_score=config.min_score,
            repeated=config.repeated,
            report=context.report,
        )
        tables = [stack.enter_context(one) for one in _tables(args, recogniser)]
        sorter = _sorter(args, {c.name: c.slug for c in project.catalogue.characters()})
        left = [q for q in queries if not tables or not all(q.name in t.done for t in tables)]
        unknown = UnknownFaces(project) if args.take_unknown else None
        document = _asked(context, recogniser, left, tables, sorter, unknown)
    return CommandResult(document, _words(args, document, recogniser, sorter, len(queries) - len(left)))


def _check_apart(args: Arguments, written: list[Path]) -> None:
    """Raises DataError where a picture that is asked about would be written over, or all lie where is sorted to."""
    asked = [path.resolve() for path in args.pictures]
    for out in (args.csv, args.jsonl):
        if out is not None and out.resolve() in asked:
            raise DataError(f"{out} is asked about, so no table can be written over it. Name another file.")
    for folder in written:
        if all(path.is_relative_to(folder.resolve()) for path in asked):
            raise DataError(
                f"All that is asked about lies in {folder}, where sorted or annotated pictures would go; what lies "
                "there is not asked about. Name another folder."
            )


def _asked(
    context: Context[Arguments],
    recogniser: Recogniser,
    queries: list[Any],
    tables: list[AnswerTable],
    sorter: Sorter | None,
    unknown: UnknownFaces | None,
) -> list[dict[str, Any]]:
    """Answer, and for each picture: sort it, annotate it, and then write its rows, which say that it is done."""
    from core.recognise.annotating import annotate
    from core.recognise.batch import ask_all

    args, document = context.args, []
    whole = True if args.config.faces else None
    for answered in ask_all(recogniser, queries, is_face_crop=whole, report=context.report):
        if args.only and not answered.shows(args.only):
            continue
        if sorter is not None:
            sorter.put(answered)
        if args.annotate is not None:
            annotate(answered, args.annotate)
        if unknown is not None:
            unknown.put(answered)
        one = answered.as_dict()
        for each in tables:
            each.add(one)
        document.append(one)
    if unknown is not None:
        unknown.write()
    return document


def _tables(args: Arguments, recogniser: Recogniser) -> list[AnswerTable]:
    from core.recognise.answer_table import CSV, JSON_LINES, AnswerTable, MadeBy

    wanted = [(path, kind) for path, kind in ((args.csv, CSV), (args.jsonl, JSON_LINES)) if path is not None]
    if not wanted:
        return []
    made_by = MadeBy.of(args.config.far, recogniser.choice.name, recogniser.gallery.encoder)
    return [AnswerTable(path, kind, resume=args.resume, made_by=made_by) for path, kind in wanted]


def _sorter(args: Arguments, slugs: dict[str, str]) -> Sorter | None:
    from core.recognise.sorting import COPY, LINK, Sorter

    if args.sort_into is None:
        return None
    return Sorter(args.sort_into, None if args.dry_run else LINK if args.link else COPY, slugs)


def _words(
    args: Arguments, document: list[dict[str, Any]], recogniser: Recogniser, sorter: Sorter | None, before: int
) -> str:
    from core.recognise.answer_table import HEAD, rows_of

    rows = [row[: len(HEAD)] for one in document for row in rows_of(one)]
    lines = [_summary(document), table(rows[:SHOWN], HEAD)]
    if len(rows) > SHOWN:
        lines.append(f"... and {len(rows) - SHOWN} more rows.")
    if before:
        lines.append(f"{before} pictures were answered before and are not asked again.")
    if sorter is not None:
        verb = "Would be sorted" if args.dry_run else "Sorted"
        counts = ", ".join(f"{name} {n}" for name, n in sorted(sorter.counts.items())) or "nothing"
        lines.append(f"{verb} into {sorter.folder}: {counts}.")
    if args.annotate is not None:
        from core.recognise.annotating import font_advice

        lines += [words for words in [font_advice(_names(document))] if words]
    threshold = recogniser.threshold
    return "\n".join([*lines, f"Named from {threshold.match:.2f} on; {threshold.note}."])


def _names(document: list[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(f["character"] for one in document for f in one["faces"] if f["character"]))


def _summary(document: list[dict[str, Any]]) -> str:
    """How many pictures and faces, by verdict: the sentence that a job ends with."""
    verdicts = Counter(face["verdict"] for one in document for face in one["faces"])
    faces = ", ".join(f"{n:,} {verdict}" for verdict, n in verdicts.most_common()) or "none"
    damaged = sum("error" in one for one in document)
    unread = f"; {damaged:,} could not be read" if damaged else ""
    return f"Pictures asked about: {len(document):,}{unread}. Faces: {faces}."


COMMAND = Command("recognise", "who is it? with the evidence, or unknown", Arguments, run)
