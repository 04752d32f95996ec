"""Settings: from the environment before the file, folders that belong together, and values that are refused."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from pydantic import ValidationError

from core.failures import explain
from core.settings import PRETRAINED, ROOT, Settings, current_settings


@pytest.fixture(autouse=True)
def bare(monkeypatch):
    for name in ("DATA_DIR", "MODELS_DIR", "REQUEST_PAUSE", "PLUGINS"):
        monkeypatch.delenv(f"WHOAMI_{name}", raising=False)


def test_the_projects_folders_unless_one_says_otherwise():
    assert Settings(data_dir=ROOT / "data").models == ROOT / "models"
    assert PRETRAINED == ROOT / "models" / "pretrained"
    assert (ROOT / "Home.py").is_file()


def test_models_lie_beside_data_of_ones_own_and_a_folder_that_is_named_wins():
    assert Settings(data_dir=Path("/a")).models == Path("/a/models")
    assert Settings(data_dir=Path("/a"), models_dir=Path("/b")).models == Path("/b")
    assert Settings(data_dir=ROOT / "data", models_dir=Path("/b")).models == Path("/b")


def test_what_is_given_wins_over_the_environment_and_that_over_the_file(monkeypatch, tmp_path):
    (tmp_path / "settings.toml").write_text('request_pause = 3.0\nplugins = "from_file"\nunknown = 1\n')
    monkeypatch.setitem(Settings.model_config, "toml_file", tmp_path / "settings.toml")
    assert (Settings().request_pause, Settings().plugins) == (3.0, "from_file")
    monkeypatch.setenv("WHOAMI_REQUEST_PAUSE", "2")
    assert Settings().request_pause == 2
    assert Settings(request_pause=1).request_pause == 1


def test_a_pause_may_be_none_but_not_negative():
    assert Settings(request_pause=0).request_pause == 0
    with pytest.raises(ValidationError):
        Settings(request_pause=-0.1)


def test_the_network_around_this_machine_is_not_asked_unless_one_says_so():
    assert Settings().private_addresses is False
    assert "respects robots.txt" in Settings().user_agent


def test_settings_are_read_again_only_where_the_environment_or_the_file_changed(monkeypatch, tmp_path):
    file = tmp_path / "settings.toml"
    monkeypatch.setitem(Settings.model_config, "toml_file", file)
    first = current_settings()
    assert current_settings() is first
    file.write_text("request_pause = 3.0\n")
    assert current_settings().request_pause == 3
    monkeypatch.setenv("WHOAMI_REQUEST_PAUSE", "2")
    assert current_settings().request_pause == 2
    monkeypatch.delenv("WHOAMI_REQUEST_PAUSE")
    file.write_text("request_pause = 'soon'\n")
    with pytest.raises(ValidationError):
        current_settings()


@pytest.mark.parametrize("text", ["data_dir = " + "[" * 5000, "max_picture_pixels = " + "9" * 5000, "data_dir = ["])
def test_a_file_that_is_no_toml_is_told_as_such(monkeypatch, tmp_path, text):
    (tmp_path / "settings.toml").write_text(text)
    monkeypatch.setitem(Settings.model_config, "toml_file", tmp_path / "settings.toml")
    with pytest.raises(tomllib.TOMLDecodeError) as raised:
        Settings()
    assert explain(raised.value).startswith("A settings file is not valid TOML")
