"""A process that collects from the stand-in, for tests that kill it: DATA_DIR, ADDRESS, characters as a JSON list."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from core.collect.config import CollectConfig
from core.collect.download import Downloader
from core.collect.pipeline import Wanted, collect
from core.collect.rate_limit import RateLimit
from core.collect.source import SourceOptions, open_source
from core.settings import Settings
from core.workspace.project import open_project


def main() -> None:
    data, address, names, limit = Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3]), int(sys.argv[4])
    settings = Settings(data_dir=data)
    local = {"private": True, "resolver": lambda host, port: ["127.0.0.1"], "rate_limit": RateLimit(pause=0)}
    with open_project("test", settings, create=True) as project, Downloader(settings, **local) as downloader:
        source = open_source("bing", SourceOptions(base_url=address, downloader=downloader, settings=settings))
        config = CollectConfig(limit=limit, min_side=32)
        done = collect(project, [Wanted(n) for n in names], [source], config, downloader=downloader)
    sys.stdout.write(json.dumps(done.as_json()))


if __name__ == "__main__":
    main()
