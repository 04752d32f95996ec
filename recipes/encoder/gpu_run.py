"""The encoder's training on one GPU, from one packed file: a self-check, teachers side by side, then one student.

    python -m recipes.encoder.pack --out .scratch/faces.pack                       # once, where the faces are
    python -m recipes.encoder.gpu_run --pack .scratch/faces.pack --out OUT --work WORK --minutes 5 --student-minutes 3 \
        --teacher a=imagenet2.safetensors --teacher b=imagenet2.safetensors,neighbours=0.5,tones=0.25,seed=1

Each --teacher NAME=START,FIELD=VALUE,... is a training of its own process (recipes.encoder.pretrain, whose options may
follow for all), whitened in the end; then a student is taught what all say together (recipes.encoder.distil). It
starts as the encoder of --also, where one is given, which teaches with them and counts twice, else as the first of
them. Needed beside this repository's files: torch, numpy, safetensors, pydantic-settings, OpenCV
and Pillow; no network. Without a GPU the same runs on processor cores, slowly, with batches of an ordinary size.
OUT/NAME.safetensors and OUT/student.safetensors hold weights in half precision, at most 16 MiB.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch

from core.errors import DataError
from core.vision.network import read_encoder, save_encoder
from recipes.encoder.distil import distil, student_config
from recipes.encoder.faces import Faces, held_out
from recipes.encoder.pack import load_pack
from recipes.encoder.pretrain import Training, add_options, config_of
from recipes.encoder.pretrain_config import PretrainConfig
from recipes.encoder.whiten import NEARER, RIDGE, whiten

LARGEST = 16 * 2**20
"""Bytes of a file of weights."""
KNOWN = 2.0
"""How much an encoder that there was before counts beside a teacher that was trained for minutes."""
GPU = {"device": "cuda", "sources": 6, "p": 22, "k": 4, "threads": 4, "ahead": 6, "learning_rate": 2e-3}
"""528 faces a batch. The rate grows with about the square root of the batch."""


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


def teacher_config(words: str, base: PretrainConfig, work: Path) -> tuple[str, PretrainConfig]:
    """NAME=START,FIELD=VALUE,... -> the name and the config. Raises DataError for a field that does not exist."""
    name, _, rest = words.partition("=")
    start, *changes = rest.split(",")
    known = asdict(base)
    values: dict = {"start": start, "out": str(work / name)}
    for change in changes:
        field, _, value = change.partition("=")
        if not isinstance(known.get(field), int | float | str):
            raise DataError(f"--teacher {words}: there is no field {field!r}. Give NAME=START,FIELD=VALUE,...")
        values[field] = type(known[field])(value)
    return name, replace(base, **values)


def command(config: PretrainConfig) -> list[str]:
    """The command line of a training with this config."""
    words = [sys.executable, "-u", "-m", "recipes.encoder.pretrain", "--resume"]
    for name, value in asdict(config).items():
        values = value if isinstance(value, tuple) else (value,)
        words += ["--" + name.replace("_", "-"), *(str(one) for one in values)]
    return words


def train_side_by_side(configs: dict[str, PretrainConfig], out: Path) -> None:
    """One process for each; what they print goes to OUT/NAME.log. Raises DataError where one fails."""
    with ExitStack() as logs:
        running = {}
        for name, config in configs.items():
            log = logs.enter_context((out / f"{name}.log").open("w"))
            running[name] = subprocess.Popen(command(config), stdout=log, stderr=subprocess.STDOUT)
        codes = {name: process.wait() for name, process in running.items()}
    for name, code in codes.items():
        last = (out / f"{name}.log").read_text().splitlines()[-3:]
        print(name, f"ended with {code}:", *last, sep="\n  ", flush=True)
    if failed := [name for name, code in codes.items() if code]:
        raise DataError(f"The training of {', '.join(failed)} failed; OUT/NAME.log says why.")


def whitened(source: Path, target: Path, faces: Faces, device: str) -> None:
    """The weights at source with a whitened embedding, at target."""
    net, spec, provenance = read_encoder(source)
    whiten(net.to(device), faces)
    save_encoder(target, net, replace(spec, nearer=NEARER), provenance | {"whitened": {"ridge": RIDGE}})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_options(parser, default_config())
    parser.add_argument("--work", type=Path, required=True, help="for checkpoints; what lies there is gone on with")
    parser.add_argument("--teacher", action="append", default=[], metavar="NAME=START,FIELD=VALUE,...")
    parser.add_argument("--student-minutes", type=float, default=0.0, help="0: no student")
    parser.add_argument("--also", type=Path, nargs="*", default=[], help="finished encoders that teach the student too")
    parser.add_argument("--no-check", action="store_true", help="train at once: it was checked before")
    parser.add_argument("--check-only", action="store_true", help="check, do not train")
    values = vars(parser.parse_args())
    also: list[Path] = values.pop("also")
    work, teachers, minutes = values.pop("work"), values.pop("teacher"), values.pop("student_minutes")
    check_only, no_check = values.pop("check_only"), values.pop("no_check")
    base = replace(config_of(values), measure_minutes=0)
    if not base.pack or not teachers:
        parser.error("--pack FILE and at least one --teacher NAME=START are needed")
    out = Path(base.out)
    out.mkdir(parents=True, exist_ok=True)
    everything = load_pack(Path(base.pack))
    faces = everything.keep(~held_out(everything, list(base.hold_out), base.hold_out_share))
    configs = dict(teacher_config(words, base, work) for words in teachers)
    if not no_check:
        check(faces, next(iter(configs.values())))
    if check_only:
        return
    train_side_by_side(configs, out)
    for name, config in configs.items():
        whitened(Path(config.out) / "last.safetensors", out / f"{name}.safetensors", faces, base.device)
    if minutes:
        paths = [*also, *(out / f"{name}.safetensors" for name in configs)]
        config = replace(student_config(base), start=str(paths[0]), out=str(work / "student"), minutes=minutes)
        last = distil(config, paths, weights=[KNOWN] * len(also) + [1.0] * len(configs), resume=True)
        shutil.copyfile(last, out / "student.safetensors")
    for path in sorted(out.glob("*.safetensors")):
        print(f"{path}: {path.stat().st_size / 2**20:.1f} MiB", flush=True)


if __name__ == "__main__":
    main()
