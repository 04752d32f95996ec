"""How long the catalogue's questions take with 10,000, 100,000 and 1,000,000 pictures, three faces each.

    python -m benchmarks.million [--pictures 10000 100000 1000000] [--folder FOLDER] [--json] [--only WORDS ...]

The rows are generated, without files; the catalogue stays in FOLDER where one is named, and is then used again. Seconds
by the clock and of the processor (on a machine that others use too, the second tells more), the best of three
(of one from a million on, and of what writes). --only: questions whose names begin with one of the words.
"""

from __future__ import annotations

import argparse
import json
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from itertools import islice
from pathlib import Path

from core.balance.balancing import balance
from core.balance.config import BalanceConfig
from core.balance.plan import estimate, leak_check, plan
from core.characters.cards import character_cards, looked_at
from core.characters.heap import named_keys, unnamed_ids
from core.collect.duplicates import repeats
from core.collect.provenance import sources_and_authors
from core.collect.shelf import kept_count, kept_page
from core.crop.config import CropConfig
from core.crop.face_list import FaceList
from core.crop.preview_triage import preview_triage
from core.crop.queue import queue_order, tally
from core.settings import Settings
from core.train.divided import divided_faces
from core.workspace.blocks import BLOCK
from core.workspace.catalogue import Catalogue
from core.workspace.counters import count_anew
from core.workspace.overview import overview
from core.workspace.project import Project, open_project
from core.workspace.staleness import faces_fingerprint
from core.workspace.states import FaceState
from core.workspace.tables import Face
from core.workspace.undo import undo

CHARACTERS, EACH, IDS = 1000, 3, 250_000
PAGE, CARDS = 60, 24
BALANCED, UNDONE = "Balance: all faces divided", "Balance: taken back"

PICTURES = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
INSERT INTO pictures (id, character_id, kind, path, state, reason, review, title, source, query, picture_url, page_url,
  author, licence, rating, tags, fetched_at, sha256, phash, width, height, group_key, known_faces)
SELECT i, 1 + i % {characters}, 'picture', 'pictures/c' || (i % {characters}) || '/' || i || '.jpg', 'kept', '',
  CASE WHEN i % 10 = 0 THEN 'look' WHEN i % 10 = 1 THEN 'new' ELSE 'done' END, '', 'folder', '', '', '', '', '', '', '',
  '2026-01-01', printf('%064x', i), printf('%016x', looks(i)), 800, 600, '', '[]' FROM n
"""
FACES = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
INSERT INTO faces (id, picture_id, character_id, path, x, y, w, h, detector, framing, score, quality, state, enrolled,
  ignored, negatives, reason, decided_by, decided_at, split, made_by, sha256, phash, revision, created_at)
SELECT i, 1 + i / {each} % {pictures}, CASE WHEN i % 1000 = 2 THEN NULL ELSE 1 + (i / {each}) % {characters} END,
  'faces/c' || ((i / {each}) % {characters}) || '/' || i || '.jpg', i % 300, i % 200, 40 + i % 90, 40 + i % 90, 'anime',
  'face_crop', 0.5 + (i % 50) / 100.0, 0.5, CASE WHEN i % 20 = 0 THEN 'proposed' WHEN i % 20 = 1 THEN 'rejected'
  ELSE 'kept' END, i % 5 = 0, 0, '[]', '', 'detector', '2026-01-01',
  CASE WHEN i % 20 < 2 THEN '' WHEN i % 5 = 0 THEN 'validation' ELSE 'train' END, '', printf('%064x', i),
  printf('%016x', looks(-i)), 0, '2026-01-01' FROM n
"""


REPEATS = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count} / 10)
INSERT INTO pictures (id, character_id, kind, path, state, reason, duplicate_of, review, title, source, query,
  picture_url, page_url, author, licence, rating, tags, fetched_at, sha256, phash, width, height, group_key,
  known_faces)
SELECT {count} + i, p.character_id, p.kind, 'bin/' || p.path, 'duplicate', 'looks like picture ' || p.id, p.id, 'new',
  '', 'folder', '', '', '', '', '', '', '', '2026-01-01', printf('%064x', {count} + i),
  printf('%016x', looks(p.id, i % 7)), 400, 300, '', '[]' FROM n JOIN pictures p ON p.id = 1 + i * 7 % {count}
"""
MIX = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)


def looks(number: int, bits: int = 0) -> int:
    """A perceptual hash as SQLite holds it, drawn by the number (SplitMix64) with the last bits turned over; every
    fiftieth is a near-duplicate of the one before."""
    near = number % 50 == 0
    value = (number - near) * MIX[0] % 2**64
    value = (value ^ value >> 30) * MIX[1] % 2**64
    value = (value ^ value >> 27) * MIX[2] % 2**64
    value = value ^ value >> 31 ^ near ^ (1 << bits) - 1
    return value - 2**64 if value >= 2**63 else value


def fill(path: Path, pictures: int) -> None:
    """Generated rows: `pictures` pictures of a thousand characters, three faces each, of which one in a thousand is
    nobody's; a tenth as many pictures that repeat one of them."""
    with Catalogue(path):
        pass  # makes the tables
    with closing(sqlite3.connect(path)) as db, db:
        for arguments in (1, 2):
            db.create_function("looks", arguments, looks, deterministic=True)
        db.executescript("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000;")
        query = "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
        left_out = db.execute(query).fetchall()  # put in at once afterwards, which takes a tenth of the time
        for kind, name, _ in left_out:
            db.execute(f"DROP {kind} {name}")
        db.executemany(
            "INSERT INTO characters (id, name, slug, series, query, wanted, state, created_at) "
            "VALUES (?, ?, ?, ?, '', 0, 'active', '')",
            [(n + 1, f"character {n}", f"c{n}", f"series {n % 40}") for n in range(CHARACTERS)],
        )
        counts = {"pictures": pictures, "characters": CHARACTERS, "each": EACH}
        db.execute(PICTURES.format(count=pictures, **counts))
        db.execute(FACES.format(count=EACH * pictures, **counts))
        db.execute(REPEATS.format(count=pictures))
        for _, _, sql in left_out:
            db.execute(sql)
        db.execute(f"INSERT INTO face_blocks SELECT id / {BLOCK}, random() FROM faces GROUP BY 1")
        count_anew(db)


def questions(project: Project, pictures: int) -> dict[str, Callable[[], object]]:
    """What pages and steps ask, by name."""
    catalogue, last = project.catalogue, EACH * pictures
    ids = range(1, min(IDS, last) + 1)
    return {
        "status: all six steps": lambda: overview(project),
        "counts of the review": lambda: tally(catalogue),
        "counts of faces by character": lambda: catalogue.counts("faces", state="kept", copy_of=None),
        "Crop: the review's queue": lambda: queue_order(catalogue),
        "Crop: a page of the grid, proposals": lambda: _grid(catalogue, FaceList(FaceState.PROPOSED)),
        "Crop: a page of the grid, kept faces": lambda: _grid(catalogue, FaceList(FaceState.KEPT)),
        "Collect: a page of the shelf": lambda: (kept_count(catalogue), kept_page(catalogue, None, 0, PAGE)),
        "Crop: what other settings would find": lambda: preview_triage(catalogue, CropConfig(), 0.5),
        "Collect: what repeats": lambda: repeats(catalogue, limit=10),
        "Collect: sources and authors": lambda: sources_and_authors(catalogue),
        "Characters: the numbers of all cards": lambda: character_cards(project),
        "Characters: the first page of cards": lambda: looked_at(project, character_cards(project)[:CARDS]),
        "Characters: unnamed faces, those to compare": lambda: (unnamed_ids(catalogue), named_keys(catalogue)),
        "Balance: the plan": lambda: plan(catalogue),
        "Balance: the plan as an estimate": lambda: estimate(catalogue, BalanceConfig()),
        "Balance: the leak check": lambda: leak_check(catalogue),
        "Train: faces by part and character": lambda: divided_faces(catalogue),
        "Balance, Train: counts": lambda: [
            catalogue.counts("faces", state="kept", **equal) for equal in ({}, {"copy_of": None}, {"split": "train"})
        ],
        "faces of one character": lambda: catalogue.faces(character_id=7, state="kept"),
        "faces by 250,000 ids (or all)": lambda: catalogue.faces(ids=ids),
        "first page of 10,000 faces": lambda: next(catalogue.face_pages(state="kept")),
        "all faces, in pages": lambda: sum(len(page) for page in catalogue.face_pages(state="kept")),
        "fingerprint of the faces, the first": lambda: faces_fingerprint(catalogue),
        "a face decided, and its fingerprint": lambda: _decided(catalogue),
        "characters": lambda: list(islice(catalogue.characters(), PAGE)),
        BALANCED: lambda: balance(project),
        UNDONE: lambda: undo(project),
        "what undo and redo would do": lambda: (catalogue.next_undo(), catalogue.next_redo()),
    }


def _grid(catalogue: Catalogue, faces: FaceList) -> tuple[int, list[Face]]:
    return faces.count(catalogue), faces.page(catalogue, 0, PAGE)


def _decided(catalogue: Catalogue) -> str:
    catalogue.set_values("faces", {7: {"split": "train"}})
    return faces_fingerprint(catalogue)


def measure(folder: Path, pictures: int, only: tuple[str, ...] = ()) -> dict[str, object]:
    """Seconds of each question, by name, and what the catalogue and the process take."""
    settings = Settings(data_dir=folder / f"{pictures}", models_dir=folder / f"{pictures}-models")
    with open_project("million", settings, create=True) as project:
        path = project.workspace.catalogue_path
    start = time.perf_counter()
    with closing(sqlite3.connect(path)) as db:
        filled = db.execute("SELECT count(*) FROM pictures").fetchone()[0]
    if not filled:
        fill(path, pictures)
    found: dict[str, object] = {"generated in": time.perf_counter() - start}
    with open_project("million", settings) as project:
        names = [name for name in questions(project, pictures) if name.startswith(only or "")]
    for name in names:
        runs = []
        for _ in range(3 if pictures <= 100_000 and name not in (BALANCED, UNDONE) else 1):
            with open_project("million", settings) as project:  # anew, so that nothing is remembered
                ask = questions(project, pictures)[name]
                clock, own = time.perf_counter(), time.process_time()
                ask()
                runs.append((time.perf_counter() - clock, time.process_time() - own))
        found[name] = {"seconds": min(r[0] for r in runs), "processor": min(r[1] for r in runs)}
        print(f"{pictures:,}: {name}: {_cell(found[name])}", file=sys.stderr, flush=True)  # a million takes minutes
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found | {"catalogue, MB": path.stat().st_size / 1e6, "memory at most, MB": memory}


def main(arguments: list[str] | None = None) -> None:
    """Print a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", nargs="+", default=[])
    args = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder, only = args.folder or Path(temporary), tuple(args.only)
        found = {count: measure(folder, count, only) for count in sorted(args.pictures)}
    if args.json:
        print(json.dumps(found, indent=1))
        return
    print("| | " + " | ".join(f"{count:,}" for count in found) + " |\n|" + "---|" * (len(found) + 1))
    for name in next(iter(found.values())):
        print(f"| {name} | " + " | ".join(_cell(figures[name]) for figures in found.values()) + " |")


def _cell(value: object) -> str:
    if isinstance(value, dict):
        return f"{value['seconds']:.3f} s ({value['processor']:.3f})"
    return f"{float(str(value)):,.0f}"


if __name__ == "__main__":
    main()
