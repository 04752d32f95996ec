"""import: what a folder holds, taken in once, or only said."""

from __future__ import annotations

import pytest

from core.commands.import_ import Arguments
from core.errors import DataError
from tests.stand_in.server import picture_bytes


@pytest.fixture
def folder(tmp_path):
    for name, count in {"Asuka": 1, "Rei": 3}.items():
        for n in range(count):
            path = tmp_path / "in" / name / f"{n}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(picture_bytes(len(name) * 10 + n))
    (tmp_path / "in/Rei/a.pdf").write_bytes(b"%PDF-1.7")
    return tmp_path / "in"


def test_the_kind_is_pictures_or_faces(tmp_path):
    with pytest.raises(DataError, match="kind is one of pictures, faces"):
        Arguments(tmp_path, "videos")
    with pytest.raises(DataError, match="limit"):
        Arguments(tmp_path, "faces", limit=0)


def test_a_dry_run_counts_and_takes_nothing_in(run, folder, catalogue):
    code, document, _ = run("import", folder, "--kind", "pictures", "--dry-run")
    assert code == 0
    assert document["characters"] == [{"name": "Asuka", "pictures": 1}, {"name": "Rei", "pictures": 3}]
    assert [one["path"] for one in document["left_out"]] == ["Rei/a.pdf"]
    assert catalogue.pictures() == []


@pytest.mark.parametrize("kind", ["pictures", "faces"])
def test_they_come_in_once_as_what_was_said(run, folder, catalogue, kind):
    assert run("import", folder, "--kind", kind, "--limit", 2)[1]["kept"] == 3
    assert run("import", folder, "--kind", kind, "--limit", 2)[1]["kept"] == 0
    assert {p.kind for p in catalogue.pictures()} == {kind.removesuffix("s")}
    assert len(catalogue.faces()) == (3 if kind == "faces" else 0)


def test_a_flat_folder_needs_a_name(run, folder, catalogue):
    assert run("import", folder / "Rei", "--kind", "faces")[0] == 1
    document = run("import", folder / "Rei", "--kind", "faces", "--character", "Rei Ayanami")[1]
    assert [(c["name"], c["have"]) for c in document["characters"]] == [("Rei Ayanami", 3)]
