"""Which encoder is in use: the chosen one, else the last finished run, else the shipped one, else a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.documents import parse_json
from core.errors import EncoderError
from core.settings import PRETRAINED
from core.vision.specs import read_encoder_header
from core.workspace.folders import Workspace, inside
from core.workspace.project import Project

CHOSEN = "encoder"
SHIPPED = "pretrained"


@dataclass(frozen=True, slots=True)
class EncoderChoice:
    """name: a run's name or `pretrained`; path of its weights; why it is in use, in words."""

    name: str
    path: Path
    why: str


def finished_runs(workspace: Workspace) -> list[str]:
    """Names of the runs that have weights and metrics, newest first."""
    if not workspace.models.is_dir():
        return []
    runs = [p.parent for p in workspace.models.glob("*/encoder.safetensors") if (p.parent / "metrics.json").exists()]
    runs.sort(key=lambda p: ((p / "metrics.json").stat().st_mtime, p.name), reverse=True)
    return [p.name for p in runs]


def is_measured(workspace: Workspace, run: str) -> bool:
    """Whether a finished run's encoder was measured on any face: without validation faces nobody knows what it is."""
    try:
        metrics = parse_json((inside(workspace.models, run) / "metrics.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(metrics, dict) and metrics.get("n", 1) != 0


def is_readable(workspace: Workspace, run: str) -> bool:
    """Whether a run's weights are an encoder's whole file: its header is read, which tells one that was cut short."""
    try:
        read_encoder_header(encoder_path(workspace, run))
    except EncoderError:
        return False
    return True


def encoder_names(workspace: Workspace) -> list[str]:
    """All that `--encoder` takes here."""
    return finished_runs(workspace) + ([SHIPPED] if shipped_path().exists() else [])


def shipped_path() -> Path:
    """Where the shipped encoder lies, or would lie."""
    return PRETRAINED / "encoder.safetensors"


def encoder_path(workspace: Workspace, name: str) -> Path:
    """The weights of a run of this workspace, or the shipped ones. Raises EncoderError with the names there are."""
    path = shipped_path() if name == SHIPPED else inside(workspace.models, name) / "encoder.safetensors"
    if not path.exists():
        there = ", ".join(encoder_names(workspace)) or "none yet"
        raise EncoderError(f"There is no encoder {name!r} here. There are: {there}. `train` makes one.")
    return path


def encoder_in_use(project: Project) -> EncoderChoice:
    """The encoder that recognises here: the chosen one, else the last finished run that was measured and whose weights
    can be read, else the shipped.

    A chosen one is never replaced in silence, whatever has become of it. Raises EncoderError, saying what to do, where
    there is none.
    """
    names = encoder_names(project.workspace)
    chosen = project.catalogue.note(CHOSEN)
    if chosen in names:
        return EncoderChoice(chosen, encoder_path(project.workspace, chosen), "chosen by you")
    if not names:
        raise EncoderError("There is no encoder yet: no run is finished, and none is shipped. Train one first.")
    measured = [name for name in names if name == SHIPPED or is_measured(project.workspace, name)]
    trusted = next((name for name in measured if name == SHIPPED or is_readable(project.workspace, name)), None)
    name = trusted or names[0]
    if name == SHIPPED:
        why = "shipped with the app" if measured == [SHIPPED] else "shipped with the app: no finished run can be read"
    elif not measured:
        why = "the last finished run, which nothing could measure"
    else:
        why = "the last finished run" if name == measured[0] else "the last finished run that can be read"
    return EncoderChoice(name, encoder_path(project.workspace, name), why)


def choose_encoder(project: Project, name: str | None) -> None:
    """Use that encoder from now on; None: the last finished run again."""
    if name is not None:
        encoder_path(project.workspace, name)
    project.catalogue.set_note(CHOSEN, name)
