"""Sources, detectors, encoders and commands of others: modules that register themselves when they are imported.

A plugin is a module. It is found where an installed package names it in the entry-point group `who_am_i`, or where the
setting `plugins` (WHOAMI_PLUGINS) does. docs/extending.md has a complete small one of each kind.
"""

from __future__ import annotations

import importlib
from functools import cache
from importlib.metadata import entry_points

from core.errors import WhoAmIError
from core.settings import Settings

GROUP = "who_am_i"


class PluginError(WhoAmIError):
    """A plugin that cannot be imported, or whose name is taken."""


_loaded: set[str] = set()


@cache
def _installed() -> tuple[str, ...]:
    """The modules that installed packages name, looked for once a process: it takes a hundredth of a second."""
    return tuple(point.value for point in entry_points(group=GROUP))


def load_plugins(settings: Settings) -> None:
    """Import every plugin that was not imported yet. Raises PluginError naming the one that cannot be."""
    named = [name.strip() for name in settings.plugins.split(",") if name.strip()]
    for module in dict.fromkeys([*_installed(), *named]):
        if module in _loaded:
            continue
        if not all(part.isidentifier() for part in module.split(".")):
            raise PluginError(
                f"{module!r} in `plugins` is no module's name; one is my_package.my_module. Correct it in "
                "settings.toml (WHOAMI_PLUGINS), and put the folder that holds the module on PYTHONPATH."
            )
        try:
            importlib.import_module(module)
        except WhoAmIError:
            raise
        except Exception as error:
            raise PluginError(
                f"The plugin {module} cannot be imported: {type(error).__name__}: {error}. Correct it, or take it out "
                "of `plugins` in settings.toml (WHOAMI_PLUGINS)."
            ) from error
        _loaded.add(module)


def refuse_taken(kind: str, name: str, taken: object) -> None:
    """Raises PluginError where a name is in `taken` already (a container of names)."""
    if name in taken:  # type: ignore[operator]
        raise PluginError(f"There is a {kind} {name!r} already. Give yours another name.")
