"""Names with spaces, of workspaces and of characters, work on every page and in addresses."""

import pytest
from streamlit.testing.v1 import AppTest

from core.settings import ROOT
from core.workspace.workspaces import create_workspace, open_workspace, workspace_names
from tests.core.crop.conftest import Made
from ui.common.links import CHARACTERS, PAGES

FILES = ["Home.py", *(info.path for info in (*PAGES, CHARACTERS))]


def opened(file: str, asked: str = "") -> AppTest:
    app = AppTest.from_file(str(ROOT / file), default_timeout=60)
    if asked:
        app.query_params["workspace"] = asked
    app.run()
    assert not app.exception
    return app


@pytest.fixture
def spaced(project, monkeypatch):
    """A workspace whose folder somebody renamed, with characters whose names have spaces."""
    made = Made(project)
    made.picture(states=["kept"])
    made.picture(character=made.asuka, states=["kept"])
    project.catalogue.add_character("Rei II  of  the Tank")
    project.catalogue.close()
    data = project.settings.data_dir
    (data / project.name).rename(data / "my cast")
    return data


@pytest.mark.parametrize("file", FILES)
def test_every_page_opens_a_workspace_with_a_space_in_its_name(spaced, file):
    create_workspace("another")
    app = opened(file, "my cast")
    assert not app.error
    assert [box.value for box in app.selectbox if box.label == "Workspace"] == ["my cast"]
    assert app.query_params["workspace"] == "my cast"


def test_a_name_that_was_typed_with_a_space_opens_what_was_made_of_it(settings):
    create_workspace("my_cast")
    create_workspace("newer")
    app = opened("Home.py", "my cast")
    assert app.title[0].value == r"my\_cast"
    assert app.query_params["workspace"] == "my_cast"


def test_an_address_that_names_no_workspace_opens_the_one_used_last(settings):
    create_workspace("only")
    assert opened("Home.py", "no such thing").title[0].value == "only"
    assert opened("Home.py", "../only").title[0].value == "only"


def test_the_command_line_quotes_a_name_with_a_space(spaced):
    assert any("--workspace 'my cast'" in code.value for code in opened("pages/crop.py", "my cast").code)


def test_such_a_name_opens_only_where_the_folder_is_there(spaced):
    assert workspace_names() == ["my cast"]
    assert open_workspace("my cast").root == spaced / "my cast"
