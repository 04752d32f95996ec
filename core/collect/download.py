"""The one downloader: polite, bounded and safe, whatever the source.

Connections are kept and reused, several hosts are asked side by side, each in its own polite queue. Sizes and times
are bounded while streaming, the content is sniffed, redirects are few and each hop is checked like the first address.
Nothing is raised for what the network does: every answer is a value, Fetched or Refusal with the reason in words.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from core.collect.addresses import AddressRefused, GuardedBackend, GuardedTransport, Resolver, checked, system_resolver
from core.collect.rate_limit import Clock, HostClosed, HostThrottle, RateLimit
from core.collect.request import Fetched, Limits, Redirect, Refusal, RetryableError, ask
from core.collect.robots import ALL, LONGEST, Robots
from core.errors import Cancelled
from core.imaging import formats
from core.settings import Settings

ACCEPT = "image/jpeg,image/png,image/webp,image/avif,image/gif,image/*;q=0.8"


__all__ = ["Downloader", "Fetched", "Limits", "Refusal"]


class Downloader:
    """Fetches addresses. Safe to use from several threads; `close` it, or use it as a context manager.

    `private` lets it ask this machine and the network around it: for a board of one's own, tests and stand-in servers
    (None: as the setting private_addresses says). `rate_limit`: None keeps the setting request_pause.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        limits: Limits | None = None,
        rate_limit: RateLimit | None = None,
        clock: Clock | None = None,
        private: bool | None = None,
        resolver: Resolver = system_resolver,
        verify: Any = True,
    ):
        settings = settings or Settings()
        self.limits = limits or Limits(bytes=min(Limits().bytes, settings.max_picture_bytes))
        self.clock = clock or Clock()
        self.throttle = HostThrottle(rate_limit or RateLimit(pause=settings.request_pause), self.clock)
        self.private = settings.private_addresses if private is None else private
        self.agent = settings.user_agent
        backend = GuardedBackend(
            private=self.private, resolver=resolver, seconds=self.limits.seconds, now=self.clock.now
        )
        self._client = httpx.Client(
            transport=GuardedTransport(backend, verify=verify, connections=self.limits.connections),
            headers={"User-Agent": self.agent, "Accept-Encoding": "gzip, deflate"},
            timeout=httpx.Timeout(self.limits.silence, connect=self.limits.connect, pool=None),
            follow_redirects=False,
            trust_env=False,
        )
        self._robots: dict[str, Robots | Refusal] = {}
        self._robots_locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        """Let go of all connections; whoever waits for a turn is woken and raises Cancelled."""
        self.clock.stop.set()
        self._client.close()

    def __enter__(self) -> Downloader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def picture(self, url: str, *, referer: str = "") -> Fetched | Refusal:
        """A picture's bytes, or why there are none. Not a picture by its first bytes: refused without the rest."""
        headers = {"Accept": ACCEPT} | ({"Referer": referer} if referer.startswith("http") else {})
        return self.fetch(url, headers=headers, wanted=_picture_wanted)

    def fetch(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        robots: bool = True,
        wanted: Callable[[str], str] | None = None,
        max_bytes: int | None = None,
    ) -> Fetched | Refusal:
        """Any answer's bytes.

        robots: False for a documented interface made for programs, which robots.txt is not about.
        wanted: given what the first bytes are, says "" or why the rest is not wanted. max_bytes: bytes, else the limit.
        """
        here = url
        for _hop in range(self.limits.redirects + 1):
            answer = self._one(here, headers or {}, robots, wanted, max_bytes or self.limits.bytes)
            if not isinstance(answer, Redirect):
                where = "" if here == url else f" (redirected to {_short(here)})"
                if isinstance(answer, Refusal):
                    return Refusal(url, answer.reason + where, answer.outcome, answer.status)
                return Fetched(url, here, answer.data, answer.kind)
            here = answer.url
        return Refusal(url, f"it was redirected more than {self.limits.redirects} times")

    def _one(
        self,
        url: str,
        headers: Mapping[str, str],
        robots: bool,
        wanted: Callable[[str], str] | None,
        max_bytes: int,
    ) -> Fetched | Refusal | Redirect:
        """One hop, tried again where the failure may pass."""
        try:
            parsed = checked(url, private=self.private)
            if robots and (barred := self._barred(parsed)):
                return barred
            for attempt in range(1, self.throttle.rate_limit.attempts + 1):
                with self.throttle.slot(parsed.host):
                    if self.clock.stop.is_set():
                        raise Cancelled("Stopped while fetching.")
                    answer = ask(self._client, parsed, headers, wanted, max_bytes, self.limits, self.clock)
                if not isinstance(answer, RetryableError):
                    self.throttle.answered(parsed.host)
                    return answer
                self.throttle.failed(parsed.host, attempt, answer.retry_after)
            return Refusal(url, f"{answer.reason}, {attempt} times", "failed", answer.status)
        except AddressRefused as refusal:
            return Refusal(url, f"the address is refused: {refusal}")
        except HostClosed as closed:
            return Refusal(url, str(closed), "failed")

    def _barred(self, url: httpx.URL) -> Refusal | None:
        """The refusal that the site's robots.txt makes necessary; None where the address may be fetched."""
        rules = self._robots_of(url)
        if isinstance(rules, Refusal):
            reason = rules.reason if rules.outcome == "refused" else f"{url.host} cannot be asked: {rules.reason}"
            return Refusal(str(url), reason, rules.outcome, rules.status)
        if not rules.allows(url.raw_path.decode("ascii", "replace")):
            return Refusal(str(url), f"the robots.txt of {url.host} does not allow it")
        return None

    def _robots_of(self, url: httpx.URL) -> Robots | Refusal:
        """The site's rules, read once a run; a Refusal where they cannot be read: no fetch then (RFC 9309)."""
        origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
        with self._lock:
            lock = self._robots_locks.setdefault(origin, threading.Lock())
        with lock:
            if origin not in self._robots:
                self._robots[origin] = rules = self._read_robots(origin)
                if isinstance(rules, Robots):
                    self.throttle.slower(url.host, rules.delay)
            return self._robots[origin]

    def _read_robots(self, origin: str) -> Robots | Refusal:
        answer = self.fetch(f"{origin}/robots.txt", robots=False, max_bytes=LONGEST)
        if isinstance(answer, Fetched):
            return Robots.parse(answer.data.decode("utf-8", "replace"), self.agent)
        return ALL if 400 <= answer.status < 500 and answer.outcome == "refused" else answer


def _picture_wanted(what: str) -> str:
    return "" if what in formats.PICTURES else f"it is {what}, not a picture that can be read"


def _short(url: str) -> str:
    return url if len(url) <= 80 else url[:77] + "..."
