"""A timeline as a file: JSON, a table (.csv), or subtitles (.srt) that any player shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.atomic import write_json, write_text
from core.datasets.tables import table_text, write_table
from core.errors import DataError
from core.recognise.reasons import why_of
from core.recognise.timeline import Appearance, Timeline
from core.recognise.verdict import MATCH, UNKNOWN

COLUMNS = ("start", "end", "verdict", "character", "similarity", "looks", "best_time", "reason")


def timeline_document(timeline: Timeline) -> dict[str, object]:
    """The JSON form."""
    return {
        "video": timeline.video,
        "seconds": round(timeline.seconds, 3),
        "shots": timeline.shots,
        "looks": timeline.looks,
        "damaged": timeline.damaged,
        "appearances": [a.as_dict() for a in timeline.appearances],
    }


def subtitles(timeline: Timeline) -> str:
    """SubRip: one entry an appearance, in their order, with the name or what else is known."""
    entries = []
    for number, one in enumerate(timeline.appearances, 1):
        entries.append(f"{number}\n{_stamp(one.start)} --> {_stamp(one.end)}\n{_name(one)}\n")
    return "\n".join(entries)


def timeline_table(timeline: Timeline) -> str:
    """The CSV form: a line an appearance under its head."""
    return table_text(COLUMNS, _rows(timeline))


def write_timeline(timeline: Timeline, out: Path) -> Path:
    """Write by the file's ending. Raises DataError for another than .json, .csv or .srt."""
    return check_out(out)(timeline, out)


def check_out(out: Path) -> Callable[[Timeline, Path], Path]:
    """What writes such a file; asked before the work, so that an hour's watching does not end in a wrong ending."""
    writer = WRITERS.get(out.suffix.lower())
    if writer is None:
        raise DataError(f"A timeline is written as {', '.join(WRITERS)}; {out.name} has none of these endings.")
    return writer


def _json(timeline: Timeline, out: Path) -> Path:
    return write_json(out, timeline_document(timeline))


def _csv(timeline: Timeline, out: Path) -> Path:
    return write_table(out, COLUMNS, _rows(timeline))


def _rows(timeline: Timeline) -> list[list[object]]:
    rows: list[dict[str, Any]] = [one.as_dict() for one in timeline.appearances]
    rows = [row | {"reason": why_of(row)} for row in rows]
    return [[row[name] for name in COLUMNS] for row in rows]


def _srt(timeline: Timeline, out: Path) -> Path:
    return write_text(out, subtitles(timeline))


WRITERS: dict[str, Callable[[Timeline, Path], Path]] = {".json": _json, ".csv": _csv, ".srt": _srt}


def _name(one: Appearance) -> str:
    name = " ".join((one.answer.character or "").split())
    if one.answer.verdict == MATCH:
        return name
    if one.answer.looks_like is not None:
        return " ".join(one.answer.looks_like.words().split())
    return "unknown" if one.answer.verdict == UNKNOWN else f"{name}?"


def _stamp(seconds: float) -> str:
    """
    >>> _stamp(3661.0425)
    '01:01:01,042'
    """
    whole = round(seconds * 1000)
    hours, rest = divmod(whole, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02},{rest % 1000:03}"
