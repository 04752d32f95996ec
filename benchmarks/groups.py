"""Groups of unnamed faces, and how many actions naming them takes. What docs/groups.md says is printed here.

python -m benchmarks.groups [--encoder FILE] [--cache DIR] [--sets NAME ...] [--seeds N]     the sets of ../shared
python -m benchmarks.groups --scale 1000 10000 100000                                          time, on made vectors
python -m benchmarks.groups --after-an-answer 2000 5000                      what a page waits for, on made vectors
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from benchmarks.group_sets import SETS, SHARED, Embedder, FaceSet
from benchmarks.naming_user import play, without_help
from core.characters.values import GRANULARITY
from core.similarity.cluster_metrics import GroupingQuality, grouping_quality
from core.similarity.clustering import Groups, group_faces
from core.similarity.naming import Naming
from core.similarity.prototypes import centred
from core.similarity.questions import next_step

T = TypeVar("T")


def average_linkage(faces: FaceSet, distance: float = 0.5) -> list[np.ndarray]:
    """What it is compared with: mean-centred cosine, average linkage, groups of three or more."""
    vectors = centred(faces.embeddings, faces.embeddings.mean(axis=0)).astype(float)
    apart = np.maximum(1 - vectors @ vectors.T, 0)
    np.fill_diagonal(apart, 0)
    labels = fcluster(linkage(squareform(apart, checks=False), "average"), distance, "distance")
    return [np.flatnonzero(labels == label) for label in np.unique(labels) if (labels == label).sum() >= 3]


def grouped(faces: FaceSet, non_faces: np.ndarray, granularity: float) -> Groups:
    """The groups of a set."""
    return group_faces(
        faces.embeddings, pictures=faces.pictures, quality=faces.quality, non_faces=non_faces, granularity=granularity
    )


def line(what: str, found: list[GroupingQuality]) -> str:
    """One row of the table, means over the seeds."""
    mean = {key: np.mean([getattr(q, key) for q in found]) for key in ("precision", "recall", "purity", "coverage")}
    numbers = "  ".join(f"{value:9.3f}" for value in mean.values())
    return f"  {what:28s} {numbers}  {np.mean([q.groups for q in found]):7.1f}"


def measure(embedder: Embedder, name: str, seeds: int, *, singly: bool = False, bank: bool = False) -> None:
    """Print the table of one set."""
    sets = [embedder.mixed(name, seed, singly=singly) for seed in range(seeds)]
    non_faces, strangers = embedder.drawn_non_faces(), embedder.bank() if bank else embedder.drawn_strangers()
    characters = len(set(sets[0].truth) - {None})
    cast = sum(name is not None for name in sets[0].truth)
    print(f"{name}: {cast} faces of {characters} characters among {len(sets[0].truth)}")
    print(f"  {'':28s} {'precision':>9s}  {'recall':>9s}  {'purity':>9s}  {'coverage':>9s}  {'groups':>7s}")
    print(line("average linkage, 0.5", [grouping_quality(average_linkage(s), s.who) for s in sets]))
    for granularity in (0.2, 0.35, 0.5, 0.65, 0.8):
        found = [grouping_quality([g.faces for g in grouped(s, non_faces, granularity).groups], s.who) for s in sets]
        print(line(f"granularity {granularity}", found), flush=True)
    budget = 3 * characters + 10
    before = np.mean([without_help(average_linkage(s), s.truth) for s in sets])
    print(f"  actions: {budget} allowed; groups of average linkage and one by one {before:.0f}")
    for tolerance in (0.0, 0.1):
        played = [
            play(
                Naming.start(
                    s.embeddings, grouped(s, non_faces, GRANULARITY), pictures=s.pictures, strangers=strangers
                ),
                s.truth,
                tolerance=tolerance,
            )
            for s in sets
        ]
        kinds = {kind: np.mean([p.kinds.get(kind, 0) for p in played]).round(1).item() for kind in played[0].kinds}
        print(
            f"  wrong faces left in {tolerance:.0%}: {np.mean([p.actions for p in played]):.0f} actions for "
            f"{np.mean([p.named for p in played]):.1%} of the cast, {np.mean([p.wrong for p in played]):.1f} faces "
            f"wrongly; after {budget} {np.mean([p.share_after(budget) for p in played]):.1%}; {kinds}",
            flush=True,
        )


def made(n: int, *, copies: int = 1, d: int = 128, seed: int = 0) -> np.ndarray:
    """n unit vectors of n / 40 characters, each with three outfits; every one `copies` times with a little noise."""
    rng = np.random.default_rng(seed)
    m = n // copies
    characters = rng.normal(size=(max(m // 40, 2), d))
    who = rng.integers(0, len(characters), m)
    outfits = 0.5 * rng.normal(size=(len(characters), 3, d))
    faces = characters[who] + outfits[who, rng.integers(0, 3, m)] + 0.5 * rng.normal(size=(m, d))
    faces = np.repeat(faces, copies, axis=0)
    if copies > 1:
        faces += 0.02 * rng.normal(size=faces.shape)
    return (faces / np.linalg.norm(faces, axis=1, keepdims=True)).astype(np.float32)


def scale(sizes: list[int]) -> None:
    """Print the time of each size, and how it grows."""
    head = f"{'faces':>8s}  {'copies':>6s}  {'wall s':>8s}  {'processor s':>11s}  {'groups':>7s}  {'exponent':>8s}"
    print(f"{head}  {'peak MB':>8s}")
    for copies in (1, 10):
        before = None
        for n in sizes:
            vectors = made(n, copies=copies)
            wall, used = time.perf_counter(), time.process_time()
            found = group_faces(vectors)
            wall, used = time.perf_counter() - wall, time.process_time() - used
            exponent = np.log(used / before[1]) / np.log(n / before[0]) if before else float("nan")
            before = n, used
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            row = f"{n:8d}  {copies:6d}  {wall:8.1f}  {used:11.1f}  {len(found.groups):7d}  {exponent:8.2f}"
            print(f"{row}  {peak:8.0f}", flush=True)


def after_an_answer(sizes: list[int]) -> None:
    """Print what each act costs (processor ms): its own work, and finding what to ask next."""
    print(
        f"{'faces':>8s}  {'begin':>7s}  {'name':>7s}  {'move':>7s}  {'split':>7s}  {'group again':>11s}   processor ms"
    )
    for n in sizes:
        vectors = made(n)
        found = group_faces(vectors)
        naming, begin = timed(lambda vectors=vectors, found=found: Naming.start(vectors, found))
        next_step(naming)
        first, second = naming.open_groups[:2]
        acts: dict[str, Callable[[], Naming]] = {
            "name": lambda naming=naming, first=first: naming.confirm(first, "A"),
            "move": lambda naming=naming, first=first, second=second: replace(
                naming, groups=(first[1:], (*second, first[0]), *naming.groups[2:])
            ),
            "split": lambda naming=naming, first=first: naming.split(first),
        }
        took = {what: timed(lambda act=act: next_step(act()))[1] for what, act in acts.items()}
        named = vectors[list(first)]
        left = np.delete(vectors, first, axis=0)
        _, again = timed(lambda left=left, named=named: group_faces(left, others=named, granularity=GRANULARITY))
        each = "  ".join(f"{took[what]:7.0f}" for what in acts)
        print(f"{n:8d}  {begin:7.0f}  {each}  {again:11.0f}", flush=True)


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What the work gives, and the median of three runs in processor ms."""
    took = []
    for _ in range(3):
        start = time.process_time()
        found = work()
        took.append(1000 * (time.process_time() - start))
    return found, sorted(took)[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", type=Path, default=SHARED / "encoder_dev.safetensors")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "whoami-groups")
    parser.add_argument("--sets", nargs="+", default=list(SETS), choices=SETS)
    parser.add_argument("--seeds", type=int, default=3, help="mixtures with other faces, averaged")
    parser.add_argument("--singly", action="store_true", help="faces of other casts one by one, not whole characters")
    parser.add_argument("--bank", action="store_true", help="real strangers, as a shipped encoder has them, not drawn")
    parser.add_argument("--scale", nargs="+", type=int, metavar="N")
    parser.add_argument("--after-an-answer", nargs="+", type=int, metavar="N")
    arguments = parser.parse_args()
    if arguments.after_an_answer:
        after_an_answer(arguments.after_an_answer)
        return
    if arguments.scale:
        scale(arguments.scale)
        return
    embedder = Embedder(arguments.encoder, arguments.cache)
    for name in arguments.sets:
        measure(embedder, name, arguments.seeds, singly=arguments.singly, bank=arguments.bank)


if __name__ == "__main__":
    main()
