"""Which encoder a name means: a run of the workspace first, then a name that the library knows or a path."""

from __future__ import annotations

import pytest

from core.commands.context import Context, NoArguments
from core.commands.encoders import encoder_file
from core.errors import WhoAmIError
from core.progress import silent
from core.settings import PRETRAINED


@pytest.fixture
def of(workspace, settings):
    return lambda name, workspace="test": encoder_file(Context(NoArguments(), workspace, settings, silent), name)


def test_without_a_workspace_the_name_is_taken_as_it_is(of):
    assert of("pretrained", "") == "pretrained"
    assert of("run of nobody", "") == "run of nobody"


def test_a_run_of_the_workspace_is_its_file(of, workspace):
    path = workspace.models / "first" / "encoder.safetensors"
    path.parent.mkdir(parents=True)
    path.write_bytes((PRETRAINED / "encoder.safetensors").read_bytes())
    assert of("first") == path


def test_a_path_that_exists_is_used_and_any_other_name_is_told(of, tmp_path):
    (tmp_path / "mine.safetensors").write_bytes(b"")
    assert of(str(tmp_path / "mine.safetensors")) in (
        str(tmp_path / "mine.safetensors"),
        tmp_path / "mine.safetensors",
    )
    with pytest.raises(WhoAmIError, match="nothing of that name"):
        of("nothing of that name")
