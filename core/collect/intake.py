"""Where candidates end: kept, or set aside beside the picture they repeat; every outcome is one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, insert, select, update

from core.collect.candidate import Candidate, group_of
from core.collect.download import Refusal
from core.collect.free_names import FreeNames
from core.collect.near import NearIndex, same_picture
from core.collect.owner import Owner, owner_today
from core.collect.source import SearchHit
from core.collect.staging import Staging
from core.errors import PictureError
from core.imaging.hashes import distance
from core.imaging.reading import read_picture
from core.workspace import tables as t
from core.workspace.history import IMPORT, now
from core.workspace.project import Project
from core.workspace.states import FaceState, FetchOutcome, Kind, PictureState, ReviewState
from core.workspace.tables import Fetch, Picture
from core.workspace.transaction import Transaction, transaction

ADD_PICTURE, ADD_FACE = insert(t.pictures), insert(t.faces)
ADD_FETCH = insert(t.fetches).prefix_with("OR REPLACE")

BETTER = 1.3
"""So many times the pixels make a repeated picture the better one of the two."""
MOST_COMPARED = 16
"""So many pictures of others are looked at pixel by pixel for one candidate."""
KEPT, DUPLICATE, REFUSED, FAILED = FetchOutcome


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of something found: kept, duplicate, refused or failed, why, and the picture that holds it now.

    `repeats`: the kept picture that it was set aside for, or, where it was kept itself, the one whose place it took.
    """

    found: SearchHit
    character: str
    outcome: str
    reason: str = ""
    picture: Picture | None = None
    repeats: Picture | None = None


class CollectedStore:
    """Takes candidates one after another (one thread) and knows every picture of the workspace by bytes and looks.

    Other commands rename, merge and delete beside it: whose a picture is, and what it repeats, is decided under the
    workspace's lock, as the catalogue is then. The journal keeps for whom an address was asked.
    """

    def __init__(self, project: Project, staging: Staging, *, near: int, kind: str):
        self.project, self.staging, self.kind = project, staging, kind
        self.workspace, self.catalogue = project.workspace, project.catalogue
        self._by_id: dict[int, Picture] = {}
        self._by_bytes: dict[str, int] = {}
        self._limit = near
        self._near = NearIndex(near) if near >= 0 else None
        self._names = FreeNames(project.workspace)
        for picture in project.catalogue.pictures():
            self._know(picture)
        self._tried = {f.url: f for f in project.catalogue.fetches() if f.outcome != FAILED}

    def put(self, candidate: Candidate, asked: Owner) -> Outcome:
        """Keep a candidate or set it aside."""
        same = self._by_bytes.get(candidate.sha256)
        if same is not None:
            return self._enter(candidate, asked, self._by_id[same], exact=True)
        return self._enter(candidate, asked, self._looks_like(candidate, asked), exact=False)

    def repeat(self, found: SearchHit, asked: Owner) -> Outcome | None:
        """The outcome for an address that was fetched for another character: never twice. None for a new one."""
        earlier = self._tried.get(found.key)
        if earlier is None:
            return None
        if earlier.picture_id not in self._by_id:
            return self.refuse(found, asked, Refusal(found.key, earlier.reason, REFUSED))
        known = self._by_id[earlier.picture_id]
        same = Candidate(found, known.sha256, int(known.phash or "0", 16), known.width, known.height, "", "", "")
        return self._enter(same, asked, known, exact=True)

    def refused_before(self, found: SearchHit, asked: Owner) -> Outcome | None:
        """The outcome for an address that was refused before, as it would be again; None for any other."""
        earlier = self._tried.get(found.key)
        if earlier is None or earlier.outcome != REFUSED:
            return None
        return Outcome(found, asked.name, REFUSED, earlier.reason)

    def refuse(self, found: SearchHit, asked: Owner, refusal: Refusal) -> Outcome:
        """Enter in the journal that an address gave nothing, and why."""
        with self.catalogue.writing() as db:
            self._journal(db, found, asked, refusal.outcome, refusal.reason, None)
        if refusal.outcome != FAILED:
            self.staging.drop(found.key)
        return Outcome(found, asked.name, refusal.outcome, refusal.reason)

    def _enter(self, candidate: Candidate, asked: Owner, old: Picture | None, *, exact: bool) -> Outcome:
        """Enter a candidate, and the address as one asked for an owner, in one transaction. old: what it repeats."""
        with transaction(self.project, IMPORT) as tx:
            owner = owner_today(tx.db, asked)
            old = self._original_today(tx.db, old)
            if old is None:
                outcome = self._keep(tx, candidate, owner)
            elif not exact and self._is_better(candidate, owner, old):
                outcome = self._swap(tx, candidate, owner, old)
            else:
                outcome = self._set_aside(tx, candidate, owner, old, exact=exact)
            assert outcome.picture is not None  # each of the three adds one
            self._journal(tx.db, candidate.found, asked, outcome.outcome, outcome.reason, outcome.picture.id)
        self._know(outcome.picture)
        return outcome

    def _looks_like(self, candidate: Candidate, asked: Owner) -> Picture | None:
        """The kept picture that a candidate repeats by looks, or None.

        It must itself be within the limit, not only something that was set aside for it. Pictures of two characters,
        and of nobody yet, are the same only where colours and details agree too: figures of one game in one pose are
        not.
        """
        compared: set[int] = set()
        for item, _ in self._near.within(candidate.phash) if self._near else ():
            known = self._original(item)
            if known.id in compared or distance(candidate.phash, int(known.phash or "0", 16)) > self._limit:
                continue
            compared.add(known.id)
            with self.catalogue.reading() as db:
                old, owner = self._original_today(db, known) or known, owner_today(db, asked)
            if (owner.id is not None and old.character_id == owner.id) or self._same_pixels(candidate, old):
                return old
            if len(compared) >= MOST_COMPARED:
                return None
        return None

    def _same_pixels(self, candidate: Candidate, old: Picture) -> bool:
        try:
            mine = read_picture(self.staging.path(candidate.found.key))
            return same_picture(mine, read_picture(self.workspace.path(old.path)))
        except PictureError:
            return False  # what is not there any more is not repeated

    def _keep(self, tx: Transaction, candidate: Candidate, owner: Owner) -> Outcome:
        values = self._values(candidate, owner)
        if self.kind == Kind.FACE:
            path = self._names.path(tx.db, "faces", owner, candidate.stem, "_1.jpg")
        else:
            path = self._names.path(tx.db, "pictures", owner, candidate.stem, candidate.extension)
            values["path"] = path
        values["id"] = _added(tx.db, values)
        if self.kind == Kind.FACE:
            tx.db.execute(ADD_FACE, _face(candidate, values, path))
        tx.place(self.staging.relative(candidate.found.key), path)
        return Outcome(candidate.found, owner.name, KEPT, candidate.note, Picture(**values))

    def _set_aside(self, tx: Transaction, candidate: Candidate, owner: Owner, old: Picture, *, exact: bool) -> Outcome:
        reason = _why(tx.db, old, owner, exact)
        state = {"state": PictureState.DUPLICATE, "reason": reason, "duplicate_of": old.id}
        values = self._values(candidate, owner) | state
        staged = self.staging.relative(candidate.found.key)
        if exact:
            tx.delete(staged)
        else:
            path = self._names.path(tx.db, "pictures", owner, candidate.stem, candidate.extension, aside=True)
            values["path"] = path
            tx.place(staged, path)
        values["id"] = _added(tx.db, values)
        return Outcome(candidate.found, owner.name, DUPLICATE, reason, Picture(**values), old)

    def _swap(self, tx: Transaction, candidate: Candidate, owner: Owner, old: Picture) -> Outcome:
        """Keep the new picture, the better of the two, and set the old one aside."""
        values = self._values(candidate, owner)
        path = self._names.path(tx.db, "pictures", owner, candidate.stem, candidate.extension)
        values["path"] = path
        aside = f"bin/{old.path}"
        reason = f"a larger one of the same picture came from {candidate.found.source}"
        values["id"] = _added(tx.db, values)
        after = {"state": PictureState.DUPLICATE, "reason": reason, "duplicate_of": values["id"], "path": aside}
        tx.db.execute(update(t.pictures).where(t.pictures.c.id == old.id).values(**after))
        moved = t.pictures.c.duplicate_of == old.id
        tx.db.execute(update(t.pictures).where(moved).values(duplicate_of=values["id"]))
        tx.move(old.path, aside)
        tx.place(self.staging.relative(candidate.found.key), path)
        self._know(replace(old, **after))
        return Outcome(candidate.found, owner.name, KEPT, f"larger than picture {old.id}", Picture(**values), old)

    def _is_better(self, candidate: Candidate, owner: Owner, old: Picture) -> bool:
        """Larger, of the same character, and nobody has looked at the old one yet."""
        untouched = old.state == PictureState.KEPT and old.review == ReviewState.NEW
        untouched = untouched and old.kind == Kind.PICTURE and bool(old.path)
        larger = candidate.width * candidate.height >= BETTER * old.width * old.height
        return untouched and larger and old.character_id == owner.id and self._stands_for_all(candidate, old)

    def _stands_for_all(self, candidate: Candidate, old: Picture) -> bool:
        """Whether what was set aside for the old picture is within the limit of the new one too."""
        aside = [p for p in self._by_id.values() if p.duplicate_of == old.id and p.state == DUPLICATE]
        return all(distance(candidate.phash, int(p.phash or "0", 16)) <= self._limit for p in aside)

    def _original(self, picture_id: int) -> Picture:
        picture = self._by_id[picture_id]
        while picture.duplicate_of in self._by_id and picture.state == PictureState.DUPLICATE:
            picture = self._by_id[picture.duplicate_of]
        return picture

    def _original_today(self, db: Connection, old: Picture | None) -> Picture | None:
        """The same for a picture as it is by now: it may have been decided about, moved or given away."""
        following = None if old is None else old.id
        found: Picture | None = None
        while following is not None:
            row = db.execute(select(t.pictures).where(t.pictures.c.id == following)).mappings().first()
            if row is None:
                break
            found = Picture(**row)
            self._know(found)
            following = found.duplicate_of if found.state == PictureState.DUPLICATE else None
        return found

    def _know(self, picture: Picture) -> None:
        new = picture.id not in self._by_id
        self._by_id[picture.id] = picture
        if picture.sha256:
            self._by_bytes.setdefault(picture.sha256, picture.id)
        if new and picture.phash and self._near and picture.kind == Kind.PICTURE:
            self._near.add(int(picture.phash, 16), picture.id)

    def _values(self, candidate: Candidate, owner: Owner) -> dict[str, Any]:
        found = candidate.found
        return {
            "character_id": owner.id,
            "kind": self.kind,
            "source": found.source,
            "query": found.query,
            "picture_url": found.picture_url,
            "page_url": found.page_url,
            "title": found.title,
            "author": found.author,
            "licence": found.licence,
            "rating": found.rating,
            "tags": " ".join(found.tags),
            "fetched_at": now(),
            "sha256": candidate.sha256,
            "phash": f"{candidate.phash:016x}",
            "width": candidate.width,
            "height": candidate.height,
            "group_key": found.group or group_of(found.name),
            "reason": candidate.note,
            "review": ReviewState.DONE if self.kind == Kind.FACE else ReviewState.NEW,
            "known_faces": [{"box": f.box.as_list(), "name": f.name, "pose": f.pose} for f in found.faces],
        }

    def _journal(
        self, db: Connection, found: SearchHit, asked: Owner, outcome: str, reason: str, picture_id: int | None
    ) -> None:
        row: dict[str, Any] = {"character_id": asked.id, "source": found.source, "query": found.query}
        row |= {"url": found.key, "page_url": found.page_url, "outcome": outcome, "reason": reason}
        row |= {"picture_id": picture_id, "at": now()}
        db.execute(ADD_FETCH, row)
        if outcome != FAILED:
            self._tried.setdefault(found.key, Fetch(id=0, **row))


def _added(db: Connection, values: dict[str, Any]) -> int:
    """Add a picture's row; returns its id."""
    key = db.execute(ADD_PICTURE, values).inserted_primary_key
    assert key is not None  # one row has one
    return int(key[0])


def _face(candidate: Candidate, picture: dict[str, Any], path: str) -> dict[str, Any]:
    return {
        "picture_id": picture["id"],
        "character_id": picture["character_id"],
        "path": path,
        "w": float(candidate.width),
        "h": float(candidate.height),
        "detector": "import",
        "score": 1.0,
        "state": FaceState.KEPT,
        "decided_by": "import",
        "decided_at": picture["fetched_at"],
        "created_at": picture["fetched_at"],
        "sha256": candidate.file_sha256,
        "phash": picture["phash"],
    }


def _why(db: Connection, old: Picture, owner: Owner, exact: bool) -> str:
    how = "the same file as" if exact else "looks like"
    name = db.execute(select(t.characters.c.name).where(t.characters.c.id == old.character_id)).scalar()
    whose = "" if name is None or old.character_id == owner.id else f" of {name}"
    gone: dict[str, str] = {
        PictureState.REJECTED: ", which was rejected",
        PictureState.REMOVED: ", which was removed",
    }
    return f"{how} picture {old.id}{whose}{gone.get(old.state, '')}"
