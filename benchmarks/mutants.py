"""Do the tests notice a small mistake? Mutants of core/ (without drawn/), drawn with a seed, and the tests run on each.

`python -m benchmarks.mutants [--count 100] [--seed 0] [--only core/balance] [--list] [--json PATH]` copies the tracked
files to a temporary folder, makes one small change at a time there (a comparison flipped, a number off by one, `and`
for `or`, a statement removed, `min` for `max`, ...) and runs the tests that match the changed module: its own test
file, then those that import or name it, then the own test files of the modules that do, and the tests of its package
where there are none of these. It prints how many mutants a test noticed and lists the others. Tests that take too long
notice a mutant only if they are in time without it. What nobody could see by its kind is not drawn (`_left_alone`);
any other mutant that changes nothing counts as unnoticed.
A run that was stopped goes on where it was when it is started again with the same `--json PATH`; `--retry` tests the
mutants again that went unnoticed there.

Each mutant is tested in a forked process that has the large libraries loaded already, so it runs on Linux and macOS.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib
import json
import math
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from core.settings import ROOT

LIBRARIES = ("numpy", "torch", "cv2", "PIL.Image", "sqlalchemy", "httpx", "pydantic_settings")
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
}
SWAPS = {"min": "max", "max": "min", "any": "all", "all": "any"}
SIZES = ("BLOCK", "CHUNK", "BUFFER")
"""How much is worked on at once: a name with one of these words decides about time and memory, never about a result."""
UNSEEN = ("inplace", "strict", "stacklevel")
"""Arguments that differ in memory, in an error that only a mistake in the code itself could raise, or in a warning."""
LOGGED = ("debug", "info", "warning", "error", "exception")


@dataclass(frozen=True)
class Mutant:
    """One change: the bytes from `start` to `end` of a file become `text`."""

    path: str
    line: int
    start: int
    end: int
    before: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {' '.join(self.before.split())[:70]}  ->  {self.text[:70]}"


def changed(node: ast.AST) -> Iterator[ast.AST]:
    """Every small mistake that one node can be turned into, each as a node of its own."""
    twin = copy.deepcopy(node)
    match twin:
        case ast.Compare(ops=[op]) if type(op) in COMPARISONS:
            twin.ops = [COMPARISONS[type(op)]()]
            yield twin
        case ast.BoolOp(op=op):
            twin.op = ast.And() if isinstance(op, ast.Or) else ast.Or()
            yield twin
        case ast.UnaryOp(op=ast.Not()):
            yield twin.operand
        case ast.BinOp(op=op) if type(op) in ARITHMETIC and not _is_text(twin):
            twin.op = ARITHMETIC[type(op)]()
            yield twin
        case ast.Constant(value=bool()):
            yield ast.Constant(not twin.value)
        case ast.Constant(value=int() | float()):
            yield ast.Constant(twin.value + 1)
        case ast.Call(func=ast.Name(id=name)) if name in SWAPS:
            twin.func = ast.Name(SWAPS[name])
            yield twin
        case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Raise():
            yield ast.Pass()


def mutants_of(path: Path, root: Path) -> list[Mutant]:
    """All mutants of one file, in the order in which they stand in it."""
    source = path.read_bytes()
    tree = ast.parse(source)
    lines = [0]
    for line in source.splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    skipped = {id(inner) for outer in _left_alone(tree) for inner in ast.walk(outer)}
    found = []
    for node in ast.walk(tree):
        if id(node) in skipped or getattr(node, "end_lineno", None) is None:
            continue
        start = lines[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined]
        end = lines[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined]
        before = source[start:end].decode()
        for new in changed(node):
            text = ast.unparse(ast.fix_missing_locations(new))
            text = text if isinstance(new, ast.stmt) else f"({text})"
            found.append(Mutant(path.relative_to(root).as_posix(), node.lineno, start, end, before, text))  # type: ignore[attr-defined]
    return sorted(found, key=lambda m: (m.start, m.end, m.text))


def _left_alone(tree: ast.Module) -> Iterator[ast.AST]:
    """Annotations, decorators, text in f-strings, what only types need, and what nobody could see: what is logged,
    the arguments UNSEEN, and the SIZES of what is worked on at once, as a constant or a default."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef():
                yield from filter(None, (node.returns, *node.decorator_list))
            case ast.ClassDef():
                yield from node.decorator_list
            case ast.arg(annotation=annotation) if annotation:
                yield annotation
            case ast.AnnAssign():
                yield node.annotation
            case ast.JoinedStr():
                yield node
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                yield node
            case ast.Call(func=ast.Attribute(value=ast.Name(id="log" | "logger" | "logging"), attr=name)):
                yield from [node] if name in LOGGED else []
            case ast.keyword(arg=name) if name in UNSEEN:
                yield node
            case ast.Assign(targets=[ast.Name(id=name)]) if _is_size(name):
                yield node
            case ast.arguments():
                pairs = zip(node.args[::-1], node.defaults[::-1], strict=False)
                pairs = [*pairs, *zip(node.kwonlyargs, node.kw_defaults, strict=True)]
                yield from (default for arg, default in pairs if default and _is_size(arg.arg))


def _is_size(name: str) -> bool:
    return any(word in name.upper().split("_") for word in SIZES)


def _is_text(node: ast.BinOp) -> bool:
    return any(
        isinstance(side, ast.JoinedStr) or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in (node.left, node.right)
    )


def draw(root: Path, count: int, seed: int, only: str = "core") -> list[Mutant]:
    """`count` mutants of the modules under `only`, each place as likely as any other, in the order of drawing:
    a run that is stopped early has tried a fair sample."""
    files = [p for p in sorted((root / "core").rglob("*.py")) if "drawn" not in p.parts]
    files = [p for p in files if p.relative_to(root).as_posix().startswith(only)]
    everything = [m for path in files for m in mutants_of(path, root)]
    return random.Random(seed).sample(everything, min(count, len(everything)))


def tests_of(path: str, root: Path) -> list[list[str]]:
    """The tests that match a module, nearest first: its own file, all that import it, the own files of the modules
    that import it, or else its package's tests. No file is in two of the steps."""
    module = _dotted(path)
    importing = [_own(path)] if (root / _own(path)).is_file() else []
    steps = [list(importing)]
    tests = [p for top in ("core", "ui", "scale") for p in sorted((root / "tests" / top).rglob("test_*.py"))]
    steps.append([p.relative_to(root).as_posix() for p in tests if module in _imported(p)])
    users = [p.relative_to(root).as_posix() for p in sorted((root / "core").rglob("*.py")) if module in _imported(p)]
    steps.append([_own(user) for user in users if (root / _own(user)).is_file()])
    seen: set[str] = set()
    for number, step in enumerate(steps):
        steps[number] = [test for test in step if test not in seen]
        seen |= set(step)
    folder = root / "tests" / Path(path).parent
    fallback = folder if folder.is_dir() and folder.name != "core" else root / "tests/core/commands"
    return [step for step in steps if step] or [[fallback.relative_to(root).as_posix()]]


def _own(path: str) -> str:
    folder = Path(path).parent.as_posix()
    folder = "scale" if folder == "core/scale" else folder  # it runs whole engines: see tests/test_size.py
    return f"tests/{folder}/test_{Path(path).stem}.py"


def _dotted(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


@cache
def _imported(path: Path) -> set[str]:
    """The modules that a file names in an import, wherever it stands in the file, or in a text, as programs are told
    what to run and tests what to replace; what a docstring names is only told."""
    names: set[str] = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in told:
                found = re.findall(r"\bcore(?:\.\w+)+", text)
                names |= {*found, *(name.rpartition(".")[0] for name in found)}
            case ast.Import():
                names |= {alias.name for alias in node.names}
            case ast.ImportFrom(module=str(module), level=0):
                names |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return names


def passes(root: Path, tests: list[str], timeout: float) -> bool | None:
    """Whether these tests pass in the tree at `root`, run in a forked process. None: they did not end within `timeout`
    seconds of a processor's time (a clock's would depend on what else runs), or ten times as long by the clock."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setsid()
            resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(timeout), math.ceil(timeout)))
            sink = os.open(os.devnull, os.O_RDWR)
            for number in (0, 1, 2):
                os.dup2(sink, number)
            os.chdir(root)
            sys.path.insert(0, str(root))
            for name in [n for n in sys.modules if n.split(".")[0] in ("core", "tests", "benchmarks")]:
                del sys.modules[name]
            import pytest

            code = int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-m", "not long and not browser", *tests]))
        finally:
            os._exit(code)
    end = time.monotonic() + 10 * timeout
    while time.monotonic() < end:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            code = os.waitstatus_to_exitcode(status)
            return None if code in (-signal.SIGXCPU, -signal.SIGKILL) else code in (0, 5)  # 5: all tests deselected
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def notices(tree: Path, mutant: Mutant, timeout: float) -> bool:
    """Whether a test fails with the mutant, or does not end with it but does without."""
    path = tree / mutant.path
    whole = path.read_bytes()
    for tests in tests_of(mutant.path, tree):
        path.write_bytes(whole[: mutant.start] + mutant.text.encode() + whole[mutant.end :])
        passed = passes(tree, tests, timeout)
        path.write_bytes(whole)
        if passed is False or (passed is None and passes(tree, tests, timeout)):
            return True
    return False


def copy_tree(target: Path) -> Path:
    """The tracked files in a folder of their own, beside a link to the shared data where it is; the folder."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout.decode()
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (target / "tree" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / "tree" / name)
    if (ROOT.parent / "shared").is_dir():
        (target / "shared").symlink_to(ROOT.parent / "shared", target_is_directory=True)
    return target / "tree"


def earlier(path: Path, retry: bool = False) -> dict[Mutant, bool]:
    """Whether each mutant in the file of an earlier run was noticed; with `retry` only those that were."""
    if not path.is_file():
        return {}
    entries = json.loads(path.read_text(encoding="utf-8"))
    found = {Mutant(**{k: v for k, v in e.items() if k != "noticed"}): bool(e["noticed"]) for e in entries}
    return {mutant: noticed for mutant, noticed in found.items() if noticed or not retry}


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="core", help="mutate only files whose path begins with this")
    parser.add_argument("--timeout", type=float, default=120, help="seconds of a processor for one step of tests")
    parser.add_argument("--list", action="store_true", help="print the mutants and run nothing")
    parser.add_argument(
        "--json", type=Path, help="every mutant and whether it was noticed; what is in it is not repeated"
    )
    parser.add_argument("--retry", action="store_true", help="repeat the mutants that went unnoticed in that file")
    options = parser.parse_args(arguments)
    if options.list:
        print(*draw(ROOT, options.count, options.seed, options.only), sep="\n")
        return
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.dont_write_bytecode = True  # a mutant of the same length within a second would find the other's bytecode
    for library in LIBRARIES:
        importlib.import_module(library)
    known = earlier(options.json, options.retry) if options.json else {}
    results = []
    with tempfile.TemporaryDirectory() as folder:
        tree = copy_tree(Path(folder))
        for mutant in draw(tree, options.count, options.seed, options.only):
            if mutant in known:
                results.append({**asdict(mutant), "noticed": known[mutant]})
                continue
            noticed = notices(tree, mutant, options.timeout)
            results.append({**asdict(mutant), "noticed": noticed})
            print("noticed " if noticed else "UNNOTICED", mutant, flush=True)
            if options.json:
                options.json.write_text(json.dumps(results, indent=1), encoding="utf-8")
    noticed_count = sum(bool(r["noticed"]) for r in results)
    print(f"{noticed_count} of {len(results)} mutants noticed ({noticed_count / max(len(results), 1):.0%})")


if __name__ == "__main__":
    main()
