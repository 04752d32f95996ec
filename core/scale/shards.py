"""Faces found and embedded by many workers on Ray, over pictures by the thousand: shards in, Parquet files out.

Each worker holds the models and gets a shard (some pictures) at a time, by the same functions that one machine uses. A
shard's result is one file, written whole under its number: it is there or it is not. So a shard whose worker died is
done again, a run that was stopped goes on where it was, and no face appears twice. The pictures of a workspace go into
its catalogue instead: core.scale.cropping.
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
from core.scale.workers import Workers
from core.vision.runtimes import use_cores

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
    shards = [list(pictures[start : start + shard]) for start in range(0, len(pictures), shard)]
    _claim(out, pictures, shard)
    there = {n for n in range(len(shards)) if _exists(shard_path(out, n))}
    before = sum(len(shards[n]) for n in there)
    done, begun = before, time.monotonic()
    at_work = Workers(
        Worker, (models or Models(),), workers, lambda given: f"the pictures from {given[0][0]} to {given[0][-1]}"
    )
    try:
        report(Progress("embed", done, len(pictures), note=f"{before} done before" if before else ""))
        todo = ((n, (shards[n], shard_path(out, n))) for n in range(len(shards)) if n not in there)
        for answer in at_work.work(todo):
            done += answer[1] if answer else 0
            report(Progress("embed", done, len(pictures), time.monotonic() - begun))
    finally:
        at_work.close()
    return ShardReport(len(shards), len(there), at_work.again)


def shard_path(out: str, number: int) -> str:
    """The file of a shard."""
    return f"{out.rstrip('/')}/faces-{number:05d}.parquet"


class Worker:
    """An actor that holds the models."""

    def __init__(self, models: Callable[[], Look]):
        use_cores(1)
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
