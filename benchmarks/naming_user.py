"""A user who follows the app's lead with the true names at hand: how many actions until the heap is named?

An action is one click, one key or one confirmed name. Naming or confirming takes one, each wrong face one click more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.similarity.naming import Naming
from core.similarity.questions import AskFace, ConfirmFaces, Finished, NameGroup, next_step


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
    if isinstance(step, AskFace):
        name = truth[step.face]
        return (naming.ignore((step.face,)) if name is None else naming.confirm((step.face,), name)), 1
    if isinstance(step, ConfirmFaces):
        return _page(naming, step, truth, tolerance)
    return _group(naming, step, truth, tolerance)


def _page(naming: Naming, step: ConfirmFaces, truth, tolerance: float) -> tuple[Naming, int]:
    cost = 1
    shown = {i: name for name, faces in step.rows for i in faces}
    right: dict[str, list[int]] = {}
    wrong: dict[str, list[int]] = {}
    for name, faces in step.rows:
        off = sum(truth[i] != name for i in faces)
        for i in faces:
            if truth[i] == name or off <= tolerance * len(faces):
                right.setdefault(name, []).append(i)
                continue
            line = [shown[i], *step.others[i]]
            place = line.index(truth[i]) if truth[i] in line else -1
            if place > 0:
                right.setdefault(truth[i], []).append(i)
            cost += place if place > 0 else 1
            for no in line[: place if place > 0 else len(line)]:
                wrong.setdefault(no, []).append(i)
    for name in {**right, **wrong}:
        naming = naming.confirm(right.get(name, ()), name, wrong=wrong.get(name, ()))
    return naming, cost


def _group(naming: Naming, step: NameGroup, truth, tolerance: float) -> tuple[Naming, int]:
    names = [truth[i] for i in step.faces]
    name = max(set(names), key=lambda n: (names.count(n), str(n)))
    wrong = [i for i in step.faces if truth[i] != name]
    if len(wrong) > 3 and 5 * len(wrong) > len(names) >= 8:  # two characters: one click splits the group
        return naming.split(step.faces), 1
    if 2 * len(wrong) >= len(names):  # too mixed to be worth a name: break it up
        return naming.pull_out(step.faces), 1
    if name is None:  # "not in my cast"; whoever is in it by mistake is pulled out first
        return naming.pull_out(wrong).ignore([i for i in step.faces if i not in wrong]), 1 + len(wrong)
    if len(wrong) <= tolerance * len(names):
        wrong = []
    return naming.confirm([i for i in step.faces if i not in wrong], name, wrong=wrong), 1 + len(wrong)
