"""Pictures that could not be read: some were only moved by another command since the catalogue was asked for them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from core.crop.looking import Unread
from core.workspace.project import Project
from core.workspace.states import PictureState, ReviewState
from core.workspace.tables import Picture
from core.workspace.transaction import transaction


def sort_out(
    project: Project, unread: Sequence[Unread], waiting: Collection[ReviewState]
) -> tuple[list[Picture], list[str]]:
    """Those that were moved, as they are today, and why the others cannot be read. Whatever was deleted meanwhile, or
    whose review is not one of `waiting` any more, is neither."""
    if not unread:
        return [], []
    ids = [one.picture.id for one in unread]
    with transaction(project):  # every file has been moved to where the catalogue says
        found = project.catalogue.pictures(ids=ids, state=PictureState.KEPT, review=tuple(waiting))
        today = {picture.id: picture for picture in found}
        left = [(one, today[one.picture.id]) for one in unread if one.picture.id in today]
        moved = {p.id for one, p in left if p.path != one.picture.path or _has_come(project, one)}
    return [p for _, p in left if p.id in moved], [one.why for one, p in left if p.id not in moved]


def _has_come(project: Project, one: Unread) -> bool:
    """Whether a file lies now where there was none: the catalogue was asked between a change and its moves."""
    return one.missing and project.workspace.path(one.picture.path).exists()
