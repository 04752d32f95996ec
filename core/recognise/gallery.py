"""The enrolled faces as vectors with their characters: who can be recognised; enrolling needs no training."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from core.errors import DataError
from core.recognise.corrections import Corrections
from core.recognise.shipped_cast import ShippedCast
from core.scale.search import Search
from core.similarity.scorer import CharacterScorer


class Sibling(Protocol):
    """What answers about faces without colours."""

    def answer(self, queries: np.ndarray, far: float) -> list[Any] | None:
        """The answers to unit queries (q, d), vectors of faces without their colours, at a false-accept rate; None
        where it cannot tell."""
        ...


@dataclass(frozen=True)
class Gallery:
    """n enrolled faces: unit embeddings float32 (n, d), the character and the id of each, and the encoder's name.

    encoder: the name, or better a fingerprint of the weights: vectors of two encoders must never meet.
    pretended float32 (m, d): vectors of faces that play the stranger (core.recognise.synthetic_impostors). drawn
    (k, d): of drawn strangers (core.workspace.drawn_strangers). Both only where no bank of real faces is at hand.
    corrections: what a person said of faces that were recognised wrongly. series: of each character that has one.
    index: another engine that searches these very faces (core.scale.search); None: each is compared with.
    cast: characters that come with the app, asked where nobody enrolled is like a face.
    is_colourless: the vectors are of the faces as they look without their colours. colourless: such a gallery of the
    same characters, which answers about faces without colours (core.recognise.colourless); None: this one does.
    Values are never changed; enrol and without return another gallery.
    """

    embeddings: np.ndarray
    characters: tuple[str, ...]
    faces: tuple[str, ...]
    encoder: str
    pretended: np.ndarray | None = None
    corrections: Corrections | None = None
    series: Mapping[str, str] = field(default_factory=dict)
    index: Search | None = field(default=None, compare=False)
    cast: ShippedCast | None = field(default=None, compare=False)
    is_colourless: bool = False
    colourless: Sibling | None = field(default=None, compare=False)
    drawn: np.ndarray | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        embeddings = np.ascontiguousarray(self.embeddings, np.float32)
        object.__setattr__(self, "embeddings", embeddings)
        object.__setattr__(self, "characters", tuple(str(name) for name in self.characters))
        object.__setattr__(self, "faces", tuple(str(face) for face in self.faces))
        pretended = np.empty((0, embeddings.shape[-1])) if self.pretended is None else self.pretended
        pretended = np.ascontiguousarray(pretended, np.float32)
        object.__setattr__(self, "pretended", pretended)
        if embeddings.ndim != 2 or not len(embeddings) == len(self.characters) == len(self.faces):
            raise DataError(
                f"A gallery needs one character and one face id for each embedding, got embeddings {embeddings.shape}, "
                f"{len(self.characters)} characters, {len(self.faces)} faces."
            )
        if not np.isfinite(embeddings).all() or not np.isfinite(pretended).all():
            raise DataError("The gallery holds embeddings that are no numbers. Enrol again, with another encoder.")

    @classmethod
    def empty(cls, encoder: str, dim: int) -> Gallery:
        """A gallery of nobody."""
        return cls(np.empty((0, dim), np.float32), (), (), encoder)

    @property
    def space(self) -> str:
        """The digest of what made its vectors, which may meet no others: the encoder's, or that of the encoder with
        faces without colours."""
        if not self.is_colourless:
            return self.encoder
        return hashlib.sha256(f"{self.encoder} without colours".encode()).hexdigest()

    def __len__(self) -> int:
        return len(self.characters)

    @property
    def dim(self) -> int:
        return int(self.embeddings.shape[1])

    @cached_property
    def enrolled(self) -> CharacterScorer:
        """The faces made ready for comparing; only where there are any."""
        return CharacterScorer.of(self.embeddings, self.characters)

    @property
    def search(self) -> Search:
        """What finds the nearest."""
        return self.index or self.enrolled

    @property
    def names(self) -> tuple[str, ...]:
        """The enrolled characters in alphabetical order."""
        return tuple(sorted(set(self.characters)))

    def count(self, character: str) -> int:
        """Faces of a character."""
        return self.characters.count(character)

    def enrol(self, character: str, embeddings: np.ndarray, faces: Sequence[str]) -> Gallery:
        """With these faces added to a new or known character; a face id enrolled before is replaced.

        embeddings: unit, (k, d). Raises DataError where their length d is another, as another encoder's would be.
        """
        embeddings = np.asarray(embeddings, np.float32)
        if embeddings.ndim != 2 or embeddings.shape[1] != self.dim:
            raise DataError(
                f"This gallery's vectors have {self.dim} numbers, the new ones have shape {embeddings.shape}."
            )
        if not str(character).strip():
            raise DataError("A character needs a name to be enrolled.")
        kept = self.without(faces=[str(face) for face in faces])
        return replace(
            kept,
            embeddings=np.concatenate([kept.embeddings, embeddings]),
            characters=kept.characters + (str(character),) * len(embeddings),
            faces=kept.faces + tuple(faces),
            index=None,
            colourless=None,
        )

    def without(self, *, character: str | None = None, faces: Collection[str] = ()) -> Gallery:
        """Without a character, or without some faces."""
        gone = set(map(str, faces))
        keep = [i for i, name in enumerate(self.characters) if name != character and self.faces[i] not in gone]
        return replace(
            self,
            embeddings=self.embeddings[keep],
            characters=tuple(self.characters[i] for i in keep),
            faces=tuple(self.faces[i] for i in keep),
            index=None,
            colourless=None,
        )
