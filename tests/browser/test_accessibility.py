"""On every page axe-core finds nothing serious or critical in what we draw, and nothing leaves this machine."""

from __future__ import annotations

import sys
from itertools import product
from subprocess import run
from urllib.parse import urlsplit

import pytest

from core.settings import ROOT
from tests.browser.axe import blocking
from tests.coloured_faces import add_face
from ui.common.links import CHARACTERS, PAGES

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATHS = ("", *(info.step for info in (*PAGES, CHARACTERS)))
WIDTHS, THEMES = (1400, 1000, 400), ("light", "dark")
RING = "link => getComputedStyle(link).outlineStyle"
CHAIN = (
    ("demo", "--characters", "3", "--pictures", "8"),
    ("crop",),
    ("balance", "--per-character", "8"),
    ("train", "--preset", "quick"),
    ("enrol",),
    ("map", "--out"),
)


def check(page, url: str, widths: tuple[int, ...]) -> list[str]:
    """The findings on a page at each width, once it has come to rest, as lines."""
    page.goto(url)
    page.get_by_test_id("stMain").get_by_role("heading", level=1).first.wait_for(timeout=60_000)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=60_000)
    lines = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        lines += [f"{url} at {width}: {f['rule']}: {f['html']}: {f['why']}" for f in blocking(page)]
    return lines


@pytest.mark.timeout(180)
def test_no_page_of_a_small_workspace_has_a_serious_finding_or_asks_the_internet(project, app, page):
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url))
    for name, colour in (("Rei", (200, 0, 20)), ("Asuka", (0, 20, 200))):
        character = project.catalogue.add_character(name)
        for n in range(4):
            face = add_face(project, character, f"{name}{n}", (colour[0], 3 * n, colour[2]))
            project.catalogue.set_values("faces", {face.id: {"split": "validation" if n == 3 else "train"}})
    page.emulate_media(color_scheme="dark")
    found = [check(page, f"{app.url}/{path}?workspace={project.workspace.name}", (1000,)) for path in PATHS]
    assert not any(found), found
    assert {urlsplit(url).hostname for url in asked if url.startswith("http")} == {"localhost"}


@pytest.mark.timeout(180)
def test_a_link_that_the_keyboard_has_come_to_has_a_ring(app, page, workspace):
    page.goto(f"{app.url}/?workspace={workspace.name}")
    link = page.get_by_test_id("stSidebar").get_by_role("link", name="Train", exact=True)
    link.wait_for()
    assert link.evaluate(RING) == "none"
    page.keyboard.press("Tab")  # from here on the browser shows where the keyboard is
    link.focus()
    assert link.evaluate(RING) == "solid"


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_no_page_of_a_workspace_that_is_through_has_a_serious_finding(settings, app, page, tmp_path):
    """Both themes at three widths."""
    for words in CHAIN:
        out = [str(tmp_path / "map.html")] if words[-1] == "--out" else []
        done = run([sys.executable, "-m", "core", *words, *out, "--workspace", "demo"], cwd=ROOT, check=False)
        assert done.returncode == 0, words
    found = []
    for theme, path in product(THEMES, PATHS):
        page.emulate_media(color_scheme=theme)
        found.append(check(page, f"{app.url}/{path}?workspace=demo", WIDTHS))
    assert not any(found), found
