"""characters: who is in the workspace, and who the unnamed faces may be; rename, merge, split, delete, ignore, series,
name a group. Each edit is one step that undo takes back."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from core.characters.values import GRANULARITY, Group
from core.commands.command import Command
from core.commands.context import CommandResult, Context, table
from core.errors import DataError
from core.options import check, option
from core.workspace.project import Project
from core.workspace.tables import Change

EDITS = ("rename", "merge", "delete", "split", "ignore", "series", "name_group")


@dataclass(frozen=True)
class Arguments:
    """What to change; nothing: the list of the characters."""

    rename: tuple[str, ...] = option((), metavar="NAME", help="two names: from the first to the second")
    merge: tuple[str, ...] = option((), metavar="NAME", help="two names: the first becomes a part of the second")
    delete: str = option("", metavar="NAME", help="its pictures and faces go to the bin")
    split: tuple[str, ...] = option((), metavar="NAME_OR_FACE_ID", help="a name and ids of its faces; see --into")
    into: str = option("", metavar="NAME", help="with --split: whose faces they are")
    ignore: tuple[int, ...] = option((), low=1, high=2**53, metavar="FACE_ID", help="faces of nobody in this cast")
    series: tuple[str, ...] = option((), metavar="NAME", help="a name and the series that the character is from")
    groups: bool = option(False, help="who is this? the unnamed faces in groups, largest first")
    granularity: float = option(GRANULARITY, low=0.0, high=1.0, help="with --groups: 0 few and sure, 1 many and large")
    encoder: str = option("", metavar="NAME", help="with --groups: a run or `pretrained`; else the one in use")
    name_group: tuple[str, ...] = option((), metavar="GROUP_OR_NAME", help="a group that --groups showed, and a name")

    def __post_init__(self) -> None:
        check(self)
        if sum(bool(getattr(self, name)) for name in (*EDITS, "groups")) > 1:
            raise DataError(f"Choose one of {', '.join(map(_flag, (*EDITS, 'groups')))} at a time.")
        for name in ("rename", "merge", "series", "name_group"):
            given = getattr(self, name)
            if given and len(given) != 2:
                raise DataError(
                    f"{_flag(name)} takes two words, got {len(given)}: put quotes around a name with spaces."
                )
        if bool(self.split) != bool(self.into):
            raise DataError("--split and --into belong together: --split A FACE_ID ... --into B.")
        if self.split and (len(self.split) < 2 or not all(word.isdecimal() for word in self.split[1:])):
            raise DataError(
                "--split takes a name and the ids of its faces; `crop --review-list` and the pages show ids."
            )


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def run(context: Context[Arguments]) -> CommandResult:
    """Make the change, or list."""
    args = context.args
    with context.opened() as project:
        if args.groups:
            return _grouped(context, project)
        if not any(getattr(args, name) for name in EDITS):
            return _listed(project)
        change = _changed(project, args)
    if change is None:
        return CommandResult({"changed": False}, "Nothing to change: that is so already.")
    return CommandResult({"changed": True, "action": change.action}, f"{change.action}. `undo` takes it back.")


def _changed(project: Project, args: Arguments) -> Change | None:
    from core.workspace import characters
    from core.workspace.chosen import chosen_faces

    find = project.catalogue.character
    if args.rename:
        return characters.rename(project, find(args.rename[0]), args.rename[1])
    if args.merge:
        return characters.merge(project, find(args.merge[0]), find(args.merge[1]))
    if args.delete:
        return characters.delete(project, find(args.delete))
    if args.series:
        name, series = args.series
        return characters.set_values(project, find(name), f"{name} is from {series}", series=series)
    if args.name_group:
        from core.characters.groups import group_called

        group = group_called(project, args.name_group[0])
        return characters.name_faces(project, {args.name_group[1]: project.catalogue.faces(ids=group.faces)})
    if args.ignore:
        return characters.ignore(project, chosen_faces(project.catalogue, args.ignore))
    name, *ids = args.split
    faces = chosen_faces(project.catalogue, map(int, ids))
    return characters.split(project, find(name), faces, args.into)


def _grouped(context: Context[Arguments], project: Project) -> CommandResult:
    from core.characters.groups import find_groups
    from core.workspace.models import encoder_path

    args = context.args
    encoder = encoder_path(project.workspace, args.encoder) if args.encoder else None
    found = find_groups(project, args.granularity, encoder=encoder, report=context.report)
    groups = [asdict(group) | {"size": len(group), "similarity": round(group.similarity, 3)} for group in found.groups]
    document = {"groups": groups, "singles": found.singles, "non_faces": found.non_faces, "unnamed": found.faces}
    if not found.faces:
        return CommandResult(document, "Every face has a name. There is nothing to group.")
    inside = sum(map(len, found.groups))
    lines = [
        f"{found.faces} faces without a name: {inside} in {len(found)} groups, {len(found.singles)} single, "
        f"{len(found.non_faces)} probably no faces."
    ]
    if found.groups:
        rows = [(g.id, len(g), f"{g.cohesion:.2f}", _may_be(g)) for g in found.groups]
        lines += [table(rows, ("group", "faces", "cohesion", "may be")), "Name one with --name-group GROUP NAME."]
    else:
        lines.append("No faces look alike enough.")
    return CommandResult(document, "\n".join(lines))


def _may_be(group: Group) -> str:
    return f"{group.suggestion} ({group.similarity:.2f})" if group.suggestion else ""


def _listed(project: Project) -> CommandResult:
    catalogue = project.catalogue
    faces = catalogue.counts("faces", state="kept", copy_of=None)
    pictures = catalogue.counts("pictures", state="kept", kind="picture")
    found = [
        {"name": c.name, "series": c.series, "faces": faces.get(c.id, 0), "pictures": pictures.get(c.id, 0)}
        for c in catalogue.characters()
    ]
    rows = [tuple(one.values()) for one in found]
    text = table(rows, ("character", "series", "faces", "pictures")) if rows else "There are no characters yet."
    return CommandResult({"characters": found, "unnamed": faces.get(None, 0)}, text)


COMMAND = Command("characters", "who is in the workspace; rename, merge, split, delete", Arguments, run)
