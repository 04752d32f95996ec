"""How long `sync` takes over real files: when they are new, when nothing has changed, and when a tenth has moved.

    python -m benchmarks.sync_files FOLDER [--files 10000]

The first files of FOLDER/<character>/ (and deeper) are copied into a new workspace's faces/. Seconds by the clock and
of the processor, and the memory at most.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
import time
from itertools import islice, pairwise
from pathlib import Path

from benchmarks.workers import is_picture_name
from core.imaging.files import files_in
from core.settings import Settings
from core.workspace.project import open_project
from core.workspace.sync import sync


def main(arguments: list[str] | None = None) -> None:
    """Print a line for each sync."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=10_000)
    args = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        settings = Settings(data_dir=Path(temporary))
        with open_project("files", settings, create=True) as project:
            for n, path in enumerate(islice(filter(is_picture_name, files_in(args.folder)), args.files)):
                target = project.workspace.faces / path.parent.name / f"{n}{path.suffix}"
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, target)
            for what in ("new", "nothing has changed", "a tenth has moved"):
                if what == "a tenth has moved":
                    _move(project.workspace.faces)
                clock, own = time.perf_counter(), time.process_time()
                done = sync(project)
                seconds, own = time.perf_counter() - clock, time.process_time() - own
                memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
                counts = f"{len(done.faces_taken_in):,} taken in, {len(done.relabelled):,} moved"
                cost = f"{seconds:.1f} s ({own:.1f} of the processor), {memory:.0f} MB"
                print(f"{what}: {counts}, {len(done.duplicates):,} duplicates; {cost}", flush=True)


def _move(faces: Path) -> None:
    """Give every tenth file to the next character."""
    for folder, other in reversed(list(pairwise(sorted(faces.iterdir())))):  # so that no file moves on and on
        for path in sorted(folder.iterdir())[::10]:
            path.rename(other / path.name)


if __name__ == "__main__":
    main()
