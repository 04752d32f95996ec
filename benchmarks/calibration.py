"""How long the threshold of a gallery takes, how much memory, and how far a sample of its faces moves it.

    python -m benchmarks.calibration [--faces 1000 10000 50000] [--every]

Drawn vectors, ten faces of each character, and a bank of 2,000 strangers. --every: the same with every enrolled
face asked, as for small galleries. Seconds of the processor; the memory is the process's largest, so the smaller
galleries come first.
"""

from __future__ import annotations

import argparse
import resource
import time

import numpy as np

from core.recognise import advice as advice_of
from core.recognise import threshold as t
from core.recognise.gallery import Gallery
from core.recognise.impostors import Bank
from core.similarity import calibration
from core.similarity.prototypes import l2_normalize

DIM, EACH, STRANGERS, SPREAD = 128, 10, 2000, 0.8
FAR = 0.01


def drawn(faces: int) -> tuple[Gallery, np.ndarray]:
    """A gallery, and a bank of faces of other characters."""
    rng = np.random.default_rng(0)
    centres = np.repeat(rng.standard_normal((faces // EACH, DIM), np.float32), EACH, axis=0)
    vectors = l2_normalize(centres + SPREAD * rng.standard_normal(centres.shape, np.float32))
    names = np.repeat([f"character {n}" for n in range(faces // EACH)], EACH)
    bank = l2_normalize(rng.standard_normal((STRANGERS, DIM), np.float32))
    return Gallery(vectors, tuple(names), tuple(map(str, range(faces))), "drawn"), bank


def measure(faces: int) -> str:
    """A row of the table."""
    gallery, bank = drawn(faces)
    cells = []
    for strangers in (None, Bank(bank)):
        start = time.process_time()
        found = t.choose_threshold(t.gallery_scores(gallery, None, strangers), FAR)
        cells.append(f"{time.process_time() - start:.1f} s, {found.match:.4f}")
    start = time.process_time()
    told = advice_of.advice(advice_of.chances(gallery), found)
    cells.append(f"{time.process_time() - start:.1f} s, {len(told)} sentences")
    cells.append(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")
    return f"| {faces:,} | " + " | ".join(cells) + " |"


def main(arguments: list[str] | None = None) -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faces", type=int, nargs="+", default=[1_000, 10_000, 50_000])
    parser.add_argument("--every", action="store_true")
    args = parser.parse_args(arguments)
    print("| enrolled | threshold by the gallery itself | by a bank | advice | memory at most |\n|---|---|---|---|---|")
    for faces in sorted(args.faces):
        print(measure(faces), flush=True)
    if args.every:
        t.ASKED = advice_of.ASKED = calibration.SHARED_CENTRE = 10**9
        print("| every face asked | | | | |")
        for faces in sorted(args.faces):
            print(measure(faces), flush=True)


if __name__ == "__main__":
    main()
