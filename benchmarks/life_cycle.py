"""The chain on real faces from random weights: `python -m benchmarks.life_cycle --faces ../shared/data/faces/hololive`.

Imports at most 40 faces of each character, balances (32 to train on, 8 to ask with), trains, evaluates, enrols and
recognises through the command line, for several seeds, and prints each command's time and figures.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from core.similarity.intervals import mean_interval


def main() -> None:
    """Run and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--faces", type=Path, required=True)
    options.add_argument("--limit", type=int, default=40)
    options.add_argument("--seeds", type=int, default=3)
    options.add_argument("--preset", default="quick")
    options.add_argument("--init", default="random")
    args = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        common = ["--data-dir", folder, "--workspace", "w"]
        call(common, "import", str(args.faces), "--kind", "faces", "--limit", str(args.limit))
        tops, seconds = [], []
        for seed in range(args.seeds):
            call(common, "balance", "--validation", "0.2", "--per-character", "32", "--seed", str(seed))
            trained = call(common, "train", "--preset", args.preset, "--init", args.init, "--seed", str(seed))
            found = call(common, "evaluate")
            tops.append(found["top1"])
            seconds.append(trained["metrics"]["seconds"])
        enrolled = call(common, "enrol")
        asked = sorted(path for path in args.faces.iterdir() if path.is_dir())
        after = [sorted(one.iterdir())[args.limit : args.limit + 5] for one in asked]  # faces that were not imported
        answers = call(common, "recognise", "--faces", *(str(path) for faces in after for path in faces))
    names = [path.parent.name for faces in after for path in faces]
    verdicts = [(name, one["faces"][0]) for name, one in zip(names, answers, strict=True)]
    named = [(name, face) for name, face in verdicts if face["verdict"] == "match"]
    right = sum(face["character"] == name for name, face in named)
    first = sum(face["candidates"][0]["character"] == name for name, face in verdicts)
    mean, half = mean_interval(tops)
    print(f"top1 (gallery): {mean:.3f} +- {half:.3f}, mean of {args.seeds} seeds with its 95 % interval: {tops}")
    print(f"training: {', '.join(f'{s:.0f} s' for s in seconds)}")
    print(
        f"recognise: {len(verdicts)} new faces of {len(enrolled['characters'])} characters: nearest is right {first}; "
        f"match {len(named)}, of these right {right}"
    )


def call(common: list[str], step: str, *more: str):
    """One command, timed; its JSON document."""
    start = time.monotonic()
    command = [sys.executable, "-m", "core", step, *common, *more, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{step}: {done.stderr}")
    document = json.loads(done.stdout)
    shown = {
        "import": ("kept",),
        "balance": ("train", "validation", "leaks"),
        "evaluate": ("n", "top1", "map_at_r", "eer"),
    }
    figures = {key: document[key] for key in shown.get(step, ()) if isinstance(document, dict)}
    print(f"{time.monotonic() - start:7.1f} s  {step} {' '.join(more[:6])}  {figures or ''}", flush=True)
    return document


if __name__ == "__main__":
    main()
