"""Image search at Bing and DuckDuckGo through the ddgs library, safe search on, page by page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.collect.source import Query, SearchHit, Source, SourceCard, SourceOptions, failed
from core.documents import parse_json

if TYPE_CHECKING:
    from ddgs.base import BaseSearchEngine
    from ddgs.results import ImagesResult

    _Engine = BaseSearchEngine[ImagesResult]
else:
    _Engine = object  # the library is imported only when something is searched for

CARDS = {
    "bing": SourceCard(
        name="bing",
        title="Bing image search",
        returns="What Bing's image search shows for the words, from all over the web, with the page of each picture.",
        terms="Bing's terms do not foresee programs; the pictures belong to their makers and sites.",
        network=True,
    ),
    "duckduckgo": SourceCard(
        name="duckduckgo",
        title="DuckDuckGo image search",
        returns="What DuckDuckGo's image search shows for the words (from Bing's index), with the page of each.",
        terms="DuckDuckGo's terms do not foresee programs; the pictures belong to their makers and sites.",
        network=True,
    ),
}

PAGES = 10
TIMEOUT = 15
ANOTHER = "Wait some minutes, or choose another source."


def open_source(name: str, options: SourceOptions) -> Source:
    """The engine of that name; `base_url` names a server that stands in for it."""
    return EngineSource(name, options.base_url.rstrip("/"), not options.any_rating)


@dataclass(frozen=True)
class EngineSource:
    """One of the engines of ddgs."""

    name: str
    base_url: str = ""
    safe: bool = True
    timeout: int = TIMEOUT

    @property
    def card(self) -> SourceCard:
        return CARDS[self.name]

    def characters(self) -> list[str]:
        """None of its own: anybody may be asked for."""
        return []

    def search(self, query: Query) -> Iterator[SearchHit]:
        """Results page by page, until a page brings nothing new. Raises SourceError for what goes wrong, in words."""
        engine = self._engine()
        seen: set[str] = set()
        for page in range(1, PAGES + 1):
            results = self._page(engine, query, page)
            fresh = [r for r in results if r["image"] and r["image"] not in seen]
            if not fresh:
                return
            for result in fresh:
                seen.add(result["image"])
                yield SearchHit(
                    source=self.name,
                    query=query.words,
                    picture_url=result["image"],
                    page_url=result["url"],
                    title=result["title"],
                )

    def _page(self, engine: Any, query: Query, page: int) -> list[dict[str, str]]:
        from ddgs.exceptions import DDGSException, TimeoutException

        try:
            results = engine.search(query.words, safesearch="on" if self.safe else "off", page=page)
        except TimeoutException as error:
            raise failed(
                self.name, f"no answer within {self.timeout} s.", "Check the network, then try again."
            ) from error
        except DDGSException as error:
            if "vqd" in str(error):
                what = "it did not let a program search (no search token in its answer)."
                raise failed(self.name, what, ANOTHER) from error
            raise failed(self.name, f"it cannot be reached ({_network(error)}).", "Check the network.") from error
        except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            what = f"its answer is not of the form that is known ({type(error).__name__}: {_short(error)})."
            raise failed(self.name, what, "Update ddgs, or choose another source.") from error
        if engine.status in (202, 403, 429):
            raise failed(self.name, f"it refused the request for now (answer {engine.status}).", ANOTHER)
        if engine.status != 200:
            raise failed(self.name, f"it answered {engine.status}.", ANOTHER)
        if not results and page == 1 and engine.blocked:
            raise failed(self.name, "it shows a CAPTCHA instead of results.", ANOTHER)
        return [
            {"image": engine.raw.get(r.image, r.image) or "", "url": r.url or "", "title": r.title or ""}
            for r in results or []
        ]

    def _engine(self) -> Any:
        engine = (_bing if self.name == "bing" else _duckduckgo)(self.safe, self.base_url)(timeout=self.timeout)
        engine.status, engine.blocked, engine.raw = 0, False, {}
        return engine


class _Watched(_Engine):
    """Put before the library's engine: remembers the status it got, and the addresses before it tidied them.

    It unquotes every address (`%2F` becomes `/`), which then leads elsewhere: `raw` maps them back.
    """

    status: int
    blocked: bool
    raw: dict[str, str]

    def addresses(self, text: str) -> list[str]:
        """The pictures' addresses in an answer, as they stand there."""
        raise NotImplementedError

    def request(self, *args: Any, **kwargs: Any) -> str | None:
        answer = self.http_client.request(*args, **kwargs)
        self.status = answer.status_code
        if answer.status_code != 200:
            return None
        text: str = answer.text
        self.blocked = bool(re.search("captcha|unusual traffic|are you a human", text, re.IGNORECASE))
        return text

    def extract_results(self, html_text: str) -> list[ImagesResult]:
        from ddgs.utils import _normalize_url

        results = super().extract_results(html_text)
        self.raw = {_normalize_url(raw): raw for raw in self.addresses(html_text)}
        return results


def _bing(safe: bool, base_url: str) -> type:
    from ddgs.engines.bing_images import BingImages

    class Bing(_Watched, BingImages):
        search_url = f"{base_url}/images/async" if base_url else BingImages.search_url

        def build_payload(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
            """The library leaves safe search to Bing's default; ask for it."""
            return super().build_payload(*args, **kwargs) | {"adlt": "strict" if safe else "off"}

        def addresses(self, text: str) -> list[str]:
            found = re.findall(r'\bm="([^"]*)"', text)
            return [parse_json(html.unescape(m)).get("murl", "") for m in found if "murl" in m]

    return Bing


def _duckduckgo(safe: bool, base_url: str) -> type:
    from ddgs.engines.duckduckgo_images import DuckduckgoImages
    from ddgs.utils import _extract_vqd

    class DuckDuckGo(_Watched, DuckduckgoImages):
        search_url = f"{base_url}/i.js" if base_url else DuckduckgoImages.search_url

        def _get_vqd(self, query: str) -> str:
            home = base_url or "https://duckduckgo.com"
            return _extract_vqd(self.http_client.request("GET", home, params={"q": query}).content, query)

        def addresses(self, text: str) -> list[str]:
            return [item.get("image") or "" for item in parse_json(text).get("results", [])]

    return DuckDuckGo


def _network(error: Exception) -> str:
    """The library's words for a network failure, shorter."""
    text = str(error)
    for sign, words in (
        ("DNS", "its name is not known here"),
        ("certificate", "no secure connection could be made"),
        ("refused", "it does not accept the connection"),
        ("ConnectError", "no connection could be made"),
    ):
        if sign in text:
            return words
    return _short(error)


def _short(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text if len(text) <= 160 else text[:157] + "..."
