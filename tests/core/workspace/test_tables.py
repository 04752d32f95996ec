"""What a new row holds where nothing else is said."""

from __future__ import annotations

from dataclasses import asdict


def test_a_new_character_picture_and_face(catalogue):
    character = catalogue.add_character("Rei")
    assert (character.name, character.slug, character.series, character.wanted) == ("Rei", "Rei", "", 0)
    assert (character.state, character.reference_face) == ("active", None)
    picture = catalogue.add_picture(character.id)
    said = asdict(picture)
    assert (said["kind"], said["state"], said["review"], said["duplicate_of"]) == ("picture", "kept", "new", None)
    assert (said["width"], said["height"], said["path"], said["sha256"], said["group_key"]) == (0, 0, "", "", "")
    (face,) = catalogue.add_faces([{"picture_id": picture.id, "character_id": character.id}], action="found")
    said = asdict(face)
    assert [said[key] for key in ("x", "y", "w", "h", "score", "quality")] == [0.0] * 6
    assert (said["state"], said["split"], said["copy_of"], said["revision"]) == ("proposed", "", None, 0)
    assert (said["enrolled"], said["ignored"], list(said["negatives"])) == (False, False, [])
    assert said["decided_by"] == "detector"
