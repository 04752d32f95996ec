"""Make the shipped face encoder from labelled faces, repeatably.

    python -m recipes.pretrain --faces ../shared/data/faces --out .scratch/encoder --hold-out touhou --minutes 40
    python -m recipes.pretrain --faces ../shared/data/faces --out .scratch/final --start FILE

Every batch holds characters of a few sources; a face competes only with characters of its own source (classifier and
contrastive loss alike), and faces of all sources are brought to the same framings, so that the net does not learn the
source. The schedule follows the share of --minutes used (time in which the process was stopped does not count), or of
--steps. It writes a checkpoint every two minutes; --resume goes on from it.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.train.augment import AugmentConfig, augment, rotate_hue
from core.train.losses import batch_hard, pair_masks
from core.vision.encoder import Encoder
from core.vision.network import EncoderSpec, FaceNet, build, count_parameters, read_encoder, save_encoder
from recipes.faces import SOURCES, Faces, Source, held_out, load_faces
from recipes.few_shot import few_shot

HUES = (120.0, 240.0)
"""Degrees by which a character's colours are turned to make another character."""


@dataclass(frozen=True, slots=True)
class PretrainConfig:
    """All that decides what is learned."""

    faces: str = "../shared/data/faces"
    out: str = ".scratch/encoder"
    cache: str = ".scratch/faces"
    hold_out: tuple[str, ...] = ()
    hold_out_share: float = 0.0
    start: str = ""
    minutes: float = 40.0
    steps: int = 0
    width: int = 40
    size: int = 96
    small_size: int = 64
    small_share: float = 0.6
    sources: int = 3
    p: int = 11
    k: int = 4
    rate: float = 1.5e-3
    decay: float = 0.05
    warm_up: float = 0.04
    scale: float = 20.0
    smoothing: float = 0.1
    temperature: float = 0.1
    contrastive: float = 1.0
    triplet: float = 0.0
    hue_share: float = 0.2
    ema: float = 0.998
    seed: int = 0
    threads: int = 2


class Batches:
    """Draws the faces of each step from the step's number alone, so that a resumed training goes on the same."""

    def __init__(self, faces: Faces, config: PretrainConfig):
        self.config = config
        self.by_identity = [np.flatnonzero(faces.labels == i) for i in range(len(faces.names))]
        counts = np.array([len(f) for f in self.by_identity])
        usable = counts >= 2
        self.source_names = sorted(set(faces.sources))
        self.source_of = np.array([self.source_names.index(s) for s in faces.sources])
        self.identities = [np.flatnonzero((self.source_of == i) & usable) for i in range(len(self.source_names))]
        values = [SOURCES.get(name, Source()) for name in self.source_names]
        weights = np.array([v.weight * (len(ids) >= 2) for v, ids in zip(values, self.identities, strict=True)])
        self.weights = weights / weights.sum()
        self.framing = np.array([(v.face, v.low) for v in values], np.float32)

    def draw(self, step: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Face indices, their identities and their hue number (0: as it is), each (n,)."""
        c, rng = self.config, np.random.default_rng((self.config.seed, step))
        sources = rng.choice(len(self.weights), c.sources, replace=False, p=self.weights)
        faces, labels, hues = [], [], []
        for source in sources:
            pool = self.identities[source]
            for identity in rng.choice(pool, min(c.p, len(pool)), replace=False):
                own = self.by_identity[identity]
                chosen = rng.choice(own, min(c.k, len(own)), replace=False)
                hue = int(rng.integers(1, len(HUES) + 1)) if rng.random() < c.hue_share else 0
                faces += list(chosen)
                labels += [identity] * len(chosen)
                hues += [hue] * len(chosen)
        return np.array(faces), np.array(labels), np.array(hues)


class Augmenter:
    """Faces of any source -> float pixels in one range of framings."""

    FRAMES = (0.56, 1.12)
    """Range of a cascade box over the frame's side: 2.7 to 1.3 times the tight box."""

    def __init__(self, pixels: np.ndarray, batches: Batches):
        self.large = torch.from_numpy(pixels).permute(0, 3, 1, 2)
        self.small: Tensor | None = None
        self.batches = batches
        self.config = AugmentConfig(turn=12, shift=0.05, soften_share=0.2, erase_share=0.1, grey_share=0.03)

    def __call__(self, faces: np.ndarray, labels: np.ndarray, hues: np.ndarray, size: int, seed: int) -> Tensor:
        generator = torch.Generator().manual_seed(seed)
        if size <= 72 and self.small is None:
            parts = [F.interpolate(p, size=80, mode="bilinear", antialias=True) for p in self.large.split(2048)]
            self.small = torch.cat(parts)
        pixels = (self.small if size <= 72 else self.large)[torch.from_numpy(faces)]
        turned = torch.from_numpy(np.flatnonzero(hues))
        if len(turned):
            pixels[turned] = rotate_hue(pixels[turned], torch.tensor(HUES)[torch.from_numpy(hues)[turned] - 1])
        pixels = recolour_background(pixels, generator)
        framing = torch.from_numpy(self.batches.framing[self.batches.source_of[labels]])
        low, high = (math.log(v) for v in self.FRAMES)
        target = (torch.rand(len(faces), generator=generator) * (high - low) + low).exp()
        zoom = (framing[:, 0] / target).clamp(0.45, 1.25)
        # the face's middle goes where face_crop puts it: a twentieth of the frame below the middle
        centre = torch.stack([torch.zeros(len(faces)), framing[:, 1] - 0.05 * zoom], 1)
        return augment(pixels, self.config, generator, size=size, zoom=zoom, centre=centre)


def recolour_background(pixels: Tensor, generator: torch.Generator, *, grey: int = 205, share: float = 0.7) -> Tensor:
    """The flat grey that stands for transparency in some sources becomes a random colour in a share of the faces."""
    flat = ((pixels.to(torch.int16) - grey).abs() <= 3).all(1)
    many = flat.float().mean((1, 2)) > 0.05
    chosen = (many & (torch.rand(len(pixels), generator=generator) < share)).nonzero().squeeze(1)
    if len(chosen):
        colours = torch.randint(0, 256, (len(chosen), 3, 1, 1), generator=generator, dtype=torch.uint8)
        pixels[chosen] = torch.where(flat[chosen][:, None], colours, pixels[chosen])
    return pixels


def supervised_contrastive(features: Tensor, labels: Tensor, groups: Tensor, temperature: float) -> Tensor:
    """Khosla et al. 2020, eq. 2, on unit features (n, d), with negatives of the anchor's group only."""
    positive, negative = pair_masks(labels, groups)
    logits = (features @ features.T / temperature).masked_fill(~(positive | negative), -1e4)
    log_share = logits - logits.logsumexp(1, keepdim=True)
    count = positive.sum(1)
    has = count > 0
    return -((log_share * positive).sum(1)[has] / count[has]).mean()


class Head(nn.Module):
    """Cosine classifier over all identities and their hue-turned twins, each face against its own source only."""

    def __init__(self, identities: int, dim: int, source_of: np.ndarray, config: PretrainConfig):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(identities * (1 + len(HUES)), dim) * 0.05)
        self.register_buffer("source", torch.from_numpy(np.tile(source_of, 1 + len(HUES))), persistent=False)
        self.config = config

    def forward(self, features: Tensor, classes: Tensor) -> tuple[Tensor, Tensor]:
        """Loss and the share of faces given to the right class, for unit features (n, d)."""
        total, right = features.new_zeros(()), 0
        for source in self.source[classes].unique().tolist():
            rows = (self.source[classes] == source).nonzero().squeeze(1)
            columns = (self.source == source).nonzero().squeeze(1)
            logits = self.config.scale * features[rows] @ F.normalize(self.weight[columns]).T
            target = torch.searchsorted(columns, classes[rows])
            total = total + F.cross_entropy(logits, target, label_smoothing=self.config.smoothing, reduction="sum")
            right += int((logits.detach().argmax(1) == target).sum())
        return total / len(classes), torch.tensor(right / len(classes))


class Clock:
    """How much of the budget is used, 0 to 1. A pause (the process was stopped) counts as one ordinary step."""

    def __init__(self, config: PretrainConfig):
        self.config, self.used, self.usual = config, 0.0, 0.0

    def tick(self, seconds: float) -> None:
        counted = min(seconds, 8 * self.usual) if self.usual else seconds
        self.usual = 0.95 * self.usual + 0.05 * counted if self.usual else counted
        self.used += counted

    def share(self, step: int) -> float:
        if self.config.steps:
            return step / self.config.steps
        return self.used / (60 * self.config.minutes)


def rate_at(share: float, config: PretrainConfig) -> float:
    """Linear warm-up, then half a cosine to zero."""
    if share < config.warm_up:
        return config.rate * max(share, 1e-3) / config.warm_up
    done = (share - config.warm_up) / (1 - config.warm_up)
    return config.rate * 0.5 * (1 + math.cos(math.pi * min(done, 1.0)))


class Training:
    """The state of one pretraining: network, its moving average, classifier, optimiser, step."""

    def __init__(self, faces: Faces, config: PretrainConfig):
        torch.manual_seed(config.seed)
        self.config, self.faces = config, faces
        self.batches = Batches(faces, config)
        self.augmenter = Augmenter(faces.pixels, self.batches)
        self.spec = EncoderSpec(width=config.width, size=config.size)
        self.net = build(self.spec)
        if config.start:
            self.net, self.spec, _ = read_encoder(Path(config.start))
            self.net.train()
        self.net = self.net.to(memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.net).eval()
        self.head = Head(len(faces.names), self.spec.dim, self.batches.source_of, config)
        weights = [p for p in self.net.parameters() if p.requires_grad and p.ndim > 1]
        others = [p for p in self.net.parameters() if p.requires_grad and p.ndim <= 1]
        self.optimiser = torch.optim.AdamW(
            [
                {"params": weights, "weight_decay": config.decay},
                {"params": others, "weight_decay": 0.0},
                {"params": [self.head.weight], "weight_decay": 0.0},
            ],
            lr=config.rate,
        )
        self.step, self.clock = 0, Clock(config)

    def one_step(self) -> dict[str, float]:
        """Draw, forward, backward, update; what happened, in numbers."""
        c = self.config
        share = self.clock.share(self.step)
        rate = rate_at(share, c)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        size = c.small_size if share < c.small_share else c.size
        faces, labels, hues = self.batches.draw(self.step)
        pixels = self.augmenter(faces, labels, hues, size, c.seed * 1_000_003 + self.step)
        classes = torch.from_numpy(labels + hues * len(self.faces.names))
        groups = torch.from_numpy(self.batches.source_of[labels])
        before, after = self.net(pixels.contiguous(memory_format=torch.channels_last))
        unit = F.normalize(after)
        loss, right = self.head(unit, classes)
        parts = {"classes": float(loss.detach()), "right": float(right)}
        if c.contrastive:
            contrast = supervised_contrastive(unit, classes, groups, c.temperature)
            loss = loss + c.contrastive * contrast
            parts["contrast"] = float(contrast.detach())
        if c.triplet:
            hard = batch_hard(before, classes, groups=groups)
            loss = loss + c.triplet * hard.loss
            parts |= {"triplet": float(hard.loss.detach()), "active": hard.active}
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), 5.0)
        self.optimiser.step()
        self.step += 1
        self._follow()
        return parts | {"share": share, "rate": rate, "size": size, "faces": len(faces)}

    @torch.no_grad()
    def _follow(self) -> None:
        keep = min(self.config.ema, self.step / (self.step + 20))
        for slow, fast in zip(self.average.state_dict().values(), self.net.state_dict().values(), strict=True):
            if slow.is_floating_point():
                slow.lerp_(fast, 1 - keep)
            else:
                slow.copy_(fast)

    def save(self, path: Path) -> None:
        """Everything that a resumed training needs."""
        state = {
            "net": self.net.state_dict(),
            "average": self.average.state_dict(),
            "head": self.head.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "step": self.step,
            "used": self.clock.used,
        }
        temporary = path.with_suffix(".tmp")
        torch.save(state, temporary)
        temporary.replace(path)

    def load(self, path: Path) -> None:
        state = torch.load(path, weights_only=True)
        self.net.load_state_dict(state["net"])
        self.average.load_state_dict(state["average"])
        self.head.load_state_dict(state["head"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.step, self.clock.used = state["step"], state["used"]


def measure(net: FaceNet, faces: Faces, *, shots: int = 5, draws: int = 20, most: int = 150) -> dict[str, dict]:
    """Few-shot figures of the faces' sources, at most `most` faces a character."""
    encoder = Encoder(copy.deepcopy(net), name="measured")
    rng = np.random.default_rng(0)
    figures = {}
    for source in sorted(set(faces.sources)):
        chosen = [
            rng.permutation(np.flatnonzero(faces.labels == i))[:most] for i in np.flatnonzero(faces.sources == source)
        ]
        rows = np.concatenate(chosen)
        vectors = encoder.embed(list(faces.pixels[rows]))
        figures[source] = asdict(few_shot(vectors, faces.labels[rows], shots=shots, draws=draws))
        if source == "touhou":
            figures["touhou, 3 enrolled"] = asdict(few_shot(vectors, faces.labels[rows], shots=3, draws=draws))
    return figures


def tell(figures: dict[str, dict]) -> None:
    """The table of few-shot figures."""
    for name, f in figures.items():
        print(
            f"  {name:20s} {f['characters']:3d} characters {f['faces']:5d} faces, {f['shots']} enrolled: "
            f"top1 {f['top1']:.3f} +- {f['spread']:.3f}  EER {f['eer']:.3f}",
            flush=True,
        )


def run(config: PretrainConfig, *, resume: bool = False) -> Path:
    """Train, measure on what was held out, write last.safetensors; returns its path."""
    torch.set_num_threads(config.threads)
    out = Path(config.out)
    out.mkdir(parents=True, exist_ok=True)
    everything = load_faces(Path(config.faces), Path(config.cache))
    unseen = held_out(everything, list(config.hold_out), config.hold_out_share)
    kept = everything.keep(unseen) if unseen.any() else None
    training = Training(everything.keep(~unseen), config)
    print(
        f"{len(training.faces.labels)} faces of {len(training.faces.names)} characters, {int(unseen.sum())} characters "
        f"held out, {count_parameters(training.net) / 1e6:.2f} M parameters",
        flush=True,
    )
    checkpoint, final = out / "checkpoint.pt", out / "last.safetensors"
    (out / "config.json").write_text(json.dumps(asdict(config), indent=1))
    if resume and checkpoint.is_file():
        training.load(checkpoint)
    saved = measured = started = time.monotonic()
    shown: dict[str, float] = {}
    while training.clock.share(training.step) < 1:
        tick = time.monotonic()
        parts = training.one_step()
        training.clock.tick(time.monotonic() - tick)
        shown = {k: 0.97 * shown.get(k, v) + 0.03 * v for k, v in parts.items()}
        now = time.monotonic()
        if training.step % 50 == 0:
            words = " ".join(f"{k} {v:.4g}" for k, v in shown.items())
            print(
                f"step {training.step} {now - started:.0f} s, {time.process_time():.0f} s of processor, {words}",
                flush=True,
            )
        if now - saved > 120:
            training.save(checkpoint)
            saved = now
        if kept is not None and now - measured > 480:
            tell(measure(training.average, kept, draws=5, most=40))
            measured = time.monotonic()
    figures = measure(training.average, kept) if kept is not None else {}
    provenance = {
        "recipe": "recipes.pretrain",
        "config": asdict(config),
        "steps": training.step,
        "characters": len(training.faces.names),
        "faces": len(training.faces.labels),
        "held_out": figures,
    }
    save_encoder(final, training.average, replace(training.spec, size=config.size), provenance)
    tell(figures)
    print(f"{final}: {final.stat().st_size / 1e6:.1f} MB", flush=True)
    return final


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, value in asdict(PretrainConfig()).items():
        flag = "--" + name.replace("_", "-")
        if isinstance(value, tuple):
            parser.add_argument(flag, nargs="*", default=list(value))
        else:
            parser.add_argument(flag, type=type(value), default=value)
    parser.add_argument("--resume", action="store_true", help="go on from OUT/checkpoint.pt")
    values = vars(parser.parse_args())
    resume = values.pop("resume")
    run(PretrainConfig(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}), resume=resume)


if __name__ == "__main__":
    main()
