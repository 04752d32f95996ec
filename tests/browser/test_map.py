"""The map in a real Chromium: the face under the pointer, faces in place of points, a search, the nearest of a face."""

from __future__ import annotations

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from safetensors.numpy import save_file

from core.progress import silent
from core.visualise.map_builder import prepare_map
from core.visualise.map_settings import MapSettings
from tests.coloured_faces import MeanColour, add_face

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EVIL = "<img src=x onerror=document.title='broken'> Asuka"
CANVAS = ".st-key-map_chart canvas[aria-hidden=true]"
CARD = "#card:not([hidden])"
PLACE = """(id) => {
  const chart = document.querySelector(".st-key-map_chart .js-plotly-plot");
  const { xaxis, yaxis, _size } = chart._fullLayout, from = chart.getBoundingClientRect();
  const trace = chart._fullData.find((one) => one.customdata?.includes(id)), i = trace.customdata.indexOf(id);
  const part = (v, [low, high]) => (v - low) / (high - low);
  return [from.left + _size.l + part(trace.x[i], xaxis.range) * _size.w,
          from.top + _size.t + (1 - part(trace.y[i], yaxis.range)) * _size.h];
}"""
INK = """(selector) => {
  const canvas = document.querySelector(selector);
  if (!canvas || canvas.hidden) return 0;
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.filter((value, i) => i % 4 === 3 && value).length;
}"""
COLOURED = """(selector) => {
  const canvas = document.querySelector(selector);
  if (!canvas || canvas.hidden) return 0;
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let found = 0;
  for (let i = 0; i < data.length; i += 4) found += data[i + 3] > 200 && Math.abs(data[i] - data[i + 2]) > 60;
  return found;
}"""
VEIL = 100_000
"""Pixels: more than the names take, which are always there."""


@pytest.fixture
def cast(project):
    """Forty faces of two characters, one of whom has a name that is HTML."""
    weights = project.workspace.models / "run1" / "encoder.safetensors"
    weights.parent.mkdir(parents=True)
    save_file({}, weights, {"spec": "{}"})
    (weights.parent / "metrics.json").write_text("{}")
    for name, colour in (("Rei", (200, 0, 20)), (EVIL, (0, 20, 200))):
        character = project.catalogue.add_character(name)
        for i in range(20):
            add_face(project, character, f"{i}", (colour[0] + 2 * i, 7 * i, colour[2] + i))
    prepare_map(project, weights, silent, MapSettings("pca"), load=lambda path: MeanColour())
    return project


def inked(page, more_than: int, kind: str = INK) -> None:
    page.wait_for_function(f"() => ({kind})('{CANVAS}') > {more_than}")


def point_at(page, face: int) -> tuple[float, float]:
    """Put the pointer on a face until its card is there; the chart may still move to its place. Where that is."""
    card = page.locator(CARD).filter(has_text=EVIL)
    for _ in range(20):
        x, y = page.evaluate(PLACE, face)
        page.mouse.move(x - 2, y - 2)
        page.mouse.move(x, y, steps=3)
        try:
            card.wait_for(timeout=3000)
        except PlaywrightTimeout:
            continue
        return x, y
    raise AssertionError("no card came to the face under the pointer")


@pytest.mark.timeout(180)
def test_faces_are_shown_found_and_tied_to_their_nearest(cast, app, page):
    page.goto(f"{app.url}/visualise?workspace={cast.workspace.name}")
    page.locator(".st-key-map_chart .js-plotly-plot .main-svg").first.wait_for(timeout=90_000)
    rest = page.locator("[data-testid=stApp][data-test-script-state=notRunning]")
    rest.wait_for()
    evil = cast.catalogue.faces()[-1].id

    x, y = point_at(page, evil)
    page.wait_for_function("() => [...document.querySelectorAll('*')].some((one) => one.shadowRoot?.querySelector("
                           "'#card:not([hidden]) img')?.naturalWidth)")  # fmt: skip
    assert page.title() != "broken"

    page.mouse.click(x, y)
    page.get_by_text("1 face picked on the map").wait_for()
    page.get_by_text("Nearest by the encoder").wait_for()
    inked(page, VEIL)  # over all that are not the nearest
    page.get_by_role("button", name="Clear").click()
    page.get_by_text("1 face picked on the map").wait_for(state="detached")

    page.get_by_label("Find").fill("rei")
    page.keyboard.press("Enter")
    page.get_by_text("20 faces found").wait_for()
    inked(page, VEIL)  # over the others
    page.get_by_label("Find").fill("")
    page.keyboard.press("Enter")
    page.get_by_text("20 faces found").wait_for(state="detached")
    rest.wait_for()

    x, y = page.evaluate(PLACE, evil)
    page.mouse.move(x, y)
    page.keyboard.down("Control")
    for _ in range(15):
        page.mouse.wheel(0, -300)
    page.keyboard.up("Control")
    inked(page, 500, COLOURED)  # faces
