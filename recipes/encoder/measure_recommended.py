"""What the Recommended training adds on characters that the encoder has never seen, and what it forgets.

    python -m recipes.encoder.measure_recommended --encoder .scratch/dev/white.safetensors --seeds 3

Of the characters kept from `recipes.encoder.pretrain` (the same --hold-out options) those with the most faces are
trained on:
up to 24 faces each, all of them in the final refit; up to 24 others ask. All remaining kept characters are strangers:
before and after, they are measured among themselves (is anything forgotten?). Settings of the training can be
overridden: --set learning_rate=5e-4 epochs=12. With --trained 8 13 24 characters of at least 30 faces learn from their
first 8, 13 and 24, and are asked by the same others (--a-source 18: so many characters of one source). With
--wrong 0.05 that share of the training faces gets another character's name, and the list of possible label errors is
judged before the training and after it.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from core.similarity.evaluation import evaluate
from core.similarity.label_errors import find_label_errors
from core.train.config import TrainConfig
from core.train.data import TRAIN, VALIDATION, FaceSet
from core.train.presets import preset
from core.train.run import train
from core.train.runs import CHOSEN
from core.vision import encoder as encoders
from core.vision.encoder import Encoder, load_encoder
from recipes.encoder.faces import Faces, held_out, load_faces
from recipes.encoder.few_shot import few_shot

TRAINED = 24
"""Faces a character that are trained on, and at most so many others that ask."""
ASKING = 6
"""Others that ask at least, where numbers of faces are compared."""


@dataclass(frozen=True)
class Split:
    """Rows of the faces: trained on, asking, strangers."""

    trained: np.ndarray
    asking: np.ndarray
    strangers: np.ndarray


def split(faces: Faces, *, characters: int = 18, a_source: int = 5, least: int = 2, seed: int = 0) -> Split:
    """The characters with the most faces (`least` at least), at most `a_source` of each source; their faces parted by
    chance, half of them trained on, or all but six where that is more and `least` allows it, at most `TRAINED`."""
    rng, counts = np.random.default_rng(seed), np.bincount(faces.labels)
    chosen: list[int] = []
    for identity in np.argsort(-counts, kind="stable"):
        source = faces.sources[identity]
        if (
            counts[identity] >= least
            and len(chosen) < characters
            and (faces.sources[chosen] == source).sum() < a_source
        ):
            chosen.append(int(identity))
    trained, asking = [], []
    for identity in chosen:
        own = rng.permutation(np.flatnonzero(faces.labels == identity))
        part = min(TRAINED, max(len(own) // 2, least - ASKING))
        trained.append(own[:part])
        asking.append(own[part : part + TRAINED])
    strangers = np.flatnonzero(~np.isin(faces.labels, chosen))
    return Split(np.concatenate(trained), np.concatenate(asking), strangers)


def first(rows: Split, labels: np.ndarray, count: int) -> Split:
    """The same with the first `count` faces that each character is trained on."""
    own = labels[rows.trained]
    kept = [rows.trained[own == identity][:count] for identity in np.unique(own)]
    return replace(rows, trained=np.concatenate(kept))


def figures(encoder: Encoder, faces: Faces, rows: Split) -> dict[str, float]:
    """top1 with all trained faces enrolled, precision@5 and EER among the asking; the same of the strangers, 3-shot."""
    names = np.asarray(faces.names)[faces.labels]
    pixels = [list(faces.pixels[part]) for part in (rows.asking, rows.trained, rows.strangers)]
    asked, enrolled, strange = (encoder.embed(part, framing="given") for part in pixels)
    own = evaluate(asked, names[rows.asking], enrolled, names[rows.trained])
    other = few_shot(strange, faces.labels[rows.strangers], shots=3)
    found = {key: getattr(own, key) for key in ("top1", "precision_at_5", "map_at_r", "eer")}
    return found | {"strangers_top1": other.top1, "strangers_eer": other.eer}


def misnamed(labels: np.ndarray, share: float, seed: int) -> np.ndarray:
    """The labels, some of them exchanged for another character's."""
    rng, names = np.random.default_rng(seed), np.unique(labels)
    wrong = labels.copy()
    for index in rng.choice(len(labels), round(share * len(labels)), replace=False):
        wrong[index] = rng.choice(names[names != labels[index]])
    return wrong


def guard(word: str, vectors: np.ndarray, labels: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """How good the list of suspicious labels is: length, share of it that is wrong, share of the wrong found."""
    wrong, found = labels != truth, [one.index for one in find_label_errors(vectors, labels)]
    hits = float(wrong[found].sum())
    return {
        f"listed_{word}": float(len(found)),
        f"precision_{word}": hits / max(len(found), 1),
        f"recall_{word}": hits / wrong.sum(),
    }


def recommended(faces: Faces, rows: Split, labels: np.ndarray, config: TrainConfig, folder: Path) -> Path:
    """Trained as the app does it: a fifth of the faces validates, then all of them refit. Its folder."""
    parts = np.full(len(labels), TRAIN, dtype=object)
    for name in np.unique(labels):
        own = np.flatnonzero(labels == name)
        parts[own[: max(round(0.2 * len(own)), 1)]] = VALIDATION
    train(FaceSet(list(faces.pixels[rows.trained]), tuple(labels), tuple(parts)), config, folder)
    return folder


def tell(word: str, rows: list[dict[str, float]]) -> None:
    """Means of several seeds."""
    mean = {key: np.mean([row[key] for row in rows]) for key in rows[0]}
    print(f"  {word:8s} " + "  ".join(f"{key} {value:.3f}" for key, value in mean.items()), flush=True)


def measure(faces: Faces, parts: list[Split], options: argparse.Namespace, folder: Path) -> None:
    """Train on each of the splits, and print the figures before and after."""
    before, after, seconds, listed = [], [], [], []
    for seed, rows in enumerate(parts):
        old = load_encoder("pretrained")
        truth = np.asarray(faces.names)[faces.labels[rows.trained]]
        labels = misnamed(truth, options.wrong, seed)
        before.append(figures(old, faces, rows))
        start = time.monotonic()
        config = preset("recommended", init="pretrained", seed=seed).with_settings(options.set)
        run = recommended(faces, rows, labels, config, folder / f"run{seed}")
        seconds.append(time.monotonic() - start)
        after.append(figures(load_encoder(run), faces, rows))
        if options.wrong:
            pixels, chosen = list(faces.pixels[rows.trained]), load_encoder(run / CHOSEN)
            both = {"before": old, "after": chosen}
            markers = [guard(word, e.embed(pixels, framing="given"), labels, truth) for word, e in both.items()]
            listed.append(markers[0] | markers[1])
    count = len(np.unique(faces.labels[rows.trained]))
    print(
        f"{count} characters, {len(rows.trained)} faces trained on, {len(rows.asking)} ask, {len(rows.strangers)} of "
        f"strangers, {len(parts)} seeds, {np.mean(seconds):.0f} s each {' '.join(options.set)}"
    )
    tell("before", before)
    tell("after", after)
    if listed:
        tell("labels", listed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--faces", type=Path, default=Path("../shared/data/faces"))
    parser.add_argument("--cache", type=Path, default=Path(".scratch/faces"))
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--hold-out", nargs="*", default=[])
    parser.add_argument("--hold-out-share", type=float, default=0.2)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--wrong", type=float, default=0.0)
    parser.add_argument("--trained", nargs="*", type=int, default=[TRAINED], metavar="FACES")
    parser.add_argument("--a-source", type=int, default=5)
    parser.add_argument("--set", nargs="*", default=[], metavar="NAME=VALUE")
    options = parser.parse_args()
    faces = load_faces(options.faces, options.cache)
    faces = faces.keep(held_out(faces, options.hold_out, options.hold_out_share))
    least = max(options.trained) + ASKING if len(options.trained) > 1 else 2
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "pretrained"
        place.mkdir()
        (place / encoders.WEIGHTS).write_bytes(options.encoder.read_bytes())
        encoders.PRETRAINED = place  # "pretrained" is the encoder under test
        for count in options.trained:
            parts = [split(faces, a_source=options.a_source, least=least, seed=seed) for seed in range(options.seeds)]
            parts = [first(rows, faces.labels, count) for rows in parts]
            measure(faces, parts, options, Path(folder) / str(count))


if __name__ == "__main__":
    main()
