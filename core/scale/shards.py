"""Faces found and embedded by many workers on Ray, over pictures by the thousand: shards in, Parquet files out.

Each worker holds the models and gets a shard (some pictures) at a time, by the same functions that one machine uses. A
shard's result is one file, written whole under its number: it is there or it is not. So a shard whose worker died is
done again, a run that was stopped goes on where it was, and no face appears twice. At most two shards wait for each
worker, so a long list of pictures fills no memory.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.errors import DataError, PictureError
from core.imaging.framing import face_crop
from core.imaging.reading import read_picture
from core.progress import Progress, Reporter, silent

AHEAD = 2
"""Shards that are given to each worker at a time: one to work on, one so that it need not wait."""
TRIES = 3
LIST = "pictures.json"

Look = Callable[[Sequence[np.ndarray]], list[list["FoundFace"]]]
"""Pixels of pictures (uint8 RGB) -> the faces on each."""


@dataclass(frozen=True)
class FoundFace:
    """A face: box in pixels, the detector's score, and its embedding, float32 (d,)."""

    box: tuple[float, float, float, float]
    score: float
    vector: np.ndarray


@dataclass(frozen=True)
class Models:
    """Makes, in the worker, what looks at pictures: a detector and an encoder, by name or path."""

    detector: str = "auto"
    encoder: str = "pretrained"

    def __call__(self) -> Look:
        from core.vision import load_detector, load_encoder

        detector, encoder = load_detector(self.detector), load_encoder(self.encoder)

        def look(pictures: Sequence[np.ndarray]) -> list[list[FoundFace]]:
            found = detector.detect_many(pictures)
            crops = [face_crop(p, d.box) for p, own in zip(pictures, found, strict=True) for d in own]
            vectors = iter(encoder.embed(crops, framing="given"))
            return [
                [FoundFace((d.box.x, d.box.y, d.box.w, d.box.h), d.score, next(vectors)) for d in own] for own in found
            ]

        return look


@dataclass(frozen=True)
class ShardReport:
    """What a run did: shards in all, those that were there already, and how often one was given to another worker."""

    shards: int
    there: int
    again: int


def find_and_embed(
    pictures: Sequence[str],
    out: str,
    *,
    models: Callable[[], Look] | None = None,
    workers: int = 2,
    shard: int = 64,
    report: Reporter = silent,
) -> ShardReport:
    """Find and embed the faces on pictures into `out`/faces-00000.parquet and so on, one file a shard.

    pictures, out: paths as fsspec reads them (a folder that all workers share, s3://...). Ray runs on this machine, or
    where RAY_ADDRESS says. Stage reported: `embed`, in pictures. Where the reporter raises Cancelled, finished shards
    stay and the same call goes on. Raises DataError where `out` belongs to other pictures, and where a shard's worker
    dies three times.
    """
    ray = _started(workers)
    shards = [list(pictures[start : start + shard]) for start in range(0, len(pictures), shard)]
    _claim(out, pictures, shard)
    there = [n for n in range(len(shards)) if _exists(shard_path(out, n))]
    run = _Run(ray, shards, out, models or Models(), workers, report)
    try:
        run.finish(sorted(set(range(len(shards))) - set(there)))
    finally:
        run.close()
    return ShardReport(len(shards), len(there), run.again)


def shard_path(out: str, number: int) -> str:
    """The file of a shard."""
    return f"{out.rstrip('/')}/faces-{number:05d}.parquet"


class _Run:
    """Workers, and the shards that each one has."""

    def __init__(self, ray: Any, shards: list[list[str]], out: str, models: Any, workers: int, report: Reporter):
        self.ray, self.shards, self.out, self.report = ray, shards, out, report
        self.start: Callable[[], Any] = lambda: ray.remote(max_restarts=0, num_cpus=1)(Worker).remote(models)
        self.workers = [self.start() for _ in range(workers)]
        self.pending: dict[Any, tuple[int, int]] = {}
        self.tries: dict[int, int] = {}
        self.again = 0

    def finish(self, todo: list[int]) -> None:
        begun, done = time.monotonic(), sum(map(len, self.shards)) - sum(len(self.shards[n]) for n in todo)
        total, before = done + sum(len(self.shards[n]) for n in todo), done
        self.report(Progress("embed", done, total, note=f"{before} done before" if before else ""))
        while todo or self.pending:
            for place in range(len(self.workers)):
                while todo and sum(at == place for at, _ in self.pending.values()) < AHEAD:
                    self._give(place, todo.pop(0))
            ready, _ = self.ray.wait(list(self.pending), num_returns=1, timeout=1.0)
            for answer in ready:
                if answer in self.pending:
                    done += self._take(answer, todo)
            self.report(Progress("embed", done, total, time.monotonic() - begun))

    def close(self) -> None:
        for worker in self.workers:
            self.ray.kill(worker)

    def _give(self, place: int, number: int) -> None:
        answer = self.workers[place].work.remote(self.shards[number], shard_path(self.out, number))
        self.pending[answer] = place, number

    def _take(self, answer: Any, todo: list[int]) -> int:
        """Pictures that the answer brings; where its worker died, another gets what that one had."""
        place, number = self.pending.pop(answer)
        try:
            return int(self.ray.get(answer))
        except (self.ray.exceptions.RayActorError, self.ray.exceptions.OutOfMemoryError) as error:
            self.tries[number] = self.tries.get(number, 0) + 1
            if self.tries[number] >= TRIES:
                first, last = self.shards[number][0], self.shards[number][-1]
                raise DataError(
                    f"The worker died {TRIES} times on the pictures from {first} to {last} ({error}). Take smaller "
                    "shards where memory ran out; else leave these pictures out."
                ) from error
            lost = [key for key, (at, _) in self.pending.items() if at == place]
            numbers = [number, *(self.pending.pop(key)[1] for key in lost)]
            self.again += len(numbers)
            todo[:0] = numbers
            self.workers[place] = self.start()
            return 0


class Worker:
    """An actor that holds the models."""

    def __init__(self, models: Callable[[], Look]):
        self.look = models()

    def work(self, paths: list[str], target: str) -> int:
        """Look at the pictures, write what was found to the target; how many pictures it were."""
        if not _exists(target):
            write_faces(target, look_at(paths, self.look))
        return len(paths)


def look_at(paths: Sequence[str], look: Look) -> dict[str, list[Any]]:
    """Columns of what was found: picture, number on it, x, y, w, h, score, vector; and `error` for a picture that could
    not be read, which has one row of its own."""
    names = ("picture", "number", "x", "y", "w", "h", "score", "vector", "error")
    columns: dict[str, list[Any]] = {name: [] for name in names}

    def add(*values: Any) -> None:
        for name, value in zip(names, values, strict=True):
            columns[name].append(value)

    read: list[tuple[str, np.ndarray]] = []
    for path in paths:
        try:
            read.append((path, _pixels(path)))
        except (PictureError, OSError) as error:
            add(path, -1, 0.0, 0.0, 0.0, 0.0, 0.0, None, str(error))
    for (path, _), faces in zip(read, look([pixels for _, pixels in read]), strict=True):
        for number, face in enumerate(faces):
            add(path, number, *map(float, face.box), float(face.score), face.vector.tolist(), "")
    return columns


def write_faces(target: str, columns: dict[str, list[Any]]) -> None:
    """Write a shard's file whole or not at all."""
    import fsspec
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {"picture": pa.string(), "number": pa.int32(), "vector": pa.list_(pa.float32()), "error": pa.string()}
    schema = pa.schema([(name, kinds.get(name, pa.float32())) for name in columns])
    filesystem, path = fsspec.core.url_to_fs(target)
    part = f"{path}.{os.getpid()}.part"
    with filesystem.open(part, "wb") as file:
        pq.write_table(pa.table(columns, schema=schema), file)
    filesystem.mv(part, path)


def read_faces(out: str) -> Iterable[dict[str, Any]]:
    """The rows of all shards of a folder, in their order."""
    import fsspec
    import pyarrow.parquet as pq

    filesystem, folder = fsspec.core.url_to_fs(out)
    for path in sorted(filesystem.glob(f"{folder}/faces-*.parquet")):
        with filesystem.open(path, "rb") as file:
            yield from pq.read_table(file).to_pylist()


def _pixels(path: str) -> np.ndarray:
    import fsspec

    with fsspec.open(path, "rb") as file:
        return read_picture(file.read(), name=path)


def _exists(path: str) -> bool:
    import fsspec

    filesystem, place = fsspec.core.url_to_fs(path)
    return bool(filesystem.exists(place))


def _claim(out: str, pictures: Sequence[str], shard: int) -> None:
    """Write down what the folder is made from. Raises DataError where it was made from something else."""
    import fsspec

    digest = hashlib.sha256("\n".join([str(shard), *pictures]).encode()).hexdigest()
    filesystem, folder = fsspec.core.url_to_fs(out)
    filesystem.makedirs(folder, exist_ok=True)
    path = f"{folder}/{LIST}"
    if filesystem.exists(path):
        if json.loads(filesystem.cat(path))["sha256"] != digest:
            raise DataError(f"{out} holds what was found on other pictures, or in other shards. Name another folder.")
        return
    filesystem.pipe(path, json.dumps({"sha256": digest, "pictures": len(pictures), "shard": shard}).encode())


def _started(workers: int) -> Any:
    try:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        import ray
    except ImportError as error:
        raise DataError("Several workers need more packages: pip install -r requirements-scale.txt") from error
    if not ray.is_initialized():
        address = os.environ.get("RAY_ADDRESS")
        own: dict[str, Any] = (
            {} if address else {"num_cpus": workers, "include_dashboard": False, "object_store_memory": 200_000_000}
        )
        ray.init(address=address or "local", log_to_driver=False, configure_logging=False, **own)
    return ray
