"""What demo, collect and import say of the pictures that came in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.commands.context import CommandResult, table

if TYPE_CHECKING:  # what downloads takes as long to import as all other commands together
    from core.collect.listing import LeftOut
    from core.collect.status import CollectReport


def collected(done: CollectReport, head: str) -> CommandResult:
    """The report as a document, and in words: how many, which a job ends with, why not the others, who has what."""
    document = done.as_json()
    rows = [(c.name or "(nobody yet)", c.have, c.wanted, " ".join(c.messages)) for c in done.characters]
    reasons = [f"  {n} x {reason}" for reason, n in sorted(done.reasons.items(), key=lambda item: -item[1])]
    aside = document["duplicates"] + document["refused"] + document["failed"]
    others = f" and {aside} not kept" if aside else ""
    lines = [
        f"{document['kept']} kept{others}, in {document['seconds']:.1f} s.",
        *reasons[:12],
        head,
        table(rows, ("character", "have", "wanted", "")),
        *done.notes,
        *left_out_lines(done.left_out),
    ]
    return CommandResult(document, "\n".join(lines), problem(done))


def problem(done: CollectReport) -> str:
    """Why a run counts as failed although it came to its end: not one picture that it found could be taken in, or it
    found none for characters that have none yet. "" where one was, or was there before."""
    lost = sum(source.refused + source.failed for source in done.sources)
    if done.kept or done.complete or sum(source.found for source in done.sources) > lost:
        return ""
    if lost:
        reasons = sorted(done.reasons.items(), key=lambda item: -item[1])[:3]
        why = "; ".join(f"{n} x {reason.rstrip('.')}" if n > 1 else reason.rstrip(".") for reason, n in reasons)
        which = "The picture that was found" if lost == 1 else f"None of the {lost} pictures that were found"
        return f"{which} could {'not ' if lost == 1 else ''}be taken in: {why}. Fetch others."
    if any(c.have for c in done.characters):
        return ""
    said = dict.fromkeys(message for c in done.characters for message in c.messages)
    return " ".join(list(said)[:3]) or "No picture was found. Name another source, or other characters."


def left_out_lines(left_out: Sequence[LeftOut]) -> list[str]:
    """Files that were left out, the first ones with the reason."""
    lines = [f"Left out: {one.path}. {one.reason}" for one in left_out[:10]]
    return [*lines, *([f"... and {len(left_out) - 10} more files left out."] if len(left_out) > 10 else [])]
