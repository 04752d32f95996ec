"""The HTTP API under load: requests a second, how long they take, and the server's memory.

python -m benchmarks.api --out api.json [--clients 10] [--requests 200]
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import httpx
import numpy as np

from core.drawn import cast, draw
from core.imaging.framing import face_crop
from core.imaging.reading import encode_jpeg
from core.recognise.recogniser import enrol
from core.settings import Settings
from core.workspace.project import open_project

CAST = 8
FACES = 5
"""Enrolled of each character."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--clients", type=int, default=10)
    parser.add_argument("--requests", type=int, default=200)
    args = parser.parse_args(arguments)
    characters = cast(CAST, 0)
    with tempfile.TemporaryDirectory() as folder:
        with open_project("load", Settings(data_dir=Path(folder)), create=True) as project:
            for character in characters:
                drawn = (draw(character, seed) for seed in range(10 * FACES))
                crops = (face_crop(p.pixels, p.faces[0].box) for p in drawn if [f.pose for f in p.faces] == ["front"])
                enrol(project, character.name, list(islice(crops, FACES)))
        pictures = [encode_jpeg(draw(characters[n % CAST], 1000 + n).pixels) for n in range(16)]
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "core", "serve", "--workspace", "load", "--port", str(port)]
        server = subprocess.Popen([*command, "--data-dir", folder])
        try:
            found = measured(server, f"http://127.0.0.1:{port}", pictures, args.clients, args.requests)
        finally:
            server.terminate()
            server.wait(60)
    found |= {"cpus": os.cpu_count(), "load_before": os.getloadavg()[0]}
    args.out.write_text(json.dumps(found, indent=1))
    print(json.dumps(found, indent=1))
    return 0


def measured(server: subprocess.Popen, address: str, pictures: list[bytes], clients: int, requests: int) -> dict:
    """Ask for one picture at a time: one client alone, then all together; the first answers are not counted."""
    with httpx.Client(base_url=address, timeout=300) as client:
        while True:
            try:
                client.get("/healthz").raise_for_status()
                break
            except httpx.TransportError:
                assert server.poll() is None, "the server ended"
                time.sleep(0.2)
        for picture in pictures[:4]:
            ask(client, picture)
        alone = [ask(client, pictures[n % len(pictures)]) for n in range(20)]
    at_start = memory(server)

    def one_client(number: int) -> list[float]:
        with httpx.Client(base_url=address, timeout=300) as client:
            return [ask(client, pictures[(number + n) % len(pictures)]) for n in range(requests // clients)]

    began = time.monotonic()
    with ThreadPoolExecutor(clients) as pool:
        together = [seconds for own in pool.map(one_client, range(clients)) for seconds in own]
    wall = time.monotonic() - began
    return {
        "clients": clients,
        "requests": len(together),
        "requests_per_second": round(len(together) / wall, 2),
        "alone_median_ms": milliseconds(alone, 50),
        "median_ms": milliseconds(together, 50),
        "p95_ms": milliseconds(together, 95),
        "slowest_ms": milliseconds(together, 100),
        "memory_mb_before": at_start["VmRSS"],
        "memory_mb_after": memory(server)["VmRSS"],
        "memory_mb_peak": memory(server)["VmHWM"],
    }


def ask(client: httpx.Client, picture: bytes) -> float:
    """Seconds that one picture takes."""
    began = time.monotonic()
    answer = client.post("/v1/recognise", files={"pictures": ("a.jpg", picture, "image/jpeg")}).raise_for_status()
    assert answer.json()[0]["error"] is None
    return time.monotonic() - began


def milliseconds(seconds: Sequence[float], percentile: float) -> int:
    return round(float(np.percentile(seconds, percentile)) * 1000)


def memory(server: subprocess.Popen) -> dict[str, int]:
    """Megabytes of a process, now (VmRSS) and at most (VmHWM); Linux only."""
    lines = Path(f"/proc/{server.pid}/status").read_text().splitlines()
    return {line.split(":")[0]: int(line.split()[1]) // 1024 for line in lines if line.startswith(("VmRSS", "VmHWM"))}


if __name__ == "__main__":
    sys.exit(main())
