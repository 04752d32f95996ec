"""The encoder's training on one GPU, from one packed file: a self-check in a minute, then so many minutes of training.

    python -m recipes.encoder.pack --out .scratch/faces.pack                       # once, where the faces are
    python -m recipes.encoder.gpu_run --pack .scratch/faces.pack --out OUT --minutes 12 --start FILE
    python -m recipes.encoder.gpu_run ... --resume                                 # goes on from OUT/checkpoint.pt

Needed beside this repository's files: torch, numpy, safetensors, OpenCV and Pillow; no network. Without a GPU the same
runs on two processor cores, slowly, with batches of an ordinary size. Every option of recipes.encoder.pretrain may
follow. OUT/last.safetensors holds the weights in half precision, at most 16 MiB.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch

from core.errors import DataError
from core.vision.network import read_encoder, save_encoder
from recipes.encoder.faces import Faces, held_out
from recipes.encoder.pack import load_pack
from recipes.encoder.pretrain import Training, add_options, config_of, run
from recipes.encoder.pretrain_config import PretrainConfig

LARGEST = 16 * 2**20
"""Bytes of a file of weights."""
GPU = {"device": "cuda", "sources": 6, "p": 40, "k": 4, "threads": 1, "ahead": 12, "learning_rate": 3e-3}
"""960 faces a batch; not measured on a GPU yet. The rate grows with about the square root of the batch."""


def default_config() -> PretrainConfig:
    """What is trained where nothing else is said: large batches on a GPU, ordinary ones on a processor."""
    base = PretrainConfig(minutes=12.0, size=96, small_size=80, scale=16.0, pairs=0.3, learning_rate=1e-3)
    return replace(base, **GPU) if torch.cuda.is_available() else base


def check(faces: Faces, config: PretrainConfig) -> None:
    """Train two steps, stop and resume, write and read the weights: all that the long run will do, in small.

    Raises DataError where a loss is not finite, a resumed step gives another one, or the file is too large.
    """
    start = time.monotonic()
    few = faces.keep(some_identities(faces))
    sources = len(set(few.sources))
    small = replace(config, sources=min(config.sources, sources), p=min(config.p, 4), steps=4, neighbours_every=1)
    with tempfile.TemporaryDirectory() as folder:
        checkpoint, path = Path(folder) / "checkpoint.pt", Path(folder) / "encoder.safetensors"
        first = Training(few, small)
        losses = [first.one_step()["classes"]]
        first.save(checkpoint)
        losses.append(first.one_step()["classes"])
        second = Training(few, small)
        second.load(checkpoint)
        again = second.one_step()["classes"]
        if not np.isfinite(losses).all() or not np.isclose(again, losses[1], rtol=2e-2):
            raise DataError(f"The check failed: losses {losses}; the second one after resuming is {again}.")
        save_encoder(path, first.average.cpu(), first.spec, {"recipe": "recipes.encoder.gpu_run"})
        read_encoder(path)
        size = path.stat().st_size
    if size > LARGEST:
        raise DataError(f"The weights take {size / 2**20:.1f} MiB, more than 16. Choose a smaller architecture.")
    what = torch.cuda.get_device_name() if config.device == "cuda" else "a processor"
    print(
        f"Checked on {what} in {time.monotonic() - start:.0f} s: {len(faces.labels)} faces of {len(faces.names)} "
        f"characters, losses {losses[0]:.2f} and {losses[1]:.2f}, weights of {size / 2**20:.1f} MiB.",
        flush=True,
    )


def some_identities(faces: Faces, count: int = 10) -> np.ndarray:
    """Bool mask over the identities: of each source the first `count` that have two faces or more."""
    several = np.bincount(faces.labels, minlength=len(faces.names)) > 1
    mask = np.zeros(len(faces.names), bool)
    for source in set(faces.sources):
        mask[np.flatnonzero(several & (faces.sources == source))[:count]] = True
    return mask


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_options(parser, default_config())
    parser.add_argument("--resume", action="store_true", help="go on from OUT/checkpoint.pt")
    parser.add_argument("--check-only", action="store_true", help="check, do not train")
    values = vars(parser.parse_args())
    resume, check_only = values.pop("resume"), values.pop("check_only")
    config = config_of(values)
    if not config.pack:
        parser.error("--pack FILE is needed: make it with recipes.encoder.pack")
    faces = load_pack(Path(config.pack))
    check(faces.keep(~held_out(faces, list(config.hold_out), config.hold_out_share)), config)
    if not check_only:
        print(asdict(config), flush=True)
        run(config, resume=resume)


if __name__ == "__main__":
    main()
