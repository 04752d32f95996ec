"""What came last, the newest first."""

from __future__ import annotations

from core.workspace.newest import newest_faces, newest_pictures


def test_the_newest_kept_pictures_and_faces_come_first(catalogue):
    rei = catalogue.add_character("Rei")
    rows = [{"character_id": rei.id, "path": f"pictures/Rei/{i}.jpg"} for i in range(4)]
    one, two, three, four = catalogue.add_pictures(rows)
    catalogue.add_picture(rei.id, path="", state="duplicate")
    assert [p.id for p in newest_pictures(catalogue, 3)] == [four.id, three.id, two.id]
    states = (("kept", None), ("rejected", None), ("kept", 1), ("kept", None))
    rows = [
        {"picture_id": one.id, "character_id": rei.id, "path": f"f{i}", "x": 0, "y": 0, "w": 9, "h": 9}
        | {"state": state, "copy_of": copy}
        for i, (state, copy) in enumerate(states)
    ]
    faces = catalogue.add_faces(rows, action="found")
    assert [f.id for f in newest_faces(catalogue, 9)] == [faces[3].id, faces[0].id]
