"""Names become safe folders, and no path leaves the workspace."""

from __future__ import annotations

import pytest

from core.errors import WorkspaceError
from core.workspace.folders import slug


@pytest.mark.parametrize(
    "name, expected",
    [
        ("Rei Ayanami", "Rei_Ayanami"),
        ("a/b\\c", "a_b_c"),
        ("..", "unnamed"),
        ("CON", "CON_"),
        ("綾波レイ", "綾波レイ"),
        ("ｆｕｌｌ ｗｉｄｔｈ", "full_width"),
        ("Ko\u0308ln", "K\u00f6ln"),
        ("", "unnamed"),
        ("Dr. No.", "Dr_No"),
    ],
)
def test_slugs(name, expected):
    assert slug(name) == expected


def test_names_that_differ_only_in_case_get_different_folders():
    assert slug("REI", {"rei"}) == "REI_2"
    assert slug("REI", {"rei", "rei_2"}) == "REI_3"


@pytest.mark.parametrize("path", ["../other", "/etc/passwd", "pictures/../../x"])
def test_paths_cannot_leave(workspace, path):
    with pytest.raises(WorkspaceError, match="outside"):
        workspace.path(path)
