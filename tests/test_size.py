"""Modules and functions stay small enough to be read at once (recipes/ and benchmarks/ are scripts); modules of core/
have tests of their own name, where somebody looks for them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from core.settings import ROOT

LINES_OF_A_MODULE = 300
LINES_OF_A_FUNCTION = 60
SOURCES = sorted([*ROOT.glob("*.py"), *(p for top in ("core", "ui", "pages") for p in (ROOT / top).rglob("*.py"))])

TESTED = [p for p in (ROOT / "core").rglob("*.py") if p.name != "__init__.py" and "drawn" not in p.parts]
"""Modules that need a test file of their own. core/drawn's pictures are tested as a whole, through its generator."""


def own_tests(path: Path) -> Path:
    """`tests/core/a/test_b.py` for `core/a/b.py`; `tests/scale/` for `core/scale/`: it runs whole engines."""
    if path.is_relative_to(ROOT / "core" / "scale"):
        return ROOT / "tests" / "scale" / f"test_{path.name}"
    return ROOT / "tests" / path.relative_to(ROOT).with_name(f"test_{path.name}")


@pytest.mark.parametrize("path", sorted(TESTED), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_a_module_of_core_has_a_test_file_of_its_name(path: Path):
    assert own_tests(path).is_file(), f"Put the tests of {path.name} into {own_tests(path).relative_to(ROOT)}."


def too_long(text: str) -> list[str]:
    """The module, where it has too many lines, and its functions that have; docstrings and blank lines count."""
    found = ["the module"] if len(text.splitlines()) > LINES_OF_A_MODULE else []
    functions = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    return found + [f.name for f in functions if (f.end_lineno or 0) - f.lineno + 1 > LINES_OF_A_FUNCTION]


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_modules_and_functions_are_short(path: Path):
    assert too_long(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(("lines", "found"), [(60, []), (61, ["f"]), (300, ["the module", "f"])])
def test_a_long_one_is_found(lines, found):
    text = "def f():\n" + "    pass\n" * (lines - 1)
    assert too_long(text if lines < 300 else text + "x = 1\n") == found
