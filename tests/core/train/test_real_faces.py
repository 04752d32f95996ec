"""The preset Quick on real faces, from random weights: what issue 2 asks of it."""

import time

import pytest

from core.settings import ROOT
from core.similarity.intervals import mean_interval
from core.train.data import FaceSet
from core.train.presets import preset
from core.train.run import train

FACES = ROOT.parent / "shared" / "data" / "faces" / "hololive"


def split(train_faces=32, validation=8):
    """The first files of each character that stand under no other one: group pictures would be in both parts."""
    folders = sorted(p for p in FACES.iterdir() if p.is_dir())
    names = [path.stem for folder in folders for path in folder.iterdir()]
    alone = {name for name in names if names.count(name) == 1}
    faces, labels, parts = [], [], []
    for folder in folders:
        files = [p for p in sorted(folder.iterdir()) if p.stem in alone][: train_faces + validation]
        faces += files
        labels += [folder.name] * len(files)
        parts += ["train"] * train_faces + ["validation"] * validation
    return FaceSet(faces, tuple(labels), tuple(parts))


@pytest.mark.long
@pytest.mark.skipif(not FACES.is_dir(), reason=f"the real faces are not here: {FACES}")
def test_quick_names_four_of_five_from_random_weights_in_three_minutes(tmp_path):
    faces, start = split(), time.perf_counter()
    runs = [train(faces, preset("quick", init="random", seed=seed), tmp_path / str(seed)) for seed in range(3)]
    mean, half = mean_interval([run.metrics["top1"] for run in runs])
    assert mean >= 0.80, f"{mean:.3f} +- {half:.3f}"
    assert (time.perf_counter() - start) / 3 < 180
