"""The shipped cast: one vector for each character that the encoder has seen, with its name and the work it is from.

    python -m recipes.encoder.cast --encoder models/pretrained/encoder.safetensors --faces ../shared/data/faces \
        --out models/pretrained/cast.safetensors

core.recognise.shipped_cast reads it; docs/cast.md says what it is worth. To be made again with new weights: the file
names the encoder by its digest, and is not used with another. No picture is in it.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from core.atomic import write_with
from core.errors import DataError
from core.imaging.reading import read_picture
from core.similarity.prototypes import prototypes
from core.vision.encoder import load_encoder
from core.workspace.embeddings import encoder_digest
from recipes.encoder.impostors import PICTURES

WORKS = {
    "another_eden": "Another Eden",
    "another_eden_icons": "Another Eden",
    "arknights": "Arknights",
    "azur_lane": "Azur Lane",
    "blue_archive": "Blue Archive",
    "danganronpa": "Danganronpa",
    "dragalia": "Dragalia Lost",
    "fire_emblem_heroes": "Fire Emblem Heroes",
    "genshin": "Genshin Impact",
    "hololive": "hololive",
    "kancolle": "Kantai Collection",
    "katawa_shoujo": "Katawa Shoujo",
    "priconne": "Princess Connect! Re:Dive",
    "sekai": "Project Sekai",
    "shiny_colors": "The Idolmaster Shiny Colors",
    "shinycolors_stickers": "The Idolmaster Shiny Colors",
    "star_rail": "Honkai: Star Rail",
    "touhou": "Touhou Project",
    "twisted_wonderland": "Twisted Wonderland",
    "umamusume": "Umamusume",
    "warship_girls": "Warship Girls R",
    "wuthering_waves": "Wuthering Waves",
    "zenless": "Zenless Zone Zero",
}
NAMES = {
    "azur_lane/de_zeven_provinci_n": "De Zeven Provinciën",
    "azur_lane/friedrich_der_gro_e": "Friedrich der Große",
    "hololive/ame": "Watson Amelia",
    "hololive/bae": "Hakos Baelz",
    "hololive/biboo": "Koseki Bijou",
    "hololive/calli": "Mori Calliope",
    "hololive/ceci": "Cecilia Immergreen",
    "hololive/fauna": "Ceres Fauna",
    "hololive/gigi": "Gigi Murin",
    "hololive/gura": "Gawr Gura",
    "hololive/irys": "IRyS",
    "hololive/kronii": "Ouro Kronii",
    "hololive/mumei": "Nanashi Mumei",
    "hololive/shiori": "Shiori Novella",
    "shinycolors_stickers/asakuratoru": "Toru",
    "shinycolors_stickers/fukumarukoito": "Koito",
    "shinycolors_stickers/higuchimadoka": "Madoka",
    "shinycolors_stickers/ichikawahinana": "Hinana",
}
"""Names that the folders shorten, or that two sources spell differently."""
MOST = 12
"""Faces of a character, from each source, that are averaged."""
BATCH = 256
MATCH, LEAD = 0.87, 0.05
"""From which similarity on, and how far ahead of the second, a face looks like a character; docs/cast.md says why."""


def name_of(source: str, folder: str) -> str:
    """What a character is called.

    >>> name_of("umamusume", "1006_oguri_cap"), name_of("zenless", "hugo-vlad"), name_of("kancolle", "kc0009")
    ('Oguri Cap', 'Hugo Vlad', 'no. 9')
    """
    known = NAMES.get(f"{source}/{folder}")
    if known:
        return known
    if number := re.fullmatch(r"(?:dl|kc|wg)0*(\d+)", folder):
        return f"no. {number[1]}"
    words = re.sub(r"^\d+_", "", folder).replace("_", " ").replace("-", " ").split()
    return " ".join(word.capitalize() if word.islower() else word for word in words)


def choose_faces(folder: Path, seed: int = 0) -> tuple[list[Path], list[str]]:
    """At most MOST files of each character of each source, and "work/name" of each file."""
    rng = np.random.default_rng(seed)
    files: list[Path] = []
    labels: list[str] = []
    for place in sorted(p for p in folder.glob("*/*") if p.is_dir()):
        source = place.parent.name
        found = sorted(p for p in place.iterdir() if p.suffix.lower() in PICTURES)
        chosen = sorted(found[i] for i in rng.permutation(len(found))[:MOST])
        files += chosen
        labels += [f"{WORKS.get(source, source)}/{name_of(source, place.name)}"] * len(chosen)
    if not files:
        raise DataError(f"No faces under {folder}; expected {folder}/SOURCE/CHARACTER/*.jpg.")
    return files, labels


def build(encoder: Path, files: list[Path], labels: list[str]) -> tuple[list[tuple[str, str]], np.ndarray]:
    """(work, name) of each character, and their prototypes float16 (c, d)."""
    model = load_encoder(encoder)
    parts = [files[start : start + BATCH] for start in range(0, len(files), BATCH)]
    vectors = [model.embed([read_picture(path) for path in part], framing="auto") for part in parts]
    names, means = prototypes(np.concatenate(vectors), labels)
    pairs = [(work, name) for work, _, name in (one.partition("/") for one in names)]
    return pairs, means.astype(np.float16)


def make(encoder: Path, faces: Path, out: Path) -> str:
    """Write the cast that belongs to an encoder, and say who is in it."""
    characters, vectors = build(encoder, *choose_faces(faces))
    metadata = {
        "encoder": encoder_digest(encoder),
        "characters": json.dumps(characters, ensure_ascii=False),
        "match": str(MATCH),
        "lead": str(LEAD),
    }
    write_with(out, lambda temporary: save_file({"prototypes": vectors}, temporary, metadata))
    return f"{len(vectors)} characters of {len({work for work, _ in characters})} works in {out}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--faces", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    print(make(options.encoder, options.faces, options.out))


if __name__ == "__main__":
    main()
