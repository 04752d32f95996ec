"""The step: for each character ask the sources in order, fetch what they find, keep it or say why not.

A run stopped anywhere goes on: what was tried stands in the journal (the catalogue's fetches), what was fetched but not
yet entered lies in cache/incoming. A source that fails says so by name and the next one is asked.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from urllib.parse import urlsplit

from core.collect.candidate import Candidate, prepare
from core.collect.config import CollectConfig
from core.collect.download import Downloader, Refusal
from core.collect.intake import KEPT, CollectedStore, Outcome
from core.collect.origin import check_apart
from core.collect.owner import NOBODY, Owner, tried_for
from core.collect.source import Query, SearchHit, Source
from core.collect.staging import Staging
from core.collect.status import CharacterStatus, CollectReport, Tally
from core.errors import SourceError
from core.progress import Progress, Reporter, silent
from core.workspace.characters import add_all
from core.workspace.history import IMPORT
from core.workspace.locks import step_lock
from core.workspace.project import Project
from core.workspace.states import PictureState

STAGE = "collect"
PER_HOST = 2
"""Requests for one host that are handed out at a time: one is served, one waits for its turn."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A character to collect for ("": nobody yet), the words to search with (empty: its own), and how many (0: the
    config's)."""

    character: str
    query: str = ""
    limit: int = 0


def collect(
    project: Project,
    wanted: Sequence[Wanted],
    sources: Sequence[Source],
    config: CollectConfig | None = None,
    *,
    downloader: Downloader | None = None,
    report: Reporter = silent,
) -> CollectReport:
    """Collect for each character until it has what is wanted or the sources have no more.

    Characters that are new are made. Progress counts pictures in hand; its `data` holds the character, the sources'
    states, totals and the last outcome. Sources that fail are in the report; nothing is raised for them. A reporter
    that raises Cancelled stops the run where all that was done is kept.
    """
    config = config or CollectConfig()
    check_apart(project.workspace.root, sources)
    with step_lock(project.workspace, "collect"):
        run = _Run(project, sources, config, downloader, report)
        named = [{"name": w.character} for w in wanted if w.character]
        made = iter(add_all(project, named, who=IMPORT) if named else [])
        return run.over([(next(made) if w.character else NOBODY, w) for w in wanted])


def for_nobody(project: Project, config: CollectConfig) -> Wanted:
    """Pictures that are nobody's yet, as many as the config wants of these words; those of other words do not count."""
    there = project.catalogue.pictures(character_id=None, state=PictureState.KEPT)
    own = sum(picture.query == config.query for picture in there)
    return Wanted("", config.query, len(there) - own + config.limit)


class _Run:
    def __init__(
        self,
        project: Project,
        sources: Sequence[Source],
        config: CollectConfig,
        downloader: Downloader | None,
        report: Reporter,
    ):
        self.catalogue, self.sources, self.config = project.catalogue, list(sources), config
        self.downloader, self.report = downloader, report
        self.staging = Staging(project.workspace)
        self.staging.recover(project.catalogue)
        self.store = CollectedStore(project, self.staging, near=config.near, kind=config.kind)
        self.tally = Tally([s.card.name for s in self.sources])
        self.began = time.monotonic()
        self.have: dict[int | None, int] = {}
        self.limit: dict[int | None, int] = {}
        self.at_start = 0
        self.current: int | None = None

    def over(self, pairs: list[tuple[Owner, Wanted]]) -> CollectReport:
        counts = self.catalogue.counts("pictures", state=PictureState.KEPT)
        for character, wish in pairs:
            self.have[character.id] = counts.get(character.id, 0)
            self.limit[character.id] = wish.limit or self.config.limit
        self.at_start = self._in_hand()
        said = []
        pool = ThreadPoolExecutor(self.config.at_once, thread_name_prefix="collect")
        try:
            for character, wish in pairs:
                said.append((character, tuple(self._one(pool, character, wish))))
        except BaseException:
            if self.downloader is not None:
                self.downloader.clock.stop.set()  # wakes whoever waits for a turn
            raise
        finally:
            pool.shutdown(cancel_futures=True)
        for source in self.tally.sources():
            if source.state in ("waiting", "searching", "fetching"):
                self.tally.say(source.name, "done" if source.found else "not needed")
        characters = tuple(CharacterStatus(c.name, self.have[c.id], self.limit[c.id], m) for c, m in said)
        self._tell("", None)
        return CollectReport(characters, self.tally.sources(), dict(self.tally.reasons), time.monotonic() - self.began)

    def _one(self, pool: ThreadPoolExecutor, character: Owner, wish: Wanted) -> Iterator[str]:
        """Ask the sources in order for one character; yields what each has to say."""
        self.current = character.id
        words = wish.query or character.query
        seen = set(tried_for(self.catalogue, character))
        for source in self.sources:
            name = source.card.name
            if self._need(character) <= 0:
                return
            if self.tally.troubles[name] >= self.config.give_up_after:
                self.tally.say(name, "given up")
                continue
            self.tally.say(name, "searching")
            self._tell(character.name, None)
            query = Query(character.name, words, self._need(character), lambda: self._tell(character.name, None))
            found, new = 0, 0
            try:
                for is_new in self._pump(pool, source, query, character, seen):
                    found, new = found + 1, new + is_new
                self.tally.troubles[name] = 0
                self.tally.say(name, "done")
                if not new and self._need(character) > 0:
                    words_used = query.words
                    message = (
                        f"{name}: found nothing for {words_used!r}. Try other words, or another source."
                        if not found
                        else f"{name}: all {found} results for {words_used!r} were tried before. Try other words."
                    )
                    self.tally.say(name, "nothing", message)
                    yield message
            except SourceError as error:
                self.tally.troubles[name] += 1
                self.tally.say(name, "failed", str(error))
                yield str(error)

    def _pump(
        self, pool: ThreadPoolExecutor, source: Source, query: Query, character: Owner, seen: set[str]
    ) -> Iterator[bool]:
        """Move results through the pool into the store; yields for each result whether it was new."""
        name = source.card.name
        results = iter(source.search(query))
        waiting: deque[SearchHit] = deque()
        busy: dict[Future[Candidate | Refusal], SearchHit] = {}
        hosts: Counter[str] = Counter()
        trouble: SourceError | None = None
        more, local = True, False
        while self._need(character) > 0:
            while more and len(waiting) < self.config.ahead and len(busy) + len(waiting) < self._room(character, local):
                try:
                    found = next(results, None)
                except SourceError as error:
                    # What it found before it broke is still fetched.
                    found, trouble = None, error
                if found is None:
                    more = False
                    break
                self.tally.found(name)
                local = found.load is not None
                fresh = found.key not in seen
                seen.add(found.key)
                if fresh and not self._tried_for_another(name, found, character):
                    waiting.append(found)
                elif (again := self.store.refused_before(found, character)) is not None:
                    self.tally.count(name, again)
                yield fresh
            while len(busy) < min(self.config.at_once, self._need(character)):
                found = _take(waiting, hosts)
                if found is None:
                    break
                hosts[_host(found)] += 1
                busy[pool.submit(self._prepare, found)] = found
            if not busy:
                if more or waiting:
                    continue
                break
            self.tally.say(name, "fetching")
            # What lies here is taken in its order, so that the same folder gives the same ids every time.
            first = next(iter(busy))
            done, _ = wait([first] if busy[first].load else busy, timeout=1.0, return_when=FIRST_COMPLETED)
            for future in done:
                found = busy.pop(future)
                hosts[_host(found)] -= 1
                self._settle(name, found, character, future.result())
            if not done:
                self._tell(character.name, None)
        if trouble is not None:
            raise trouble

    def _tried_for_another(self, name: str, found: SearchHit, character: Owner) -> bool:
        """Settle without fetching what was fetched for another character before."""
        outcome = self.store.repeat(found, character)
        if outcome is not None:
            self.tally.count(name, outcome)
            self._tell(character.name, outcome)
        return outcome is not None

    def _room(self, character: Owner, local: bool) -> int:
        """How many results may be in hand: enough to find a free host; of what lies here only what is needed."""
        if local:
            return self._need(character)
        return min(self.config.ahead, 4 * self._need(character) + self.config.at_once)

    def _prepare(self, found: SearchHit) -> Candidate | Refusal:
        return prepare(found, self.staging, self.downloader, min_side=self.config.min_side, kind=self.config.kind)

    def _settle(self, name: str, found: SearchHit, character: Owner, got: Candidate | Refusal) -> None:
        outcome = (
            self.store.refuse(found, character, got) if isinstance(got, Refusal) else self.store.put(got, character)
        )
        if outcome.outcome == KEPT and outcome.repeats is None:  # else it took the place of another
            self.have[character.id] += 1
        self.tally.count(name, outcome)
        self._tell(character.name, outcome)

    def _need(self, character: Owner) -> int:
        return self.limit[character.id] - self.have[character.id]

    def _in_hand(self) -> int:
        return sum(min(self.have[c], self.limit[c]) for c in self.limit)

    def _tell(self, character: str, outcome: Outcome | None) -> None:
        """Report. `n` counts this run's pictures only, so that rate and time to go are those of the run."""
        total = sum(self.limit.values()) - self.at_start
        data = {
            "character": character,
            "have": self.have.get(self.current, 0),
            "wanted": self.limit.get(self.current, 0),
            "sources": [
                {"name": s.name, "state": s.state, "message": s.message, "found": s.found, "kept": s.kept}
                | {"duplicates": s.duplicates, "refused": s.refused, "failed": s.failed}
                for s in self.tally.sources()
            ],
            "reasons": dict(self.tally.reasons),
        }
        if outcome is not None:
            data["last"] = {
                "character": outcome.character,
                "outcome": outcome.outcome,
                "reason": outcome.reason,
                "url": outcome.found.picture_url,
                "source": outcome.found.source,
                "picture": outcome.picture.id if outcome.picture else None,
                "path": outcome.picture.path if outcome.picture else "",
                "repeats": outcome.repeats.id if outcome.repeats else None,
            }
        n = self._in_hand() - self.at_start
        self.report(Progress(STAGE, n, total, time.monotonic() - self.began, note=character, data=data))


def _take(waiting: deque[SearchHit], hosts: Counter[str]) -> SearchHit | None:
    """The first result whose host is not busy; None where all are."""
    for position, found in enumerate(waiting):
        if found.load is not None or hosts[_host(found)] < PER_HOST:
            del waiting[position]
            return found
    return None


def _host(found: SearchHit) -> str:
    if found.load is not None:
        return ""
    try:
        return urlsplit(found.picture_url).netloc
    except ValueError:  # not an address at all; the downloader says so
        return ""
