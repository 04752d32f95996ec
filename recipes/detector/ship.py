"""Put trained detector weights where the app looks for them, with the operating point measured by folds.

python -m recipes.detector.ship --data ../shared/data --folds FOLDS --weights FINAL [--precision 0.95]
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from core.vision.cnn_network import read_detector, save_detector
from core.vision.detector import WEIGHTS
from core.vision.matching import RULES, match_detections
from recipes.detector.measure import load_web, run_folds


def main(argv: list[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m recipes.detector.ship", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--folds", type=Path, required=True, help="fold weights, as recipes.detector.measure has them")
    parser.add_argument("--weights", type=Path, required=True, help="the weights to ship")
    parser.add_argument("--precision", type=float, default=0.95, help="of the operating point, by folds")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    args = parser.parse_args(argv)
    pictures = load_web(args.data)
    result = run_folds(args.folds, pictures, args.precision, rate=False)
    measured = {}
    for name, rule in RULES.items():
        m = match_detections(result.found, [picture.boxes for picture in pictures], rule).at(result.score)
        measured[name] = {"recall": round(m.recall, 4), "precision": round(m.precision, 4), "faces": m.faces}
    net, spec, provenance = read_detector(args.weights)
    spec = replace(spec, score=round(result.score, 4))
    save_detector(args.out, net, spec, provenance | {"by_folds": measured})
    print(f"{args.out}: operating point {spec.score}, by folds {measured}")


if __name__ == "__main__":
    main()
