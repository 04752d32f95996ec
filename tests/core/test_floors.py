"""The house: imports go downwards only, the core knows no screen, and the tests mirror the tree."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from core.settings import ROOT

STEPS = ("collect", "crop", "balance", "train", "visualise", "recognise")
GROUND = 0
FLOORS = {"workspace": 1, "vision": 2, **dict.fromkeys(STEPS, 3), "jobs": 4, "commands": 4, "cli": 4, "__main__": 4}
ABOVE = {"ui": 5, "pages": 6, "Home": 6, "recipes": 6, "benchmarks": 6}


def sources() -> list[Path]:
    found = [p for top in ("core", "ui", "pages", "recipes", "benchmarks") for p in (ROOT / top).rglob("*.py")]
    return [*found, ROOT / "Home.py"]


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def room(dotted: str) -> tuple[int, str]:
    """Floor and room of a module of ours; (-1, "") for others."""
    parts = dotted.split(".")
    if parts[0] in ABOVE:
        return ABOVE[parts[0]], parts[0]
    if parts[0] != "core":
        return -1, ""
    name = parts[1] if len(parts) > 1 else ""
    return FLOORS.get(name, GROUND), name


@pytest.mark.parametrize("path", sources(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_imports_go_down_only(path):
    own = room(".".join(path.relative_to(ROOT).with_suffix("").parts))
    for name in imported(path):
        floor, name_of_room = room(name)
        assert floor <= own[0], f"{path.name} imports {name}, which is above it"
        if own[1] in STEPS and name_of_room in STEPS:
            assert name_of_room == own[1], f"the step {own[1]} imports the step {name_of_room}"


@pytest.mark.parametrize(
    "path", [p for p in sources() if "core" in p.parts], ids=lambda p: p.relative_to(ROOT).as_posix()
)
def test_the_core_knows_no_screen(path):
    assert not any(name.split(".")[0].startswith("streamlit") for name in imported(path))


def test_no_pickle_is_loaded_anywhere():
    for path in sources():
        assert not {"pickle", "joblib", "dill"} & {name.split(".")[0] for name in imported(path)}, path
