"""recognise: who is it? Match, unsure or unknown, with the evidence; one picture or ten thousand."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.commands.command import Command
from core.commands.context import CommandResult, Context, none_readable, table
from core.errors import DataError
from core.options import check, option
from core.recognise.config import RecogniseConfig

if TYPE_CHECKING:
    from core.recognise.answer_table import AnswerTable
    from core.recognise.recogniser import Recogniser
    from core.recognise.sorting import Sorter
    from core.recognise.unknown import UnknownFaces
    from core.workspace.catalogue import Catalogue

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
    totals: bool = option(False, help="print how many there are of each verdict, and no answers: for many pictures")
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
            shipped_cast=config.shipped_cast,
            report=context.report,
        )
        tables = [stack.enter_context(one) for one in _tables(args, recogniser)]
        sorter = _sorter(args, {c.name: c.slug for c in project.catalogue.characters()})
        left = [q for q in queries if not tables or not all(q.name in t.done for t in tables)]
        unknown = UnknownFaces(project) if args.take_unknown else None
        told = _asked(context, project.catalogue, recogniser, left, tables, sorter, unknown)
    document = told.totals() if args.totals else told.answers
    words = _words(args, told, recogniser, sorter, len(queries) - len(left))
    return CommandResult(document, words, none_readable(told.pictures, told.damaged, told.first_error))


@dataclass
class Told:
    """What is said of the answers at the end, and with `keep` the answers themselves (their JSON forms).

    rows: the first that a terminal shows; more: how many others; names: all that were given; verdicts: of all faces;
    damaged: pictures that could not be read, the first for the reason `first_error`.
    """

    keep: bool
    answers: list[dict[str, Any]] = field(default_factory=list)
    rows: list[tuple[object, ...]] = field(default_factory=list)
    more: int = 0
    names: dict[str, None] = field(default_factory=dict)
    verdicts: Counter[str] = field(default_factory=Counter)
    pictures: int = 0
    damaged: int = 0
    first_error: str = ""

    def add(self, one: dict[str, Any]) -> None:
        """Take in a picture."""
        from core.recognise.answer_table import HEAD, rows_of

        rows = [row[: len(HEAD)] for row in rows_of(one)]
        shown = rows[: SHOWN - len(self.rows)]
        self.rows += shown
        self.more += len(rows) - len(shown)
        self.names |= dict.fromkeys(face["character"] for face in one["faces"] if face["character"])
        self.verdicts.update(face["verdict"] for face in one["faces"])
        self.pictures, self.damaged = self.pictures + 1, self.damaged + ("error" in one)
        self.first_error = self.first_error or one.get("error", "")
        if self.keep:
            self.answers.append(one)

    def totals(self) -> dict[str, Any]:
        """How many, for JSON."""
        return {"pictures": self.pictures, "not_readable": self.damaged, "faces": dict(self.verdicts)}

    def summary(self) -> str:
        """How many pictures and faces, by verdict: the sentence that a job ends with."""
        faces = ", ".join(f"{n:,} {verdict}" for verdict, n in self.verdicts.most_common()) or "none"
        unread = f"; {self.damaged:,} could not be read" if self.damaged else ""
        return f"Pictures asked about: {self.pictures:,}{unread}. Faces: {faces}."


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
    catalogue: Catalogue,
    recogniser: Recogniser,
    queries: list[Any],
    tables: list[AnswerTable],
    sorter: Sorter | None,
    unknown: UnknownFaces | None,
) -> Told:
    """Answer, and for each picture: sort it, annotate it, and then write its rows, which say that it is done."""
    from core.recognise.annotating import annotate
    from core.recognise.batch import ask_all
    from core.recognise.seen_before import with_seen
    from core.recognise.sorting import begin_folder

    args, told = context.args, Told(keep=not context.args.totals)
    whole = True if args.config.faces else None
    if args.annotate is not None and args.annotate.is_dir():
        begin_folder(args.annotate)
    for answered in ask_all(recogniser, queries, is_face_crop=whole, report=context.report):
        if args.only and not answered.shows(args.only):
            continue
        if sorter is not None:
            sorter.put(answered)
        if args.annotate is not None:
            annotate(answered, args.annotate)
        if unknown is not None:
            unknown.put(answered)
        if answered.pixels is not None:
            answered = replace(answered, faces=tuple(with_seen(catalogue, answered.faces, answered.pixels)))
        one = answered.as_dict()
        for each in tables:
            each.add(one)
        told.add(one)
    if unknown is not None:
        unknown.write()
    return told


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


def _words(args: Arguments, told: Told, recogniser: Recogniser, sorter: Sorter | None, before: int) -> str:
    from core.recognise.answer_table import HEAD

    lines = [told.summary()] + ([] if args.totals else [table(told.rows, HEAD)])
    if told.more and not args.totals:
        lines.append(f"... and {told.more} more rows.")
    if before:
        lines.append(f"{before} pictures were answered before and are not asked again.")
    if sorter is not None:
        verb = "Would be sorted" if args.dry_run else "Sorted"
        counts = ", ".join(f"{name} {n}" for name, n in sorted(sorter.counts.items())) or "nothing"
        lines.append(f"{verb} into {sorter.folder}: {counts}.")
        if sorter.gone:
            lines.append(f"Moved or deleted meanwhile, and not sorted: {len(sorter.gone)} ({sorter.gone[0]}).")
    if args.annotate is not None:
        from core.recognise.annotating import font_advice

        lines += [words for words in [font_advice(list(told.names))] if words]
    threshold = recogniser.threshold
    return "\n".join([*lines, f"Named from {threshold.match:.2f} on; {threshold.note}."])


COMMAND = Command("recognise", "who is it? with the evidence, or unknown", Arguments, run)
