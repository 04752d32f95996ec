"""The layers: imports go downwards only, no cycle anywhere, core/ knows no Streamlit, nothing loads a pickle."""

from __future__ import annotations

import ast
import sys
from functools import cache
from pathlib import Path

import pytest

from core.settings import ROOT

STEPS = ("collect", "crop", "characters", "balance", "train", "visualise", "recognise")
LAYERS = (
    ("atomic", "documents", "errors", "failures", "options", "plugins", "processes", "progress", "settings", "sign_in"),
    ("imaging", "similarity"),
    ("vision", "video", "drawn"),
    ("workspace",),
    ("datasets",),
    (*STEPS, "scale"),
    ("jobs", "server"),
    ("commands",),
    ("cli", "reference", "__main__"),
)
"""The layers of core/ from the lowest: a module imports from its own package and from lower layers only."""
LAYER_OF = {name: number for number, names in enumerate(LAYERS) for name in names}
ABOVE = {"ui": len(LAYERS), "pages": len(LAYERS) + 1, "Home": len(LAYERS) + 2, "benchmarks": 20, "recipes": 20}


def sources(root: Path = ROOT) -> list[Path]:
    found = [p for top in ("core", "ui", "pages", "recipes", "benchmarks") for p in (root / top).rglob("*.py")]
    return sorted([*found, *root.glob("Home.py")])


def dotted(path: Path, root: Path = ROOT) -> str:
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


@cache
def imported(path: Path) -> frozenset[str]:
    """Every module that a file names in an import, wherever it stands: at the top, in a function, for types only."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(names)


def layer(module: str) -> tuple[int, str]:
    """Layer and package of a module of ours; (-1, "") for others."""
    first, _, rest = module.partition(".")
    if first in ABOVE:
        package = rest.split(".")[0] if first == "ui" else ""
        return ABOVE[first], f"{first}.{package}".rstrip(".")
    if first != "core":
        return -1, ""
    name = rest.split(".")[0]
    if not name or name.startswith("__version"):
        return 0, ""
    assert name in LAYER_OF, f"core/{name} belongs to no layer: add it to LAYERS"
    return LAYER_OF[name], name


def faults(path: Path, root: Path = ROOT) -> list[str]:
    """What a file imports though it must not."""
    own_layer, own = layer(dotted(path, root))
    found = []
    for name in sorted(imported(path)):
        number, package = layer(name)
        if number > own_layer:
            found.append(f"{dotted(path, root)} imports {name}, which is above it")
        elif own in STEPS and package in STEPS and package != own:
            found.append(f"the step {own} imports the step {package} ({name})")
        elif own.startswith("ui.") and package.startswith("ui.") and package not in (own, "ui.common"):
            found.append(f"the page {own} imports the page {package} ({name})")
    return found


def cycles(root: Path = ROOT) -> list[list[str]]:
    """Groups of modules that import each other, directly or round a corner (Tarjan's components of two or more)."""
    modules = {dotted(path, root): path for path in sources(root)}
    graph = {}
    for name, path in modules.items():
        targets = {t for t in imported(path) if t in modules and t != name}
        # `from package import module` needs the module, whatever else the package's __init__ holds
        graph[name] = {t for t in targets if not any(other.startswith(f"{t}.") for other in targets)}
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for target in sorted(graph[node]):
            if target not in index:
                visit(target)
                low[node] = min(low[node], low[target])
            elif target in stack:
                low[node] = min(low[node], index[target])
        if low[node] == index[node]:
            component = []
            while not component or component[-1] != node:
                component.append(stack.pop())
            if len(component) > 1:
                found.append(sorted(component))

    sys.setrecursionlimit(10_000)
    for node in sorted(graph):
        if node not in index:
            visit(node)
    return found


@pytest.mark.parametrize("path", sources(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_imports_go_down_only(path):
    assert faults(path) == []


def test_no_modules_import_each_other():
    assert cycles() == []


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_an_import_upwards_is_found(tmp_path):
    write(tmp_path, {"core/vision/encoder.py": "def f():\n    from core.workspace.catalogue import Catalogue\n"})
    assert faults(tmp_path / "core/vision/encoder.py", tmp_path) == [
        "core.vision.encoder imports core.workspace.catalogue, which is above it",
        "core.vision.encoder imports core.workspace.catalogue.Catalogue, which is above it",
    ]


def test_a_step_that_imports_a_step_and_a_page_that_imports_a_page_are_found(tmp_path):
    write(tmp_path, {"core/crop/a.py": "import core.balance.split\n", "ui/crop/a.py": "import ui.train.form\n"})
    assert faults(tmp_path / "core/crop/a.py", tmp_path) == [
        "the step crop imports the step balance (core.balance.split)"
    ]
    assert faults(tmp_path / "ui/crop/a.py", tmp_path) == ["the page ui.crop imports the page ui.train (ui.train.form)"]


def test_a_cycle_inside_a_package_is_found(tmp_path):
    write(
        tmp_path,
        {
            "core/crop/a.py": "from core.crop import b\n",
            "core/crop/b.py": "def f():\n    from core.crop.c import x\n",
            "core/crop/c.py": "import core.crop.a\n",
            "core/crop/d.py": "import core.crop.a\n",
        },
    )
    assert cycles(tmp_path) == [["core.crop.a", "core.crop.b", "core.crop.c"]]


@pytest.mark.parametrize(
    "path", [p for p in sources() if "core" in p.parts], ids=lambda p: p.relative_to(ROOT).as_posix()
)
def test_core_does_not_know_streamlit(path):
    assert not any(name.split(".")[0].startswith("streamlit") for name in imported(path))


def test_no_pickle_is_loaded_anywhere():
    for path in sources():
        assert not {"pickle", "joblib", "dill"} & {name.split(".")[0] for name in imported(path)}, path
