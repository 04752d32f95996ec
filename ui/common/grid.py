"""Pictures side by side: thumbnails from a cache, captions, paging, and picking several of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import PictureError
from ui.common.language import _
from ui.common.picks import Pickable, pick_pictures, picks_changed
from ui.common.text import plain

if TYPE_CHECKING:  # what reads and draws pictures is imported with the first one: an empty page comes sooner
    import numpy as np

PAPER = (243, 246, 249)
"""What fills a thumbnail beside a picture that is not square: the theme's second background."""
UNREADABLE = """<div style="width: {side}px; height: {side}px; box-sizing: border-box; padding: 6px; display: flex;
  align-items: center; text-align: center; border: 1px dashed light-dark(#8a97a3, #6b7885); border-radius: 8px;
  font-size: 0.8rem">{words}</div>"""
"""In place of a picture that cannot be read, and as large, so that the row stays in order."""

FILLING = """<style>
.st-key-{key} {{ display: grid; gap: 0.75rem; grid-template-columns: repeat(auto-fill, minmax({side}px, 1fr)); }}
.st-key-{key}:not(:has(> :nth-child(4))) {{
  grid-template-columns: repeat(3, minmax(0, {most}px)); }}
.st-key-{key} > * {{ min-width: 0; }}
</style>"""


@dataclass(frozen=True, slots=True)
class Tile:
    """One picture of a grid: an id that comes back when picked, its file (or JPEG bytes), words below it."""

    id: int | str
    source: Path | bytes
    caption: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class TilePages:
    """Tiles that are read a page at a time. number: of all; read: so many from a place on; there: those of some ids
    that are among them."""

    number: int
    read: Callable[[int, int], Sequence[Tile]]
    there: Callable[[Collection[int | str]], list[int | str]]

    @classmethod
    def of(cls, tiles: Sequence[Tile]) -> TilePages:
        """Of tiles that are at hand."""

        def there(ids: Collection[int | str]) -> list[int | str]:
            return [tile.id for tile in tiles if tile.id in ids]

        return cls(len(tiles), lambda first, size: tiles[first : first + size], there)


def picture_grid(
    tiles: Sequence[Tile] | TilePages, *, key: str, side: int = 108, page_size: int = 48, pick: bool = False
) -> list[int | str]:
    """Draw the tiles in rows that fit the width; the ids that are picked (empty without `pick`).

    More than `page_size` tiles are paged. Picks on other pages are kept and are part of the answer.
    """
    every = tiles if isinstance(tiles, TilePages) else TilePages.of(tiles)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        shown = _page(every, key, page_size)
        if pick:
            every_shown = [t.id for t in shown]
            st.button(_("Pick all shown"), key=f"{key}_all", type="tertiary", on_click=_add, args=(key, every_shown))
            st.button(_("Pick none"), key=f"{key}_none", type="tertiary", on_click=forget_picks, args=(key,))
    if not pick:
        with st.container(horizontal=True, gap="small"):
            for tile in shown:
                _cell(tile, side)
        return []
    memory = _memory(key)
    pictures = [
        Pickable(tile.id, thumb(tile.source, side * 2, square=False), tile.caption, tile.help) for tile in shown
    ]
    pick_pictures(pictures, memory, key=key, side=side)
    return every.there(memory)


def filling_grid(tiles: Sequence[Tile], *, key: str, side: int) -> None:
    """The tiles in columns that fill the width, each at least `side` wide, and up to twice that where they are few."""
    st.html(FILLING.format(key=key, side=side, most=2 * side))
    with st.container(key=key):
        for tile in tiles:
            _cell(tile, side, fill=True)


def thumb(source: Path | bytes, side: int, *, square: bool = True) -> bytes | None:
    """A JPEG of the picture, side x side or, not square, within that; cached by file, time and size; None where it
    cannot be read."""
    if isinstance(source, bytes):
        return _thumb_of_bytes(source, side, square)
    try:
        about = source.stat()
    except OSError:
        return None
    return _thumb_of_file(str(source), about.st_mtime_ns, about.st_size, side, square)


def on_paper(rgb: np.ndarray, side: int) -> np.ndarray:
    """The whole picture on a square of paper, side x side, uint8."""
    import cv2
    import numpy as np

    from core.imaging.reading import thumbnail

    small = thumbnail(rgb, side)
    height, width = small.shape[:2]
    factor = side / max(height, width)
    if factor > 1:
        small = cv2.resize(small, None, fx=factor, fy=factor, interpolation=cv2.INTER_LINEAR)
        height, width = small.shape[:2]
    out = np.empty((side, side, 3), np.uint8)
    out[:] = PAPER
    top, left = max((side - height) // 2, 0), max((side - width) // 2, 0)
    out[top : top + height, left : left + width] = small[:side, :side]
    return out


def forget_picks(key: str) -> None:
    """Nothing is picked in that grid any more."""
    _memory(key).clear()
    picks_changed(key)


def _page(tiles: TilePages, key: str, page_size: int) -> Sequence[Tile]:
    pages, at = -(-tiles.number // page_size), 0
    if pages > 1:
        at = min(st.session_state.get(f"{key}_page") or 0, pages - 1)
        first, last, end = at * page_size + 1, min((at + 1) * page_size, tiles.number), at == pages - 1
        for name, there, icon, off, words in (
            ("back", at - 1, ":material/chevron_left:", at == 0, _("Previous page")),
            ("on", at + 1, ":material/chevron_right:", end, _("Next page")),
        ):
            st.button("", key=f"{key}_{name}", icon=icon, disabled=off, help=words, on_click=_turn, args=(key, there))
        st.caption(_("{first:,}–{last:,} of {n:,}", first=first, last=last, n=tiles.number), width="content")
    return tiles.read(at * page_size, page_size)


def _turn(key: str, page: int) -> None:
    st.session_state[f"{key}_page"] = page


def _cell(tile: Tile, side: int, *, fill: bool = False) -> None:
    """fill: as wide as its place, which may be twice the side."""
    with st.container(width="stretch" if fill else side, gap=None):
        data = thumb(tile.source, side * (3 if fill else 2))
        if data is None:
            st.html(UNREADABLE.format(side=side, words=escape(_("cannot be read"))))
        else:
            st.image(data, width="stretch", alt=tile.caption or str(tile.id))
        if tile.caption:
            st.caption(plain(tile.caption), help=plain(tile.help) or None)


def _add(key: str, ids: Sequence[int | str]) -> None:
    _memory(key).update(ids)
    picks_changed(key)


def _memory(key: str) -> set[int | str]:
    picked: set[int | str] = st.session_state.setdefault(f"{key}_picked", set())
    return picked


@lru_cache(maxsize=5000)
def _thumb_of_file(path: str, mtime: int, size: int, side: int, square: bool) -> bytes | None:
    return _small(Path(path), side, square)


@lru_cache(maxsize=500)
def _thumb_of_bytes(data: bytes, side: int, square: bool) -> bytes | None:
    return _small(data, side, square)


def _small(source: Path | bytes, side: int, square: bool) -> bytes | None:
    from core.imaging.reading import encode_jpeg, read_picture, thumbnail

    try:
        rgb = read_picture(source)
        return encode_jpeg(on_paper(rgb, side) if square else thumbnail(rgb, side), 85)
    except PictureError:
        return None
