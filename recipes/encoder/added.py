"""What recipes share that put something behind an encoder's embedding, learned from many characters."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch

from core.vision.framing import fit_square
from core.vision.network import FaceNet, build, read_encoder, save_encoder
from core.vision.reframing import reframe
from recipes.encoder.faces import Faces, held_out, load_faces

C = TypeVar("C")


def some_faces(faces: Faces, size: int, *, most: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """At most `most` faces of each character, re-framed: uint8 pixels (n, size, size, 3), who they are and
    the number of their source (n,)."""
    rng = np.random.default_rng(seed)
    rows = np.concatenate([rng.permutation(np.flatnonzero(faces.labels == i))[:most] for i in range(len(faces.names))])
    pixels = np.stack([fit_square(face, size) for face in reframe([faces.pixels[i] for i in rows])])
    labels = faces.labels[rows]
    return pixels, labels, np.unique(faces.sources[labels], return_inverse=True)[1]


def with_projection(net: FaceNet, part: str, middle: np.ndarray, basis: np.ndarray, **spec: Any) -> FaceNet:
    """The network with a part of this name behind its vectors; `spec` says how long it is and how much it counts."""
    found = build(replace(net.spec, **spec))
    own = {f"{part}.middle": torch.from_numpy(middle).float(), f"{part}.basis": torch.from_numpy(basis).float()}
    found.load_state_dict({name: value for name, value in net.state_dict().items() if name not in own} | own)
    return found.eval()


def run(about: str, part: str, choice: C, add: Callable[[FaceNet, Faces, C], FaceNet]) -> None:
    """The command line: read an encoder, let `add` put the part behind it, write it with what was chosen."""
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("--faces", type=Path, default=Path("../shared/data/faces"))
    parser.add_argument("--cache", type=Path, default=Path(".scratch/faces"))
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--names", type=Path, help="learn only from the characters listed here under `seen`")
    parser.add_argument("--hold-out", nargs="*", default=[])
    parser.add_argument("--share", type=float, default=choice.share)
    options = parser.parse_args()
    net, _, provenance = read_encoder(options.encoder)
    faces = load_faces(options.faces, options.cache)
    if options.names:
        seen = set(json.loads(options.names.read_text(encoding="utf-8"))["seen"])
        faces = faces.keep(np.array([name in seen for name in faces.names]))
    faces = faces.keep(~held_out(faces, options.hold_out, 0.0))
    choice = replace(choice, share=options.share)
    net = add(net, faces, choice)
    provenance |= {part: asdict(choice) | {"characters": len(faces.names)}}
    provenance |= {"version": provenance["version"] + 1} if "version" in provenance else {}
    save_encoder(options.out, net, net.spec, provenance)
    print(f"{options.out}: {options.out.stat().st_size / 1e6:.1f} MB")
