"""Take the README's pictures from the real app: a demo of drawn characters, one picture of each step.

python -m docs.pictures                        # draws a demo first, which takes some minutes
python -m docs.pictures --data-dir D           # uses the workspace `demo` of D and D/models

Train's picture is of a training at work: one is started for it, and stopped afterwards.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from PIL import Image

from core.settings import ROOT

FOLDER = ROOT / "docs" / "pictures"
PAGES = ("home", "collect", "crop", "characters", "balance", "train", "visualise", "recognise")
SIZE = {"width": 1280, "height": 860}
WIDTH = 960
"""Pixels: the pictures' width in the repository."""
STEPS = 14
"""Steps of the training that Train's picture shows: its first curves, before the first validation."""
DRAWN = """n => n <= (document.querySelector(".st-key-live_active .js-plotly-plot")?.data?.[0].x.length ?? 0)"""
"""Whether the curves of the running training have come so far."""


def take(page: Any, url: str, name: str) -> None:
    """One page, once it has come to rest, as a WebP file."""
    page.goto(f"{url}/{'' if name == 'home' else name}?workspace=demo")
    page.get_by_test_id("stMain").get_by_role("heading", level=1).first.wait_for(timeout=120_000)
    _rest(page)
    if name == "crop":
        page.locator(".wr-stage[data-picture]").wait_for()
        for _ in range(20):  # pictures on which nothing was found come first
            if not page.get_by_text("No face here yet").count():
                break
            page.locator(".wr-stage").press("ArrowRight")
            _rest(page)
    if name == "train":
        _train(page)
    if name == "recognise":
        example = page.get_by_role("button", name="Who is it?")
        if example.count():
            example.first.click()
            _rest(page)
            page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 420)")
            _rest(page)
    page.mouse.move(0, 0)  # else what is under it shows its buttons
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    small = picture.resize((WIDTH, WIDTH * picture.height // picture.width), Image.Resampling.LANCZOS)
    small.save(FOLDER / f"{name}.webp", quality=82, method=6)
    if name == "train":
        page.get_by_role("button", name="Cancel", exact=True).click()
        _rest(page)


def _train(page: Any) -> None:
    """Start a training, and wait until its curves have something to show."""
    page.locator(".st-key-train_start button").click()
    page.wait_for_function(DRAWN, arg=STEPS, timeout=3_600_000)


def _rest(page: Any) -> None:
    page.wait_for_timeout(1500)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=120_000)
    page.wait_for_function("() => !document.querySelector('[data-testid=stSkeleton]')", timeout=120_000)
    page.wait_for_timeout(1500)


def _serve(environment: dict[str, str]) -> tuple[subprocess.Popen[bytes], str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "Home.py", "--server.port", str(port)]
    app = subprocess.Popen([*command, "--server.headless", "true"], cwd=ROOT, env=environment)
    url, end = f"http://localhost:{port}", time.monotonic() + 120
    while time.monotonic() < end:
        try:
            with socket.create_connection(("localhost", port), timeout=2):
                return app, url
        except OSError:
            time.sleep(0.2)
    app.terminate()
    raise RuntimeError("The app did not start.")


def main() -> None:
    """Take all pictures, or those that are named."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("pages", nargs="*", default=PAGES, help="pages to take; all where none is named")
    parser.add_argument("--data-dir", type=Path, help="a data folder with a finished workspace `demo`")
    args = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        data = args.data_dir or Path(made)
        environment = os.environ | {"WHOAMI_DATA_DIR": str(data), "WHOAMI_MODELS_DIR": str(data / "models")}
        if args.data_dir is None:
            tour = [sys.executable, "-m", "core", "tour", "--workspace", "demo"]
            subprocess.run(tour, cwd=ROOT, env=environment, check=True)
        app, url = _serve(environment)
        chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
                page = browser.new_context(viewport=SIZE, color_scheme="light").new_page()
                for name in args.pages:
                    take(page, url, name)
                browser.close()
        finally:
            app.terminate()
            app.wait(20)


if __name__ == "__main__":
    main()
