"""What download and tagging tools leave beside a picture: gallery-dl, Grabber, waifuc and kohya, as JSON or as text.

Read as far as it is understood: a file that is damaged or means something else says nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from core.documents import parse_json
from core.errors import WhoAmIError
from core.imaging.names import true_name
from core.imaging.text import decode_text

LARGEST = 2_000_000
"""Bytes of a file beside a picture; larger ones are not what is meant here."""
MOST_TAGS, LONGEST_TAG, LONGEST_WORDS = 500, 100, 300
RATINGS = {"g": "general", "s": "sensitive", "q": "questionable", "e": "explicit"}
SAFE_IS_S = ("yandere", "konachan", "sankaku", "moebooru")
"""Boards where `s` means safe."""
NESTED = ("danbooru", "gelbooru", "safebooru", "pixiv", "zerochan", "yandere", "konachan", "sankaku", "anime_pictures")
"""Under these names waifuc keeps what a site said."""
PAGES = {
    "danbooru": "https://danbooru.donmai.us/posts/{}",
    "safebooru": "https://safebooru.org/index.php?page=post&s=view&id={}",
    "gelbooru": "https://gelbooru.com/index.php?page=post&s=view&id={}",
    "yandere": "https://yande.re/post/show/{}",
    "konachan": "https://konachan.com/post/show/{}",
    "pixiv": "https://www.pixiv.net/artworks/{}",
}
"""A post's page by its number."""


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What is said about a picture. characters: whom it shows, as tags; source: where the artist showed it first."""

    tags: tuple[str, ...] = ()
    characters: tuple[str, ...] = ()
    author: str = ""
    rating: str = ""
    title: str = ""
    licence: str = ""
    page_url: str = ""
    source: str = ""

    def and_also(self, other: Sidecar) -> Sidecar:
        """The same with what only the other says; tags of both."""
        filled = {key: getattr(self, key) or getattr(other, key) for key in TEXTS}
        tags = tuple(dict.fromkeys((*self.tags, *other.tags)))
        return replace(self, tags=tags, characters=self.characters or other.characters, **filled)


TEXTS = ("author", "rating", "title", "licence", "page_url", "source")


def beside(name: str) -> tuple[str, ...]:
    """The names of files that may lie beside a picture and tell about it.

    >>> beside("a.png")
    ('a.png.json', 'a.json', '.a_meta.json', 'a.png.txt', 'a.txt', 'a.caption')
    """
    stem = PurePosixPath(name).stem
    return (f"{name}.json", f"{stem}.json", f".{stem}_meta.json", f"{name}.txt", f"{stem}.txt", f"{stem}.caption")


def read_sidecars(files: Iterable[tuple[str, bytes]]) -> Sidecar:
    """What the files (name, bytes) beside one picture say together; the first counts most."""
    found = Sidecar()
    for name, data in files:
        if len(data) > LARGEST:
            continue
        found = found.and_also(from_json(data) if name.lower().endswith(".json") else from_text(data))
    return found


def offered_names(sidecars: Iterable[Sidecar], most: int = 8) -> list[tuple[str, int]]:
    """Names of characters that tags give, as a person would write them, and how many pictures each has.

    >>> offered_names([Sidecar(characters=("ayanami_rei_(evangelion)",)), Sidecar()])
    [('Ayanami Rei', 1)]
    """
    counts = Counter(name for one in sidecars for name in dict.fromkeys(map(name_of, one.characters)) if name)
    return counts.most_common(most)


def name_of(tag: str) -> str:
    """A character's tag as a name: without the series in brackets, `_` as spaces, each word with a capital."""
    words = re.sub(r"\s*\([^()]*\)\s*$", "", tag.replace("_", " ")).split()
    return true_name(" ".join(word[:1].upper() + word[1:] for word in words))


def from_json(data: bytes) -> Sidecar:
    """The metadata of gallery-dl, waifuc and boards' own interfaces."""
    try:
        document = parse_json(decode_text(data))
    except (ValueError, WhoAmIError):
        return Sidecar()
    if isinstance(document, list) and len(document) == 1:
        document = document[0]
    if not isinstance(document, dict):
        return Sidecar()
    site = str(document.get("category") or "")
    for name in NESTED:
        if isinstance(document.get(name), dict):
            document, site = document | document[name], site or name
    by_kind = document["tags"] if isinstance(document.get("tags"), dict) else {}
    characters = _first(document, "tag_string_character", "tags_character", "characters", "character") or by_kind.get(
        "character"
    )
    artist = _first(document, "tag_string_artist", "tags_artist", "artist", "artists") or by_kind.get("artist")
    person = _first(document, "author", "user")
    whose = _tags(characters)
    return Sidecar(
        tuple(dict.fromkeys([*_tags(_first(document, "tag_string", "tags", "tag_string_general")), *whose])),
        tuple(whose),
        ", ".join(tag.replace("_", " ") for tag in _tags(artist)) or _person(person),
        _rating(_text(document.get("rating")), site),
        _text(document.get("title")),
        _text(_first(document, "license", "licence")),
        _address(_first(document, "post_url", "page_url")) or _page(site, document.get("id")),
        _address(_first(document, "source", "sources", "source_url")),
    )


def from_text(data: bytes) -> Sidecar:
    """Tags or a caption: with commas, a tag a line, or words with `_`. `character:`, `artist:` and `rating:` are kept
    apart, as Grabber writes them."""
    try:
        text = decode_text(data)
    except WhoAmIError:
        return Sidecar()
    kinds: dict[str, list[str]] = {"": []}
    for tag in _tags(text):
        kind, colon, rest = tag.partition(":")
        known = colon and rest and kind in ("character", "artist", "rating", "copyright", "source")
        kinds.setdefault(kind if known else "", []).append(rest if known else tag)
    characters = tuple(kinds.get("character", ()))
    return Sidecar(
        tuple(dict.fromkeys([*kinds[""], *characters, *kinds.get("copyright", ())])),
        characters,
        ", ".join(tag.replace("_", " ") for tag in kinds.get("artist", ())),
        _rating("".join(kinds.get("rating", ())[:1]), ""),
        source=_address("".join(kinds.get("source", ())[:1])),
    )


def _first(document: Mapping[str, Any], *keys: str) -> Any:
    return next((document[key] for key in keys if document.get(key)), None)


def _tags(value: Any) -> list[str]:
    """Tags out of a list, of tags with scores or by kind, or of text; spaces inside one become `_`."""
    if isinstance(value, dict):
        inner = [v for v in value.values() if isinstance(v, list)]
        value = [tag for tags in inner for tag in tags] if inner else list(value)
    if isinstance(value, str):
        value = _split(value)
    if not isinstance(value, list):
        return []
    names = [one.get("name") if isinstance(one, dict) else one for one in value[:MOST_TAGS]]
    tags = ["_".join(true_name(name).split()) for name in names if isinstance(name, str)]
    return [tag for tag in dict.fromkeys(tags) if tag and len(tag) <= LONGEST_TAG]


def _split(text: str) -> list[str]:
    if "," in text:
        return text.replace("\n", ",").split(",")
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) != 1:
        return lines
    # One line: tags with spaces between where a word looks like one, else a caption.
    return lines[0].split() if re.search(r"\w_\w|\w:\w|\dgirl|\dboy", lines[0]) else lines


def _text(value: Any) -> str:
    return true_name(str(value))[:LONGEST_WORDS] if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _person(value: Any) -> str:
    if isinstance(value, dict):
        value = _first(value, "name", "nick", "account")
    return _text(value)


def _rating(text: str, site: str) -> str:
    if text == "s" and site in SAFE_IS_S:
        return "safe"
    return RATINGS.get(text.lower(), text.lower())


def _address(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    text = _text(value)
    return text if re.match(r"https?://\S+$", text) else ""


def _page(site: str, number: Any) -> str:
    known = site in PAGES and isinstance(number, int | str) and str(number).isdigit()
    return PAGES[site].format(number) if known else ""
