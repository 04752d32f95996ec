"""Make the shipped face encoder from labelled faces, repeatably.

    python -m recipes.encoder.pretrain --faces ../shared/data/faces --out .scratch/e --hold-out touhou --minutes 40
    python -m recipes.encoder.pretrain --faces ../shared/data/faces --out .scratch/final --start FILE

Every batch holds characters of a few sources; a face competes only with characters of its own source (classifier and
contrastive loss alike), and faces of all sources are brought to the same framings, so that the net does not learn the
source. The schedule follows the share of --minutes used (time in which the process was stopped does not count), or of
--steps. It writes a checkpoint and the weights every minute; --resume goes on from it.
"""

from __future__ import annotations

import argparse
import copy
import json
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.train.losses import batch_hard
from core.vision.encoder import Encoder
from core.vision.network import EncoderSpec, FaceNet, build, count_parameters, read_encoder, save_encoder
from recipes.encoder.ahead import Ahead
from recipes.encoder.batches import Augmenter, Batches, Drawn
from recipes.encoder.faces import Faces, held_out, load_faces
from recipes.encoder.measure import measure, tell
from recipes.encoder.microbatches import Backbone, WholeBatch
from recipes.encoder.neighbours import nearest_prototypes
from recipes.encoder.objective import Head, common_part, pair_logistic, supervised_contrastive
from recipes.encoder.pack import load_pack
from recipes.encoder.pretrain_config import HUES, Clock, PretrainConfig, rate_at

CHECKPOINT, NAMES = "checkpoint.pt", "names.json"
SAVED_EVERY = 60
"""Seconds between checkpoints."""


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
        self.device = torch.device(config.device)
        self.net = self.net.to(self.device, memory_format=torch.channels_last)
        self.backbone = Backbone(self.net, config) if self.device.type == "cpu" else WholeBatch(self.net)
        self.average = copy.deepcopy(self.net).eval()
        self.head = Head(len(faces.names), self.spec.dim, self.batches.source_of, config)
        if config.start:
            self._take_over(Path(config.start).parent)
        self.head.to(self.device)
        self.ahead = Ahead(self._prepare, config)
        torch.backends.cudnn.benchmark = False  # the search takes half a minute at each size: much of a short run
        weights = [p for p in self.net.parameters() if p.requires_grad and p.ndim > 1]
        others = [p for p in self.net.parameters() if p.requires_grad and p.ndim <= 1]
        self.optimiser = torch.optim.AdamW(
            [
                {"params": weights, "weight_decay": config.weight_decay},
                {"params": others, "weight_decay": 0.0},
                {"params": [self.head.weight, self.head.threshold], "weight_decay": 0.0},
            ],
            lr=config.learning_rate,
            fused=self.device.type == "cuda",
        )
        self.step, self.clock = 0, Clock(config)

    @torch.no_grad()
    def _take_over(self, folder: Path) -> None:
        """Classifier rows of the training that is continued; a character that it did not know gets its mean feature."""
        count, known, old = len(self.faces.names), {}, torch.zeros(0)
        if (folder / NAMES).is_file() and (folder / CHECKPOINT).is_file():
            names = json.loads((folder / NAMES).read_text(encoding="utf-8"))
            known = {name: row for row, name in enumerate(names)}
            old = torch.load(folder / CHECKPOINT, weights_only=True)["head"]["weight"]
            old = old[: (1 + len(HUES)) * len(names)].view(1 + len(HUES), len(names), -1)
        several = self.head.weight.view(self.config.subcentres, 1 + len(HUES), count, -1)
        noise = several[1:] * 0.2
        rows = several[0]
        new = [row for row, name in enumerate(self.faces.names) if name not in known]
        for row in set(range(count)) - set(new):
            rows[:, row] = old[:, known[self.faces.names[row]]]
        if new:
            own = [self.batches.by_identity[row][:8] for row in new]
            places = torch.from_numpy(np.repeat(np.arange(len(new)), [len(faces) for faces in own]))
            faces = list(self.faces.pixels[np.concatenate(own)])
            vectors = torch.from_numpy(snapshot(self.net, mirror=False).embed(faces, framing="given"))
            sums = torch.zeros(len(new), vectors.shape[1]).index_add_(0, places, vectors)
            rows[0, new] = sums / torch.bincount(places)[:, None]
        several[1:] = rows + noise  # sub-centres begin beside each other

    def _prepare(self, step: int, size: int) -> tuple[Drawn, Tensor]:
        """The faces of a step and their pixels, changed already where the processor trains."""
        drawn, seed = self.batches.draw(step), self._seed(step)
        pixels = self.augmenter.gather(drawn, size, seed)
        return drawn, pixels if self.device.type == "cuda" else self.augmenter.change(pixels, drawn, size, seed)

    def _seed(self, step: int) -> int:
        return self.config.seed * 1_000_003 + step

    def _look_up_neighbours(self) -> None:
        """Every so many steps, and only for batches that are not prepared yet."""
        if self.config.neighbours > 0 and self.step > 0 and self.step % self.config.neighbours_every == 0:
            self.ahead.forget()
            rows = self.head.weight.view(self.config.subcentres, -1, self.spec.dim)[0, : len(self.faces.names)]
            sources = torch.from_numpy(self.batches.source_of)
            self.batches.neighbours = nearest_prototypes(rows.cpu(), sources, 3 * self.config.p).numpy()

    def one_step(self) -> dict[str, float]:
        """Draw, forward, backward, update; what happened, in numbers."""
        c = self.config
        share = self.clock.share(self.step)
        rate = rate_at(share, c)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        if share >= c.settled and self.net.training:
            self.settle()
        size = c.small_size if share < c.small_share else c.size
        side = c.drawn or size
        self._look_up_neighbours()
        drawn, pixels = self.ahead.take(self.step, side)
        if self.device.type == "cuda":
            pixels = self.augmenter.change(pixels.to(self.device), drawn, side, self._seed(self.step))
        pixels = self.seen(pixels)
        with torch.autocast("cuda", torch.bfloat16, enabled=self.device.type == "cuda"):
            features = self.backbone.forward(resized(pixels, size), self.step)
        loss, parts = self.loss(features.float(), pixels, drawn)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.backbone.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), 5.0)
        self.optimiser.step()
        self.step += 1
        self._follow()
        numbers = torch.stack([value.detach().float() for value in parts.values()]).tolist()  # waits once a step
        told = dict(zip(parts, numbers, strict=True))
        return told | {"share": share, "rate": rate, "size": size, "faces": len(pixels)}

    def settle(self) -> None:
        """From here on batch normalisation keeps what it has counted: the network learns as it will be asked."""
        self.net.eval()
        self.backbone.settle()

    def seen(self, pixels: Tensor) -> Tensor:
        """What the network is shown of a step's faces (n, 3, s, s): all of them as they are."""
        return pixels

    def loss(self, features: Tensor, pixels: Tensor, drawn: Drawn) -> tuple[Tensor, dict[str, Tensor]]:
        """What is minimised, for the backbone's features (n, f) of these pixels, and its parts."""
        c = self.config
        classes = torch.from_numpy(drawn.labels + drawn.hues * len(self.faces.names)).to(self.device)
        groups = self.head.source[classes]
        before = self.net.embedding(features)
        unit = F.normalize(self.net.neck(before))
        loss, right = self.head(unit, classes)
        parts = {"classes": loss, "right": right}
        if c.contrastive:
            parts["contrast"] = supervised_contrastive(unit, classes, groups, c.temperature)
            loss = loss + c.contrastive * parts["contrast"]
        if c.centre:
            parts["common"] = common_part(unit, classes, groups)
            loss = loss + c.centre * parts["common"]
        if c.pairs:
            parts["pairs"] = pair_logistic(unit, classes, groups, c.scale, self.head.threshold)
            loss = loss + c.pairs * parts["pairs"]
            parts["threshold"] = self.head.threshold
        if c.triplet:
            hard = batch_hard(before, classes, groups=groups)
            loss = loss + c.triplet * hard.loss
            parts |= {"triplet": hard.loss, "active": torch.tensor(hard.active)}
        return loss, parts

    @torch.no_grad()
    def _follow(self) -> None:
        keep = min(self.config.ema_decay, self.step / (self.step + 20))
        slow, fast = self.average.state_dict(), self.net.state_dict()
        moving = [name for name, value in slow.items() if value.is_floating_point()]
        torch._foreach_lerp_([slow[name] for name in moving], [fast[name] for name in moving], 1 - keep)
        for name in slow.keys() - set(moving):
            slow[name].copy_(fast[name])

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
        if self.batches.neighbours is not None:
            state["neighbours"] = torch.from_numpy(self.batches.neighbours)
        temporary = path.with_suffix(".tmp")
        torch.save(state, temporary)
        temporary.replace(path)

    def load(self, path: Path) -> None:
        state = torch.load(path, weights_only=True, map_location=self.device)
        self.net.load_state_dict(state["net"])
        self.average.load_state_dict(state["average"])
        self.head.load_state_dict(state["head"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.step, self.clock.used = state["step"], state["used"]
        self.batches.neighbours = state["neighbours"].cpu().numpy() if "neighbours" in state else None
        self.ahead.forget()


def resized(pixels: Tensor, side: int) -> Tensor:
    """(n, 3, s, s) float -> (n, 3, side, side)."""
    return pixels if pixels.shape[-1] == side else F.interpolate(pixels, (side, side), mode="bilinear", antialias=True)


def snapshot(net: FaceNet, *, mirror: bool = True) -> Encoder:
    """The network as it is now, as an encoder on its own device."""
    return Encoder.of(copy.deepcopy(net), name="snapshot", mirror=mirror, device=str(net.mean.device))


def run(
    config: PretrainConfig,
    *,
    resume: bool = False,
    stop_at: float = 0.0,
    make: Callable[[Faces, PretrainConfig], Training] = Training,
) -> Path:
    """Train, measure on what was held out, write last.safetensors; returns its path.

    measure_minutes 0: nothing is measured, not in the end either. stop_at: a time (time.time()) at which to stop, to be
    gone on with later; 0: never. What is reached is written with every checkpoint.
    """
    torch.set_num_threads(config.threads)
    out = Path(config.out)
    out.mkdir(parents=True, exist_ok=True)
    everything = load_pack(Path(config.pack)) if config.pack else load_faces(Path(config.faces), Path(config.cache))
    unseen = held_out(everything, list(config.hold_out), config.hold_out_share)
    kept = everything.keep(unseen) if unseen.any() and config.measure_minutes > 0 else None
    training = make(everything.keep(~unseen), config)
    print(
        f"{len(training.faces.labels)} faces of {len(training.faces.names)} characters, {int(unseen.sum())} characters "
        f"held out, {count_parameters(training.net) / 1e6:.2f} M parameters",
        flush=True,
    )
    final = out / "last.safetensors"
    (out / NAMES).write_text(json.dumps(training.faces.names, ensure_ascii=False), encoding="utf-8")
    (out / "config.json").write_text(json.dumps(asdict(config), indent=1))
    if resume and (out / CHECKPOINT).is_file():
        training.load(out / CHECKPOINT)
    saved = measured = started = time.monotonic()
    shown: dict[str, float] = {}
    while training.clock.share(training.step) < 1 and not 0 < stop_at <= time.time():
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
        if now - saved > SAVED_EVERY:
            _write(training, out, {})
            saved = now
        if kept is not None and now - measured > 60 * config.measure_minutes:
            tell(measure(snapshot(training.average), kept, draws=5, max_faces=40))
            measured = time.monotonic()
    figures = measure(snapshot(training.average), kept) if kept is not None else {}
    _write(training, out, figures)
    tell(figures)
    print(f"{final}: {final.stat().st_size / 1e6:.1f} MB", flush=True)
    return final


def _write(training: Training, out: Path, figures: dict[str, dict]) -> None:
    """The checkpoint, and the weights as they are now."""
    config = training.config
    training.save(out / CHECKPOINT)
    provenance = {
        "recipe": "recipes.encoder.pretrain",
        "config": asdict(config),
        "steps": training.step,
        "characters": len(training.faces.names),
        "faces": len(training.faces.labels),
        "held_out": figures,
    }
    save_encoder(out / "last.safetensors", training.average, replace(training.spec, size=config.size), provenance)


def _yes(word: str) -> bool:
    return word.lower() in {"1", "true", "yes"}


def add_options(parser: argparse.ArgumentParser, defaults: PretrainConfig) -> None:
    """An option for each field of the config."""
    for name, value in asdict(defaults).items():
        flag = "--" + name.replace("_", "-")
        if isinstance(value, tuple):
            parser.add_argument(flag, nargs="*", default=list(value))
        else:
            parser.add_argument(flag, type=_yes if isinstance(value, bool) else type(value), default=value)


def config_of(values: dict) -> PretrainConfig:
    """The config of parsed options."""
    return PretrainConfig(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_options(parser, PretrainConfig())
    parser.add_argument("--resume", action="store_true", help="go on from OUT/checkpoint.pt")
    values = vars(parser.parse_args())
    resume = values.pop("resume")
    run(config_of(values), resume=resume)


if __name__ == "__main__":
    main()
