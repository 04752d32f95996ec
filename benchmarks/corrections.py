"""What do corrections gain? Strangers named before and after a person has said "not this one" of a few of them.

    python -m benchmarks.corrections [--each 1] [--draws 6] [--cache .scratch/verdicts]

The galleries, casts and encoder of benchmarks/verdicts.py. Of each stranger half of the faces have been seen; the
`each` of them that were most like somebody are corrected ("not this one"), or said to be nobody of the cast. The other
half of the faces asks, and so do the known faces: what is measured was not corrected itself.
"""

from __future__ import annotations

import argparse
from dataclasses import replace

import numpy as np

from benchmarks.verdict_faces import MeasuredFaces, add_face_options, load_faces
from benchmarks.verdicts import RATES, SETTINGS, Half, halves
from core.recognise.corrections import NOBODY, Corrections
from core.recognise.gallery import Gallery
from core.recognise.impostors import Bank
from core.recognise.threshold import choose_threshold, gallery_scores
from core.recognise.verdict import MATCH, answer

SAID = ("nothing", "not this one", "not in your cast")


def corrected(faces: MeasuredFaces, strangers: np.ndarray, gallery: Gallery, each: int) -> tuple[np.ndarray, list[str]]:
    """Rows among the strangers that are corrected, and who each of them was most like."""
    similarity = gallery.enrolled.class_similarity(faces.vectors[strangers])
    best, who = similarity.max(axis=1), similarity.argmax(axis=1)
    rng, chosen = np.random.default_rng(0), []
    for name in np.unique(faces.names[strangers]):
        rows = rng.permutation(np.flatnonzero(faces.names[strangers] == name))
        seen = rows[: max(len(rows) // 2, 1)]
        chosen += list(seen[np.argsort(-best[seen])][:each])
    return np.array(chosen), [gallery.enrolled.names[who[row]] for row in chosen]


def measure(faces: MeasuredFaces, bank: Bank, half: Half, each: int) -> dict[tuple[str, float], list[float]]:
    """Shares for what was said and each rate: strangers named, known faces named rightly, wrongly."""
    names = tuple(faces.names[half.enrolled])
    gallery = Gallery(faces.vectors[half.enrolled], names, tuple(map(str, half.enrolled)), "dev")
    scores = gallery_scores(gallery, None, bank)
    rows, who = corrected(faces, half.strangers, gallery, each)
    asking = np.concatenate([half.known, np.delete(half.strangers, rows)])
    known = np.arange(len(asking)) < len(half.known)
    vectors, ids = faces.vectors[half.strangers[rows]], tuple(map(str, rows))
    kinds = {
        SAID[0]: None,
        SAID[1]: Corrections(vectors, ids, tuple(frozenset([name]) for name in who), ("",) * len(ids)),
        SAID[2]: Corrections(vectors, ids, (frozenset(),) * len(ids), (NOBODY,) * len(ids)),
    }
    found = {}
    for said, corrections in kinds.items():
        for far in RATES:
            told = answer(
                faces.vectors[asking], replace(gallery, corrections=corrections), choose_threshold(scores, far)
            )
            named = np.array([one.verdict == MATCH for one in told])
            right = named & (np.array([one.character or "" for one in told]) == faces.names[asking])
            found[said, far] = [named[~known].mean(), right[known].mean(), (named & ~right)[known].mean()]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_face_options(parser)
    parser.add_argument("--each", type=int, default=1, help="corrections of each stranger")
    parser.add_argument("--draws", type=int, default=6)
    options = parser.parse_args()
    faces, vectors = load_faces(options.faces, options.encoder, options.names, options.cache, turned=False)
    bank = Bank(vectors)
    means: dict[tuple[str, float], list[np.ndarray]] = {}
    for setting in SETTINGS:
        drawn = [measure(faces, bank, half, options.each) for half in halves(faces, setting, options.draws)]
        for key in drawn[0]:
            means.setdefault(key, []).append(np.mean([one[key] for one in drawn], axis=0))
    print(
        "| asked | said of each stranger's faces | strangers named | known right | known wrong |\n|---|---|---|---|---|"
    )
    for (said, far), rows in sorted(means.items(), key=lambda item: (item[0][1], SAID.index(item[0][0]))):
        print(f"| {far:.0%} | {said} | " + " | ".join(f"{100 * v:.2f}" for v in np.mean(rows, axis=0)) + " |")


if __name__ == "__main__":
    main()
