"""Anime picture boards of the kinds Danbooru, Gelbooru (safebooru too) and Moebooru, through their JSON interfaces.

One client, three dialects. Tags, author, rating and the page of each post are known; only safe ratings by default.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from core.collect.download import Downloader, Refusal
from core.collect.source import Query, SearchHit, Source, SourceCard, SourceOptions, failed
from core.documents import parse_json

CARDS = {
    "danbooru": SourceCard(
        name="danbooru",
        title="Danbooru",
        returns="Posts with the character's tag, those of it alone first, with artist, rating and all tags.",
        terms="Its interface is made for programs; the pictures belong to their artists.",
        network=True,
        key="optional: danbooru_login and danbooru_api_key in settings.toml",
    ),
    "safebooru": SourceCard(
        name="safebooru",
        title="Safebooru",
        returns="Posts with the character's tag, those of it alone first, safe ones only, with rating and all tags.",
        terms="Its interface is made for programs; the pictures belong to their artists.",
        network=True,
    ),
    "gelbooru": SourceCard(
        name="gelbooru",
        title="Gelbooru",
        returns="Posts with the character's tag, those of it alone first, with rating and all tags.",
        terms="Its interface is made for programs and asks for a login; the pictures belong to their artists.",
        network=True,
        key="gelbooru_user_id and gelbooru_api_key in settings.toml",
    ),
    "moebooru": SourceCard(
        name="moebooru",
        title="yande.re, or another Moebooru",
        returns="Posts with the character's tag, those of it alone first, with rating and all tags.",
        terms="Its interface is made for programs; the pictures belong to their artists.",
        network=True,
    ),
}
BASE = {
    "danbooru": "https://danbooru.donmai.us",
    "safebooru": "https://safebooru.org",
    "gelbooru": "https://gelbooru.com",
    "moebooru": "https://yande.re",
}
SAFE_TAG = {"danbooru": " rating:general", "gelbooru": " rating:general", "moebooru": " rating:safe"}
"""What is asked with a tag where only safe posts are wanted; safebooru has no others."""
SAFE_RATINGS = {
    "danbooru": ("g", "general"),
    "safebooru": ("safe", "general", "s", "g"),
    "gelbooru": ("general", "safe"),
    "moebooru": ("s", "safe"),
}
LOGINS = {"danbooru": ("danbooru_login", "danbooru_api_key"), "gelbooru": ("gelbooru_user_id", "gelbooru_api_key")}
"""The settings that hold a board's login."""

PAGE = 100
PAGES = 20
LARGEST_ANSWER = 20_000_000
RATINGS = {
    "g": "general",
    "s": "sensitive",
    "q": "questionable",
    "e": "explicit",
}


def open_source(name: str, options: SourceOptions) -> Source:
    """The board of that name, or another of its kind at `base_url`. Raises SourceError without a downloader."""
    if options.downloader is None:
        raise failed(name, "it needs the network.", "Nothing may be fetched here; choose folder, zip or drawn.")
    settings = options.settings
    user, key = LOGINS.get(name, (None, None))
    login = (getattr(settings, user), getattr(settings, key)) if user and key else ("", "")
    return BoardSource(
        name, options.base_url.rstrip("/") or BASE[name], options.downloader, not options.any_rating, login
    )


@dataclass(frozen=True)
class BoardSource:
    """A board at `base_url`, asked through the one downloader (polite queue, Retry-After, time-outs)."""

    name: str
    base_url: str
    downloader: Downloader
    safe: bool = True
    login: tuple[str, str] = field(default=("", ""), repr=False)

    @property
    def card(self) -> SourceCard:
        return CARDS[self.name]

    def characters(self) -> list[str]:
        """None of its own: anybody may be asked for."""
        return []

    def search(self, query: Query) -> Iterator[SearchHit]:
        """Posts with the character's tag, those of it alone first; of several guesses at the tag the first with posts.

        Raises SourceError for what goes wrong, in words.
        """
        for tag in tags_for(query):
            seen: set[object] = set()
            # A picture of one character alone needs nobody to say whose face is whose.
            for more in (" solo", ""):
                for post in self._posts(tag + more, optional=bool(more)):
                    if post.get("id") not in seen and (found := self._found(post, query, tag)):
                        yield found
                    seen.add(post.get("id"))
            if seen:
                return

    def _posts(self, tags: str, *, optional: bool) -> Iterator[dict[str, Any]]:
        """All posts with these tags, page by page. `optional`: none where the board finds them too many."""
        for number in range(PAGES):
            posts = self._page(tags, number, optional)
            yield from posts
            if len(posts) < PAGE:
                return

    def _page(self, tags: str, number: int, optional: bool) -> list[dict[str, Any]]:
        tags += SAFE_TAG.get(self.name, "") if self.safe else ""
        if self.name in ("danbooru", "moebooru"):
            path = "posts.json" if self.name == "danbooru" else "post.json"
            parameters = {"tags": tags, "limit": PAGE, "page": number + 1}
            address = f"{self.base_url}/{path}?{urlencode(parameters)}"
        else:
            parameters = {
                "page": "dapi",
                "s": "post",
                "q": "index",
                "json": 1,
                "tags": tags,
                "limit": PAGE,
                "pid": number,
            }
            if all(self.login):
                parameters |= {"user_id": self.login[0], "api_key": self.login[1]}
            address = f"{self.base_url}/index.php?{urlencode(parameters)}"
        got = self.downloader.fetch(address, headers=self._headers(), robots=False, max_bytes=LARGEST_ANSWER)
        if isinstance(got, Refusal):
            if optional and got.status == 422:
                return []
            raise self._trouble(got)
        if not got.data.strip():
            return []  # the 0.2 boards say so where nothing has the tag
        try:
            posts = parse_json(got.data)
        except ValueError as error:
            raise failed(self.name, f"its answer is {got.kind}, not JSON.", f"Is {self.base_url} a board?") from error
        if isinstance(posts, dict):
            if posts.get("success") is False:
                raise failed(self.name, f"it says: {posts.get('message', 'no')}.", "Check the tags and the login.")
            posts = posts.get("post", [])
        if not isinstance(posts, list) or not all(isinstance(post, dict) for post in posts):
            raise failed(self.name, "its answer is not a list of posts.", f"Is {self.base_url} a board of this kind?")
        return posts

    def _headers(self) -> dict[str, str]:
        headers = {"Accept": "application/json"}
        if self.name == "danbooru" and all(self.login):
            pair = base64.b64encode(":".join(self.login).encode()).decode()
            headers["Authorization"] = f"Basic {pair}"
        return headers

    def _trouble(self, got: Refusal) -> Exception:
        if got.status == 401:
            names = " and ".join(LOGINS.get(self.name, ()))
            return failed(self.name, "it does not know the login.", f"Correct {names or 'the address'}.")
        if got.status in (403, 429):
            return failed(
                self.name, f"it refused the request ({got.reason}).", "Wait some minutes, or choose another source."
            )
        if got.status == 422:
            return failed(self.name, "too many tags for this account.", "Use one tag, or a login with a higher level.")
        return failed(self.name, f"it cannot be asked: {got.reason}.", "Check the network and the address.")

    def _found(self, post: dict[str, Any], query: Query, tag: str) -> SearchHit | None:
        """One post as something found; None where it has no picture to show, or none that is safe."""
        address = _address(post, self.base_url)
        rating = str(post.get("rating") or "")
        if not address or (self.safe and not self._is_safe(rating)):
            return None
        number = post.get("id", "")
        parent = post.get("parent_id") or number
        if self.name == "danbooru":
            page, author = f"{self.base_url}/posts/{number}", str(post.get("tag_string_artist") or "")
            tags = str(post.get("tag_string") or "")
        elif self.name == "moebooru":
            page, author = f"{self.base_url}/post/show/{number}", ""  # its author is who uploaded it
            tags = str(post.get("tags") or "")
        else:
            page, author = f"{self.base_url}/index.php?page=post&s=view&id={number}", str(post.get("owner") or "")
            tags = str(post.get("tags") or "")
            author = "" if author in ("danbooru", "gelbooru") else author  # who copied it there did not make it
        return SearchHit(
            source=self.name,
            query=tag,
            picture_url=address,
            page_url=page,
            author=author.replace("_", " "),
            rating="safe" if self.name == "moebooru" and rating == "s" else RATINGS.get(rating, rating),
            tags=(*tags.split(), *_origin(post)),
            name=f"{self.name}_{number}.jpg",
            group=f"{self.name}:{parent}",
        )

    def _is_safe(self, rating: str) -> bool:
        return rating in SAFE_RATINGS[self.name]


def tags_for(query: Query) -> list[str]:
    """The tags to try: `tag:...` words of the query as they are, else the name and the name turned round.

    >>> tags_for(Query("Hinata Shoyo"))
    ['hinata_shoyo', 'shoyo_hinata']
    >>> tags_for(Query("Hinata Shoyo", "Hinata Haikyuu tag:hinata_shouyou"))
    ['hinata_shouyou']
    """
    if query.tags:
        return list(query.tags)
    words = re.sub(r"[^\w\s()'-]", " ", (query.character or query.words).lower()).split()
    return list(dict.fromkeys(["_".join(words), "_".join(reversed(words))]))


def _origin(post: dict[str, Any]) -> tuple[str, ...]:
    """Where the artist first showed it, as the boards write it among tags: `source:https://...`."""
    source = str(post.get("source") or "").strip()
    return (f"source:{source}",) if source and " " not in source else ()


def _address(post: dict[str, Any], base_url: str) -> str:
    """The picture's address: the whole file where it is a picture, else the large sample; "" where there is none."""
    for key in ("file_url", "large_file_url", "sample_url"):
        address = str(post.get(key) or "")
        if not address:
            continue
        if address.startswith("//"):
            address = f"{urlsplit(base_url).scheme}:{address}"
        elif address.startswith("/"):
            address = base_url + address
        if not urlsplit(address).path.lower().endswith((".mp4", ".webm", ".zip", ".swf", ".ugoira")):
            return address
    return ""
