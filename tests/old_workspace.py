"""A complete workspace as schema 1 left it: catalogue, pictures, faces, a copy, history, run, gallery, suspects.

Written with SQL and files, not with today's code, so that it stays what it was.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from core.imaging.boxes import Box
from core.imaging.framing import face_crop
from core.imaging.hashes import perceptual, sha256
from core.imaging.reading import encode_jpeg, read_picture
from core.settings import ROOT, Settings
from tests.conftest import noise

SCHEMA = ROOT / "tests/core/workspace/schema_1.sql"
NAMES = {1: ("Rei Ayanami", "Rei_Ayanami"), 2: ("Asuka", "Asuka")}
BOX = Box(40, 40, 60, 60)
AT = "2025-05-01T10:00:00.000+00:00"
OLD_CONFIG = {"preset": "quick", "init": "pretrained", "rate": 0.001, "keep": 0.5, "size": 96, "dim": 128, "seed": 0}


def make_old_workspace(settings: Settings, name: str = "old") -> Path:
    """Five pictures of each of two characters; the 9th face was rejected, the 10th is a proposal, face 1 has a copy.

    Returns the workspace's folder.
    """
    root, models = settings.data_dir / name, settings.models / name
    for folder in (root / "jobs", models / "quick-1"):
        folder.mkdir(parents=True)
    with closing(sqlite3.connect(root / "catalogue.db", isolation_level=None)) as db:
        db.executescript(SCHEMA.read_text())
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA user_version = 1")
        for number, (character, slug) in NAMES.items():
            values = {"id": number, "name": character, "slug": slug, "series": "Evangelion", "query": "", "wanted": 0}
            _insert(db, "characters", values | {"state": "active", "created_at": AT})
        for number in range(1, 11):
            _picture_and_face(db, root, number)
        _copy(db, root)
        _history(db)
        _results(db)
    _files(root, models)
    return root


def _insert(db: sqlite3.Connection, table: str, values: dict) -> None:
    names = ", ".join(f'"{name}"' for name in values)
    db.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(values))})", list(values.values()))


def _picture_and_face(db: sqlite3.Connection, root: Path, number: int) -> None:
    character = 1 if number <= 5 else 2
    slug, stem = NAMES[character][1], f"{number:03d}"
    data = encode_jpeg(noise(number, 160, 160))
    path = root / "pictures" / slug / f"{stem}.jpg"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    state = {9: "rejected", 10: "proposed"}.get(number, "kept")
    common = {"character_id": character, "sha256": sha256(data), "phash": f"{perceptual(noise(number, 160, 160)):016x}"}
    picture = {"id": number, "kind": "picture", "path": f"pictures/{slug}/{stem}.jpg", "state": "kept", "reason": ""}
    picture |= {"review": "look" if state == "proposed" else "sure", "source": "folder", "query": "", "picture_url": ""}
    picture |= {"page_url": "", "author": "", "licence": "", "rating": "", "tags": "", "fetched_at": AT, "width": 160}
    _insert(db, "pictures", picture | common | {"height": 160, "group_key": "", "known_faces": "[]"})
    fetch = {"character_id": character, "source": "folder", "query": "", "url": f"file:{stem}", "page_url": ""}
    _insert(db, "fetches", fetch | {"outcome": "kept", "reason": "", "picture_id": number, "at": AT})
    crop = face_crop(read_picture(path), BOX)
    face_data = encode_jpeg(crop)
    face = {"id": number, "picture_id": number, "character_id": character, "path": f"faces/{slug}/{stem}_1.jpg"}
    face |= {"x": BOX.x, "y": BOX.y, "w": BOX.w, "h": BOX.h, "detector": "cnn", "score": 0.9, "quality": 1.0}
    face |= {"state": state, "reason": "logo" if state == "rejected" else "", "decided_by": "detector"}
    face |= {"split": ("validation" if number in (5, 8) else "train") if state == "kept" else "", "made_by": ""}
    hashes = {"sha256": sha256(face_data), "phash": f"{perceptual(crop):016x}"} if state != "proposed" else {}
    _insert(db, "faces", face | {"decided_at": AT, "created_at": AT, "revision": 0, "sha256": "", "phash": ""} | hashes)
    if state != "proposed":
        place = root / ("bin" if state == "rejected" else ".") / face["path"]
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(face_data)


def _copy(db: sqlite3.Connection, root: Path) -> None:
    (row,) = db.execute("SELECT * FROM faces WHERE id = 1")
    names = [about[1] for about in db.execute("PRAGMA table_info(faces)")]
    path = "faces/Rei_Ayanami/001_1_balancing.jpg"
    values = dict(zip(names, row, strict=True)) | {"id": 11, "path": path, "copy_of": 1, "made_by": "copy"}
    _insert(db, "faces", values)
    shutil.copyfile(root / "faces/Rei_Ayanami/001_1.jpg", root / path)


def _history(db: sqlite3.Connection) -> None:
    found = [{"table": "faces", "id": n, "before": {"state": "removed"}, "after": {"state": "kept"}} for n in (1, 2)]
    rejected = {"state": "rejected", "reason": "logo", "decided_by": "person"}
    before = {"state": "kept", "reason": "", "decided_by": "detector"}
    edits = [{"table": "faces", "id": 9, "before": before, "after": rejected}]
    for who, action, what in (("detector", "faces found in 2 pictures", found), ("person", "rejected a face", edits)):
        _insert(db, "changes", {"at": AT, "who": who, "action": action, "edits": json.dumps(what), "undone_at": ""})


def _results(db: sqlite3.Connection) -> None:
    for kind, name in (("balance", "balance"), ("run", "quick-1"), ("gallery", "quick-1")):
        _insert(db, "results", {"kind": kind, "name": name, "made_from": "0123456789abcdef", "at": AT, "detail": "{}"})
    for key, value in (("encoder", "quick-1"), ("confirmed labels", {"2": 1})):
        _insert(db, "notes", {"key": key, "value": json.dumps(value)})


def _files(root: Path, models: Path) -> None:
    vectors = np.eye(7, 8, dtype=np.float32)
    metadata = {"encoder": "0" * 64, "faces": json.dumps([str(n) for n in range(1, 8)])}
    metadata["characters"] = json.dumps([NAMES[1 if n <= 5 else 2][0] for n in range(1, 8)])
    tensors = {"embeddings": vectors, "pretended": np.zeros((0, 8), np.float32)}
    save_file(tensors, root / "gallery.safetensors", metadata)
    run = models / "quick-1"
    (run / "config.json").write_text(json.dumps(OLD_CONFIG))
    (run / "metrics.json").write_text(json.dumps({"n": 2, "top1": 1.0, "protocol": "top1 by gallery"}))
    (run / "history.jsonl").write_text(json.dumps({"epoch": 1, "step": 2, "loss": 0.5}) + "\n")
    (run / "suspects.json").write_text(json.dumps({"before": [], "after": []}))
    save_file({"weight": np.zeros(4, np.float32)}, run / "encoder.safetensors")
