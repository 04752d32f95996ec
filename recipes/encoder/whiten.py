"""Turn and scale a trained embedding so that what varies within a character counts less: WCCN, no further training.

    python -m recipes.encoder.whiten --encoder OUT/last.safetensors --out models/pretrained/encoder.safetensors

Within-class covariance normalisation (Hatch et al. 2006, from speaker verification): vectors are multiplied by the
Cholesky factor of the inverse covariance within characters. It is folded into the last linear layer, and the BNNeck is
set so that it changes nothing; the network's shape and cost stay the same, and it can be trained further. With
--mean-with, two networks of one training are averaged first; --nearer is what the mirrored view shows from then on.

With --flatten, what is changed is the scale of the similarities, not what varies within a character: a student taught
by several networks gives higher ones than each of them, and what is fitted to similarities would have to be fitted
anew.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from core.train.blend import blend
from core.vision.framing import fit_square
from core.vision.network import FaceNet, read_encoder, save_encoder
from recipes.encoder.faces import Faces, held_out, load_faces

FLOOR = 0.02
"""Share of the largest variance that counts with each direction's own when they are flattened."""
RIDGE, NEARER = 0.3, 0.8
"""What docs/encoder.md chose: the whitening's ridge, and how much of the side the mirrored view shows."""


@torch.inference_mode()
def features(net: FaceNet, pixels: np.ndarray, rows: np.ndarray, *, batch: int = 128) -> Tensor:
    """Features after the BNNeck, not normalised: (n, dim), on the processor; the network's device does the work."""
    size, out = net.spec.size, []
    for part in np.split(rows, range(batch, len(rows), batch)):
        faces = np.stack([fit_square(face, size) for face in pixels[part]])
        seen = torch.from_numpy(faces).to(net.mean.device).permute(0, 3, 1, 2).float().div_(255.0)
        out.append(net(seen)[1].cpu())
    return torch.cat(out)


def within_covariance(vectors: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Covariance (d, d) of (n, d) vectors around their character's mean, unbiased for few faces a character.

    `weights` (n,) says how much each face counts. Characters with one face do not count.
    """
    counts = np.bincount(labels)
    means = np.zeros((len(counts), vectors.shape[1]))
    np.add.at(means, labels, vectors)
    means /= np.maximum(counts, 1)[:, None]
    several = counts[labels] > 1
    n = counts[labels][several]
    rest = (vectors - means[labels])[several] * np.sqrt(n / (n - 1))[:, None]
    share = weights[several] / weights[several].sum()
    return (rest * share[:, None]).T @ rest


def whitening(covariance: np.ndarray, ridge: float) -> np.ndarray:
    """(d, d) matrix to multiply row vectors with; `ridge` in parts of the mean variance keeps it tame."""
    d = len(covariance)
    return np.linalg.cholesky(np.linalg.inv(covariance + ridge * np.trace(covariance) / d * np.eye(d)))


def flattening(vectors: np.ndarray, power: float) -> np.ndarray:
    """(d, d) matrix to multiply row vectors (n, d) with: a direction's spread s becomes about s ** (1 - power).

    Cosines come down, most where few directions hold most of the spread. 0 changes nothing, 1 whitens.
    """
    values, axes = np.linalg.eigh(np.cov(vectors.T))
    return (axes * (values + FLOOR * values[-1]) ** (-power / 2)) @ axes.T


@torch.no_grad()
def fold(net: FaceNet, matrix: np.ndarray, after: Tensor) -> None:
    """Put the matrix into the embedding layer and reset the BNNeck to the result's own mean and spread, in place."""
    neck, linear = net.neck, net.embedding
    turned = after.double() @ torch.from_numpy(matrix)
    factor = turned.var(0).mean().rsqrt()
    turned, turn = turned * factor, (torch.from_numpy(matrix) * factor).T
    scale = (neck.weight / (neck.running_var + neck.eps).sqrt()).double()
    bias = scale * (linear.bias - neck.running_mean) + neck.bias
    linear.bias.copy_(turn @ bias)
    linear.weight.copy_(turn @ (scale[:, None] * linear.weight.double()))
    neck.running_mean.copy_(turned.mean(0))
    neck.running_var.copy_(turned.var(0))
    neck.weight.copy_((turned.var(0) + neck.eps).sqrt())
    neck.bias.zero_()


def whiten(
    net: FaceNet, faces: Faces, *, ridge: float = RIDGE, flatten: float = 0.0, max_faces: int = 6, seed: int = 0
) -> FaceNet:
    """The network with a whitened embedding, from at most `max_faces` faces a character; sources weigh alike.

    flatten: above 0, the similarities' scale alone is changed, by that power.
    """
    rng = np.random.default_rng(seed)
    own = [rng.permutation(np.flatnonzero(faces.labels == i))[:max_faces] for i in range(len(faces.names))]
    rows = np.concatenate(own)
    labels = faces.labels[rows]
    after = features(net, faces.pixels, rows)
    net.cpu()
    unit = F.normalize(after).numpy().astype(np.float64)
    if flatten:
        fold(net, flattening(unit, flatten), after)
        return net
    sources, place = np.unique(faces.sources[labels], return_inverse=True)
    weights = 1 / np.sqrt(np.bincount(place, minlength=len(sources))[place])
    fold(net, whitening(within_covariance(unit, labels, weights), ridge), after)
    return net


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--faces", type=Path, default=Path("../shared/data/faces"))
    parser.add_argument("--cache", type=Path, default=Path(".scratch/faces"))
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--mean-with", type=Path, help="an encoder of the same training before: their mean is whitened")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--hold-out", nargs="*", default=[])
    parser.add_argument("--hold-out-share", type=float, default=0.0)
    parser.add_argument("--ridge", type=float, default=RIDGE)
    parser.add_argument("--flatten", type=float, default=0.0, help="bring the similarities down by this power instead")
    parser.add_argument("--nearer", type=float, default=NEARER, help="how much of the side the mirrored view shows")
    options = parser.parse_args()
    net, spec, provenance = read_encoder(options.encoder)
    if options.mean_with:
        earlier, _, before = read_encoder(options.mean_with)
        net = blend(net, earlier, 0.5)
        provenance |= {"mean_with": before}
    faces = load_faces(options.faces, options.cache)
    faces = faces.keep(~held_out(faces, options.hold_out, options.hold_out_share))
    whiten(net, faces, ridge=options.ridge, flatten=options.flatten)
    provenance |= {"flattened": options.flatten} if options.flatten else {"whitened": {"ridge": options.ridge}}
    save_encoder(options.out, net, replace(spec, nearer=options.nearer), provenance)
    print(f"{options.out}: {options.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
