"""Finding faces and embedding them with 0 (this process alone), 1, 2 ... workers on Ray, on pictures of a folder.

    python -m benchmarks.workers FOLDER [--pictures 160] [--workers 0 1 2] [--rounds 2]

Each round imports the pictures into a new workspace and runs `crop --embed` by the shipped models. The clock runs from
the first look to the end, without starting Ray and opening the models: from the first picture that was entered to the
last. Beside pictures a second it prints the processor's seconds a picture, of this process and all workers, which say
more where other programs compute too, and the machine's load (waiting and running processes) at the end.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from benchmarks.indexes import used
from core.crop.config import CropConfig
from core.crop.find_faces import crop, look_here
from core.imaging.files import files_in
from core.progress import Progress
from core.scale.cropping import look_on_ray
from core.settings import Settings
from core.workspace.project import open_project


def is_picture_name(path: Path) -> bool:
    """Whether a file is named as a picture."""
    return path.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif")


def measure(folder: Path, count: int, workers: int) -> dict[str, float]:
    """One crop in a new workspace."""
    with tempfile.TemporaryDirectory() as temporary:
        settings = Settings(data_dir=Path(temporary))
        with open_project("workers", settings, create=True) as project:
            target = project.workspace.pictures / "unnamed"
            target.mkdir(parents=True)
            rows = []
            for n, path in enumerate(islice(filter(is_picture_name, files_in(folder)), count)):
                shutil.copy(path, target / f"{n}{path.suffix}")
                rows.append({"character_id": None, "path": f"pictures/unnamed/{n}{path.suffix}", "sha256": f"{n:064x}"})
            project.catalogue.add_pictures(rows)
            marks: list[tuple[float, float, int]] = []

            def report(progress: Progress) -> None:
                if progress.n and (not marks or progress.n > marks[-1][2]):
                    marks.append((time.perf_counter(), used()[1], progress.n))

            config = CropConfig(embed=True, batch=8)
            done = crop(project, config, report=report, look=look_on_ray(workers) if workers else look_here)
            faces = done.kept + done.proposed
        (first, own, n), (last, all_, total) = marks[0], marks[-1]
    return {
        "workers": workers, "pictures": done.pictures, "faces": faces,
        "pictures_a_second": (total - n) / (last - first),
        "processor_seconds_a_picture": (all_ - own) / (total - n), "load": os.getloadavg()[0],
    }  # fmt: skip


def main(arguments: list[str] | None = None) -> None:
    """Print a line for each round and number of workers, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pictures", type=int, default=160)
    parser.add_argument("--workers", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--here", action="store_true", help="in this process: one number of workers")
    args = parser.parse_args(arguments)
    for workers in args.workers * (1 if args.here else args.rounds):
        if args.here:
            found = measure(args.folder, args.pictures, workers)
            print(json.dumps({name: round(value, 3) for name, value in found.items()}), flush=True)
        else:
            command = [sys.executable, "-m", "benchmarks.workers", str(args.folder), "--here"]
            command += ["--pictures", str(args.pictures), "--workers", str(workers)]
            subprocess.run(command, check=False)


if __name__ == "__main__":
    main()
