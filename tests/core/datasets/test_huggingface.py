"""The Hugging Face layout, read back by the library `datasets`."""

from __future__ import annotations

import json

import yaml

from core.datasets.huggingface import plan_huggingface
from core.datasets.outputs import write_folder


def test_the_library_reads_the_splits_with_labels_and_licences(data, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    out = write_folder(tmp_path / "set", plan_huggingface(data))
    from datasets import load_dataset

    read = load_dataset("imagefolder", data_dir=str(out), cache_dir=str(tmp_path / "cache"))
    assert {name: len(split) for name, split in read.items()} == {"train": 1, "validation": 1, "test": 1}
    row = read["train"][0]
    assert (row["label"], row["face_id"], row["licence"], row["author"]) == ("Rei A", 11, "CC BY 4.0", "=cmd()")
    assert row["image"].size == (40, 40)


def test_the_layout_is_the_documented_one(data, tmp_path):
    out = write_folder(tmp_path / "set", plan_huggingface(data))
    (row,) = [json.loads(line) for line in (out / "validation" / "metadata.jsonl").read_text().splitlines()]
    assert row["file_name"] == "Asuka/001_1.jpg"
    assert (out / "validation" / row["file_name"]).is_file()
    head = (out / "README.md").read_text().split("---")[1]
    assert yaml.safe_load(head)["license"] == "other"
