"""backup and restore: one zip, and the same workspace out of it under another name."""

from __future__ import annotations

import zipfile

from tests.faces import add_faces


def test_a_backup_is_a_zip_with_everything_and_restores_under_another_name(run, project, tmp_path):
    add_faces(project, {"Rei": 2})
    out = tmp_path / "new" / "b.zip"
    code, document, _ = run("backup", "--out", out)
    assert code == 0
    assert document == {"out": str(out), "bytes": out.stat().st_size}
    with zipfile.ZipFile(out) as archive:
        assert sum(name.endswith(".jpg") for name in archive.namelist()) == 2


def test_a_folder_is_no_file_to_write(run, project, tmp_path):
    code, document, words = run("backup", "--out", tmp_path)
    assert (code, document) == (1, None)
    assert "is a folder" in words
