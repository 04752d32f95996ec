"""Naming a heap of faces with few answers: what is known so far, and what each answer makes of it.

A `Naming` is a value: the heap, who is named, who is ignored, what was denied. Every answer returns another one, so
that undo is keeping the old one. Which step to offer next is decided in core.similarity.questions; nothing here draws.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from core.errors import DataError
from core.similarity.clustering import Groups, check_embeddings, common, halves
from core.similarity.likelihood import NO_ANSWERS, Answers, Likelihood, likelihoods, strangeness_of
from core.similarity.neighbours import Neighbours, nearest_neighbours
from core.similarity.prototypes import centred

UNNAMED, IGNORED = -1, -2
VOTERS = 10
"""Nearest faces that are asked whose a face may be."""


@dataclass(frozen=True)
class Naming:
    """What is known of n faces.

    vectors: centred unit embeddings, float32 (n, d), and the nearest `neighbours` of each. pictures int (n,). groups:
    faces that look like one character, as they were found and split since. non_faces: faces that look like none.
    names: of the characters, in the order they came. owner int (n,): a place in names, UNNAMED or IGNORED ("not in my
    cast", "not a face"). denied: (face, place in names) answered with no. loose: faces pulled out of their group.
    skipped: not to be asked again. answers: what was expected of the answers so far, and how they came out. purity:
    faces of groups that turned out to be of their group's character, and all faces of these groups. splits: the two
    halves of each group that was split. regrouped: the faces left were grouped a second time
    (core.similarity.regrouping). strangeness float32 (n,): how much nearer each face is to faces of strangers than the
    median face of the heap; None where no strangers are known.
    """

    vectors: np.ndarray
    pictures: np.ndarray
    neighbours: Neighbours
    groups: tuple[tuple[int, ...], ...]
    non_faces: frozenset[int]
    names: tuple[str, ...]
    owner: np.ndarray
    denied: frozenset[tuple[int, int]] = frozenset()
    loose: frozenset[int] = frozenset()
    skipped: frozenset[int] = frozenset()
    answers: Answers = NO_ANSWERS
    purity: tuple[float, float] = (0.0, 0.0)
    splits: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...] = ()
    regrouped: bool = False
    strangeness: np.ndarray | None = None

    @classmethod
    def start(
        cls,
        embeddings: np.ndarray,
        groups: Groups,
        *,
        pictures: np.ndarray | None = None,
        named: Sequence[str | None] | None = None,
        strangers: np.ndarray | None = None,
    ) -> Naming:
        """From embeddings (n, d), the groups of the unnamed ones among them, and the names that some have already.

        strangers float32 (m, d): embeddings of faces of strangers, real or drawn, by the same encoder.
        """
        embeddings = check_embeddings(embeddings)
        n = len(embeddings)
        labels: Sequence[str | None] = [None] * n if named is None else named
        if len(labels) != n:
            raise DataError(f"There are {n} faces but {len(labels)} names; give None for a face without one.")
        names = tuple(sorted({name for name in labels if name is not None}))
        place = {name: i for i, name in enumerate(names)}
        owner = np.array([UNNAMED if name is None else place[name] for name in labels], np.int64).reshape(n)
        taken = -np.ones(n, np.int64) if pictures is None else np.asarray(pictures, np.int64)
        centre = common(embeddings) if n else None
        vectors = embeddings if centre is None else centred(embeddings, centre)
        strangeness = None
        if centre is not None and strangers is not None and len(strangers):
            strangeness = strangeness_of(vectors, centred(strangers, centre))
            strangeness -= np.median(strangeness)
        return cls(
            vectors,
            taken,
            nearest_neighbours(vectors, VOTERS),
            tuple(group.faces for group in groups.groups),
            frozenset(groups.non_faces),
            names,
            owner,
            strangeness=strangeness,
        )

    @property
    def unnamed(self) -> np.ndarray:
        """Indices of the faces that wait for a name."""
        return np.flatnonzero(self.owner == UNNAMED)

    @cached_property
    def likelihood(self) -> Likelihood:
        """Who each unnamed face may be, and how likely; made once for each state."""
        return likelihoods(
            self.vectors,
            self.owner,
            len(self.names),
            neighbours=self.neighbours,
            groups=self.open_groups,
            denied=self.denied,
            answers=self.answers,
            strangeness=self.strangeness,
        )

    @cached_property
    def open_groups(self) -> tuple[tuple[int, ...], ...]:
        """The unnamed faces of each group that still has any, in the group's order, without those pulled out."""
        waiting = self.owner == UNNAMED
        left = (tuple(i for i in group if waiting[i] and i not in self.loose) for group in self.groups)
        return tuple(faces for faces in left if faces)

    @cached_property
    def unlike(self) -> frozenset[tuple[int, int]]:
        """(face, place in names): whom the unnamed faces of one half of a split are not, because the other half is.

        However much they look like it: somebody said that these are two characters.
        """
        found: set[tuple[int, int]] = set()
        for pair in self.splits:
            for half, other in (pair, pair[::-1]):
                owners = self.owner[list(other)]
                if (owners >= 0).any():
                    most = int(np.bincount(owners[owners >= 0]).argmax())
                    found |= {(i, most) for i in half if self.owner[i] == UNNAMED and i not in self.loose}
        return frozenset(found)

    def confirm(self, faces: Collection[int], name: str, *, wrong: Collection[int] = ()) -> Naming:
        """These faces are this character, known or new; the `wrong` ones that were shown with them are not.

        Raises DataError for an empty name and for faces that are not in the heap.
        """
        return self.confirm_all({name: faces}, wrong={name: wrong})

    def confirm_all(
        self, right: Mapping[str, Collection[int]], *, wrong: Mapping[str, Collection[int]] | None = None
    ) -> Naming:
        """As `confirm`, for several characters that were shown together, each by what was expected before."""
        wrong = wrong or {}
        names, owner = list(self.names), self.owner.copy()
        denied, loose = set(self.denied), set(self.loose)
        answers, purity = self.answers, self.purity
        for name in dict.fromkeys((*right, *wrong)):
            yes, no = self._known(right.get(name, ())), self._known(wrong.get(name, ()))
            name = str(name).strip()
            if not name:
                raise DataError("A character needs a name. Type one, or leave the faces unnamed.")
            if name not in names:
                names.append(name)
            place = names.index(name)
            owner[no] = np.where(owner[no] == place, UNNAMED, owner[no])
            owner[yes] = place
            denied = (denied | {(int(i), place) for i in no}) - {(int(i), place) for i in yes}
            loose |= {int(i) for i in no}
            answers = self.likelihood.learned(yes, no, place, answers)
            purity = self._purity(yes, no, purity)
        return replace(
            self,
            names=tuple(names),
            owner=owner,
            denied=frozenset(denied),
            loose=frozenset(loose),
            answers=answers,
            purity=purity,
        )

    def ignore(self, faces: Collection[int]) -> Naming:
        """These faces are nobody of the cast, or no faces: they are not shown again."""
        owner = self.owner.copy()
        owner[self._known(faces)] = IGNORED
        return replace(self, owner=owner)

    def pull_out(self, faces: Collection[int]) -> Naming:
        """These faces do not belong to the group they are shown in; all of a group: it is nobody's."""
        out = self._known(faces)
        purity = (
            self._purity(out[:1], out[1:], self.purity)
            if set(out.tolist()) in map(set, self.open_groups)
            else self.purity
        )
        return replace(self, loose=self.loose | {int(i) for i in out}, purity=purity)

    def split(self, faces: Collection[int]) -> Naming:
        """This group is two characters: it becomes the two halves that are most unlike each other."""
        faces = tuple(int(i) for i in faces)
        if len(faces) < 2:
            return self.pull_out(faces)
        chosen = set(faces)
        rest = tuple(group for group in self.groups if not chosen & set(group))
        first, second = halves(self.vectors, faces)
        right, shown = self.purity
        return replace(
            self,
            groups=(*rest, first, second),
            purity=(right + len(first), shown + len(faces)),
            splits=(*self.splits, (first, second)),
        )

    def deny(self, face: int, name: str) -> Naming:
        """This face is not this character. Raises DataError where the character does not exist."""
        if name not in self.names:
            raise DataError(f"There is no character {name!r} yet. Choose one of: {', '.join(self.names) or 'none'}.")
        return self.confirm((), name, wrong=(face,))

    def skip(self, face: int) -> Naming:
        """Not sure: do not ask about this face again."""
        return replace(self, skipped=self.skipped | {int(i) for i in self._known((face,))})

    def _purity(self, right: np.ndarray, wrong: np.ndarray, so_far: tuple[float, float]) -> tuple[float, float]:
        """With what naming a group taught about groups; faces that were shown otherwise teach nothing."""
        shown = {*right.tolist(), *wrong.tolist()}
        if len(shown) < 2 or shown not in map(set, self.open_groups):
            return so_far
        return so_far[0] + len(right), so_far[1] + len(shown)

    def _known(self, faces: Collection[int]) -> np.ndarray:
        found = np.array(sorted({int(i) for i in faces}), np.int64)
        if len(found) and (found[0] < 0 or found[-1] >= len(self.owner)):
            raise DataError(f"Faces are numbered from 0 to {len(self.owner) - 1}; got {found[0]} to {found[-1]}.")
        return found
