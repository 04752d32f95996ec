"""How fast the app is: a page drawn again, its start, `status`, and the keys of the review."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.fixed_page import fixed_page, recorded
from benchmarks.measuring import Bar, Figure, Result, Row, Work, in_turns
from benchmarks.setting import Setting
from benchmarks.workspaces import add_crops, add_pictures, new_project
from core.settings import ROOT

EMPTY = "import streamlit as st\n\nst.title('Empty')\n"
FIXED = "the same elements, fixed"
PAGES = ("collect", "crop", "characters", "balance", "train", "visualise", "recognise")
KEYS_A_SECOND = 10


@contextmanager
def environment(folder: Path) -> Iterator[None]:
    """This process and those that it starts have their data and models in a folder."""
    before = dict(os.environ)
    os.environ |= {"WHOAMI_DATA_DIR": str(folder / "data"), "WHOAMI_MODELS_DIR": str(folder / "models")}
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def reruns(setting: Setting) -> list[Result]:
    """Pages of a workspace with 5,000 pictures and 1,280 faces drawn again, beside a page of the same elements with
    fixed content and Streamlit's empty page."""
    from streamlit.testing.v1 import AppTest

    keep_as_a_server_does()
    folder, pictures, faces = setting.folder / "pages", setting.of(50, 5000), setting.of(40, 1280)
    lived_in(setting, folder, pictures, faces)
    empty = setting.folder / "empty.py"
    empty.write_text(EMPTY)
    found: list[Result] = []
    with environment(folder):
        nothing = AppTest.from_file(str(empty), default_timeout=120).run()
        for page in ("crop",) if setting.quick else PAGES:
            app = AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=300)
            app.query_params["workspace"] = "measured"
            app.run()
            with recorded(page):
                app.run()
            fixed = AppTest.from_file(str(fixed_page(page, setting.folder)), default_timeout=120).run()
            for name, drawn in ((page, app), (f"{page} with fixed content", fixed)):
                if drawn.exception:
                    raise SystemExit(f"{name}: {drawn.exception[0].message}")
            candidates = {"ours": app.run, FIXED: fixed.run, "Streamlit's empty page": nothing.run}
            name = f"page rerun, {page}, {pictures:,} pictures, {faces:,} faces"
            bars = Bar(FIXED, 1.5), Bar("Streamlit's empty page", 2.0)
            found.append(Row(name, 1, "reruns", in_turns(candidates, runs=setting.runs), bars))
    return found


def lived_in(setting: Setting, folder: Path, pictures: int, faces: int) -> None:
    """A workspace with pictures to review, and with faces that are embedded, on a map and enrolled."""
    from core.recognise.enrolment import enrol_all
    from core.visualise.map_builder import prepare_map
    from core.visualise.map_settings import MapSettings
    from core.workspace.models import shipped_path

    with new_project(folder) as project:
        add_pictures(project, pictures, pictures=setting.files if setting.pictures else ())
        add_crops(project, setting, faces)
        prepare_map(project, shipped_path(), settings=MapSettings("pca"))
        enrol_all(project)


def keep_as_a_server_does() -> None:
    """A server looks for components and compiles a page once, Streamlit's test of a page each time."""
    from streamlit.components.v2 import manifest_scanner
    from streamlit.runtime.scriptrunner.script_cache import ScriptCache
    from streamlit.testing.v1 import local_script_runner

    manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
    compiled = ScriptCache()
    local_script_runner.ScriptCache = lambda: compiled  # type: ignore[misc,assignment]


def status(setting: Setting) -> Result:
    """`status` of a workspace, beside a bare Python."""
    folder = setting.folder / "status"
    with new_project(folder) as project:
        add_crops(project, setting, setting.of(40, 1280))
    own = [sys.executable, "-m", "core", "status", "--workspace", "measured", "--json"]
    with environment(folder):
        candidates: dict[str, Work] = {
            "ours": lambda: subprocess.run(own, cwd=ROOT, check=True, capture_output=True),
            "bare python": lambda: subprocess.run([sys.executable, "-c", "pass"], cwd=ROOT, check=True),
        }
        turns = in_turns(candidates, runs=setting.runs)
    return Row("`status`", 1, "calls", turns, (Bar("bare python", 1.0, 0.5),))


def start(setting: Setting) -> Result:
    """From the start of the server to the first page in a browser, beside Streamlit with an empty page."""
    with driven(setting) as (tab, left_out):
        if tab is None:
            return Figure("start to first page", left_out=left_out)
        empty = setting.folder / "empty_app.py"
        empty.write_text(EMPTY)
        with environment(setting.folder / "start"):
            candidates: dict[str, Work] = {
                "ours": lambda: first_page(tab, ROOT / "Home.py"),
                "Streamlit's empty page": lambda: first_page(tab, empty),
            }
            turns = in_turns(candidates, runs=setting.of(1, 5), warm=setting.of(0, 1))
    return Row("start to first page", 1, "starts", turns, (Bar("Streamlit's empty page", 1.5),))


def keys(setting: Setting) -> list[Result]:
    """Crop on drawn pictures, or those of a folder: from a key to the next picture, ten keys a second."""
    with driven(setting) as (tab, left_out):
        if tab is None:
            return [Figure("Crop, key to next picture drawn, 95th percentile", left_out=left_out)]
        many = setting.of(10, 60)
        folder = setting.folder / "keys"
        with new_project(folder) as project:
            add_pictures(project, many + 3, pictures=setting.files if setting.pictures else (), different=many + 3)
        with environment(folder), served(ROOT / "Home.py") as app:
            tab.goto(f"{app.url}/crop?workspace=measured")
            tab.locator(".wr-stage[data-picture]").wait_for(timeout=120_000)
            tab.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
            waited = press(tab, many)
            with new_project(folder) as project:
                lost = many - wait_for_decided(project, many, tab)
    p95 = float(np.percentile(waited, 95)) if waited else float("nan")
    name = f"Crop, {many} keys, ten a second" + (", pictures of a folder" if setting.pictures else "")
    return [
        Figure(f"{name}: lost", lost, "keys", 0),
        Figure(f"{name}: key to next picture drawn, 95th percentile", p95, "ms", 150),
    ]


def press(tab: Any, many: int) -> list[float]:
    """Milliseconds from each key until the next picture was decoded and drawn."""
    from tests.browser.test_crop_review import WATCH

    tab.evaluate(WATCH)
    for n in range(many):
        tab.evaluate(f"watched.press('{'kx'[n % 2]}')")
        tab.wait_for_timeout(1000 / KEYS_A_SECOND)
    tab.wait_for_function(f"watched.waited.length >= {many}", timeout=60_000)
    return [float(one) for one in tab.evaluate("watched.waited")]


def wait_for_decided(project: Any, many: int, tab: Any) -> int:
    """How many faces are decided once all keys have had time to arrive."""
    for _ in range(300):
        decided = sum(face.state != "proposed" for face in project.catalogue.faces())
        if decided >= many:
            break
        tab.wait_for_timeout(100)
    return decided


@contextmanager
def driven(setting: Setting) -> Iterator[tuple[Any, str]]:
    """A tab of a headless Chromium; None, and why, where none can be had."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        yield None, "playwright is not installed"
        return
    from tests.browser.conftest import chromium

    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        except Error:
            yield None, "no Chromium can be started"
            return
        yield browser.new_context(viewport={"width": 1400, "height": 1000}).new_page(), ""
        browser.close()


@contextmanager
def served(script: Path) -> Iterator[Any]:
    """A Streamlit server for a script, until the end."""
    from tests.browser.conftest import App

    with tempfile.TemporaryDirectory() as folder:
        app = App(Path(folder) / "log", script)
        app.start()
        try:
            yield app
        finally:
            app.stop()


def first_page(tab: Any, script: Path) -> None:
    """Until a heading is seen and the script has run."""
    with served(script) as app:
        tab.goto(app.url)
        tab.get_by_test_id("stMain").get_by_role("heading", level=1).first.wait_for(timeout=120_000)


ROWS = (reruns, status, start, keys)
