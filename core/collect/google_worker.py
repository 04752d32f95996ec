"""The process behind the source google: a job as a line of JSON on standard input, the answer as JSON on its output."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import signal
import sys
import threading
from collections.abc import Iterator
from typing import Any

from core.collect.processes import members

ROBOT = re.compile("unusual traffic|/sorry/index|recaptcha", re.IGNORECASE)
ABOUT = re.compile(r'"2003":\[null,"[^"]*","(https?://[^"]+)","((?:[^"\\]|\\.)*)"')
"""Google's page says, after a picture's address, on which page and under which title it was found."""
NEAR = 3000


def main() -> None:
    """Answer {"items": [{"image", "page", "title"}]} or {"error", "detail"}."""
    job = json.loads(sys.stdin.readline())
    threading.Thread(target=end_with_parent, daemon=True).start()
    answer = search(job)
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def end_with_parent() -> None:
    """Wait for the end of standard input, which is the parent's end, and leave no browser behind."""
    while os.read(0, 1):
        pass
    for pid in members(os.getpid()):
        with contextlib.suppress(OSError):
            os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    os._exit(1)


def search(job: dict[str, Any]) -> dict[str, Any]:
    """Let the library drive the browser, and put what happens into one of few words."""
    from google_images_download.google_images_download import googleimagesdownload
    from selenium import webdriver
    from selenium.common.exceptions import WebDriverException

    pages: list[str] = []
    browsers = _remembered(webdriver)
    said = io.StringIO()

    class Library(googleimagesdownload):  # type: ignore[misc]  # the library brings no types
        def build_search_url(self, *args: Any, **kwargs: Any) -> str:
            url: str = super().build_search_url(*args, **kwargs)
            return re.sub(r"^https://www\.google\.com", job["base_url"], url) if job["base_url"] else url

        def download_extended_page(self, url: str, chromedriver: str | None) -> str:
            pages.append(super().download_extended_page(url, chromedriver))
            return pages[-1]

    words = job["words"].replace(",", " ")  # the library would take a comma for the end of a keyword
    arguments = {"keywords": words, "limit": job["limit"], "no_download": True, "silent_mode": True}
    arguments |= {"safe_search": job["safe"], "chromedriver": job["driver"] or None}
    try:
        with contextlib.redirect_stdout(said):
            paths, _ = Library().download(arguments)
    except SystemExit:
        return {"error": "no browser", "detail": _first_line(said.getvalue())}
    except WebDriverException as error:
        detail = _first_line(error.msg or "")
        return {"error": "network" if "net::" in detail else "library", "detail": detail}
    except Exception as error:
        return {"error": "library", "detail": f"{type(error).__name__}: {error}"[:300]}
    finally:
        for browser in browsers:
            with contextlib.suppress(Exception):  # it may be gone already, which is what we want
                browser.quit()
    page = pages[-1] if pages else ""
    images = list(dict.fromkeys(image for found in paths.values() for image in found if image))
    if not images:
        if "main-frame-error" in page:
            return {"error": "network", "detail": "the browser shows an error page"}
        return {"error": "robot" if ROBOT.search(page) else "nothing", "detail": ""}
    return {"items": list(_items(images, page))}


def _remembered(webdriver: Any) -> list[Any]:
    """Every browser the library will start: it leaves them running where anything goes wrong."""
    browsers: list[Any] = []
    chrome = webdriver.Chrome

    def start(*args: Any, **kwargs: Any) -> Any:
        browsers.append(chrome(*args, **kwargs))
        return browsers[-1]

    webdriver.Chrome = start
    return browsers


def _items(images: list[str], page: str) -> Iterator[dict[str, str]]:
    starts = {image: page.find(f'["{image}"') for image in images}
    order = sorted(start for start in starts.values() if start >= 0)
    for image in images:
        start = starts[image]
        end = min([s for s in order if s > start] + [start + NEAR])
        about = ABOUT.search(page, start, end) if start >= 0 else None
        yield {
            "image": _plain(image),
            "page": _plain(about[1]) if about else "",
            "title": _plain(about[2]) if about else "",
        }


def _plain(text: str) -> str:
    """A string as it stands in the page's script, without its escapes (\\u003d is =)."""
    try:
        plain: str = json.loads(f'"{text}"')
        return plain
    except ValueError:
        return text


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")[:300]


if __name__ == "__main__":
    main()
