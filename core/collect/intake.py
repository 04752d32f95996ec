"""Where candidates end: kept, or set aside beside the picture they repeat; every outcome is one transaction."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, insert, update

from core.collect.candidate import Candidate, group_of
from core.collect.download import Refusal
from core.collect.near import NearIndex, same_picture
from core.collect.owner import Owner
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
from core.workspace.transaction import transaction

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
    """Takes candidates one after another (one thread) and knows every picture of the workspace by bytes and looks."""

    def __init__(self, project: Project, staging: Staging, *, near: int, kind: str):
        self.project, self.staging, self.kind = project, staging, kind
        self.workspace, self.catalogue = project.workspace, project.catalogue
        self._characters: dict[int | None, Owner] = {c.id: c for c in project.catalogue.characters(removed=True)}
        self._by_id: dict[int, Picture] = {}
        self._by_bytes: dict[str, int] = {}
        self._limit = near
        self._near = NearIndex(near) if near >= 0 else None
        self._stems: dict[str, set[str]] = defaultdict(set)
        for picture in project.catalogue.pictures():
            self._know(picture)
        self._tried = {f.url: f for f in project.catalogue.fetches() if f.outcome != FAILED}
        for face in project.catalogue.faces():
            self._stems[_folder(face.path)].add(_stem(face.path))

    def put(self, candidate: Candidate, character: Owner) -> Outcome:
        """Keep a candidate or set it aside."""
        self._characters.setdefault(character.id, character)
        same = self._by_bytes.get(candidate.sha256)
        if same is not None:
            return self._set_aside(candidate, character, self._original(same), exact=True)
        old = self._looks_like(candidate, character)
        if old is None:
            return self._keep(candidate, character)
        if self._is_better(candidate, character, old):
            return self._swap(candidate, character, old)
        return self._set_aside(candidate, character, old, exact=False)

    def repeat(self, found: SearchHit, character: Owner) -> Outcome | None:
        """The outcome for an address that was fetched for another character: never twice. None for a new one."""
        earlier = self._tried.get(found.key)
        if earlier is None:
            return None
        self._characters.setdefault(character.id, character)
        if earlier.picture_id not in self._by_id:
            return self.refuse(found, character, Refusal(found.key, earlier.reason, REFUSED))
        known = self._by_id[earlier.picture_id]
        same = Candidate(found, known.sha256, int(known.phash or "0", 16), known.width, known.height, "", "", "")
        return self._set_aside(same, character, self._original(known.id), exact=True)

    def refuse(self, found: SearchHit, character: Owner, refusal: Refusal) -> Outcome:
        """Enter in the journal that an address gave nothing, and why."""
        with self.catalogue.writing() as db:
            self._journal(db, found, character, refusal.outcome, refusal.reason, None)
        if refusal.outcome != FAILED:
            self.staging.drop(found.key)
        return Outcome(found, character.name, refusal.outcome, refusal.reason)

    def _looks_like(self, candidate: Candidate, character: Owner) -> Picture | None:
        """The kept picture that a candidate repeats by looks, or None.

        It must itself be within the limit, not only something that was set aside for it. Pictures of two characters,
        and of nobody yet, are the same only where colours and details agree too: figures of one game in one pose are
        not.
        """
        compared: set[int] = set()
        for item, _ in self._near.within(candidate.phash) if self._near else ():
            old = self._original(item)
            if old.id in compared or distance(candidate.phash, int(old.phash or "0", 16)) > self._limit:
                continue
            compared.add(old.id)
            if (old.character_id is not None and old.character_id == character.id) or self._same_pixels(candidate, old):
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

    def _keep(self, candidate: Candidate, character: Owner) -> Outcome:
        values = self._values(candidate, character)
        if self.kind == Kind.FACE:
            path = self._free(f"faces/{character.slug}", candidate.stem, "_1.jpg")
        else:
            path = values["path"] = self._free(f"pictures/{character.slug}", candidate.stem, candidate.extension)
        with transaction(self.project, IMPORT) as tx:
            values["id"] = _added(tx.db, values)
            if self.kind == Kind.FACE:
                tx.db.execute(ADD_FACE, _face(candidate, values, path))
            self._journal(tx.db, candidate.found, character, KEPT, candidate.note, values["id"])
            tx.place(self.staging.relative(candidate.found.key), path)
        picture = Picture(**values)
        self._know(picture)
        return Outcome(candidate.found, character.name, KEPT, candidate.note, picture)

    def _set_aside(self, candidate: Candidate, character: Owner, old: Picture, *, exact: bool) -> Outcome:
        reason = self._why(old, character, exact)
        values = self._values(candidate, character) | {
            "state": PictureState.DUPLICATE,
            "reason": reason,
            "duplicate_of": old.id,
        }
        if not exact:
            values["path"] = self._free(f"bin/pictures/{character.slug}", candidate.stem, candidate.extension)
        with transaction(self.project, IMPORT) as tx:
            values["id"] = _added(tx.db, values)
            self._journal(tx.db, candidate.found, character, DUPLICATE, reason, values["id"])
            if exact:
                tx.delete(self.staging.relative(candidate.found.key))
            else:
                tx.place(self.staging.relative(candidate.found.key), values["path"])
        picture = Picture(**values)
        self._know(picture)
        return Outcome(candidate.found, character.name, DUPLICATE, reason, picture, old)

    def _swap(self, candidate: Candidate, character: Owner, old: Picture) -> Outcome:
        """Keep the new picture, the better of the two, and set the old one aside."""
        values = self._values(candidate, character)
        path = values["path"] = self._free(f"pictures/{character.slug}", candidate.stem, candidate.extension)
        aside = f"bin/{old.path}"
        reason = f"a larger one of the same picture came from {candidate.found.source}"
        with transaction(self.project, IMPORT) as tx:
            values["id"] = _added(tx.db, values)
            after = {"state": PictureState.DUPLICATE, "reason": reason, "duplicate_of": values["id"], "path": aside}
            tx.db.execute(update(t.pictures).where(t.pictures.c.id == old.id).values(**after))
            moved = t.pictures.c.duplicate_of == old.id
            tx.db.execute(update(t.pictures).where(moved).values(duplicate_of=values["id"]))
            self._journal(tx.db, candidate.found, character, KEPT, f"larger than picture {old.id}", values["id"])
            tx.move(old.path, aside)
            tx.place(self.staging.relative(candidate.found.key), path)
        picture = Picture(**values)
        self._know(replace(old, **after))
        self._know(picture)
        return Outcome(candidate.found, character.name, KEPT, f"larger than picture {old.id}", picture, old)

    def _is_better(self, candidate: Candidate, character: Owner, old: Picture) -> bool:
        """Larger, of the same character, and nobody has looked at the old one yet."""
        untouched = old.state == PictureState.KEPT and old.review == ReviewState.NEW
        untouched = untouched and old.kind == Kind.PICTURE and bool(old.path)
        larger = candidate.width * candidate.height >= BETTER * old.width * old.height
        return untouched and larger and old.character_id == character.id and self._stands_for_all(candidate, old)

    def _stands_for_all(self, candidate: Candidate, old: Picture) -> bool:
        """Whether what was set aside for the old picture is within the limit of the new one too."""
        aside = [p for p in self._by_id.values() if p.duplicate_of == old.id and p.state == DUPLICATE]
        return all(distance(candidate.phash, int(p.phash or "0", 16)) <= self._limit for p in aside)

    def _why(self, old: Picture, character: Owner, exact: bool) -> str:
        how = "the same file as" if exact else "looks like"
        owner = self._characters.get(old.character_id) if old.character_id is not None else None
        whose = "" if owner is None or owner.id == character.id else f" of {owner.name}"
        gone: dict[str, str] = {
            PictureState.REJECTED: ", which was rejected",
            PictureState.REMOVED: ", which was removed",
        }
        state = gone.get(old.state, "")
        return f"{how} picture {old.id}{whose}{state}"

    def _original(self, picture_id: int) -> Picture:
        picture = self._by_id[picture_id]
        while picture.duplicate_of in self._by_id and picture.state == PictureState.DUPLICATE:
            picture = self._by_id[picture.duplicate_of]
        return picture

    def _know(self, picture: Picture) -> None:
        new = picture.id not in self._by_id
        self._by_id[picture.id] = picture
        if picture.sha256:
            self._by_bytes.setdefault(picture.sha256, picture.id)
        if new and picture.phash and self._near and picture.kind == Kind.PICTURE:
            self._near.add(int(picture.phash, 16), picture.id)
        if picture.path:
            self._stems[_folder(picture.path)].add(_stem(picture.path))

    def _free(self, folder: str, stem: str, suffix: str) -> str:
        """A path whose stem nobody in that folder has or had: 001.png beside 001.jpg becomes 001_2.png."""
        taken, tail = self._stems[folder.removeprefix("bin/")], suffix.rpartition(".")[0]
        name, n = stem, 1
        while f"{name}{tail}".casefold() in taken or self.workspace.path(f"{folder}/{name}{suffix}").exists():
            n += 1
            name = f"{stem}_{n}"
        taken.add(f"{name}{tail}".casefold())
        return f"{folder}/{name}{suffix}"

    def _values(self, candidate: Candidate, character: Owner) -> dict[str, Any]:
        found = candidate.found
        return {
            "character_id": character.id,
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
        self, db: Connection, found: SearchHit, character: Owner, outcome: str, reason: str, picture_id: int | None
    ) -> None:
        row: dict[str, Any] = {"character_id": character.id, "source": found.source, "query": found.query}
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


def _folder(path: str) -> str:
    return path.rpartition("/")[0].removeprefix("bin/")


def _stem(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[0].casefold()
