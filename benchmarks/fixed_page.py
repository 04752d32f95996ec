"""A page of the same elements with fixed content: what Streamlit itself takes for what a page of ours shows.

While a page is drawn once, each call to Streamlit is written down with what it was given. Drawn again, the calls are
made once more and nothing else is: no catalogue is asked, no picture read, no sentence translated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from threading import local
from typing import Any

import streamlit as st
from streamlit.components import v2 as components
from streamlit.delta_generator import DeltaGenerator

ENTER, EXIT, REGISTER = "__enter__", "__exit__", "a component is registered"
INNER = ("_bidi_component", "_enqueue", "_block")
"""What components and other commands call where none of the public ones is asked."""

SCRIPT = "from benchmarks.fixed_page import draw_again\n\ndraw_again({!r})\n"

Place = tuple[int, int]
"""Where a container came from: the number of the call that made it (-1: the page's own), and which of its answers."""


@dataclass(frozen=True)
class Call:
    """A call to a container, or entering or leaving it."""

    where: Place
    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


@dataclass
class Recording:
    """The calls of one run, and the containers that they were made to."""

    calls: list[Call] = field(default_factory=list)
    places: dict[int, Place] = field(default_factory=dict)
    alive: list[Any] = field(default_factory=list)
    inside: local = field(default_factory=local)

    def wrapped(self, name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        """The same, written down where it is not a part of another call."""

        @wraps(original)
        def call(here: DeltaGenerator, *args: Any, **kwargs: Any) -> Any:
            if getattr(self.inside, "busy", False) or id(here) not in self.places:
                return original(here, *args, **kwargs)
            number, self.inside.busy = len(self.calls), True
            self.calls.append(Call(self.places[id(here)], name, args, kwargs))
            try:
                answer = original(here, *args, **kwargs)
            finally:
                self.inside.busy = False
            for which, one in enumerate(_containers(answer)):
                self.alive.append(one)  # so that no other one gets its id
                self.places.setdefault(id(one), (number, which))
            return answer

        return call


_recordings: dict[str, list[Call]] = {}


def _containers(answer: Any) -> list[Any]:
    many = answer if isinstance(answer, (list, tuple)) else [answer]
    return [one for one in many if isinstance(one, DeltaGenerator)]


def _roots() -> list[DeltaGenerator]:
    return [st.button.__self__, st.sidebar]  # type: ignore[attr-defined]


@contextmanager
def recorded(name: str) -> Iterator[None]:
    """Whatever is drawn in this block is the fixed page of that name."""
    recording, roots = Recording(), _roots()
    for which, root in enumerate(roots):
        recording.places[id(root)] = (-1, which)
    names = [n for n in dir(DeltaGenerator) if not n.startswith("_") and callable(getattr(DeltaGenerator, n))]
    before = {n: DeltaGenerator.__dict__.get(n) for n in (*names, *INNER, ENTER, EXIT)}
    of_module = {n: one for n, one in vars(st).items() if getattr(one, "__self__", None) is roots[0]}
    for n in before:
        setattr(DeltaGenerator, n, recording.wrapped(n, getattr(DeltaGenerator, n)))
    for n, one in of_module.items():
        setattr(st, n, getattr(roots[0], one.__name__))
    of_components = components._ensure_component_on_active_runtime
    components._ensure_component_on_active_runtime = lambda *args: (
        recording.calls.append(Call((-1, 0), REGISTER, args, {})),
        of_components(*args),
    )
    try:
        yield
    finally:
        components._ensure_component_on_active_runtime = of_components
        for n, was in before.items():
            if was is None:
                delattr(DeltaGenerator, n)
            else:
                setattr(DeltaGenerator, n, was)
        for n, one in of_module.items():
            setattr(st, n, one)
    _recordings[name] = recording.calls


def fixed_page(name: str, folder: Path) -> Path:
    """A script that draws what was recorded under a name."""
    path = folder / f"fixed_{name}.py"
    path.write_text(SCRIPT.format(name), encoding="utf-8")
    return path


def draw_again(name: str) -> None:
    """The calls once more. One that Streamlit refused (a link to a page, without a server) is refused again."""
    made: dict[Place, Any] = {(-1, which): root for which, root in enumerate(_roots())}
    for number, call in enumerate(_recordings[name]):
        here, answer = made[call.where], None
        with suppress(Exception):
            act = components._ensure_component_on_active_runtime if call.name == REGISTER else getattr(here, call.name)
            answer = act(*call.args, **call.kwargs)
        for which, one in enumerate(_containers(answer)):
            made[number, which] = one
