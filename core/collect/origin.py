"""Where a source's pictures lie: never in the workspace that they are collected into."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from core.collect.source import Source
from core.errors import SourceError


def check_apart(root: Path, sources: Sequence[Source]) -> None:
    """Raises SourceError for a folder of the workspace itself, all of whose pictures would be doubled. root: the
    workspace's folder, which need not be there yet."""
    root = root.resolve()
    for source in sources:
        path = getattr(source, "path", None)
        place = path.resolve() if isinstance(path, Path) else None
        if place is None or place.is_relative_to(root / "cache"):  # where the page puts what was uploaded
            continue
        if place.is_relative_to(root) or root.is_relative_to(place):
            raise SourceError(
                f"{path} belongs to the workspace {root.name} ({root}), or holds it. `sync` takes in what "
                "lies there already; name another folder."
            )
