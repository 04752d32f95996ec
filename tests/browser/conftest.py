"""The app in a server of its own, and a real Chromium that looks at it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.settings import ROOT


@pytest.fixture(autouse=True)
def uncounted(no_cover):
    """The app runs in processes that coverage does not see; what is left here is the browser's side."""


class App:
    """`streamlit run` of a script on a free port. `stop` and `start` again: a restart in the middle."""

    def __init__(self, log: Path, script: Path = ROOT / "Home.py"):
        self.log, self.script = log, script
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self, *options: str) -> None:
        command = [sys.executable, "-m", "streamlit", "run", str(self.script), "--server.port", str(self.port)]
        command += ["--server.headless", "true", "--server.fileWatcherType", "none", *options]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, env=os.environ.copy())
        end = time.monotonic() + 90
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"The app did not start: {self.log.read_text(errors='replace')[-2000:]}")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(20)
            self.process = None


@pytest.fixture
def app(settings, tmp_path) -> Iterator[App]:
    """The app over this test's own data folder."""
    running = App(tmp_path / "app.log")
    running.start()
    yield running
    running.stop()


def chromium() -> str | None:
    """Debian's Chromium, or Chrome; None: let playwright look for its own."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="module")
def browser() -> Iterator:
    """A headless Chromium; the tests are skipped where none can be started.

    For a module, not for the session: while playwright lives, no other test of this process can run an event loop.
    """
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        except sync_api.Error as error:
            pytest.skip(f"no Chromium can be started: {error}")
        yield started
        started.close()


@pytest.fixture
def page(browser) -> Iterator:
    """A fresh tab, 1400 x 1000."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    tab = context.new_page()
    tab.set_default_timeout(60_000)  # another file of tests may run beside this one
    yield tab
    context.close()
