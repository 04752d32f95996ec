"""The rows of a batch, read from the file of its answers as it grows: only what is new is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.imaging.hashes import sha256
from core.recognise.batches import Batch, answers_from
from ui.recognise.rows import Row, rows_of_picture


@dataclass
class Lines:
    """rows and names by the key of a picture, in the order of the file; read: bytes so far, of the file with this
    number. far, encoder: how the newest line was answered, "" before the first."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    read: int = 0
    file: int = 0
    far: str = ""
    encoder: str = ""

    def update(self, batch: Batch) -> None:
        """Read what was written since; all where the batch was begun anew. Raises DataError for a damaged file."""
        there = batch.answers.stat() if batch.answers.exists() else None
        if there is None or there.st_ino != self.file or there.st_size < self.read:
            self.rows, self.names, self.read, self.far, self.encoder = {}, {}, 0, "", ""
        if there is None:
            return
        self.file = there.st_ino
        documents, self.read = answers_from(batch, self.read)
        for one in documents:
            name = one["picture"]
            key = key_of(name)
            self.rows[key], self.names[key] = rows_of_picture(key, batch.short(name), one), name
        if documents:
            self.far, self.encoder = str(documents[-1].get("far", "")), str(documents[-1].get("encoder", ""))

    def all(self) -> list[Row]:
        """Every row."""
        return [row for rows in self.rows.values() for row in rows]


def key_of(name: str) -> str:
    """The key of a picture that is read from where it lies."""
    return sha256(name.encode())[:16]
