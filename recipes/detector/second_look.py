"""Fit the second look (core.vision.second_look) to the shipped detector and encoder, and measure it by folds.

    python -m recipes.detector.second_look --data ../shared/data --folds .scratch/det/folds

Candidates are the boxes that the detector sees down to a low score: on the pictures with drawn boxes, each by the fold
weights that never saw its character; on drawn characters and on face crops of characters that none saw (of a crop
the best box is the face). A box is a face where its centre lies in a true face and the two share a quarter. The bias is
chosen so that at the detector's operating point precision by folds is as asked.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import save_file

from core.atomic import write_with
from core.drawn.casting import cast
from core.drawn.picture import pictures
from core.imaging.boxes import Detection
from core.imaging.framing import face_crop
from core.settings import ROOT
from core.vision.agreement import logit
from core.vision.cnn import CnnDetector
from core.vision.detector import WEIGHTS
from core.vision.encoder import pretrained_path
from core.vision.matching import Matches, assign, centred, match_detections
from core.vision.second_look import LEAST, Regression, SecondLook, digest, open_features
from core.vision.second_look import WEIGHTS as OUT
from core.vision.specs import read_encoder_header
from recipes.detector.labels import read_rgb
from recipes.detector.measure import Labelled, load_web
from recipes.detector.sources import held_out

PENALTY = 10.0
"""Of the squared weights, against the sum of the candidates' losses; chosen by folds."""
DRAWN = (90, 4, 101)
"""Characters, pictures of each and seed of the drawn pictures it is fitted on."""
DEMO = (8, 30, 0)
"""Those of the demo's characters, which it is measured on."""
UNSEEN = (
    "shiny_colors",
    "twisted_wonderland",
    "fire_emblem_heroes",
    "another_eden_icons",
    "star_rail",
    "wuthering_waves",
    "zenless",
)
EACH = 60
"""Sources of face crops with characters that the detector was not trained on, and crops drawn of each."""
SURELY = 0.6
"""Score from which the best box of such a crop is taken for its face."""
LOOSE = 0.05
"""Score down to which boxes are candidates to fit on: lower than where it is used, for more that are no faces."""


@dataclass(frozen=True)
class Candidates:
    """Boxes of some pictures: features float32 (n, d), the detector's scores (n,), whether each is a face, bool (n,),
    and the character whose picture it is on, str (n,)."""

    features: np.ndarray
    scores: np.ndarray
    faces: np.ndarray
    characters: np.ndarray

    def only(self, chosen: np.ndarray) -> Candidates:
        return Candidates(self.features[chosen], self.scores[chosen], self.faces[chosen], self.characters[chosen])

    def __add__(self, other: Candidates) -> Candidates:
        names = ("features", "scores", "faces", "characters")
        return Candidates(*(np.concatenate([getattr(self, name), getattr(other, name)]) for name in names))


def candidates(detector: CnnDetector, eye: SecondLook, labelled: Sequence[Labelled]) -> Candidates:
    """What a detector alone sees on pictures, down to LOOSE, judged by their true boxes."""
    features, scores, faces, characters = [], [], [], []
    for picture in labelled:
        (found,) = detector.look([picture.rgb], LOOSE)
        hits = [hit >= 0 for hit in assign(found, picture.boxes, centred)]
        # What touches a face without being a hit is neither.
        clear = [hit or all(d.box.iou(box) < 0.2 for box in picture.boxes) for d, hit in zip(found, hits, strict=True)]
        kept = [(d, hit) for d, hit, counts in zip(found, hits, clear, strict=True) if counts]
        if not kept:
            continue
        features.append(eye.features([face_crop(picture.rgb, d.box) for d, _ in kept]))
        scores += [d.score for d, _ in kept]
        faces += [hit for _, hit in kept]
        characters += [picture.character] * len(kept)
    return Candidates(np.concatenate(features), np.array(scores), np.array(faces, bool), np.array(characters))


def crops(detector: CnnDetector, data: Path, seed: int = 0) -> list[Labelled]:
    """Face crops of characters that the detector was not trained on, each with the box that the detector is sure of."""
    rng, labelled = np.random.default_rng(seed), []
    for source in UNSEEN:
        files = sorted(p for p in (data / "faces" / source).rglob("*") if p.is_file())
        files = [p for p in files if held_out(p.relative_to(data).as_posix())]
        for index in sorted(rng.choice(len(files), min(EACH, len(files)), replace=False)):
            rgb = read_rgb(files[index])[0]
            (found,) = detector.look([rgb], SURELY)
            if found:
                labelled.append(Labelled(f"{source}/{files[index].name}", rgb, (found[0].box,), ("",)))
    return labelled


def fit(known: Candidates, penalty: float = PENALTY) -> Regression:
    """The regression of least log loss on candidates; share and bias are free of the penalty (L-BFGS, in float64)."""
    centre = known.features.mean(0).astype(np.float64)
    x = torch.from_numpy(known.features - centre)
    before = torch.tensor([logit(score) for score in known.scores], dtype=torch.float64)
    truth = torch.from_numpy(known.faces.astype(np.float64))
    values = torch.zeros(x.shape[1] + 2, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([values], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        z = x @ values[:-2] + values[-2] * before + values[-1]
        total = torch.nn.functional.binary_cross_entropy_with_logits(z, truth, reduction="sum")
        total = total + 0.5 * penalty * values[:-2].square().sum()
        total.backward()
        return total

    optimiser.step(loss)
    found = values.detach().numpy()
    return Regression(found[:-2].astype(np.float32), float(found[-2]), float(found[-1] - centre @ found[:-2]))


def draw(n: int, each: int, seed: int) -> list[Labelled]:
    """Drawn pictures of n characters with their exact boxes."""
    return [
        Labelled(f"{c.name}/{k}", p.pixels, tuple(f.box for f in p.faces), tuple(f.pose for f in p.faces))
        for c, k, p in pictures(cast(n, seed), each, seed, workers=1)
    ]


def write(path: Path, regression: Regression, encoder: Path, provenance: dict[str, Any]) -> None:
    """The regression as a file, with the digests of the detector and the encoder that it belongs to."""
    tensors = {
        "weights": regression.weights,
        "share_and_bias": np.array([regression.share, regression.bias], np.float32),
    }
    belongs = {"detector": digest(WEIGHTS), "encoder": digest(encoder), "provenance": json.dumps(provenance)}
    write_with(path, lambda temporary: save_file(tensors, temporary, belongs))


class Study:
    """Everything that is fitted on and measured on, and the fold detectors."""

    def __init__(self, data: Path, folds: Path, encoder: Path):
        size = read_encoder_header(encoder)[0].size
        runtime = open_features(encoder)
        self.eye: Callable[[Regression], SecondLook] = lambda regression: SecondLook(regression, size, lambda: runtime)
        any_eye = self.eye(Regression(np.zeros(1, np.float32), 1.0, 0.0))
        self.shipped = CnnDetector.load(WEIGHTS)
        self.web = load_web(data)
        self.names = sorted({picture.character for picture in self.web})
        self.folds = {name: CnnDetector.load(folds / name / "detector.safetensors") for name in self.names}
        self.known = {name: candidates(self.folds[name], any_eye, self.of(name)) for name in self.names}
        self.also = candidates(self.shipped, any_eye, draw(*DRAWN)) + candidates(
            self.shipped, any_eye, crops(self.shipped, data)
        )
        self.demo = draw(*DEMO)

    def of(self, name: str) -> list[Labelled]:
        """The pictures of one character."""
        return [picture for picture in self.web if picture.character == name]

    def without(self, name: str, penalty: float) -> Regression:
        """Fitted on everything but one character."""
        return fit(sum((c for n, c in self.known.items() if n != name), self.also), penalty)

    def found(self, name: str, regression: Regression | None, least: float = LEAST) -> list[list[Detection]]:
        """What the whole detector finds on a character's pictures, by fold, with or without a second look."""
        return self._found(self.folds[name], self.of(name), regression, least)

    def found_drawn(self, regression: Regression | None, least: float = LEAST) -> list[list[Detection]]:
        """The same on the demo's characters, by the shipped detector."""
        return self._found(self.shipped, self.demo, regression, least)

    def _found(
        self, detector: CnnDetector, labelled: Sequence[Labelled], regression: Regression | None, least: float
    ) -> list[list[Detection]]:
        detector.second_look = self.eye(regression) if regression else None
        found = detector.detect_many([picture.rgb for picture in labelled], min_score=least)
        detector.second_look = None
        return found


def judged(found: Sequence[Sequence[Detection]], labelled: Sequence[Labelled]) -> Matches:
    return match_detections(found, [picture.boxes for picture in labelled], centred)


def row(name: str, matches: Matches, point: float) -> str:
    """Recall and precision at a score, and recall where precision is .95, .97 and .98."""
    at = matches.at(point)
    best = " | ".join(f"{matches.at(matches.operating_point(p)).recall:.3f}" for p in (0.95, 0.97, 0.98))
    return f"| {name} | {at.recall:.3f} | {at.precision:.3f} | {best} |"


def table(study: Study, regressions: dict[str, Regression | None], drawn: Regression | None, point: float) -> str:
    """One row a fold, all folds, and the demo's drawn characters."""
    found = {name: study.found(name, regressions[name]) for name in study.names}
    rows = [row(name, judged(found[name], study.of(name)), point) for name in study.names]
    together = judged(
        [boxes for name in study.names for boxes in found[name]], [p for n in study.names for p in study.of(n)]
    )
    rows += [row("all", together, point), row("drawn", judged(study.found_drawn(drawn), study.demo), point)]
    head = "| pictures | recall | precision | recall at .95 | at .97 | at .98 |"
    return "\n".join([head, "|---" * 6 + "|", *rows])


def main(argv: list[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m recipes.detector.second_look", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--folds", type=Path, required=True, help="fold weights, as recipes.detector.measure has them")
    parser.add_argument("--penalty", type=float, default=PENALTY)
    parser.add_argument("--precision", type=float, default=0.97, help="of the operating point, by folds")
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args(argv)
    study = Study(args.data, args.folds, pretrained_path())
    point = study.shipped.operating_point
    regressions = {name: study.without(name, args.penalty) for name in study.names}
    found = [boxes for name in study.names for boxes in study.found(name, regressions[name], 0.001)]
    best = judged(found, [p for n in study.names for p in study.of(n)]).operating_point(args.precision)
    by = logit(point) - logit(best)
    regressions = {name: replace(one, bias=one.bias + by) for name, one in regressions.items()}
    final = fit(sum(study.known.values(), study.also), args.penalty)
    final = replace(final, bias=final.bias + by)
    nothing: dict[str, Regression | None] = dict.fromkeys(study.names)
    print("Without the second look:", table(study, nothing, None, point), "With it:", sep="\n")
    print(table(study, dict(regressions), final, point), f"share {final.share:.2f}, moved by {by:.2f}", sep="\n")
    provenance = {"penalty": args.penalty, "precision": args.precision, "candidates": len(study.also.scores)}
    write(args.out, final, pretrained_path(), provenance)


if __name__ == "__main__":
    main()
