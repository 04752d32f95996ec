"""Every edit of a character: add, rename, merge, split, delete, series, cover, and who is not in the cast.

Their files move with them, and each act is one change that undo takes back, whenever it was interrupted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from core.errors import CatalogueError
from core.workspace import tables as t
from core.workspace.catalogue import Catalogue
from core.workspace.crops import UNNAMED
from core.workspace.faces import Acts, decide
from core.workspace.folders import checked_name, slug
from core.workspace.heirs import MERGED_INTO
from core.workspace.history import Edit
from core.workspace.moving_folders import move_folder
from core.workspace.one_of import one_of
from core.workspace.project import Project
from core.workspace.states import LIVE_FACES, CharacterState, FaceState, PictureState
from core.workspace.tables import Change, Character, Face
from core.workspace.transaction import Transaction, transaction


def add(
    project: Project, name: str, *, series: str = "", query: str = "", wanted: int = 0, who: str = "person"
) -> Character:
    """The character of that true name, made where it is new; a removed one comes back. Undoable.

    Raises CatalogueError for a name that is empty or too long.
    """
    (character,) = add_all(project, [{"name": name, "series": series, "query": query, "wanted": wanted}], who=who)
    return character


def add_all(project: Project, entries: Sequence[Mapping[str, Any]], *, who: str = "person") -> list[Character]:
    """Many characters as one change: name, and series, query and wanted where they are given."""
    known = {c.name: c for c in project.catalogue.characters()}
    if all(_is_there(known, entry) for entry in entries):
        return [known[checked_name(entry["name"])] for entry in entries]
    with transaction(project, who) as tx:
        made = [tx.add_character(**entry) for entry in entries]
        tx.record(f"added {made[0].name}" if len(made) == 1 else f"added {len(made)} characters")
    return made


def _is_there(known: Mapping[str, Character], entry: Mapping[str, Any]) -> bool:
    character = known.get(checked_name(entry["name"]))
    return character is not None and all(
        not value or getattr(character, key) == value for key, value in entry.items() if key != "name"
    )


def set_values(project: Project, character: Character, action: str, **values: Any) -> Change | None:
    """New values of a character: series, query, wanted, cover, reference_face. None where nothing changed."""
    with transaction(project) as tx:
        tx.edit(Edit("characters", character.id, values))
        change = tx.record(action)
    return _change(project.catalogue, change)


def rename(project: Project, character: Character, name: str) -> Change | None:
    """Give a character another name; its folders follow. None where it is called that already.

    Raises CatalogueError where another character has the name: `merge` makes one of two.
    """
    name = checked_name(name)
    with transaction(project) as tx:
        for other in _named(tx, name):
            if other.id == character.id:
                continue
            if other.state == CharacterState.ACTIVE:
                raise CatalogueError(f"There is a character {name!r} already. Merge the two, or choose another name.")
            tx.edit(Edit("characters", other.id, {"name": f"{name} (removed {other.id})"}))
        folder = _new_slug(tx, character, name)
        tx.edit(Edit("characters", character.id, {"name": name, "slug": folder}))
        if folder != character.slug:
            move_folder(tx, character, folder)
        change = tx.record(f"{character.name} renamed to {name}")
    return _change(project.catalogue, change)


def merge(project: Project, character: Character, into: Character) -> Change | None:
    """Make two characters one: all pictures and faces of the first go to the second, and the first is removed.

    Raises CatalogueError for a character and itself.
    """
    if character.id == into.id:
        raise CatalogueError(f"{into.name} cannot be merged with itself. Choose two characters.")
    with transaction(project) as tx:
        write_merge(tx, character.id, into.id)
        change = tx.record(f"{character.name} merged into {into.name}")
    return _change(project.catalogue, change)


def write_merge(tx: Transaction, old: int, new: int) -> None:
    """All pictures and faces of one character go to another one, and the first is removed. Of the faces themselves
    nobody decided anything: a detector looks again where it would have before."""
    for table in ("pictures", "faces"):
        for row_id in row_ids(tx, table, old):
            tx.edit(Edit(table, row_id, {"character_id": new}, decides=False))
    _carry_over_negatives(tx, old, new)
    tx.edit(Edit("characters", old, {"state": CharacterState.REMOVED}, told={MERGED_INTO: new}))


def split(project: Project, character: Character, faces: Sequence[Face], into: str) -> Change | None:
    """Give some faces of a character to another one, which is added where it is new.

    A picture goes with its faces where none of them stays. Raises CatalogueError for faces of somebody else.
    """
    foreign = [face.id for face in faces if face.character_id != character.id]
    if foreign:
        raise CatalogueError(f"Face {foreign[0]} is not one of {character.name}. Choose faces of {character.name}.")
    chosen = {face.id for face in faces}
    live = project.catalogue.faces(
        picture_id={f.picture_id for f in faces}, state=LIVE_FACES, character_id=character.id, copy_of=None
    )
    staying = {f.picture_id for f in live if f.id not in chosen}
    acts = Acts()
    acts.relabel(faces, into)
    following = sorted({f.picture_id for f in faces} - staying)

    def pictures_too(tx: Transaction) -> None:
        to = tx.add_character(into).id
        for picture in project.catalogue.pictures(ids=following, character_id=character.id):
            tx.edit(Edit("pictures", picture.id, {"character_id": to}))

    words = f"{len(faces)} of {character.name} split off as {into}"
    return decide(project, words, acts, also=pictures_too).change


def delete(project: Project, character: Character) -> Change | None:
    """Remove a character with its pictures and faces; their files go to the bin."""
    with transaction(project) as tx:
        write_deletion(tx, character)
        change = tx.record(f"{character.name} deleted")
    return _change(project.catalogue, change)


def write_deletion(tx: Transaction, character: Character) -> None:
    """The character, its pictures and its faces are removed; their files go to the bin."""
    why = f"{character.name} deleted"
    for face_id in row_ids(tx, "faces", character.id, state=(*LIVE_FACES, FaceState.REJECTED)):
        tx.edit(Edit("faces", face_id, {"state": FaceState.REMOVED, "reason": why}))
    for picture_id in row_ids(
        tx, "pictures", character.id, state=[s for s in PictureState if s != PictureState.REMOVED]
    ):
        path = _path_of(tx, picture_id)
        aside = {"path": f"bin/{path}"} if path and not path.startswith("bin/") else {}
        tx.edit(Edit("pictures", picture_id, {"state": PictureState.REMOVED, "reason": why} | aside))
    tx.edit(Edit("characters", character.id, {"state": CharacterState.REMOVED}))


def name_faces(
    project: Project,
    named: Mapping[str, Sequence[Face]],
    *,
    wrong: Mapping[str, Sequence[Face]] | None = None,
    ignored: Sequence[Face] = (),
) -> Change | None:
    """Say whose many faces are, whose some are not, and which show nobody of this cast: one change, and one undo.

    A name that is new becomes a character. Named faces are kept, and a picture that was nobody's goes with its faces
    where all of them are one character's. `wrong` (name -> faces) is remembered: they are never proposed for that
    character again. Raises CatalogueError for a name that is empty, or is in `wrong` and no character's.
    """
    named = {checked_name(name): list(faces) for name, faces in named.items() if faces}
    denied = {checked_name(name): list(faces) for name, faces in (wrong or {}).items() if faces}
    for name in denied.keys() - named.keys():
        project.catalogue.character(name)
    acts = Acts()
    for name, faces in named.items():
        acts.relabel(faces, name)
        acts.ignore(faces, False)
    acts.ignore(ignored)

    def also(tx: Transaction) -> None:
        for said, is_not in ((named, False), (denied, True)):
            for name, faces in said.items():
                _say(tx, faces, tx.add_character(name).id, is_not)
        for picture_id, owner in _now_of_one(tx, {f.picture_id for faces in named.values() for f in faces}).items():
            tx.edit(Edit("pictures", picture_id, {"character_id": owner}))

    return decide(project, _in_words(named, denied, ignored), acts, settle=bool(named), also=also).change


def ignore(project: Project, faces: Sequence[Face], ignored: bool = True) -> Change | None:
    """Say that faces show nobody of this cast, so that nothing asks about them again; or take that back.

    Faces that are somebody's are nobody's from then on.
    """
    acts = Acts()
    named = [face for face in faces if face.character_id is not None]
    if ignored and named:
        acts.relabel(named, None)
    acts.ignore(faces, ignored)
    words = "not in the cast" if ignored else "looked at again"
    return decide(project, f"{len(faces)} {'face' if len(faces) == 1 else 'faces'}: {words}", acts, settle=False).change


def say_not(project: Project, face: Face, character: Character) -> Change | None:
    """Say that a face is not that character."""
    acts = Acts()
    acts.say_not(face, character)
    return decide(project, f"face {face.id} is not {character.name}", acts, settle=False).change


def _say(tx: Transaction, faces: Sequence[Face], character_id: int, is_not: bool) -> None:
    """Write that faces are not a character, or take that back where it was said."""
    query = select(t.faces.c.id, t.faces.c.negatives).where(one_of(t.faces.c.id, [face.id for face in faces]))
    for face_id, negatives in tx.db.execute(query).all():
        after = sorted({*negatives, character_id} if is_not else {*negatives} - {character_id})
        if after != sorted(negatives):
            tx.edit(Edit("faces", face_id, {"negatives": after}))


def _now_of_one(tx: Transaction, picture_ids: Iterable[int]) -> dict[int, int]:
    """Of these pictures those that were nobody's and whose faces are all one character's by now, and whose."""
    faces, pictures = t.faces.c, t.pictures.c
    query = select(faces.picture_id, faces.character_id).join(t.pictures, pictures.id == faces.picture_id)
    query = query.where(pictures.character_id.is_(None), one_of(faces.picture_id, sorted(picture_ids)))
    query = query.where(faces.state.in_(LIVE_FACES), faces.ignored.is_(False), faces.copy_of.is_(None))
    owners: dict[int, set[int | None]] = {}
    for picture_id, owner in tx.db.execute(query).all():
        owners.setdefault(picture_id, set()).add(owner)
    return {p: owner for p, (owner, *more) in owners.items() if not more and owner is not None}


def _in_words(
    named: Mapping[str, Sequence[Face]], denied: Mapping[str, Sequence[Face]], ignored: Sequence[Face]
) -> str:
    parts = [f"{_faces(len(faces))} named {name}" for name, faces in named.items()]
    parts += [f"{_faces(len(faces))} not {name}" for name, faces in denied.items()]
    parts += [f"{_faces(len(ignored))}: not in the cast"] if ignored else []
    return ", ".join(parts[:3]) + (f" and {len(parts) - 3} more" if len(parts) > 3 else "")


def _faces(n: int) -> str:
    return "a face" if n == 1 else f"{n} faces"


def unname(project: Project, faces: Sequence[Face]) -> Change | None:
    """Take the names of faces away: they are nobody's until somebody says whose they are."""
    acts = Acts()
    acts.relabel(faces, None)
    return decide(project, f"{len(faces)} {'face' if len(faces) == 1 else 'faces'} unnamed", acts).change


def _path_of(tx: Transaction, picture_id: int) -> str:
    """The path of a picture."""
    return str(tx.db.execute(select(t.pictures.c.path).where(t.pictures.c.id == picture_id)).scalar_one())


def _change(catalogue: Catalogue, change_id: int | None) -> Change | None:
    return None if change_id is None else catalogue.change_by_id(change_id)


def _named(tx: Transaction, name: str) -> list[Character]:
    rows = tx.db.execute(select(t.characters).where(t.characters.c.name == name)).mappings()
    return [Character(**row) for row in rows]


def _new_slug(tx: Transaction, character: Character, name: str) -> str:
    """The folder for a new name; the old one where they differ in nothing but case."""
    others = tx.db.execute(select(t.characters.c.slug).where(t.characters.c.id != character.id)).scalars()
    new = slug(name, {s.casefold() for s in others} | {UNNAMED})
    return character.slug if new.casefold() == character.slug.casefold() else new


def _carry_over_negatives(tx: Transaction, old: int, new: int) -> None:
    """Whoever is not the one is not the other either, now that they are one."""
    for row_id, negatives in tx.db.execute(select(t.faces.c.id, t.faces.c.negatives)).all():
        if old in (negatives or ()):
            tx.edit(Edit("faces", row_id, {"negatives": sorted({*negatives, new} - {old})}, decides=False))


def row_ids(tx: Transaction, table: str, character_id: int, state: Iterable[str] = ()) -> list[int]:
    """Ids of a character's pictures or faces, in some states or in all."""
    columns = t.BY_NAME[table].c
    query = select(columns.id).where(columns.character_id == character_id).order_by(columns.id)
    if state:
        query = query.where(columns.state.in_(list(state)))
    return list(tx.db.execute(query).scalars())
