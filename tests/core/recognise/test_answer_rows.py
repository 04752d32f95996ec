from core.recognise.answer_rows import rows_of_picture
from tests.recognised import answered, recognised


def test_a_face_is_a_row_and_a_picture_without_one_too(tmp_path):
    two = answered(tmp_path / "a.png", recognised("match", "Rei"), recognised("unknown", None)).as_dict()
    rows = rows_of_picture("k", "a.png", two, "/home/a.png")
    assert [(r.id, r.face, r.faces, r.verdict, r.character, r.series, r.name) for r in rows] == [
        ("k:1", 1, 2, "match", "Rei", "Eva", "/home/a.png"),
        ("k:2", 2, 2, "unknown", "", "", "/home/a.png"),
    ]
    assert [r.verdict for r in rows_of_picture("k", "a.png", answered(tmp_path / "a.png").as_dict())] == ["no face"]
    (broken,) = rows_of_picture("k", "a.png", answered(tmp_path / "a.png", error="It is cut short.").as_dict())
    assert (broken.verdict, broken.reason) == ("not readable", "It is cut short.")
