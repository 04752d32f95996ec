"""Many pictures asked about: decoded ahead in threads, looked at and embedded in batches, answered one by one."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from core.errors import PictureError
from core.progress import Reporter, silent, track
from core.recognise.pictures import RecognisedFace
from core.recognise.queries import Query
from core.recognise.verdict import MATCH

BATCH = 16
"""Pictures that are looked at together."""
READERS = 2
"""Threads that decode: a picture takes a tenth of the time that its faces take."""


class Asks(Protocol):
    """What answers: core.recognise.recogniser.Recogniser."""

    def ask_many(
        self, pictures: Sequence[np.ndarray], *, is_face_crop: bool | None = None
    ) -> list[list[RecognisedFace]]: ...


@dataclass(frozen=True)
class Answered:
    """A picture with its answers. pixels: uint8 HxWx3, None where it could not be read; error: why."""

    query: Query
    pixels: np.ndarray | None
    faces: tuple[RecognisedFace, ...] = ()
    error: str = ""

    def shows(self, character: str) -> bool:
        """Whether a face on it was given that name."""
        return any(f.answer.verdict == MATCH and f.answer.character == character for f in self.faces)

    def as_dict(self) -> dict[str, Any]:
        """The JSON form: picture, faces, and error where there is one."""
        found: dict[str, Any] = {"picture": self.query.name, "faces": [face.as_dict() for face in self.faces]}
        return found | ({"error": self.error} if self.error else {})


def ask_all(
    recogniser: Asks, queries: Sequence[Query], *, is_face_crop: bool | None = None, report: Reporter = silent
) -> Iterator[Answered]:
    """Every query with its answers, in order (stage `recognise`); one that cannot be read has the reason instead."""
    pool = ThreadPoolExecutor(READERS, thread_name_prefix="read")
    try:
        yield from track(_answers(recogniser, queries, is_face_crop, pool), report, "recognise", len(queries))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _answers(
    recogniser: Asks, queries: Sequence[Query], is_face_crop: bool | None, pool: ThreadPoolExecutor
) -> Iterator[Answered]:
    batches = [queries[i : i + BATCH] for i in range(0, len(queries), BATCH)]
    ahead: deque[list[Future[np.ndarray | str]]] = deque()
    for number, batch in enumerate(batches):
        for following in batches[number + len(ahead) : number + 2]:
            ahead.append([pool.submit(_read, query) for query in following])
        pictures = [future.result() for future in ahead.popleft()]
        readable = [picture for picture in pictures if not isinstance(picture, str)]
        answers = iter(recogniser.ask_many(readable, is_face_crop=is_face_crop) if readable else ())
        for query, picture in zip(batch, pictures, strict=True):
            if isinstance(picture, str):
                yield Answered(query, None, error=picture)
            else:
                yield Answered(query, picture, tuple(next(answers)))


def _read(query: Query) -> np.ndarray | str:
    """The pixels, or why there are none."""
    try:
        return query.read()
    except PictureError as error:
        return str(error)
