"""To whom a picture that comes in belongs: a character, or nobody yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection

from core.workspace.catalogue import Catalogue
from core.workspace.crops import UNNAMED
from core.workspace.heirs import character_today
from core.workspace.states import FetchOutcome


class Owner(Protocol):
    """What is needed of a character; id None: nobody has said yet whose the pictures are."""

    @property
    def id(self) -> int | None: ...

    @property
    def name(self) -> str: ...

    @property
    def slug(self) -> str: ...

    @property
    def query(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Nobody:
    """The owner of pictures without a character: they lie in `unnamed/`, and Crop's faces wait there for a name."""

    id: None = None
    name: str = ""
    slug: str = UNNAMED
    query: str = ""


NOBODY = Nobody()


def owner_today(db: Connection, owner: Owner) -> Owner:
    """Whose a picture that was asked for an owner is by now; nobody's where the character was deleted."""
    return NOBODY if owner.id is None else character_today(db, owner.id) or NOBODY


def tried_for(catalogue: Catalogue, owner: Owner) -> dict[str, str]:
    """The addresses that were tried for an owner and what became of them, those that failed aside."""
    fetches = catalogue.fetches(owner.id) if owner.id is not None else catalogue.fetches()
    return {f.url: f.outcome for f in fetches if f.character_id == owner.id and f.outcome != FetchOutcome.FAILED}
