"""The language of the pages: the English sentences in the code are the keys of catalogues such as ui/locale/ja.po.

A page writes `_("{faces} given to {name}.", faces=..., name=...)`; constants of modules are only marked with `N_`, and
translated where they are shown. Names, files and whatever else a person brought are never translated.
docs/translation.md says how a language is added.
"""

from __future__ import annotations

import gettext
import io
import logging
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

LOCALE = Path(__file__).parents[1] / "locale"
ENGLISH = "en"
PARAMETER = "lang"
"""The query parameter that names the language, so that an address can be shared."""

_KEY = "language"
_NAME = re.compile(r'"X-Language-Name: (.+?)\\n"')

Key = TypeVar("Key")


class _Run(threading.local):
    """The run of a page in this thread, and its language: looked up once, not for every word."""

    context: Any = None
    language: str = ENGLISH


_run = _Run()


def _(text: str, /, **values: object) -> str:
    """The sentence in the language of the page, its placeholders filled in; English where it is not translated.

    >>> _("{n:,} of {total:,}", n=3, total=1200)
    '3 of 1,200'
    """
    return _filled(translation(language()).gettext(text) if text else text, text, values)


def ngettext(one: str, many: str, n: int, /, **values: object) -> str:
    """The sentence for this number, which is its placeholder `{n}`.

    >>> ngettext("{n:,} face", "{n:,} faces", 1200)
    '1,200 faces'
    """
    values = {"n": n, **values}
    return _filled(translation(language()).ngettext(one, many, n), one if n == 1 else many, values)


def N_(text: str) -> str:  # the name that gettext's tools and readers know
    """Marks a constant for the catalogue and leaves it as it is; `_` translates it where it is shown."""
    return text


def labels(of: Mapping[Key, str]) -> Callable[[Key], str]:
    """What a field's `format_func` needs: the label of a choice, in the language of the page."""
    return lambda key: _(of[key])


def heads(columns: Iterable[str]) -> dict[str, str]:
    """What a table's `column_config` needs: the head of each column, whose name stays English."""
    return {column: _(column) for column in columns}


def languages() -> dict[str, str]:
    """Code -> own name of every language there is, English first."""
    return {ENGLISH: "English", **_translated()}


def language() -> str:
    """The code of the language in which the page is drawn; English outside a page."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None:
        return ENGLISH
    if context is not _run.context:
        settle()
    return _run.language


def settle() -> str:
    """Look anew at what was chosen, at the beginning of a page: the address's, else this tab's, else the browser's."""
    there = languages()
    asked = st.query_params.get(PARAMETER, "")
    if asked in there:
        st.session_state[_KEY] = asked
    _run.context = get_script_run_ctx(suppress_warning=True)
    _run.language = st.session_state.get(_KEY) or _preferred(st.context.locale or "")
    return _run.language


def choice() -> None:
    """The field that changes the language; nothing where there is only one."""
    there, now = languages(), language()
    if len(there) < 2:
        return

    def chosen() -> None:
        st.query_params[PARAMETER] = st.session_state[_KEY] = st.session_state[key]

    key = f"language_{now}"
    st.selectbox(
        _("Language"),
        list(there),
        index=list(there).index(now),
        format_func=there.__getitem__,
        key=key,
        on_change=chosen,
        label_visibility="collapsed",
        width=150,
    )


def tell_browser() -> None:
    """Say in which language the page is, where Streamlit says English: the voice of a screen reader and the shape of
    Chinese characters, which Japanese writes in its own way, go by that."""
    code = language()  # one of `languages()`, nothing that somebody sent
    st.html(f"<script>document.documentElement.lang = '{code}'</script>", unsafe_allow_javascript=True)


def in_address() -> dict[str, str]:
    """What a link to another page says of the language; nothing where nobody chose one."""
    chosen = st.session_state.get(_KEY)
    return {PARAMETER: chosen} if chosen else {}


@cache
def translation(code: str) -> gettext.NullTranslations:
    """The catalogue of a language, read once a process; for English there is none. Nothing in it is run."""
    path = LOCALE / f"{code}.po"
    if code == ENGLISH or not path.is_file():
        return gettext.NullTranslations()
    import polib  # not needed for English

    try:
        return gettext.GNUTranslations(io.BytesIO(polib.pofile(str(path), encoding="utf-8").to_binary()))
    except Exception as error:  # neither names what it raises, and a damaged file takes no page away
        logging.getLogger(__name__).warning("%s: %s", path, error)
        return gettext.NullTranslations()


def _filled(words: str, english: str, values: Mapping[str, object]) -> str:
    if not values:
        return words
    try:
        return words.format(**values)
    except (KeyError, IndexError, ValueError, AttributeError, TypeError):  # a slip in a translation takes no page away
        return english.format(**values)


def _preferred(locale: str) -> str:
    """`ja-JP` as the browser says it -> `ja`, where there is such a catalogue."""
    full, there = locale.replace("-", "_"), languages()
    return next((code for code in (full, full.partition("_")[0].lower()) if code in there), ENGLISH)


@cache
def _translated() -> dict[str, str]:
    found = {}
    for path in sorted(LOCALE.glob("*.po")):
        with suppress(OSError), path.open(encoding="utf-8", errors="replace") as file:
            name = _NAME.search(file.read(2000))
            found[path.stem] = name[1] if name else path.stem
    return found
