"""How fast pictures are compared, collected and put on a map, beside what a user would otherwise have."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np

from benchmarks.measuring import Bar, Figure, Result, Row, Work, in_turns
from benchmarks.setting import Setting
from core.imaging.hashes import NEAR, near_pairs
from core.settings import Settings
from core.vision.torchvision_shim import load_torchvision

HOSTS = 20
ANSWERS_AFTER = 0.1
"""Seconds until the stand-in answers, as a server far away does."""


def hashes(many: int) -> np.ndarray:
    """Random uint64 hashes, of which one in twenty is near another."""
    rng = np.random.default_rng(0)
    values = rng.integers(0, 2**64, many, np.uint64)
    again = many // 20
    values[:again] = values[again : 2 * again] ^ np.uint64(0b1001)
    return values


def all_pairs(values: np.ndarray, rows: int | None = None) -> list[tuple[int, int]]:
    """Pairs with at most NEAR differing bits, the first of each among the first `rows`: all with all, by numpy."""
    found = []
    for i, value in enumerate(values[:rows]):
        bits = np.bitwise_count(values[i + 1 :] ^ value)
        found += [(i, i + 1 + int(j)) for j in np.flatnonzero(bits <= NEAR)]
    return found


def duplicates(setting: Setting) -> Result:
    """Near-duplicates among many perceptual hashes."""
    many = setting.of(10_000, 100_000)
    values = hashes(many)
    plain, few = values.tolist(), setting.of(500, 2000)
    few_pairs = sum(many - 1 - i for i in range(few))
    share = few_pairs / (many * (many - 1) / 2)
    if near_pairs(plain[:2000]) != all_pairs(values[:2000]):
        raise SystemExit("The two searches do not find the same pairs.")
    candidates: dict[str, Work] = {
        "ours": lambda: near_pairs(plain),
        "all pairs in numpy": lambda: all_pairs(values, few),
    }
    bars, left_out = [Bar("all pairs in numpy", 1 / 20)], {}
    try:
        load_torchvision()
        from imagededup.methods import PHash

        named = {str(n): f"{value:016x}" for n, value in enumerate(plain[:few])}  # it compares all pairs
        candidates["imagededup"] = lambda: _imagededup(PHash(), named)
        bars.append(Bar("imagededup", 1 / 20))
    except ImportError:
        left_out = {"imagededup": "it is not installed"}
    turns = in_turns(candidates, runs=setting.runs)
    amounts = {name: many * share for name in candidates if name != "ours"}
    name = f"near-duplicates of {many:,} hashes"
    return Row(name, many, "hashes", turns, tuple(bars), amounts, left_out)


def _imagededup(method: Any, named: dict[str, str]) -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # it warns of a default of its own
        return method.find_duplicates(encoding_map=named, max_distance_threshold=NEAR)


@dataclass(frozen=True)
class Listed:
    """A source of pictures whose addresses are known."""

    addresses: Sequence[str]
    name: str = "listed"

    @property
    def card(self) -> Any:
        from core.collect.source import SourceCard

        return SourceCard(self.name, self.name, "", "")

    def characters(self) -> list[str]:
        return []

    def search(self, query: Any) -> Any:
        from core.collect.source import SearchHit

        return (SearchHit(self.name, query.words, url) for url in self.addresses)


def collecting(setting: Setting) -> Result:
    """Pictures from a server that answers after a tenth of a second, on twenty hosts, without pauses between them."""
    import requests

    from tests.stand_in.server import StandIn, picture

    many, numbers = setting.of(40, 500), count()

    with StandIn() as server:

        def late(request: Any) -> Any:
            time.sleep(ANSWERS_AFTER)
            return picture(int(request.path.rsplit("/", 1)[-1].split(".")[0]))

        server.add("/far/", late)
        paths = [f"/far/{n}.jpg" for n in range(many)]

        def ours() -> None:
            addresses = [server.url(path, f"host{n % HOSTS}.example") for n, path in enumerate(paths)]
            kept = collect_listed(setting, f"collected{next(numbers)}", addresses)
            if kept != many:
                raise SystemExit(f"{kept} of {many} pictures were kept.")

        def plainly() -> None:
            folder = setting.folder / f"plainly{next(numbers)}"
            folder.mkdir()
            for n, path in enumerate(paths):
                (folder / f"{n}.jpg").write_bytes(requests.get(server.url(path), timeout=20).content)

        turns = in_turns({"ours": ours, "requests, one by one": plainly}, runs=setting.of(2, 5), warm=0)
    name = f"collect {many} pictures from a stand-in"
    return Row(name, many, "pictures", turns, (Bar("requests, one by one", 1 / 5),))


def collect_listed(setting: Setting, name: str, addresses: Sequence[str]) -> int:
    """Into a new workspace, every host on this machine; how many pictures were kept."""
    from core.collect.config import CollectConfig
    from core.collect.download import Downloader
    from core.collect.pipeline import Wanted, collect
    from core.collect.rate_limit import RateLimit
    from core.workspace.project import open_project

    settings = Settings(data_dir=setting.folder / "data", models_dir=setting.folder / "models")
    local: dict[str, Any] = {"private": True, "resolver": lambda host, port: ["127.0.0.1"]}
    with (
        open_project(name, settings, create=True) as project,
        Downloader(settings, rate_limit=RateLimit(pause=0), **local) as downloader,
    ):
        config = CollectConfig(limit=len(addresses), min_side=32)
        return collect(project, [Wanted("Rei")], [Listed(addresses)], config, downloader=downloader).kept


def vectors(many: int, characters: int = 100) -> np.ndarray:
    """Unit vectors float32 (many, 128) around as many middles as there are characters."""
    rng = np.random.default_rng(0)
    middles = rng.standard_normal((characters, 128), np.float32)
    found = middles[np.arange(many) % characters] + 0.7 * rng.standard_normal((many, 128), np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def mapping(setting: Setting) -> list[Result]:
    """The first map by PCA, the one by UMAP beside the library called directly, and one that is on disk."""
    import umap

    from core.visualise.map_settings import MapSettings
    from core.visualise.projection import fit_projection

    many = setting.of(500, 5000)
    found = vectors(many)
    pca = in_turns({"ours": lambda: fit_projection(found, MapSettings(method="pca"))}, runs=setting.runs)
    candidates: dict[str, Work] = {
        "ours": lambda: fit_projection(found, MapSettings()),
        "umap-learn called directly": lambda: umap.UMAP(random_state=0, n_jobs=1, min_dist=0.5).fit_transform(found),
    }
    turns = in_turns(candidates, runs=setting.of(1, 3))
    read = in_turns({"ours": cached_map(setting, found)}, runs=setting.runs)
    return [
        Figure(f"first map, PCA, {many:,} faces", _median(pca.clock["ours"]), "s", 1.0),
        Row(f"map by UMAP, {many:,} faces", many, "faces", turns),
        Figure(f"map that is on disk, {many:,} faces", _median(read.clock["ours"]), "s", 0.3),
    ]


def cached_map(setting: Setting, found: np.ndarray) -> Callable[[], object]:
    """What reads a saved map of so many faces."""
    from core.visualise.maps import load_map, save_map
    from core.workspace.project import open_project

    settings = Settings(data_dir=setting.folder / "maps", models_dir=setting.folder / "models")
    with open_project("mapped", settings, create=True) as project:
        character = project.catalogue.add_character("Rei")
        picture = project.catalogue.add_picture(character.id)
        row = {"picture_id": picture.id, "character_id": character.id, "state": "kept"}
        faces = project.catalogue.add_faces([row] * len(found), action="made")
        save_map(project.workspace, "key", faces, found[:, :2])
        workspace = project.workspace
    return lambda: load_map(workspace, "key")


def _median(values: list[float]) -> float:
    return float(np.median(values))


ROWS = (duplicates, collecting, mapping)
