"""The face encoder: uint8 faces in, one L2-normalised vector each out; near vectors, same character."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.errors import EncoderError
from core.plugins import refuse_taken
from core.settings import PRETRAINED
from core.vision.converted import Source
from core.vision.framing import fit_square
from core.vision.reframing import AUTO, FRAMINGS, reframe
from core.vision.runtimes import Runtime, TorchRuntime, divided, open_runtime
from core.vision.specs import IMAGENET_MEAN, IMAGENET_STD, TORCHVISION, EncoderSpec, read_encoder_header

if TYPE_CHECKING:
    from torch import nn

    from core.vision.network import FaceNet

WEIGHTS = "encoder.safetensors"
RANDOM_NOTE = "random weights: this encoder has not learned anything; train one, or use 'pretrained'"
IMAGENET_NOTE = "ImageNet weights: this encoder has never seen a drawn face; train it, or use 'pretrained'"


class Encoder:
    """A network ready to embed faces. `name`, `dim` (length of a vector), `note` (what a user should know of it)."""

    def __init__(
        self,
        spec: EncoderSpec,
        runtime: Runtime,
        *,
        name: str,
        note: str = "",
        provenance: dict[str, Any] | None = None,
        batch: int = 16,
    ):
        self.spec = spec
        self.runtime = runtime
        self.name = name
        self.note = note
        self.provenance = provenance or {}
        self.batch = batch

    @classmethod
    def of(cls, net: FaceNet, *, name: str, note: str = "", mirror: bool = True, device: str = "cpu") -> Encoder:
        """From a network in memory, run by torch."""
        from core.vision.network import FaceVectors

        return cls(net.spec, TorchRuntime(FaceVectors(net, mirror=mirror), device), name=name, note=note)

    @property
    def dim(self) -> int:
        return self.spec.length

    def embed(self, faces: Sequence[np.ndarray], *, framing: str = "auto") -> np.ndarray:
        """Embed uint8 HxWx3 RGB faces of any size -> float32 (n, dim), each of length 1.

        framing: `auto` for crops that were made elsewhere: each is cut anew around the face on it
        (core.vision.reframing); `given` takes them as they are, which is right for what face_crop cut. The mean of two
        views (FaceNet.embed). Raises EncoderError for something else than uint8 HxWx3, or for another framing.
        """
        if framing not in FRAMINGS:
            raise EncoderError(f"A framing is {' or '.join(FRAMINGS)}, got {framing!r}.")
        faces = [_checked(face) for face in faces]
        if framing == AUTO:
            faces = reframe(faces)
        answers = self.runtime.run(divided(faces, self.batch), self._prepare)
        vectors = np.concatenate(answers) if answers else np.empty((0, self.dim), np.float32)
        if not np.isfinite(vectors).all():
            raise EncoderError(f"The encoder {self.name} gives embeddings that are no numbers. Choose another.")
        return vectors

    def _prepare(self, faces: Sequence[np.ndarray]) -> np.ndarray:
        return np.stack([fit_square(face, self.spec.size) for face in faces])


def _checked(face: np.ndarray) -> np.ndarray:
    face = np.asarray(face)
    if face.dtype != np.uint8 or face.ndim != 3 or face.shape[2] != 3 or 0 in face.shape:
        raise EncoderError(f"A face is uint8 RGB, height x width x 3; got {face.dtype} of shape {face.shape}.")
    return face


def pretrained_path() -> Path:
    """Where the shipped encoder lies, whether it is there or not."""
    return PRETRAINED / WEIGHTS


_added: dict[str, Callable[[], Any]] = {}
RESERVED = ("pretrained", "random", "imagenet")


def register_encoder(name: str, load: Callable[[], Any]) -> None:
    """Add an encoder by name; `load` makes what has `name`, `dim`, `note` and `embed` as Encoder has them.

    Raises PluginError where the name is taken.
    """
    refuse_taken("encoder", name, (*RESERVED, *_added))
    _added[name] = load


def load_encoder(name_or_path: str | Path = "pretrained") -> Encoder:
    """The encoder called `pretrained`, `random`, `imagenet` or `imagenet:ARCHITECTURE`, or the one at a path.

    A path is a safetensors file, or the folder of a run with an encoder.safetensors in it. `random` is the same every
    time. Raises EncoderError where it cannot be had.
    """
    name = str(name_or_path)
    if name in _added:
        made: Encoder = _added[name]()
        return made
    if name == "random" or name.partition(":")[0] == "imagenet":
        note = RANDOM_NOTE if name == "random" else IMAGENET_NOTE
        return Encoder.of(read_net(name), name=name, note=note)
    path = encoder_file(name_or_path)
    spec, provenance = read_encoder_header(path)
    runtime = open_runtime(Source(path, lambda: _module(path), (2, spec.size, spec.size, 3)))
    return Encoder(spec, runtime, name=name, note=str(provenance.get("note", "")), provenance=provenance)


def encoder_file(name_or_path: str | Path) -> Path:
    """The weights file that `pretrained`, a run's folder or a path stands for. EncoderError where there is none."""
    name = str(name_or_path)
    path = pretrained_path() if name == "pretrained" else Path(name)
    if path.is_dir():
        path = path / WEIGHTS
    if not path.is_file():
        hint = "The shipped encoder is missing from this copy of the project" if name == "pretrained" else "No encoder"
        raise EncoderError(
            f"{hint}: {path} does not exist. Give 'pretrained', 'random', 'imagenet:' and one of "
            f"{', '.join(TORCHVISION)}, a run's folder or a .safetensors file."
        )
    return path


def read_net(name_or_path: str | Path) -> FaceNet:
    """The network in torch that a name or a path as in load_encoder stands for, in float32 on the processor."""
    import torch

    from core.vision.network import build, read_encoder

    name = str(name_or_path)
    if name == "random":
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            return build(EncoderSpec()).eval()
    if name.partition(":")[0] == "imagenet":
        return build(imagenet_spec(name.partition(":")[2] or "resnet18"), imagenet=True).eval()
    return read_encoder(encoder_file(name_or_path))[0]


def imagenet_spec(architecture: str) -> EncoderSpec:
    """The spec that fits torchvision's ImageNet weights: their normalisation, 128 px."""
    return EncoderSpec(architecture=architecture, size=128, mean=IMAGENET_MEAN, std=IMAGENET_STD)


def _module(path: Path) -> nn.Module:
    from core.vision.network import FaceVectors

    return FaceVectors(read_net(path))
