"""How long the crop review takes from a key to the next picture, in a real Chromium: median and 95th percentile.

`python -m benchmarks.review [--pictures 5000] [--keys 100]` makes a workspace of drawn pictures in a temporary folder,
starts the app over it and presses the keys, each once the page has come to rest. The clock runs in the browser, from
the key to the frame in which another canvas shows another picture. Run it on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from core.atomic import write_bytes
from core.drawn import cast, pictures
from core.imaging.reading import encode_jpeg
from core.settings import ROOT, Settings
from core.workspace.catalogue import Catalogue
from core.workspace.folders import Workspace
from core.workspace.workspaces import create_workspace

WATCH = """
() => {
  const canvas = () => document.querySelector('.dc-background-canvas') || (function find(root) {
    for (const e of root.querySelectorAll('*')) {
      if (e.shadowRoot) {
        const c = e.shadowRoot.querySelector('.dc-background-canvas') || find(e.shadowRoot);
        if (c) return c;
      }
    }
    return null;
  })(document);
  const painted = (c) => c && c.width > 0 &&
    c.getContext('2d').getImageData(c.width >> 1, c.height >> 1, 1, 1).data[3] > 0;
  window.taken = [];
  window.ready = () => painted(canvas());
  window.addEventListener('keydown', () => {
    const old = canvas(), start = performance.now();
    const look = () => {
      const now = canvas();
      if (now && now !== old && painted(now)) window.taken.push(performance.now() - start);
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, true);
}
"""

REST = "document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"


def fill(workspace: Workspace, n: int, drawn: int = 60) -> None:
    """n pictures, of which about `drawn` are different and the others the same again, each with a proposed face."""
    people = cast(6)
    with Catalogue(workspace.catalogue_path) as catalogue:
        rows, boxes = [], []
        for person, i, picture in pictures(people, drawn // len(people)):
            character = catalogue.add_character(person.name)
            if not picture.faces:
                continue
            first = write_bytes(workspace.path(f"pictures/{character.slug}/{i:05d}.jpg"), encode_jpeg(picture.pixels))
            height, width = picture.pixels.shape[:2]
            for again in range(i, 2 * n // len(people), drawn // len(people)):
                if len(rows) == n:
                    break
                path = f"pictures/{character.slug}/{again:05d}.jpg"
                if again != i:
                    shutil.copyfile(first, workspace.path(path))
                size = {"width": width, "height": height, "source": "drawn", "review": "look"}
                rows.append({"character_id": character.id, "path": path, **size})
                boxes.append(picture.faces[0].box.as_list())
        added = catalogue.add_pictures(rows)
        found = [
            {
                "picture_id": p.id,
                "character_id": p.character_id,
                "path": f"faces/{p.character_id}/{p.id}_1.jpg",
                **dict(zip("xywh", box, strict=True)),
                "detector": "drawn",
                "score": 0.5,
            }
            for p, box in zip(added, boxes, strict=True)
        ]
        catalogue.add_faces(found, action="found")


def measure(url: str, keys: list[str], server: int) -> tuple[dict[str, list[float]], float]:
    """Milliseconds from each key to the next picture, by key; and the server's processor milliseconds a key."""
    from playwright.sync_api import sync_playwright

    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    taken: dict[str, list[float]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.set_default_timeout(60_000)
        page.goto(url)
        page.get_by_role("link", name="Crop").first.click()
        page.locator(".upper-canvas").wait_for()
        page.evaluate(WATCH)
        page.wait_for_function("window.ready()")
        page.wait_for_timeout(3000)
        before = _cpu(server)
        for n, key in enumerate(keys, 1):
            page.keyboard.press(key)
            page.wait_for_function(f"window.taken.length === {n}")
            page.wait_for_timeout(300)  # a person looks at it; the next picture is read meanwhile
            page.wait_for_function(REST)
            taken.setdefault(key, []).append(page.evaluate("window.taken.at(-1)"))
            if n % 10 == 0:
                print(f"{n} of {len(keys)} keys", file=sys.stderr, flush=True)
        spent = 1000 * (_cpu(server) - before) / len(keys)
        browser.close()
    return taken, spent


def _cpu(pid: int) -> float:
    """Seconds of processor time that a process has used; 0 where the system does not tell."""
    try:
        numbers = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, default=5000)
    parser.add_argument("--keys", type=int, default=100)
    parser.add_argument("--data-dir", type=Path, help="keep the workspace here, and take it from here the next time")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        data = args.data_dir or Path(temporary)
        settings = Settings(data_dir=data)
        if not (data / "review" / "catalogue.db").exists():
            fill(create_workspace("review", settings), args.pictures)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "streamlit", "run", "Home.py", "--server.port", str(port)]
        command += ["--server.headless", "true", "--server.fileWatcherType", "none"]
        environment = os.environ | {"WHOAMI_DATA_DIR": str(data)}
        with (Path(temporary) / "log").open("wb") as log:
            server = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, env=environment)
        print("the app starts", file=sys.stderr, flush=True)
        try:
            for _ in range(600):
                try:
                    urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.1)
            keys = ["ArrowRight"] * args.keys + ["k"] * args.keys
            taken, server_ms = measure(f"http://localhost:{port}", keys, server.pid)
        finally:
            server.terminate()
            server.wait(20)
    for key, values in taken.items():
        values = sorted(values)
        p95 = values[min(round(0.95 * len(values)), len(values) - 1)]
        row = {"key": key, "n": len(values), "median_ms": round(statistics.median(values)), "p95_ms": round(p95)}
        print(json.dumps(row | {"pictures": args.pictures, "load": round(os.getloadavg()[0], 1)}))
    print(json.dumps({"server_cpu_ms_a_key": round(server_ms)}))


if __name__ == "__main__":
    main()
