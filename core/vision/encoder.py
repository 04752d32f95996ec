"""The face encoder: uint8 faces in, one L2-normalised vector each out; near vectors, same character."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from core.errors import EncoderError
from core.settings import PRETRAINED
from core.vision.framing import fit_square
from core.vision.network import TORCHVISION, EncoderSpec, FaceNet, build, read_encoder

WEIGHTS = "encoder.safetensors"
RANDOM_NOTE = "random weights: this encoder has not learned anything; train one, or use 'pretrained'"
IMAGENET_NOTE = "ImageNet weights: this encoder has never seen a drawn face; train it, or use 'pretrained'"


class Encoder:
    """A network ready to embed faces. `name`, `dim` (length of a vector), `note` (what a user should know of it)."""

    def __init__(
        self,
        net: FaceNet,
        *,
        name: str,
        note: str = "",
        provenance: dict | None = None,
        device: str | torch.device = "cpu",
        batch: int = 64,
        flip: bool = True,
    ):
        self.device = torch.device(device)
        self.net = net.eval().to(self.device, memory_format=torch.channels_last)
        self.spec: EncoderSpec = net.spec
        self.name = name
        self.note = note
        self.provenance = provenance or {}
        self.batch = batch
        self.flip = flip

    @property
    def dim(self) -> int:
        return self.spec.dim

    def embed(self, faces: Sequence[np.ndarray]) -> np.ndarray:
        """Embed uint8 HxWx3 RGB faces of any size -> float32 (n, dim), each of length 1.

        The mean of two views (FaceNet.embed). Raises EncoderError for something else than uint8 HxWx3.
        """
        out = np.empty((len(faces), self.dim), np.float32)
        for start in range(0, len(faces), self.batch):
            part = faces[start : start + self.batch]
            out[start : start + len(part)] = self._embed_batch(np.stack([self._fit(face) for face in part]))
        return out

    def _fit(self, face: np.ndarray) -> np.ndarray:
        face = np.asarray(face)
        if face.dtype != np.uint8 or face.ndim != 3 or face.shape[2] != 3 or 0 in face.shape:
            raise EncoderError(f"A face is uint8 RGB, height x width x 3; got {face.dtype} of shape {face.shape}.")
        return fit_square(face, self.spec.size)

    @torch.inference_mode()
    def _embed_batch(self, faces: np.ndarray) -> np.ndarray:
        pixels = torch.from_numpy(faces).to(self.device).permute(0, 3, 1, 2)  # NHWC memory is channels_last already
        return self.net.embed(pixels.float().div_(255.0), mirror=self.flip).cpu().numpy()


def pretrained_path() -> Path:
    """Where the shipped encoder lies, whether it is there or not."""
    return PRETRAINED / WEIGHTS


def load_encoder(name_or_path: str | Path = "pretrained", *, device: str | None = None, batch: int = 64) -> Encoder:
    """The encoder called `pretrained`, `random`, `imagenet` or `imagenet:ARCHITECTURE`, or the one at a path.

    A path is a safetensors file, or the folder of a run with an encoder.safetensors in it. `random` is the same every
    time. Raises EncoderError where it cannot be had.
    """
    device = device or ("cuda" if torch.cuda.is_available() else "cpu")
    name = str(name_or_path)
    if name == "random":
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            net = build(EncoderSpec())
        return Encoder(net, name=name, note=RANDOM_NOTE, device=device, batch=batch)
    if name == "imagenet" or name.startswith("imagenet:"):
        net = build(imagenet_spec(name.partition(":")[2] or "resnet18"), imagenet=True)
        return Encoder(net, name=name, note=IMAGENET_NOTE, device=device, batch=batch)
    path = pretrained_path() if name == "pretrained" else Path(name)
    if path.is_dir():
        path = path / WEIGHTS
    if not path.is_file():
        hint = "The shipped encoder is missing from this copy of the project" if name == "pretrained" else "No encoder"
        raise EncoderError(
            f"{hint}: {path} does not exist. Give 'pretrained', 'random', 'imagenet:' and one of "
            f"{', '.join(TORCHVISION)}, a run's folder or a .safetensors file."
        )
    net, _, provenance = read_encoder(path)
    return Encoder(
        net, name=name, note=str(provenance.get("note", "")), provenance=provenance, device=device, batch=batch
    )


def imagenet_spec(architecture: str) -> EncoderSpec:
    """The spec that fits torchvision's ImageNet weights: their normalisation, 128 px."""
    from core.vision.network import IMAGENET_MEAN, IMAGENET_STD

    return EncoderSpec(architecture=architecture, size=128, mean=IMAGENET_MEAN, std=IMAGENET_STD)
