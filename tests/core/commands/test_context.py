"""What commands share: files that were named, results that can be written, tables, the workspace opened."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.commands.context import Context, NoArguments, check_outputs, picture_files, table
from core.errors import PictureError, WorkspaceError
from core.options import option
from core.progress import silent

GIF = b"GIF89a" + bytes(60)


@dataclass(frozen=True)
class Out:
    """A file, a folder and a table that are written."""

    file: Path | None = option(None, output="file")
    folder: Path | None = option(None, output="folder")
    rows: Path | None = option(None, output="rows")


def test_a_named_file_is_taken_as_it_is_and_of_a_folder_only_pictures(tmp_path):
    (tmp_path / "in/deep").mkdir(parents=True)
    for name, data in {"b.gif": GIF, "a.txt": b"words", "deep/c": GIF, "deep/page.JPG": b"<html>"}.items():
        (tmp_path / "in" / name).write_bytes(data)
    found = [tmp_path / "in/b.gif", tmp_path / "in/deep/c", tmp_path / "in/deep/page.JPG"]
    assert picture_files([tmp_path / "in"]) == found
    assert picture_files([tmp_path / "in/a.txt"]) == [tmp_path / "in/a.txt"]
    with pytest.raises(PictureError, match=r"no\.gif does not exist"):
        picture_files([tmp_path / "in", tmp_path / "no.gif"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(PictureError, match="There is no picture in"):
        picture_files([tmp_path / "empty"])


def test_what_can_be_written_is_not_refused(tmp_path):
    (tmp_path / "there").write_bytes(b"")
    check_outputs(Out())
    check_outputs(Out(tmp_path / "new/deep/a.json", tmp_path))
    check_outputs(Out(tmp_path / "there", tmp_path / "new"))
    check_outputs(Out(rows=Path(os.devnull)))


def test_a_place_that_cannot_be_written_is_told_before_the_work(tmp_path, monkeypatch):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(WorkspaceError, match=r"is a folder\. Name the file"):
        check_outputs(Out(tmp_path))
    with pytest.raises(WorkspaceError, match="file is a file, not a folder"):
        check_outputs(Out(folder=tmp_path / "file/in/it"))
    with pytest.raises(WorkspaceError, match="is a pipe or a device"):
        check_outputs(Out(Path(os.devnull)))
    with pytest.raises(WorkspaceError, match=r"is a folder\. Name the file"):
        check_outputs(Out(rows=tmp_path))
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != tmp_path)
    with pytest.raises(WorkspaceError, match="is read-only"):
        check_outputs(Out(tmp_path / "new.json"))


def test_columns_are_as_wide_as_their_widest_cell():
    assert table([("a", 10), ("long", 5)], ("x", "n")).splitlines() == ["x     n", "----  --", "a     10", "long  5"]
    assert table([], ("x", "n")).splitlines() == ["x  n", "-  -"]


def test_a_context_opens_its_workspace_and_lends_it_to_another_command(workspace, settings):
    context = Context(NoArguments(), "test", settings, silent)
    with context.opened() as project:
        assert project.name == "test"
    other = context.with_args(Out())
    assert (other.args, other.workspace, other.settings) == (Out(), "test", settings)
    with pytest.raises(WorkspaceError), Context(NoArguments(), "nobody", settings, silent).opened():
        pass


def test_what_a_workspace_consists_of_is_not_written_over(workspace):
    for own in ("faces/Rei/1.jpg", "gallery.bin", "catalogue.db"):
        with pytest.raises(WorkspaceError, match="belongs to the workspace test, which would be damaged"):
            check_outputs(Out(workspace.root / own))
    for other in ("cache/map.html", "map.html", "../map.html"):
        check_outputs(Out(workspace.root / other))


def test_a_context_makes_a_workspace_only_where_it_is_told_to(settings):
    context = Context(NoArguments(), "new", settings, silent)
    with pytest.raises(WorkspaceError, match="no workspace 'new'"), context.opened():
        pass
    with context.opened(create=True) as project:
        assert project.name == "new"
