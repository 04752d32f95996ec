"""Lists and tables: read whatever separates and encodes them, written so that no cell becomes a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.atomic import write_text
from core.errors import DataError
from core.imaging.files import check_out
from core.imaging.text import decode_text

BULLET = re.compile(r"^(?:[-*•・]|\d{1,4}[.)])\s+(?=\S)")
SEPARATORS = ("|", "\t", ";", ",")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the beginning of a formula (OWASP, "CSV Injection")."""


@dataclass(frozen=True)
class Table:
    """What was read: the names of the columns, lower case (() where there is no header), and (line, cells) of rows."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_table(data: str | bytes, *, columns: Mapping[str, str]) -> Table:
    """A table separated by | tab ; or comma, with or without a header, in any usual encoding.

    columns: every word that may head a column -> its name. The first line is a header where one of its cells is such
    a word of the first column. Empty lines and `#` comments are passed over. Cells are stripped.
    Raises DataError where it cannot be read as a table.

    >>> read_table("name;series\\nRei;Eva", columns={"name": "name", "series": "series"})
    Table(header=('name', 'series'), rows=((2, ('Rei', 'Eva')),))
    """
    text = (decode_text(data) if isinstance(data, bytes) else data).lstrip("\ufeff").replace("\0", "")
    lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    lines = [(n, line) for n, line in lines if not line.lstrip().startswith("#")]
    separator = ""
    if lines and lines[0][1].lower().startswith("sep=") and len(lines[0][1].strip()) == 5:
        separator = lines.pop(0)[1].strip()[4]  # how spreadsheets say it
    if not lines:
        return Table((), ())
    separator = separator or separator_of([line for _, line in lines])
    rows = list(_cells(lines, separator))
    first = next(iter(columns.values()))
    header = tuple(columns.get(cell.lower(), cell.lower()) for cell in rows[0][1])
    if first not in header:
        return Table((), _without_bullets(rows))
    if len(header) == 1:  # no separator: commas belong to the names
        return Table(header, tuple(_cells(lines, "\x1f"))[1:])
    double = next((name for name in header if name and header.count(name) > 1), "")
    if double:
        raise DataError(f"The column {double} stands twice in the list. Leave one of the two out.")
    for line, cells in rows[1:]:
        if any(cells[len(header) :]):
            raise DataError(
                f"Line {line} of the list has {len(cells)} cells, but {len(header)} columns are named. Put quotes "
                "around a cell with a separator in it."
            )
    return Table(header, tuple(rows[1:]))


def _without_bullets(rows: list[tuple[int, tuple[str, ...]]]) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """The rows without `- `, `* ` or `1. ` in front where every line has one, as lists in documents do."""
    if not all(BULLET.match(cells[0]) for _, cells in rows):
        return tuple(rows)
    return tuple((line, (BULLET.sub("", cells[0]), *cells[1:])) for line, cells in rows)


def separator_of(lines: Sequence[str]) -> str:
    """What separates the cells of lines: `|` where there is one, else what stands in most lines, and most often."""
    counts = {s: (sum(s in line for line in lines), sum(line.count(s) for line in lines)) for s in SEPARATORS}
    if counts["|"][0]:
        return "|"
    best = max(SEPARATORS, key=lambda s: counts[s])
    return best if counts[best][0] else ","


def table_text(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A CSV with a header. Text that a spreadsheet would take for a formula gets an apostrophe in front."""
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow([guarded(cell) for cell in head])
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return sink.getvalue()


def write_table(path: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    """Write a CSV, whole or not at all. Raises DataError where it cannot be written there."""
    return write_text(check_out(path, what="The table"), table_text(head, rows))


def guarded(cell: object) -> object:
    """The cell, with an apostrophe in front where it is text that would become a formula; numbers stay numbers.

    >>> guarded("=1+1"), guarded("-0.5"), guarded(-0.5), guarded("Rei")
    ("'=1+1", '-0.5', -0.5, 'Rei')
    """
    if not isinstance(cell, str) or not cell.startswith(FORMULA):
        return cell
    try:
        number = cell.isascii() and cell == cell.strip() and float(cell) is not None
    except ValueError:
        number = False
    return cell if number else "'" + cell.replace("\r", " ")


def _cells(lines: list[tuple[int, str]], separator: str) -> Iterable[tuple[int, tuple[str, ...]]]:
    """(line, cells) of each row. Quotes hold where they are in pairs; else they belong to the names."""
    text = "\n".join(line for _, line in lines)
    quoted = separator != "|" and text.count('"') % 2 == 0
    rows = text.splitlines(keepends=True)
    if quoted:
        reader = csv.reader(rows, delimiter=separator, skipinitialspace=True)
    else:
        reader = csv.reader(rows, delimiter=separator, skipinitialspace=True, quoting=csv.QUOTE_NONE)
    at = 0
    try:
        for row in reader:
            yield lines[at][0], tuple(" ".join(cell.split()) for cell in row)
            at = min(reader.line_num, len(lines) - 1)
    except csv.Error as error:
        raise DataError(f"Line {lines[at][0]} of the list cannot be read: {error}. Correct it.") from error
