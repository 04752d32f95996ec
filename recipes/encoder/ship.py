"""Put encoder weights where the app looks for them, and make anew, with this one command, all that belongs to them.

    python -m recipes.encoder.ship --encoder FILE --hold-out twisted_wonderland:4 shiny_colors:5 fire_emblem_heroes:20

The bank of strangers, the drawn crops without a face, the cast; the second look is handed on where the network before
the last layer is the same. Then the card's figures are measured on what --hold-out kept from the training, on web
pictures and on drawn characters. Weights that the app would use with another encoder's bank must not be committed.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from core.atomic import write_with
from core.characters.non_faces import SHIPPED_VECTORS
from core.errors import DataError
from core.vision.encoder import load_encoder
from core.vision.network import read_encoder
from core.vision.second_look import WEIGHTS as SECOND_LOOK
from core.workspace.models import shipped_path
from recipes.detector.hand_over import hand_over
from recipes.encoder import cast, impostors, non_faces
from recipes.encoder.faces import held_out, load_faces
from recipes.encoder.measure import measure, measure_others

BEGIN, END = "<!-- measured by recipes.encoder.ship -->", "<!-- end -->"
"""Between these lines of the card stand its figures."""
DRAWN = 80
"""Drawn characters that are measured."""


def install(encoder: Path, faces: Path, shipped: Path) -> None:
    """Put an encoder in the place of `shipped`, and make beside it what belongs to it.

    Nothing is touched where the file is no encoder (EncoderError).
    """
    read_encoder(encoder)
    folder = shipped.parent
    with tempfile.TemporaryDirectory() as place:
        before = Path(place) / "before.safetensors"
        shutil.copyfile(shipped, before)
        write_with(shipped, lambda temporary: shutil.copyfile(encoder, temporary))
        print(impostors.make(shipped, faces, folder / "impostors.safetensors"))
        print(non_faces.make(shipped, folder / SHIPPED_VECTORS.name))
        print(cast.make(shipped, faces, folder / "cast.safetensors"))
        try:
            hand_over(folder / SECOND_LOOK.name, before, shipped)
        except DataError as error:
            print(f"The second look was not handed on: {error} (python -m recipes.detector.second_look)")


def table(figures: dict[str, dict]) -> str:
    """The figures as a table of the card.

    >>> print(table({"web": {"shots": 5, "characters": 3, "faces": 159, "top1": 0.9861, "eer": 0.1211}}))
    | source | enrolled | characters (faces) | top-1 | EER |
    |---|---|---|---|---|
    | web | 5 | 3 (159) | 0.986 | 0.121 |
    """
    rows = [
        f"| {name} | {f['shots']} | {f['characters']} ({f['faces']:,}) | {f['top1']:.3f} | {f['eer']:.3f} |"
        for name, f in figures.items()
    ]
    return "\n".join(["| source | enrolled | characters (faces) | top-1 | EER |", "|---|---|---|---|---|", *rows])


def write_figures(card: Path, figures: dict[str, dict]) -> None:
    """Replace the figures of a card. Raises DataError where it has no place for them."""
    text = card.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise DataError(f"{card} has no lines {BEGIN} and {END} for the figures.")
    card.write_text(f"{before}{BEGIN}\n{table(figures)}\n{END}{after}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cache", type=Path, default=Path(".scratch/faces"))
    parser.add_argument("--hold-out", nargs="*", default=[], help="as the training had it")
    options = parser.parse_args()
    shipped = shipped_path()
    install(options.encoder, options.data / "faces", shipped)
    faces = load_faces(options.data / "faces", options.cache)
    encoder = load_encoder(shipped)
    figures = measure(encoder, faces.keep(held_out(faces, options.hold_out, 0.0))) if options.hold_out else {}
    write_figures(shipped.with_suffix(".md"), figures | measure_others(encoder, options.data / "pictures/web", DRAWN))


if __name__ == "__main__":
    main()
