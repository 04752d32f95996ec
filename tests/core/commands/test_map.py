"""map: one HTML file of all faces, by the encoder that was named or the one in use."""

from __future__ import annotations

import pytest

from core.visualise.map_settings import MapSettings


@pytest.mark.parametrize("options", [(), ("--encoder", "pretrained", "--method", "tsne")])
def test_it_writes_where_it_was_told_with_the_settings_that_were_given(run, tmp_path, monkeypatch, options):
    asked = []

    def export_map(project, encoder, out, settings, *, report):
        asked.append((str(encoder).rpartition("/")[2], settings))
        out.write_text("map")
        return out, 12

    monkeypatch.setattr("core.visualise.export.export_map", export_map)
    code, document, _ = run("map", "--out", tmp_path / "map.html", *options)
    method = "tsne" if options else MapSettings().method
    assert code == 0
    assert document == {"out": str(tmp_path / "map.html"), "faces": 12, "method": method}
    assert asked[0][1] == MapSettings(method=method)


def test_a_workspace_without_faces_says_what_to_do(run, tmp_path):
    code, _, words = run("map", "--out", tmp_path / "map.html")
    assert code == 1
    assert "face" in words
    assert not (tmp_path / "map.html").exists()
