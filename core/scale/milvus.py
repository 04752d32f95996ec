"""An index in Milvus: a file of this machine (Milvus Lite), or a cluster by its address and token."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import DataError
from core.scale.index import Hits, IndexedFaces

COLLECTION = "faces"
BATCH = 1000
"""Faces in one message to Milvus."""
ENGINES = {"FLAT": {}, "IVF_FLAT": {"nlist": 1024}, "HNSW": {"M": 16, "efConstruction": 200}}
"""Engines of Milvus and how they are built: FLAT compares every face; the others are quicker and may miss some."""
SEARCH: dict[str, dict[str, int]] = {"FLAT": {}, "IVF_FLAT": {"nprobe": 64}, "HNSW": {"ef": 128}}
NAME_BYTES = 2000
SEEN = {"consistency_level": "Strong"}
"""Every answer knows of every write before it. By default those of a server may be seconds behind what was enrolled."""


class MilvusIndex:
    """Faces in one collection of a Milvus. Several processes may share a cluster; a file belongs to one at a time."""

    def __init__(self, uri: str, dim: int, *, token: str = "", engine: str = "FLAT", collection: str = COLLECTION):
        """uri: a path ending in .db, or http(s)://host:port. Raises DataError where it cannot be opened in words."""
        if engine not in ENGINES:
            raise DataError(f"Milvus has no engine {engine!r} here. Choose one of: {', '.join(ENGINES)}.")
        self.dim, self.engine, self.collection = dim, engine, collection
        self.is_file = "://" not in uri
        try:
            from pymilvus import MilvusClient
            from pymilvus.exceptions import MilvusException
        except ImportError as error:
            raise DataError("Milvus needs more packages: pip install -r requirements-scale.txt") from error
        try:
            self.client = MilvusClient(uri, token=token)
            if not self.client.has_collection(collection):
                self._create()
            self._load(uri)
            fields = self.client.describe_collection(collection)["fields"]
        except MilvusException as error:
            advice = "A file belongs to one process at a time: close the other." if self.is_file else ""
            raise DataError(
                f"Milvus at {uri} cannot be used ({error.message}). {advice or 'Check its address and token.'}"
            ) from error
        held = next(int(field["params"]["dim"]) for field in fields if field["name"] == "vector")
        if held != dim:
            self.close()
            raise DataError(f"{uri} holds vectors of {held} numbers, this encoder's have {dim}. Choose another file.")

    def _load(self, uri: str) -> None:
        """Milvus Lite writes an index in place: a kill leaves half of it. It is built anew where it is not there."""
        from pymilvus.exceptions import MilvusException

        try:
            self.client.load_collection(self.collection)
        except MilvusException:
            halves = list(Path(uri).rglob("*.idx")) if self.is_file else []
            if not halves:
                raise
            for index in halves:
                index.unlink(missing_ok=True)
            self.client.load_collection(self.collection)

    def add(self, faces: IndexedFaces) -> None:
        stamps = faces.stamps()
        for start in range(0, len(faces), BATCH):
            part = faces.rows(range(start, min(start + BATCH, len(faces))))
            rows = [
                {"id": i, "vector": vector, "character": character, "series": series, "stamp": stamps[i]}
                for i, vector, character, series in zip(
                    part.ids.tolist(), part.vectors, part.characters, part.series, strict=True
                )
            ]
            self.client.upsert(self.collection, rows)
        if self.is_file and len(faces):
            self.client.flush(self.collection)  # what is not flushed costs every search twenty times as much

    def remove(self, ids: Iterable[int]) -> None:
        ids = list(ids)
        for start in range(0, len(ids), BATCH):
            self.client.delete(self.collection, ids=ids[start : start + BATCH])

    def search(self, queries: np.ndarray, k: int, *, series: str | None = None) -> Hits:
        found = self.client.search(
            self.collection,
            data=list(np.asarray(queries, np.float32)),
            limit=k,
            filter="" if series is None else f"series == {json.dumps(series, ensure_ascii=False)}",
            output_fields=["stamp"],
            search_params={"metric_type": "IP", "params": SEARCH[self.engine]},
            **SEEN,
        )
        ids = np.full((len(queries), k), -1, np.int64)
        similarity = np.full((len(queries), k), -np.inf, np.float32)
        for row, hits in enumerate(found):
            ids[row, : len(hits)] = [hit["id"] for hit in hits]
            similarity[row, : len(hits)] = [hit["distance"] for hit in hits]
        return Hits(ids, similarity)

    def count(self) -> int:
        (answer,) = self.client.query(self.collection, filter="", output_fields=["count(*)"], **SEEN)
        return int(answer["count(*)"])

    def stamps(self) -> dict[int, str]:
        pages = self.client.query_iterator(self.collection, batch_size=BATCH, output_fields=["id", "stamp"], **SEEN)
        found: dict[int, str] = {}
        while page := pages.next():
            found |= {int(row["id"]): str(row["stamp"]) for row in page}
        pages.close()
        return found

    def drop_others(self, prefix: str) -> None:
        """Drop the collections whose names begin so, this one aside."""
        for name in self.client.list_collections():
            if name.startswith(prefix) and name != self.collection:
                self.client.drop_collection(name)

    def close(self) -> None:
        """Give the file or the connection back."""
        self.client.close()

    def _create(self) -> None:
        from pymilvus import DataType

        schema: Any = self.client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=self.dim)
        for name, length in (("character", NAME_BYTES), ("series", NAME_BYTES), ("stamp", 16)):
            schema.add_field(name, DataType.VARCHAR, max_length=length)
        params: Any = self.client.prepare_index_params()
        params.add_index("vector", index_type=self.engine, metric_type="IP", params=ENGINES[self.engine])
        self.client.create_collection(self.collection, schema=schema, index_params=params, **SEEN)
