"""Faces as Hugging Face `datasets` reads them: `load_dataset("imagefolder", data_dir=...)` with a metadata.jsonl.

Source: huggingface.co/docs/datasets, "Create an image dataset", ImageFolder: a folder for each split, in it a
`metadata.jsonl` whose `file_name` is relative to itself.
"""

from __future__ import annotations

import json
from collections import Counter

from core.datasets.imagefolder import placed_faces
from core.datasets.outputs import Output, Plan, copied, filled, text_file
from core.datasets.records import DataSet, FaceRecord, PictureRecord

CARD = """\
---
license: other
task_categories:
- image-classification
pretty_name: {name}
---

# {title}

Faces of {characters} characters, written by Who Am I?. `label` is the character.

The pictures belong to their artists: `author`, `licence`, `page_url` and `source` say of each what is known.

    from datasets import load_dataset
    faces = load_dataset("imagefolder", data_dir="...")
"""


def plan_huggingface(data: DataSet) -> Plan:
    """A folder for each split with the faces, `metadata.jsonl` and a card. Raises DataError where there is no face."""
    placed, notes = placed_faces(data)
    outputs: list[Output] = [copied(path, face.file) for path, _, _, face in placed if face.file is not None]
    for part in sorted({part for _, part, _, _ in placed}):
        rows = [_row(path.removeprefix(f"{part}/"), p, face) for path, of, p, face in placed if of == part]
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        outputs.append(text_file(f"{part}/metadata.jsonl", lines))
    characters = len({face.name for _, _, _, face in placed})
    title = " ".join(data.name.split())
    card = CARD.format(name=json.dumps(title, ensure_ascii=False), title=title, characters=characters)
    outputs.append(text_file("README.md", card))
    items = Counter(part for _, part, _, _ in placed)
    return filled(Plan(tuple(outputs), dict(items), tuple(notes)), data, "faces")


def _row(file_name: str, picture: PictureRecord, face: FaceRecord) -> dict[str, object]:
    """Every row has every key, so that each column has one type."""
    origin = picture.origin
    return {
        "file_name": file_name,
        "label": face.name,
        "series": face.series,
        "face_id": face.id,
        "picture_id": picture.id,
        "source": origin.source,
        "page_url": origin.page_url,
        "title": origin.title,
        "author": origin.author,
        "licence": origin.licence,
        "rating": origin.rating,
        "tags": " ".join(origin.tags),
    }
