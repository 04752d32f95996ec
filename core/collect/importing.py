"""Import: what lies in a folder or a zip already, a folder a character, as pictures or as faces."""

from __future__ import annotations

from pathlib import Path

from core.collect.config import CollectConfig
from core.collect.pipeline import Wanted, collect
from core.collect.source import Query, SourceOptions, failed, open_source
from core.collect.status import CollectReport
from core.errors import SourceError
from core.progress import Reporter, silent
from core.workspace.catalogue import Catalogue
from core.workspace.project import Project

KINDS = {"pictures": "picture", "picture": "picture", "faces": "face", "face": "face"}


def import_pictures(
    project: Project,
    path: Path,
    *,
    kind: str = "pictures",
    limit: int | None = None,
    character: str = "",
    report: Reporter = silent,
) -> CollectReport:
    """Take in a folder or zip: at most `limit` of each character, in the order of their names.

    A folder in it is a character; a flat one needs `character`. Pictures that look alike are set aside; of faces only
    the same file twice is, for faces of one style look alike. Doing it again takes in only what is new.
    Raises SourceError where there is nothing to import, or nobody to whom it belongs.
    """
    if kind not in KINDS:
        raise SourceError(f"{kind!r} is no kind of import. Choose pictures or faces.")
    name = "zip" if path.is_file() else "folder"
    source = open_source(name, SourceOptions(path=path))
    found = source.characters()
    if not found and not character:
        raise failed(
            name, f"{path} has no folder for each character.", "Name whose pictures they are with --character."
        )
    wanted = [_wanted(project.catalogue, source, c, limit) for c in ([character] if character else found)]
    if KINDS[kind] == "face":
        config = CollectConfig(kind="face", near=-1, min_side=16, give_up_after=1_000_000)
    else:
        config = CollectConfig(min_side=32, give_up_after=1_000_000)
    return collect(project, wanted, [source], config, report=report)


def _wanted(catalogue: Catalogue, source, name: str, limit: int | None) -> Wanted:
    """What is there already, and as many of this path as are new, up to the limit."""
    character = catalogue.add_character(name)
    tried = {f.url: f.outcome for f in catalogue.fetches(character.id) if f.outcome != "failed"}
    keys = [found.key for found in source.search(Query(name))]
    new = sum(key not in tried for key in keys)
    if limit is not None:
        new = min(new, max(limit - sum(tried.get(key) == "kept" for key in keys), 0))
    return Wanted(name, limit=max(catalogue.counts("pictures", state="kept").get(character.id, 0) + new, 1))
