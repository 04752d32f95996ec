"""Google's image search through google_images_download, which drives a headless Chrome, in a process of its own.

The library ends in silence in three ways (an empty list; a raw exception with the browser left running; SystemExit).
Here each becomes a sentence, and a browser never outlives its search: the process leads a group that is ended with it.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.collect.processes import end_session
from core.collect.source import Query, SearchHit, Source, SourceCard, SourceOptions, failed
from core.documents import parse_json
from core.settings import ROOT

CARD = SourceCard(
    name="google",
    title="Google image search",
    returns="What Google's image search shows for the words, from all over the web; about 20 s a character.",
    terms="Google's terms do not allow programs; the pictures belong to their makers and sites.",
    network=True,
    browser=True,
)
CARDS = {CARD.name: CARD}

SECONDS = 90.0
"""A search takes about 20 s; a browser that hangs is ended after this."""
OTHERWISE = "or choose another source."
BROWSERS = ("google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "chrome")


def open_source(name: str, options: SourceOptions) -> Source:
    """The search; `base_url` names a page that stands in for Google's (its `/search`)."""
    return GoogleSource(options.base_url.rstrip("/"), not options.any_rating)


@dataclass(frozen=True)
class GoogleSource:
    """One search is one process: core.collect.google_worker."""

    base_url: str = ""
    safe: bool = True
    seconds: float = SECONDS
    command: tuple[str, ...] = (sys.executable, "-m", "core.collect.google_worker")
    driver: str = ""

    @property
    def card(self) -> SourceCard:
        return CARD

    def characters(self) -> list[str]:
        """None of its own: anybody may be asked for."""
        return []

    def search(self, query: Query) -> Iterator[SearchHit]:
        """What the page showed, in its order. Raises SourceError for each of the ways in which it fails."""
        answer = self._ask(query)
        if answer.get("error"):
            raise self._trouble(answer)
        for item in answer["items"]:
            yield SearchHit(CARD.name, query.words, item["image"], page_url=item["page"], title=item["title"])

    def _ask(self, query: Query) -> dict[str, Any]:
        """Run the worker and read its one line of JSON; end it with its browser whatever happens."""
        job = {"words": query.words, "limit": max(query.limit * 2, 20), "safe": self.safe, "base_url": self.base_url}
        job["driver"] = self.driver or shutil.which("chromedriver") or ""
        process = subprocess.Popen(
            self.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            start_new_session=True,
        )
        # The pipe stays open: the worker takes its end for ours, and then ends its browser itself.
        alive, process.stdin = process.stdin, None
        assert alive is not None
        try:
            with contextlib.suppress(OSError):  # it is gone already; its silence is told below
                alive.write(json.dumps(job).encode() + b"\n")
                alive.flush()
            out = self._wait(process, query)
        finally:
            end_session(process)
            with contextlib.suppress(OSError):
                alive.close()
        try:
            answer: dict[str, Any] = parse_json(out.splitlines()[-1])
            return answer
        except (ValueError, IndexError) as error:
            what = f"the browser's process ended without an answer (exit code {process.returncode})."
            raise failed(CARD.name, what, f"Try again, {OTHERWISE}") from error

    def _wait(self, process: subprocess.Popen[bytes], query: Query) -> bytes:
        """What the worker prints, while somebody may say that it is enough."""
        deadline = time.monotonic() + self.seconds
        while True:
            left = deadline - time.monotonic()
            try:
                out: bytes = process.communicate(timeout=max(min(left, 1.0), 0.01))[0]
                return out
            except subprocess.TimeoutExpired as error:
                if left <= 1.0:
                    what = f"the browser did not finish within {self.seconds:g} s."
                    raise failed(CARD.name, what, f"Check the network, {OTHERWISE}") from error
                query.beat()

    @staticmethod
    def _trouble(answer: dict[str, Any]) -> Exception:
        kind, detail = answer["error"], answer.get("detail", "")
        if kind == "no browser":
            browser = next((b for b in BROWSERS if shutil.which(b)), "")
            missing = "chromedriver" if browser else "a Chrome or Chromium browser with its chromedriver"
            return failed(
                CARD.name, f"{missing} is needed and cannot be started.", f"Install it, then try again. ({detail})"
            )
        if kind == "network":
            return failed(
                CARD.name, f"the page cannot be opened ({detail}).", "Check the network, or choose another source."
            )
        if kind == "robot":
            return failed(CARD.name, "it shows a CAPTCHA.", "Wait some hours, or choose another source.")
        if kind == "nothing":
            return failed(
                CARD.name, "the page shows no pictures.", "Try other words; Google may have changed its page."
            )
        return failed(CARD.name, f"the library failed ({detail}).", f"Try again, {OTHERWISE}")
