"""Hand the second look on to an encoder whose features are those of the one it was fitted to, without fitting it anew.

    python -m recipes.detector.hand_over --before OLD.safetensors

What follows the pooled features (the last layer, the colours) may change: the regression does not see it. Where the
backbone differs in a single weight nothing is written, and recipes.detector.second_look has to fit another one.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from safetensors import safe_open

from core.errors import DataError
from core.vision.encoder import pretrained_path
from core.vision.second_look import WEIGHTS, digest, read_regression
from recipes.detector.second_look import write


def hand_over(second_look: Path, before: Path, after: Path) -> None:
    """The file of the second look, which belongs to the encoder `before`, belongs to `after` from now on.

    Raises DataError where it belongs to another one, and where the two have not the same backbone.
    """
    regression, belongs = read_regression(second_look)
    if belongs.get("encoder") != digest(before):
        raise DataError(f"{second_look} was not fitted to {before}.")
    if not same_backbone(before, after):
        raise DataError(f"{after} sees other features than {before}. Fit the second look anew.")
    write(second_look, regression, after, json.loads(belongs["provenance"]))


def same_backbone(one: Path, other: Path) -> bool:
    """Whether two encoders' files agree in all that comes before the embedding."""
    with safe_open(one, "np") as first, safe_open(other, "np") as second:
        names, others = (
            {name for name in file.keys() if name.startswith("backbone.")}  # noqa: SIM118
            for file in (first, second)
        )
        return names == others and all(np.array_equal(first.get_tensor(n), second.get_tensor(n)) for n in names)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--before", type=Path, required=True, help="the encoder that the second look was fitted to")
    options = parser.parse_args()
    hand_over(WEIGHTS, options.before, pretrained_path())
    print(f"{WEIGHTS} belongs to {pretrained_path()}")


if __name__ == "__main__":
    main()
