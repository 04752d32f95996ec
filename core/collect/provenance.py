"""Where every picture came from: exported for ever, and a source or an author taken out again, undoably."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from core.atomic import write_text
from core.collect.shelf import paths_of
from core.datasets.tables import table_text
from core.errors import DataError
from core.workspace import tables as t
from core.workspace.catalogue import Catalogue
from core.workspace.faces import Acts, decide
from core.workspace.project import Project
from core.workspace.states import LIVE_FACES, PictureState
from core.workspace.tables import Change, Character, Picture

COLUMNS = (
    *("id", "character", "series", "kind", "state", "reason", "duplicate_of", "path", "source", "query"),
    *("picture_url", "page_url", "author", "licence", "rating", "tags", "fetched_at", "sha256", "phash"),
    *("width", "height", "group_key"),
)


def rows(catalogue: Catalogue) -> Iterator[dict[str, Any]]:
    """One row for each picture that ever came in, whatever became of it: COLUMNS, values as in the catalogue."""
    characters: dict[int | None, Character] = {c.id: c for c in catalogue.characters(removed=True)}
    for page in catalogue.picture_pages():
        paths = paths_of(catalogue, page)
        for picture in page:
            character = characters.get(picture.character_id)
            row = {name: getattr(picture, name, None) for name in COLUMNS}
            row |= {"character": character.name if character else "", "series": character.series if character else ""}
            row["path"] = picture.path or paths[picture.id]
            yield row


def export(catalogue: Catalogue, out: Path) -> int:
    """Write provenance as .csv or .jsonl, atomically; returns the number of rows. DataError for other endings."""
    text, n = export_text(catalogue, out.suffix.lower().lstrip("."))
    write_text(out, text)
    return n


def export_text(catalogue: Catalogue, form: str) -> tuple[str, int]:
    """(the document, its rows). form: csv or jsonl. A CSV cell that a spreadsheet would compute is quoted with '."""
    found = list(rows(catalogue))
    if form == "jsonl":
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in found), len(found)
    if form != "csv":
        raise DataError(f"Provenance cannot be written as {form!r}. Choose csv or jsonl.")
    return table_text(COLUMNS, ([row[name] for name in COLUMNS] for row in found)), len(found)


def sources_and_authors(catalogue: Catalogue) -> tuple[dict[str, int], dict[str, int]]:
    """How many pictures are kept of each source, and of each known author; kept until somebody commits."""
    return catalogue.remembered("sources and authors", lambda: _sources_and_authors(catalogue))


def _sources_and_authors(catalogue: Catalogue) -> tuple[dict[str, int], dict[str, int]]:
    """Both by one pass over the pictures: no index has them."""
    columns = (t.pictures.c.source, t.pictures.c.author)
    query = select(*columns, func.count()).where(t.pictures.c.state == PictureState.KEPT).group_by(*columns)
    sources: Counter[str] = Counter()
    authors: Counter[str] = Counter()
    with catalogue.reading() as db:
        for source, author, n in db.execute(query):
            sources[source] += n
            authors[author] += n
    authors.pop("", None)
    return dict(sources), dict(authors)


def remove(project: Project, *, source: str = "", author: str = "") -> Change | None:
    """Take everything of a source, or of an author, out: pictures and their faces. One change; `undo` brings all back.

    What was removed is not collected again. None where there was nothing. Raises DataError without source and author.
    """
    equal: dict[str, Any] = {key: value for key, value in (("source", source), ("author", author)) if value}
    if not equal:
        raise DataError("Say what to remove: a source or an author.")
    pictures = project.catalogue.pictures(state=(PictureState.KEPT, PictureState.DUPLICATE), **equal)
    words = " and ".join(f"{key} {value}" for key, value in equal.items())
    return remove_pictures(project, pictures, f"everything of {words} removed")


def remove_pictures(project: Project, pictures: list[Picture], action: str) -> Change | None:
    """Take these pictures and their faces (balancing copies too) out, as one undoable change."""
    acts = Acts()
    for picture in pictures:
        acts.set_picture(picture.id, state=PictureState.REMOVED, reason=action, **_aside(picture))
    acts.take_back(project.catalogue.faces(picture_id=[p.id for p in pictures], state=LIVE_FACES), action)
    return decide(project, action, acts, settle=False).change


def _aside(picture: Picture) -> dict[str, str]:
    there = picture.path and not picture.path.startswith("bin/")
    return {"path": f"bin/{picture.path}"} if there else {}
