"""Let an encoder tell details too: learn their projection from many characters, and put it behind what it has.

    python -m recipes.encoder.details --encoder FILE --out FILE [--names NAMES]

The network stays as it is. Each training face is looked at twice, as it is and as the mirrored view shows it; a linear
map from what the middle of the network sees (core.vision.details) to `Choice.length` numbers is taught by the
supervised contrastive loss (Khosla et al. 2020) to bring a character's faces together. Others of the same source are
what they are told from: of another source the style would be enough. --names: a file that lists under "seen" the
characters to learn from; without it all but those of --hold-out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.errors import EncoderError
from core.vision.details import by_part
from core.vision.lite import LiteNet
from core.vision.network import FaceNet
from recipes.encoder.added import run, some_faces, with_projection
from recipes.encoder.faces import Faces


@dataclass(frozen=True)
class Choice:
    """How the projection is learned and how much it counts; docs/encoder.md has what was tried.

    share: of the details in the similarity. A step sees `sources` sources, `characters` of each, `faces` of each;
    dropout: of what the middle sees.
    """

    length: int = 64
    share: float = 0.25
    steps: int = 1200
    rate: float = 2e-3
    dropout: float = 0.5
    temperature: float = 0.1
    sources: int = 3
    characters: int = 32
    faces: int = 4


@torch.inference_mode()
def views(net: FaceNet, pixels: np.ndarray, *, batch: int = 64) -> np.ndarray:
    """What the middle sees of uint8 faces (n, s, s, 3), as they are and as the mirrored view: float32 (n, 2, cells)."""
    if not isinstance(net.backbone, LiteNet):
        raise EncoderError(f"Details are for EfficientNet-Lite, not for {net.spec.architecture}.")
    found = []
    for start in range(0, len(pixels), batch):
        faces = torch.from_numpy(pixels[start : start + batch]).permute(0, 3, 1, 2).float() / 255.0
        both = [(seen - net.mean) / net.std for seen in (faces, net.mirrored(faces))]
        found.append(torch.stack([by_part(net.backbone.with_middle(one)[0]) for one in both], dim=1).numpy())
    return np.concatenate(found)


def contrastive_loss(vectors: Tensor, labels: Tensor, sources: Tensor, temperature: float) -> Tensor:
    """Supervised contrastive loss of unit vectors (n, d); only faces of the same source are told apart."""
    itself = torch.eye(len(labels), dtype=torch.bool)
    rivals = (sources[:, None] == sources[None]) & ~itself
    same = (labels[:, None] == labels[None]) & ~itself
    logits = (vectors @ vectors.T / temperature).masked_fill(~rivals, -1e4)
    likelihood = (logits - logits.logsumexp(1, keepdim=True)).masked_fill(~same, 0).sum(1)
    several = same.any(1)
    return -(likelihood[several] / same.sum(1)[several]).mean()


def projection(
    seen: np.ndarray, labels: np.ndarray, sources: np.ndarray, choice: Choice, *, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """middle (cells,) and basis (cells, length) from views (n, 2, cells) of faces, who they are and whence (n,)."""
    own = [np.flatnonzero(labels == who) for who in np.unique(labels)]
    by_source = [[rows for rows in own if len(rows) > 1 and sources[rows[0]] == one] for one in np.unique(sources)]
    by_source = [rows for rows in by_source if rows]
    often = np.sqrt([len(rows) for rows in by_source])
    middle, spread = seen[:, 0].mean(0), seen[:, 0].std(0) + 1e-3
    faces, who, whence = torch.from_numpy((seen - middle) / spread), torch.from_numpy(labels), torch.from_numpy(sources)
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    layer = nn.Linear(seen.shape[2], choice.length, bias=False)
    optimizer = torch.optim.Adam(layer.parameters(), choice.rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, choice.rate, choice.steps)
    for _ in range(choice.steps):
        rows = []
        for source in rng.choice(len(by_source), min(choice.sources, len(by_source)), False, often / often.sum()):
            for place in rng.permutation(len(by_source[source]))[: choice.characters]:
                rows.append(rng.permutation(by_source[source][place])[: choice.faces])
        batch = np.concatenate(rows)
        shown = faces[batch, torch.from_numpy(rng.integers(0, 2, len(batch)))]
        vectors = F.normalize(layer(F.dropout(shown, choice.dropout)))
        loss = contrastive_loss(vectors, who[batch], whence[batch], choice.temperature)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    basis = layer.weight.detach().numpy().T / spread[:, None]
    length = np.linalg.norm((seen[:, 0] - middle) @ basis, axis=1).mean()
    return middle, basis / length


def with_details(net: FaceNet, faces: Faces, choice: Choice, *, most: int = 6, seed: int = 0) -> FaceNet:
    """The network with details behind its vectors, from at most `most` faces a character."""
    pixels, labels, sources = some_faces(faces, net.spec.size, most=most, seed=seed)
    middle, basis = projection(views(net, pixels), labels, sources, choice, seed=seed)
    return with_projection(net, "details", middle, basis, details=choice.length, detail_share=choice.share)


if __name__ == "__main__":
    run(__doc__, "details", Choice(), with_details)
