"""Searching the enrolled faces: the exact index, Milvus in a file and FAISS, at 10,000, 200,000 and 1,000,000 faces.

    python -m benchmarks.indexes [--faces 10000 200000 1000000] [--engines exact faiss milvus-FLAT ...] [--milvus URI]

Random unit vectors of 128 numbers around 1,000 characters. One line of JSON for each: seconds of the processor and by
the clock to build, for 100 queries at once and for one, recall@10 against the exact index, how much more memory the
process and its children take after the build, and bytes on disk. Each engine runs in a process of its own, so that an
engine that runs out of memory ends alone. --milvus: ask this server instead of a file; what it takes is not seen.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from core.scale.index import ExactIndex, Hits, IndexedFaces, recall
from core.scale.milvus import MilvusIndex

DIM, QUERIES, K, CHARACTERS = 128, 100, 10, 1000
ENGINES = ("exact", "faiss-flat", "faiss-HNSW", "milvus-FLAT", "milvus-IVF_FLAT", "milvus-HNSW")


def drawn(count: int) -> tuple[IndexedFaces, np.ndarray]:
    """Faces around 1,000 directions, and 100 queries around the same ones."""
    rng = np.random.default_rng(0)
    middles = rng.normal(size=(CHARACTERS, DIM)).astype(np.float32)
    owner = np.arange(count + QUERIES) % CHARACTERS
    vectors = middles[owner] + 0.8 * rng.normal(size=(count + QUERIES, DIM)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    names = tuple(f"character {i}" for i in owner[:count])
    return IndexedFaces(np.arange(count), vectors[:count], names, ("",) * count), vectors[count:]


class Faiss:
    """The same questions to FAISS, without removal and series: only what is measured."""

    def __init__(self, kind: str):
        import faiss

        flat = faiss.IndexFlatIP(DIM)
        self.index = flat if kind == "flat" else faiss.IndexHNSWFlat(DIM, 16, faiss.METRIC_INNER_PRODUCT)
        if kind != "flat":
            self.index.hnsw.efConstruction, self.index.hnsw.efSearch = 200, 128

    def add(self, faces: IndexedFaces) -> None:
        self.index.add(faces.vectors)

    def search(self, queries: np.ndarray, k: int) -> Hits:
        similarity, ids = self.index.search(queries, k)
        return Hits(ids, similarity)


def measure(engine: str, count: int, milvus: str = "") -> dict[str, object]:
    """One engine at one size."""
    faces, queries = drawn(count)
    best = _truth(faces, queries)
    with tempfile.TemporaryDirectory() as folder:
        name, _, kind = engine.partition("-")
        index = _opened(name, kind, milvus or str(Path(folder) / "faces.db"))
        before = used()
        build = _timed(lambda: index.add(faces))
        gc.collect()
        more = used()[0] - before[0]
        index.search(queries[:1], K)
        one = min(_timed(lambda: index.search(queries[:1], K)) for _ in range(5))
        asked = _timed(lambda: index.search(queries, K))
        found = index.search(queries, K)
        if milvus and isinstance(index, MilvusIndex):
            index.client.drop_collection(index.collection)
        disk = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
    return {
        "engine": engine, "faces": count, "build_s": build[0], "build_processor_s": build[1],
        "query_1_ms": round(1e3 * one[0], 1), "queries_100_s": asked[0],
        "queries_100_processor_s": asked[1], "recall_at_10": round(recall(found, best), 4),
        "more_memory_mb": round(more), "disk_mb": round(disk / 1e6),
    }  # fmt: skip


def _truth(faces: IndexedFaces, queries: np.ndarray) -> Hits:
    exact = ExactIndex(DIM)
    exact.add(faces)
    return exact.search(queries, K)


def _opened(name: str, kind: str, path: str):
    if name == "exact":
        return ExactIndex(DIM)
    return Faiss(kind) if name == "faiss" else MilvusIndex(path, DIM, engine=kind, collection="measured")


def _timed(work) -> tuple[float, float]:
    clock, own = time.perf_counter(), used()[1]
    work()
    return round(time.perf_counter() - clock, 4), round(used()[1] - own, 2)


def used() -> tuple[float, float]:
    """MB of memory in use and seconds of the processor, of this process and its children (Linux)."""
    memory = seconds = 0.0
    for pid in [os.getpid(), *_children(os.getpid())]:
        try:
            words = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue  # it has just ended
        seconds += (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
        memory += int(words[21]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    return memory, seconds


def _children(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        direct = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []
    return direct + [far for near in direct for far in _children(near)]


def main(arguments: list[str] | None = None) -> None:
    """Print a line for each engine and size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faces", type=int, nargs="+", default=[10_000, 200_000, 1_000_000])
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=list(ENGINES))
    parser.add_argument("--milvus", default="", metavar="URI", help="of a server")
    parser.add_argument("--here", action="store_true", help="in this process: one engine, one size")
    args = parser.parse_args(arguments)
    for count in args.faces:
        for engine in args.engines:
            if args.here:
                print(json.dumps(measure(engine, count, args.milvus)), flush=True)
            else:
                command = [sys.executable, "-m", "benchmarks.indexes", "--here", "--faces", str(count)]
                subprocess.run([*command, "--engines", engine, "--milvus", args.milvus], check=False)


if __name__ == "__main__":
    main()
