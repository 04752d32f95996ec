"""Faces as the balance step takes them, made from the catalogue's values."""

from __future__ import annotations

from dataclasses import replace

from core.balance.grouping import group_faces
from core.balance.rows import FaceRows, face_rows, picture_rows
from core.workspace.tables import Face, Picture


def cast(counts: dict[int, int]) -> list[Face]:
    made = []
    for character, n in counts.items():
        made += [Face(len(made) + i + 1, 0, character, sha256=f"{character}-{i}") for i in range(n)]
    return [replace(face, picture_id=face.id) for face in made]


def rows(faces: list[Face]) -> FaceRows:
    return face_rows([(f.id, f.character_id, f.picture_id, f.split, f.sha256, f.phash) for f in faces])


def grouped(faces: list[Face], pictures: dict[int, Picture]) -> list[int]:
    ordered = [pictures[i] for i in sorted(pictures)]
    known = picture_rows([(p.id, p.duplicate_of, p.group_key, p.phash) for p in ordered])
    return group_faces(rows(faces), known).tolist()


def pictures_of(faces: list[Face], **keys: str) -> dict[int, Picture]:
    return {f.picture_id: Picture(f.picture_id, f.character_id, group_key=keys.get(f"f{f.id}", "")) for f in faces}
