import pytest
from streamlit.testing.v1 import AppTest

from core.settings import ROOT, Settings


@pytest.fixture
def settings_file(tmp_path, monkeypatch):
    path = tmp_path / "settings.toml"
    monkeypatch.setattr("ui.common.settings_file.SETTINGS_FILE", path)
    yield path
    Settings.model_config["toml_file"] = ROOT / "settings.toml"


def home() -> AppTest:
    app = AppTest.from_file(str(ROOT / "Home.py"), default_timeout=60).run()
    assert not app.exception
    return app


@pytest.mark.parametrize("text", ["data_dir = [", "request_pause = -1", 'max_picture_pixels = "many"'])
def test_a_broken_file_is_told_and_everything_else_works(workspace, settings_file, text):
    settings_file.write_text(text)
    app = home()
    assert "settings.toml" in app.warning[0].value
    assert app.title[0].value == "test", "the workspace is open"
    settings_file.write_text("request_pause = 1.5")
    assert not [w for w in home().warning if "settings.toml" in w.value]
    assert Settings().request_pause == 1.5


def test_a_file_that_is_not_there_is_no_problem(workspace, settings_file):
    assert not home().warning
