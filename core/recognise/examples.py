"""Drawn pictures to try a demo with: new ones of some of its characters, and one of somebody who is not enrolled."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.atomic import write_bytes, write_json
from core.drawn import Character, cast, draw
from core.drawn.casting import distance
from core.drawn.picture import DrawnPicture
from core.imaging.framing import face_crop
from core.imaging.reading import encode_jpeg
from core.workspace.folders import Workspace, inside

FIRST_SEED = 10_000_019
"""Far beyond the numbers of the pictures that a demo draws: no step has seen what is drawn from here on."""
KNOWN = 4
SMALLEST = 80
"""Pixels: the least width of the face on an example."""
ANSWERS = "examples.json"


@dataclass(frozen=True, slots=True)
class Example:
    """A picture to ask with, and who is on it; "" for somebody who is not enrolled."""

    path: Path
    truth: str


def draw_examples(workspace: Workspace, characters: int, seed: int, *, faces_only: bool = False) -> list[Example]:
    """Draw a new picture of each of the first characters of a demo, and of a stranger, into `examples/`.

    faces_only: keep the face of each alone, for where no detector can be had.
    """
    people = cast(characters, seed)
    asked = [(person, person.name) for person in people[:KNOWN]] + [(stranger(people, seed), "")]
    made = []
    for number, (person, truth) in enumerate(asked, 1):
        path = workspace.root / "examples" / f"example_{number}.jpg"
        picture = new_picture(person)
        pixels = face_crop(picture.pixels, picture.faces[0].box) if faces_only else picture.pixels
        write_bytes(path, encode_jpeg(pixels))
        made.append(Example(path, truth))
    write_json(workspace.root / "examples" / ANSWERS, {one.path.name: one.truth for one in made})
    return made


def read_examples(workspace: Workspace) -> list[Example]:
    """The examples that were drawn; none where there are none, or where their list cannot be read."""
    folder = workspace.root / "examples"
    try:
        found = json.loads((folder / ANSWERS).read_text(encoding="utf-8"))
        examples = [Example(inside(folder, str(name)), str(truth)) for name, truth in found.items()]
    except (OSError, ValueError, AttributeError):
        return []
    return [one for one in examples if one.path.is_file()]


def new_picture(person: Character) -> DrawnPicture:
    """A picture that no step has seen, with one frontal face that is not small."""
    seed = FIRST_SEED
    while True:
        picture = draw(person, seed)
        if [face.pose for face in picture.faces] == ["front"] and picture.faces[0].box.w > SMALLEST:
            return picture
        seed += 1


def stranger(people: Sequence[Character], seed: int) -> Character:
    """Somebody of the same hand who is not among the people, the least like any of them of the next few."""
    others = cast(len(people) + 6, seed)[len(people) :]
    return max(others, key=lambda one: min((distance(one, other) for other in people), default=0.0))
