"""Which file an `--encoder` means."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.commands.context import Context
from core.errors import WhoAmIError
from core.workspace.models import encoder_path


def encoder_file(context: Context[Any], name: str) -> str | Path:
    """A run of the workspace where one is named, else `pretrained`, `random` or a path."""
    if context.workspace:
        with context.opened() as project:
            try:
                return encoder_path(project.workspace, name)
            except WhoAmIError:
                if not Path(name).exists():
                    raise
    return name
