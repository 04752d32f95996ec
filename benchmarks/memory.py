"""How much memory a training, embedding many files and a long-lived page take: each in a process of its own."""

from __future__ import annotations

import ctypes
import gc
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from benchmarks.measuring import Figure, Result
from benchmarks.setting import Setting
from core.settings import ROOT

MEGABYTES = 1024
"""ru_maxrss is in kilobytes."""


def peak() -> float:
    """Megabytes that this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTES


def train_many(characters: int, each: int) -> float:
    """Recommended, two epochs, on the faces of a workspace that another process made, with the list of labels that
    look wrong before it and after it."""
    from dataclasses import replace

    from benchmarks.workspaces import settings_in
    from core.train.presets import preset
    from core.train.training import train_workspace
    from core.workspace.project import open_project

    with tempfile.TemporaryDirectory() as folder:
        made = [*MEASURE, make_crops.__name__, str(characters * each), folder, str(characters)]
        subprocess.run(made, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        with open_project("measured", settings_in(Path(folder))) as project:
            train_workspace(project, replace(preset("recommended"), epochs=2))
    return peak()


def embed_many(many: int, _: int) -> float:
    """Faces of a workspace, made by another process, into its cache."""
    from benchmarks.workspaces import settings_in
    from core.progress import silent
    from core.vision.encoder import pretrained_path
    from core.workspace.embeddings import embed_faces
    from core.workspace.project import open_project

    with tempfile.TemporaryDirectory() as folder:
        made = [*MEASURE, make_crops.__name__, str(many), folder]
        subprocess.run(made, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        with open_project("measured", settings_in(Path(folder))) as project:
            embed_faces(project, project.catalogue.faces(state="kept"), pretrained_path(), silent)
    return peak()


def make_crops(many: int, folder: str, characters: int = 40) -> float:
    """The workspace that is trained on or embedded."""
    from benchmarks.workspaces import add_crops, new_project

    with new_project(Path(folder)) as project:
        add_crops(project, Setting(Path(folder), quick=True), many, characters)
    return peak()


def resident() -> float:
    """Megabytes that this process holds now; the peak where no system tells. Without the last reruns' garbage, and
    without what C's allocator keeps for the next one: that goes up and down by 30 MB from one rerun to another."""
    gc.collect()
    with suppress(OSError, AttributeError):  # another C library than GNU's
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return peak()
    return pages * resource.getpagesize() / 2**20


def rerun_many(reruns: int, pictures: int) -> float:
    """Crop drawn again and again: megabytes more at the end than after the first tenth."""
    from streamlit.testing.v1 import AppTest

    from benchmarks.app import environment
    from benchmarks.workspaces import add_pictures, new_project

    with tempfile.TemporaryDirectory() as folder:
        with new_project(Path(folder)) as project:
            add_pictures(project, pictures)
        with environment(Path(folder)):
            app = AppTest.from_file(str(ROOT / "pages" / "crop.py"), default_timeout=120)
            app.query_params["workspace"] = "measured"
            for n in range(reruns):
                app.run()
                if n == reruns // 10:
                    before = resident()
            return resident() - before


MEASURE = (sys.executable, "-m", "benchmarks.memory")
WORK: dict[str, Callable[..., float]] = {
    work.__name__: work for work in (train_many, embed_many, make_crops, rerun_many)
}


def megabytes(work: str, first: int, second: int = 0) -> float:
    """What a piece of work says of its memory, in a process that does nothing else."""
    words = [*MEASURE, work, str(first), str(second)]
    done = subprocess.run(words, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return float(json.loads(done.stdout.splitlines()[-1]))


def memory(setting: Setting) -> list[Result]:
    """The three of them; in quick only how it is measured."""
    if setting.quick:
        return [Figure("memory, embedding 20 faces", megabytes("embed_many", 20), "MB")]
    few, many = megabytes("embed_many", 10_000), megabytes("embed_many", 40_000)
    return [
        Figure("memory, training 40 x 32", megabytes("train_many", 40, 32), "MB", 1500),
        Figure("memory, embedding 40,000 files over 10,000", many / few, "x", 1.1),
        Figure("memory, more after 1,000 reruns of Crop than after 100", megabytes("rerun_many", 1000, 200), "MB", 20),
    ]


ROWS = (memory,)

if __name__ == "__main__":
    name, first, *others = sys.argv[1:]
    print(json.dumps(WORK[name](int(first), *(int(word) if word.isdigit() else word for word in others))))
