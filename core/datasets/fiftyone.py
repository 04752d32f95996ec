"""Pictures with faces as FiftyOne reads them: its `FiftyOneImageDetectionDataset`, one folder for each split.

Source: docs.voxel51.com, "Importing data into FiftyOne", FiftyOneImageDetectionDataset: `data/` holds the pictures,
`labels.json` has `classes` and, for each file's name without its ending, a list of detections whose `bounding_box` is
[left, top, width, height] as shares of the picture and whose `label` is the number of a class.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from core.datasets.outputs import Output, Plan, copied, filled, provenance, text_file
from core.datasets.records import UNNAMED, DataSet, FaceRecord, PictureRecord, picture_parts


def plan_fiftyone(data: DataSet) -> Plan:
    """`train/`, `validation/`, `test/`, each a data set with the same classes. Raises DataError without pictures."""
    parted, notes = picture_parts(data)
    classes = sorted({face.name or UNNAMED for _, p in parted for face in p.kept_faces})
    numbers = {name: i for i, name in enumerate(classes)}
    outputs: list[Output] = []
    rows = []
    for part in dict.fromkeys(part for part, _ in parted):
        pictures = [picture for of, picture in parted if of == part]
        labels = {p.label: [_detection(face, p, numbers) for face in p.kept_faces] or None for p in pictures}
        document = json.dumps({"classes": classes, "labels": labels}, ensure_ascii=False)
        outputs.append(text_file(f"{part}/labels.json", document))
        for picture in pictures:
            assert picture.file is not None  # picture_parts takes no others
            path = f"{part}/data/{picture.label}{Path(picture.file).suffix}"
            outputs.append(copied(path, picture.file))
            rows.append((path, picture.name, picture.series, part, picture.origin))
    outputs.append(provenance(rows))
    items = Counter(part for part, _ in parted)
    return filled(Plan(tuple(outputs), dict(items), tuple(notes)), data, "pictures with faces")


def _detection(face: FaceRecord, picture: PictureRecord, numbers: dict[str, int]) -> dict[str, Any]:
    box, width, height = face.box, picture.width, picture.height
    inside = box.clip(width, height) or box
    shares = [inside.x / width, inside.y / height, inside.w / width, inside.h / height]
    return {
        "label": numbers[face.name or UNNAMED],
        "bounding_box": [round(share, 8) for share in shares],
        "confidence": round(face.score, 4),
        "attributes": {"face_id": face.id, "detector": face.detector},
    }
