"""How pictures lie in a folder or an archive: which folders are characters, which only stand around them.

Pure: paths in, a Layout out. A folder around all others is looked through, and so are train, valid and test, whose
characters are the folders in them. What cannot be decided is a question that names what was found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.imaging.names import loose_key, true_name

SPLIT = re.compile(
    r"(train|training|trn|trainval|valid|validation|val|dev|test|testing|tst|eval|holdout)[-_ ]?(set)?\d*"
)
"""What the parts of a split are called, such as `train` and `val2017`."""

CONTAINER = re.compile(
    r"(images?|imgs?|pictures?|pics?|photos?|faces?|heads?|crops?|cropped|data|datasets?|outputs?|downloads?|unsorted"
    r"|misc|new[-_ ]folder|untitled[-_ ]folder|jpe?gs?|pngs?|[\d\s._-]+)"
)
"""Folders that say what lies in them, or when, and not who is on it."""

REPEATED = re.compile(r"\d{1,3}_+(.*[^\W\d_].*)", re.DOTALL)
"""A folder as kohya's sd-scripts want it: how often its pictures are repeated in a training, and who is on them."""


@dataclass(frozen=True)
class Layout:
    """Who the pictures show. `characters`: true name -> positions in the list of paths; `loose`: positions of files
    beside those folders; `notes` say what was taken for granted, `question` what cannot be decided ("": nothing)."""

    characters: dict[str, tuple[int, ...]] = field(default_factory=dict)
    loose: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    question: str = ""

    def called(self, name: str) -> list[str]:
        """The characters that a name may mean: the very one, else all that differ in case, spaces and `_` only."""
        if true_name(name) in self.characters:
            return [true_name(name)]
        return [other for other in self.characters if loose_key(other) == loose_key(name)]


def arrange(paths: Sequence[tuple[str, ...]], *, captioned: bool = False) -> Layout:
    """The layout of files, each given by the parts of its path; captioned: most of them have a caption beside them.

    >>> arrange([("train", "Rei", "1.png"), ("test", "Rei", "2.png")]).characters
    {'Rei': (0, 1)}
    """
    depth, notes, loose = 0, [], []
    members = list(range(len(paths)))
    while True:
        loose += [i for i in members if len(paths[i]) <= depth + 1]
        members = [i for i in members if len(paths[i]) > depth + 1]
        tops = list(dict.fromkeys(paths[i][depth] for i in members))
        deep = [i for i in members if len(paths[i]) > depth + 2]
        splits = [top for top in tops if SPLIT.fullmatch(top.casefold())]
        if len(splits) == len(tops) and deep and (len(tops) > 1 or len(deep) == len(members)):
            notes.append(f"{_and(tops)} {'are parts' if len(tops) > 1 else 'is a part'} of a split: the folders in it "
                         "are the characters.")  # fmt: skip
        elif _is_wrapper(paths, depth, tops, members, deep, loose):
            notes.append(f"{tops[0]!r} lies around all the others: the folders in it are the characters.")
        else:
            break
        depth += 1
    question = _question(paths, depth, tops, splits, deep)
    characters: dict[str, list[int]] = {}
    without = _without_repeats(tops, captioned)
    if without:
        notes.append(f"The number in front of {_and(list(without))} is taken for how often a training repeats the "
                     "pictures, and left out of the name.")  # fmt: skip
    for i in members:
        name = true_name(without.get(paths[i][depth], paths[i][depth]))
        (characters.setdefault(name, []) if name else loose).append(i)
    notes = [*dict.fromkeys(notes), *alike(list(characters))]
    return Layout({c: tuple(m) for c, m in sorted(characters.items())}, tuple(sorted(loose)), tuple(notes), question)


def _is_wrapper(
    paths: Sequence[tuple[str, ...]],
    depth: int,
    tops: list[str],
    members: list[int],
    deep: list[int],
    loose: list[int],
) -> bool:
    """One folder that holds nothing but folders, and these are called like characters."""
    if len(tops) != 1 or len(deep) != len(members):
        return False
    inner = {paths[i][depth + 1] for i in deep}
    if loose and len(inner) < 2:
        return False
    deeper = any(len(paths[i]) > depth + 3 for i in deep)
    return deeper or not all(CONTAINER.fullmatch(name.casefold()) for name in inner)


def _without_repeats(tops: list[str], captioned: bool) -> dict[str, str]:
    """The folders' names without kohya's number in front, where all have one and it is plain that it is no name's part.

    That is where captions lie beside the pictures, or where several folders differ in what follows the number: `9_nine`
    alone may be a name, and `1_girl` beside `2_girl` are two girls.
    """
    found = {top: match[1] for top in tops if (match := REPEATED.fullmatch(true_name(top)))}
    if len(found) < len(tops) or any(CONTAINER.fullmatch(name.casefold()) for name in found.values()):
        return {}
    plain = captioned or len({loose_key(name) for name in found.values()}) == len(tops) > 1
    return found if plain else {}


def _question(paths: Sequence[tuple[str, ...]], depth: int, tops: list[str], splits: list[str], deep: list[int]) -> str:
    """What cannot be decided, in words; "" where all is clear."""
    if splits and len(splits) == len(tops):
        return f"{_and(tops)} {'hold' if len(tops) > 1 else 'holds'} pictures, without a folder for each character."
    in_splits = {paths[i][depth + 1] for i in deep if paths[i][depth] in splits}
    if splits and len(in_splits) > 1:
        others = [top for top in tops if top not in splits]
        return f"{_and(splits)} with folders in it stands beside {_and(others)}: either may be the characters."
    if tops and all(CONTAINER.fullmatch(top.casefold()) for top in tops):
        return f"{_and(tops)} {'are' if len(tops) > 1 else 'is'} hardly a character's name."
    return ""


def alike(names: Sequence[str]) -> list[str]:
    """A sentence for each group of names that differ only in case."""
    folded: dict[str, list[str]] = {}
    for name in names:
        folded.setdefault(name.casefold(), []).append(name)
    return [
        f"{_and(same)} differ only in case and are taken for {len(same)} characters."
        for same in folded.values()
        if len(same) > 1
    ]


def _and(names: Sequence[str]) -> str:
    """`Rei, Asuka and 3 more`, in words."""
    shown = [*names[:4], *([f"{len(names) - 4} more"] if len(names) > 4 else [])]
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)
