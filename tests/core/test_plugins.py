"""Plugins: found by setting or entry point, imported once, named where they cannot be."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from core import plugins
from core.errors import DataError
from core.plugins import PluginError, load_plugins, refuse_taken
from core.settings import Settings


@pytest.fixture
def imported(monkeypatch):
    """The modules that were imported; none is installed."""
    names = []

    def fake(name):
        names.append(name)
        if name == "broken":
            raise ZeroDivisionError("x")
        if name == "refused":
            raise DataError("Not this one.")

    monkeypatch.setattr(plugins, "_loaded", set())
    monkeypatch.setattr(plugins, "entry_points", lambda group: [])
    monkeypatch.setattr(plugins.importlib, "import_module", fake)
    plugins._installed.cache_clear()
    yield names
    plugins._installed.cache_clear()


def test_each_is_imported_once_installed_ones_first(imported, monkeypatch):
    monkeypatch.setattr(plugins, "entry_points", lambda group: [SimpleNamespace(value=f"of_{group}")])
    for _ in range(2):
        load_plugins(Settings(plugins=" a, b ,,a"))
    assert imported == ["of_who_am_i", "a", "b"]


def test_one_that_cannot_be_imported_is_named_with_what_to_do_and_tried_again(imported):
    for _ in range(2):
        with pytest.raises(PluginError, match=r"plugin broken cannot be imported: ZeroDivisionError: x\. Correct it"):
            load_plugins(Settings(plugins="broken"))
    assert imported == ["broken", "broken"]


@pytest.mark.parametrize("name", ["../x", "a b", "my-plugin", "plugin.", "/opt/plugin.py", "1"])
def test_what_cannot_be_a_modules_name_is_refused_before_python_is_asked(imported, name):
    with pytest.raises(PluginError, match="is no module's name"):
        load_plugins(Settings(plugins=name))
    assert imported == []


def test_what_a_plugin_says_itself_stays_as_it_is(imported):
    with pytest.raises(DataError, match="Not this one"):
        load_plugins(Settings(plugins="refused"))


def test_a_name_that_is_taken_is_refused():
    refuse_taken("source", "mine", ["zip"])
    with pytest.raises(PluginError, match="There is a source 'zip' already"):
        refuse_taken("source", "zip", ["zip"])
