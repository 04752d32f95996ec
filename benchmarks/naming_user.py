"""A user who follows the app's lead with the true names at hand: how many actions until the heap is named?

An action is one click, one key or one confirmed name. Naming or confirming takes one, each wrong face one more: a click
on it or on an entry of its menu, or a name typed while the pointer is on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.similarity.naming import Naming
from core.similarity.questions import PAGE, ConfirmFaces, Finished, NameFaces, NameGroup, next_step
from core.similarity.regrouping import regrouped


@dataclass(frozen=True)
class Played:
    """actions: until `goal` of the cast's faces were named rightly, or until nothing was left to do. named: the share
    then. wrong: faces, the cast's or not, that bear a wrong name. kinds: actions by kind of step.
    history: actions and share after each step."""

    actions: int
    named: float
    wrong: int
    kinds: dict[str, int]
    history: tuple[tuple[int, float], ...] = ()

    def share_after(self, actions: int) -> float:
        """The share named after so many actions."""
        return max((share for used, share in self.history if used <= actions), default=0.0)


def play(
    naming: Naming, truth: Sequence[str | None], *, goal: float = 0.95, tolerance: float = 0.0, most: int = 20_000
) -> Played:
    """truth: the name of each face of the cast, None for everybody else and for what is no face.

    tolerance: wrong faces are left where they are as long as they are no more than this share of those shown.
    """
    cast = np.array([name is not None for name in truth])
    kinds: dict[str, int] = {}
    history: list[tuple[int, float]] = []
    actions = 0
    while (done := _right(naming, truth) / cast.sum()) < goal and actions < most:
        step = next_step(naming)
        if isinstance(step, Finished):
            break
        naming, cost = _answer(naming, step, truth, tolerance)
        naming = regrouped(naming)
        actions += cost
        kind = type(step).__name__
        kinds[kind] = kinds.get(kind, 0) + cost
        history.append((actions, _right(naming, truth) / cast.sum()))
    named = int((naming.owner >= 0).sum())
    return Played(actions, float(done), named - _right(naming, truth), kinds, tuple(history))


def without_help(groups: Sequence[Sequence[int]], truth: Sequence[str | None], *, goal: float = 0.95) -> float:
    """Actions where groups are named, largest first, and every other face one by one in random order.

    The mean over all orders: of u faces left, c of them the cast's, the k-th of the cast comes at (u + 1) k / (c + 1).
    """
    cast = sum(name is not None for name in truth)
    need, actions, left = goal * cast, 0, list(truth)
    for group in sorted(groups, key=len, reverse=True):
        names = [truth[i] for i in group]
        name = max(set(names), key=lambda n: (names.count(n), str(n)))
        actions += 1 + len(names) - names.count(name)
        need -= names.count(name) if name is not None else 0
        for one in [name] * names.count(name):
            left.remove(one)
        if need <= 0:
            return actions
    waiting = sum(name is not None for name in left)
    return actions + (len(left) + 1) * np.ceil(need) / (waiting + 1)


def _right(naming: Naming, truth: Sequence[str | None]) -> int:
    return sum(
        owner >= 0 and naming.names[owner] == name for owner, name in zip(naming.owner.tolist(), truth, strict=True)
    )


def _answer(naming: Naming, step, truth, tolerance: float) -> tuple[Naming, int]:
    if isinstance(step, NameFaces):
        return _known(naming, step, truth)
    if isinstance(step, ConfirmFaces):
        return _page(naming, step, truth, tolerance)
    return _group(naming, step, truth, tolerance)


def _known(naming: Naming, step: NameFaces, truth) -> tuple[Naming, int]:
    """Each face of the cast is named by a click or a typed name; one key says that the rest is nobody of it."""
    right: dict[str, list[int]] = {}
    for i in step.faces:
        if truth[i] is not None:
            right.setdefault(truth[i], []).append(i)
    named = sum(map(len, right.values()))
    return naming.confirm_all(right).ignore([i for i in step.faces if truth[i] is None]), 1 + named


def _page(naming: Naming, step: ConfirmFaces, truth, tolerance: float) -> tuple[Naming, int]:
    """One key for the page and one action for each wrong face: another name, chosen or typed, or "not in my cast"."""
    cost = 1
    right: dict[str, list[int]] = {}
    wrong: dict[str, list[int]] = {}
    ignored: list[int] = []
    for name, faces in step.rows:
        off = [i for i in faces if truth[i] != name]
        if len(off) <= tolerance * len(faces):
            off = []
        for i in faces:
            if i not in off:
                right.setdefault(name, []).append(i)
            elif truth[i] is None:
                ignored.append(i)
            else:
                right.setdefault(truth[i], []).append(i)
        wrong[name] = off
        cost += len(off)
    return naming.confirm_all(right, wrong=wrong).ignore(ignored), cost


def _group(naming: Naming, step: NameGroup, truth, tolerance: float) -> tuple[Naming, int]:
    """One name, and one click for each wrong face: on one of the names in its menu, on "not in my cast", or on the face
    itself, which takes it out. Of a group of several pages the first is looked at, and nobody else is named."""
    shown = step.faces[:PAGE]
    name, answer = about_group([truth[i] for i in shown])
    if answer == "split":
        return naming.split(step.faces), 1
    if answer == "mixed":
        return naming.pull_out(step.faces), 1
    wrong = [i for i in shown if truth[i] != name]
    if name is not None and len(wrong) <= tolerance * len(shown):
        wrong = []
    own = [i for i in shown if i not in wrong]
    right: dict[str, list[int]] = {} if name is None else {name: own}
    ignored, out = own if name is None else [], []
    for i in wrong:
        if truth[i] is None:
            ignored = [*ignored, i]
        elif truth[i] in step.others.get(i, ()):
            right.setdefault(truth[i], []).append(i)
        else:
            out.append(i)
    naming = naming.confirm_all(right, wrong={} if name is None else {name: wrong})
    return naming.ignore(ignored).pull_out(out), 1 + len(wrong)


def about_group(names: Sequence[str | None]) -> tuple[str | None, str]:
    """What somebody who sees these faces presses: the most frequent name, and `name` (None: "not in my cast") after a
    click on each other face, `split` (two characters) or `mixed` (too many to be worth a name).

    >>> about_group(["a", "a", None]), about_group(["a"] * 8 + ["b"] * 4), about_group(["a", "b"])
    (('a', 'name'), ('a', 'split'), ('b', 'mixed'))
    >>> about_group(["a"] * 4 + ["b"] * 3 + ["c"] * 3)
    ('a', 'mixed')
    """
    counted = sorted({(names.count(n), str(n), n) for n in names}, key=lambda one: one[:2], reverse=True)
    name, wrong = counted[0][2], len(names) - counted[0][0]
    two = sum(count for count, _, _ in counted[:2])
    if wrong > 3 and 5 * wrong > len(names) >= 8 and 5 * two >= 4 * len(names):
        return name, "split"
    return name, "mixed" if 2 * wrong >= len(names) else "name"
