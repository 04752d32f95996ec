"""doctor: what is wrong with a workspace, and its repair."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from core.commands.command import OPTIONAL, Command
from core.commands.context import CommandResult, Context, table
from core.errors import WhoAmIError
from core.options import check, option


@dataclass(frozen=True)
class Arguments:
    """Whether only to look, or to repair."""

    repair: bool = option(False, help="repair what can be repaired; what is taken out comes back by undo")

    def __post_init__(self) -> None:
        check(self)


def run(context: Context[Arguments]) -> CommandResult:
    """Look at one workspace, or at all of them where none is named."""
    from core.workspace.doctor import inspect, repair
    from core.workspace.project import open_project
    from core.workspace.workspaces import workspace_names

    found = []
    for name in [context.workspace] if context.workspace else workspace_names(context.settings):
        try:
            with open_project(name, context.settings) as project:
                before = inspect(project)
                problems = repair(project) if context.args.repair and before else before
            state = {"workspace": name, "repaired": len(before) - len(problems), "error": ""}
            found.append(state | {"problems": [asdict(problem) for problem in problems]})
        except WhoAmIError as error:
            if context.workspace:
                raise
            found.append({"workspace": name, "repaired": 0, "error": str(error), "problems": []})
    words = "\n".join(_told(one) for one in found) or "There is no workspace yet."
    shut = [one for one in found if one["error"]]
    problem = "No workspace could be opened." if shut and len(shut) == len(found) else ""
    return CommandResult({"workspaces": found}, words, problem)


def _told(one: dict[str, object]) -> str:
    name, problems = one["workspace"], one["problems"]
    if one["error"]:
        return f"{name}: {one['error']}"
    repaired = f" {one['repaired']} repaired." if one["repaired"] else ""
    if not problems:
        return f"{name}: nothing is wrong.{repaired}"
    assert isinstance(problems, list)
    rows = [(problem["kind"], problem["about"], problem["advice"]) for problem in problems[:50]]
    more = f"\n... and {len(problems) - 50} more." if len(problems) > 50 else ""
    return f"{name}: {len(problems)} to repair.{repaired}\n{table(rows, ('what', 'where', 'repairing'))}{more}"


COMMAND = Command("doctor", "what is wrong with a workspace, and its repair", Arguments, run, workspace=OPTIONAL)
