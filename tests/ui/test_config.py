import re
import tomllib

import pytest
from streamlit import config

from core.settings import ROOT
from ui.common.look import STYLE

SETTINGS = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


def contrast(a: str, b: str) -> float:
    """WCAG 2 contrast ratio of two #rrggbb colours, 1 to 21."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_option_is_one_that_streamlit_knows():
    for section in ("server", "browser", "client", "runner"):
        known = config.get_options_for_section(section)
        assert set(SETTINGS[section]) <= set(known)


def test_nothing_leaves_the_machine_and_nobody_else_reaches_it():
    assert SETTINGS["browser"]["gatherUsageStats"] is False
    assert SETTINGS["server"]["showEmailPrompt"] is False
    assert SETTINGS["server"]["address"] == "localhost"
    assert {"data", "models"} <= set(SETTINGS["server"]["folderWatchBlacklist"])


def test_no_click_waits_for_a_collection_of_all_garbage():
    assert SETTINGS["runner"]["postScriptGC"] is False


def test_the_contrast_of_two_colours_is_that_of_the_standard():
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


def test_the_browser_chooses_light_or_dark():
    assert "base" not in SETTINGS["theme"]
    assert {"light", "dark"} <= set(SETTINGS["theme"])


@pytest.mark.parametrize("kind", ["light", "dark"])
def test_each_theme_can_be_read(kind):
    theme = SETTINGS["theme"][kind]
    papers = [
        part[name] for part in (theme, theme["sidebar"]) for name in ("backgroundColor", "secondaryBackgroundColor")
    ]
    for paper in papers:
        assert contrast(theme["textColor"], paper) > 7
    assert contrast(theme["linkColor"], theme["backgroundColor"]) > 4.5
    words = re.search(r"light-dark\((#\w+), (#\w+)\)", STYLE)[["light", "dark"].index(kind) + 1]
    assert contrast(theme["primaryColor"], words) > 4.5, "the words of a primary button"
    assert contrast(theme["primaryColor"], theme["backgroundColor"]) > 4, "and the primary colour on the page"


@pytest.mark.parametrize("kilo", [1000, 1024])
def test_the_size_that_upload_fields_show_is_taken(kilo):
    """Streamlit's page counts in 1024 on Windows and in 1000 elsewhere, shows whole gigabytes, and refuses what is
    larger than the option's megabytes, counted so."""
    megabytes = SETTINGS["server"]["maxUploadSize"]
    shown = round(megabytes / kilo)
    assert shown * kilo <= megabytes
