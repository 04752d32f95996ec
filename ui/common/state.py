"""What a tab remembers, typed: the open workspace, and words to show after the next rerun."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

from core.errors import WhoAmIError
from core.settings import current_settings
from core.workspace.catalogue import Catalogue
from core.workspace.database import is_read_only
from core.workspace.folders import Workspace, slug
from core.workspace.moves import recover
from core.workspace.project import Project
from core.workspace.workspaces import open_workspace, workspace_names
from ui.common import language

_KEY = "whoami"
QUERY = "workspace"
"""The query parameter that names the workspace, so that a refresh or a bookmark opens it again."""


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """An answer of Recognise as Home shows it. picture: the face as a small JPEG."""

    verdict: str
    character: str
    picture: bytes


@dataclass
class State:
    """One tab's memory. `workspace`: name of the open one, or "". `running`: job ids that this tab saw running.
    `asked`: names and bytes of pictures that Home hands over to Recognise.
    `address`: the workspace that the address named when it was last looked at.
    `answered`: workspace folder -> the last answers of Recognise, the newest first; they are written nowhere."""

    workspace: str = ""
    said: str = ""
    running: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)
    asked: tuple[tuple[str, bytes], ...] = ()
    address: str = ""
    answered: dict[str, tuple[LastAnswer, ...]] = field(default_factory=dict)


def state() -> State:
    """The memory of this tab, made on first use."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = State()
    mine: State = st.session_state[_KEY]
    return mine


def current_name(names: Sequence[str] | None = None) -> str:
    """Name of the open workspace: the address's where that changed (a link, a bookmark, the back button), else this
    tab's, else the one used last; "" where there is none. names: of all workspaces, where they are at hand."""
    names = workspace_names() if names is None else names
    asked = _meant(st.query_params.get(QUERY, ""), names)
    if asked in names and asked != state().address:
        state().address = asked
        use(asked)
        return asked
    if state().workspace in names:
        return state().workspace
    data = current_settings().data_dir
    return max(names, key=lambda name: _touched(data / name), default="")


def _meant(asked: str, names: Sequence[str]) -> str:
    """The workspace that an address means: `my cast` is the one that was called so when it was made, `my_cast`."""
    return asked if asked in names or not asked else slug(asked)


def use(name: str) -> None:
    """Open a workspace in this tab from the next rerun on."""
    state().workspace = name


def current(names: Sequence[str] | None = None) -> Project | None:
    """The workspace that is open, or None where there is none yet. names: as in `current_name`."""
    name = current_name(names)
    if not name:
        return None
    use(name)
    if st.query_params.get(QUERY) != name:
        st.query_params[QUERY] = name
    state().address = name
    settings = current_settings()
    workspace = open_workspace(name, settings)
    return Project(workspace, catalogue_of(workspace), settings)


def catalogue_of(workspace: Workspace) -> Catalogue:
    """The workspace's catalogue, opened once for all tabs."""
    path = workspace.catalogue_path
    return _opened(str(path), path.stat().st_ino, is_read_only(path))


def close_catalogue(workspace: Workspace) -> None:
    """Close the catalogue before its file is moved."""
    catalogue_of(workspace).close()
    _opened.clear()


def flash(sentence: str) -> None:
    """Show a sentence once, after the rerun that follows."""
    state().said = sentence


def show_flash() -> None:
    """Show what `say` left, as a toast."""
    sentence, state().said = state().said, ""
    if sentence:
        st.toast(sentence)


@st.cache_resource(show_spinner=False, max_entries=20)
def _opened(path: str, inode: int, read_only: bool) -> Catalogue:
    """The inode tells a workspace that was deleted and made anew from the old one; read_only: one that may be written
    again, or not any more, is opened again."""
    if not Path(path).exists():
        raise WhoAmIError(f"{path} is gone.")
    catalogue = Catalogue(Path(path))
    if not catalogue.read_only:
        recover(catalogue, Workspace(Path(path).parent.name, Path(path).parent, current_settings().models))
    return catalogue


def _touched(root: Path) -> float:
    return max((p.stat().st_mtime for p in root.glob("catalogue.db*")), default=0.0)


def in_address() -> dict[str, str]:
    """What a link to another page says of the workspace and the language, so that its address can be shared."""
    return ({QUERY: state().workspace} if state().workspace else {}) | language.in_address()
