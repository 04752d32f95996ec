"""Workspaces with faces in them, for tests that begin after the crop step."""

from __future__ import annotations

from core.atomic import write_bytes
from core.imaging.hashes import perceptual, sha256
from core.imaging.reading import encode_jpeg
from tests.conftest import noise


def add_faces(project, counts: dict[str, int], *, seed: int = 0, group: str = "") -> dict[str, list[int]]:
    """Kept faces made of noise, each its own picture; returns the ids of each character's faces."""
    made: dict[str, list[int]] = {}
    n = seed * 10_000
    for name, count in counts.items():
        character = project.catalogue.add_character(name)
        ids = []
        for i in range(count):
            n += 1
            pixels = noise(n)
            data = encode_jpeg(pixels)
            path = f"faces/{character.slug}/{seed or ''}{i:03d}_1.jpg"
            write_bytes(project.workspace.path(path), data)
            about = {"sha256": sha256(data), "phash": f"{perceptual(pixels):016x}"}
            picture = project.catalogue.add_picture(character.id, kind="face", source="test", group_key=group, **about)
            row = {"picture_id": picture.id, "character_id": character.id, "path": path, "state": "kept", **about}
            row |= {"x": 0.0, "y": 0.0, "w": 80.0, "h": 80.0}
            (face,) = project.catalogue.add_faces([row], action="made", who="import")
            ids.append(face.id)
        made[name] = ids
    return made
