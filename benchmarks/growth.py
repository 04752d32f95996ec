"""How the time grows with the amount: 1,000, 10,000 and 100,000 for what looks at rows, 100 to 10,000 for files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.library import hashes, vectors
from benchmarks.measuring import Growth, Result, Work, median_processor
from benchmarks.setting import Setting
from benchmarks.workspaces import add_crops, add_pictures, new_project
from core.settings import ROOT


def grown(name: str, amounts: tuple[int, ...], work: Callable[[int], Work], *, runs: int = 3, warm: int = 1) -> Growth:
    """Median seconds of the processor for each amount."""
    return Growth(name, amounts, tuple(median_processor(work(n), runs=runs, warm=warm) for n in amounts))


def rows(setting: Setting) -> list[Result]:
    """Near-duplicates, groups, search: arrays alone."""
    from core.imaging.hashes import near_pairs
    from core.similarity.clustering import group_faces
    from core.similarity.scorer import CharacterScorer

    def dedup(n: int) -> Work:
        values = hashes(n).tolist()
        return lambda: near_pairs(values)

    def group(n: int) -> Work:
        found = vectors(n, n // 40)
        return lambda: group_faces(found)

    def search(n: int) -> Work:
        found = vectors(n)
        queries = found[:100]
        scorer = CharacterScorer.of(found, np.array([f"character {i % 100}" for i in range(n)]))
        return lambda: scorer.top(queries, characters=3, faces=6)

    amounts = setting.growth
    return [
        grown("near-duplicates", amounts, dedup),
        grown("search, 100 queries", amounts, search),
        grown("groups of unnamed faces", amounts, group, runs=1, warm=0),
    ]


def catalogue(setting: Setting) -> list[Result]:
    """`status` and the Crop page on so many pictures."""
    from streamlit.testing.v1 import AppTest

    from benchmarks.app import environment
    from benchmarks.million import fill
    from core.workspace.overview import overview

    ask, draw = [], []
    for n in setting.growth:
        folder = setting.folder / f"catalogue{n}"
        with new_project(folder) as project:
            path = project.workspace.catalogue_path
        fill(path, n)
        with new_project(folder) as project:
            ask.append(median_processor(lambda p=project: overview(p)))  # type: ignore[misc]
        with environment(folder):
            app = AppTest.from_file(str(ROOT / "pages" / "characters.py"), default_timeout=300)
            app.query_params["workspace"] = "measured"
            app.run()
            draw.append(median_processor(app.run))
    names = ("catalogue, all six steps' states", "Characters page, 1,000 characters")
    return [Growth(name, setting.growth, tuple(s)) for name, s in zip(names, (ask, draw), strict=True)]


def files(setting: Setting) -> list[Result]:
    """Crop and embed, files and all."""
    from core.crop.config import CropConfig
    from core.crop.find_faces import crop
    from core.progress import silent
    from core.vision import load_detector, load_encoder
    from core.vision.encoder import pretrained_path
    from core.workspace.embeddings import embed_faces

    load_detector("auto")
    load_encoder("pretrained")

    def cropped(n: int) -> Work:
        def work() -> None:
            with TemporaryDirectory(dir=setting.folder) as folder, new_project(Path(folder)) as project:
                add_pictures(project, n)
                project.catalogue.set_values(
                    "pictures", {p.id: {"review": "new"} for p in project.catalogue.pictures()}
                )
                crop(project, CropConfig())

        return work

    def embedded(n: int) -> Work:
        def work() -> None:
            with TemporaryDirectory(dir=setting.folder) as folder, new_project(Path(folder)) as project:
                embed_faces(project, add_crops(project, setting, n), pretrained_path(), silent)

        return work

    amounts = setting.growth_of_files
    return [
        grown("crop, with the workspace made", amounts, cropped, runs=1, warm=0),
        grown("embed, with the workspace made", amounts, embedded, runs=1, warm=0),
    ]


ROWS = (rows, catalogue, files)
