"""The map as one HTML file: whole, loading nothing, every name as text."""

from __future__ import annotations

import pytest

from core.progress import silent
from core.visualise import export
from core.visualise.export import CAVEATS, TITLES, export_map, map_html, write_map
from core.visualise.map_settings import METHODS, MapSettings
from tests.core.visualise.test_figure import EVIL, small_map


def test_the_file_is_whole_and_loads_nothing(tmp_path):
    text = write_map(small_map(), tmp_path / "map.html", title="Cast").read_text()
    head = text[: text.index("<body>")] + text[text.index("<table>") :]
    assert "default-src 'none'" in head
    assert "src=" not in head
    assert "<script src=" not in text and "<link" not in head
    assert "2 characters by the encoder run1" in text


def test_the_map_of_a_workspace_is_called_after_it_and_its_faces_are_counted(project, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(export, "prepare_map", lambda *args: asked.append(args) or small_map())
    settings = MapSettings("pca")
    out, n = export_map(project, tmp_path / "encoder", tmp_path / "new" / "map.html", settings)
    assert (n, asked) == (6, [(project, tmp_path / "encoder", silent, settings)])
    assert "<title>Map of test</title>" in out.read_text()


def test_characters_are_counted_in_a_table_and_escaped():
    document = map_html(small_map(names=(EVIL, "Asuka")), title="Cast & crew")
    assert "<td>Asuka</td><td>2</td>" in document
    assert "</b>" not in document[document.index("<table>") :]
    assert "<title>Cast &amp; crew</title>" in document


@pytest.mark.parametrize("method", METHODS)
def test_each_method_has_a_title_and_says_what_may_be_read_off(method):
    assert TITLES[method]
    assert CAVEATS[method].endswith(".")


def test_three_dimensions_are_said():
    assert "PCA in 3 dimensions of 6 faces of 2 characters" in map_html(small_map(3), title="Cast")
