"""How fast the app is, beside the limit and beside what a user would otherwise have: everything, in one run.

    python -m benchmarks [--quick] [--only WORDS] [--pictures FOLDER] [--out speed.json]

One table of ratios in Markdown on standard output, and the same as JSON. Candidates take turns, each warmed up; medians
of five (trainings: one pair). Each row is printed on standard error as soon as it is there, and is in the JSON file
then. --quick is a smoke test of two minutes, whose figures say little. What a row needs and is not here is named.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks import app, growth, library, memory, speed, training
from benchmarks.measuring import Result, markdown
from benchmarks.setting import Setting

Benchmark = Callable[[Setting], Result | Sequence[Result]]

MODULES = (speed, training, library, app, memory, growth)
ROWS: dict[str, Benchmark] = {
    f"{module.__name__.rpartition('.')[2]}.{row.__name__}": row for module in MODULES for row in module.ROWS
}


def measure(setting: Setting, only: Sequence[str] = ()) -> Iterator[Result]:
    """What each benchmark finds whose name holds one of the words of `only` (none: all)."""
    for name, benchmark in ROWS.items():
        if not only or any(word in name for word in only):
            start = time.perf_counter()
            found = benchmark(setting)
            print(f"{name}: {time.perf_counter() - start:.0f} s", file=sys.stderr)
            yield from found if isinstance(found, Sequence) else (found,)


def conditions() -> dict[str, Any]:
    """The machine, and how busy it is."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    return {"machine": platform.platform(), "cores": os.cpu_count(), "load": load, "python": platform.python_version()}


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="less of everything: a smoke test of two minutes")
    parser.add_argument("--only", nargs="+", default=[], metavar="WORD", help=f"only these of: {', '.join(ROWS)}")
    parser.add_argument("--pictures", type=Path, help="a folder of pictures instead of drawn ones")
    parser.add_argument("--out", type=Path, help="write the figures as JSON, too")
    args = parser.parse_args(argv)
    before, results = conditions(), []
    with tempfile.TemporaryDirectory() as folder:
        for result in measure(Setting(Path(folder), args.quick, args.pictures), args.only):
            results.append(result)
            print("\n".join(result.lines()), file=sys.stderr, flush=True)
            if args.out:
                rows = [one.as_dict() for one in results]
                document = {"quick": args.quick, "before": before, "after": conditions(), "rows": rows}
                args.out.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    print(markdown(results))


if __name__ == "__main__":
    main()
