"""How far a workspace has come: for each of the six steps what there is, and which step to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, select

from core.errors import EncoderError
from core.workspace import tables as t
from core.workspace.catalogue import Catalogue
from core.workspace.models import SHIPPED, encoder_in_use, finished_runs
from core.workspace.project import Project
from core.workspace.staleness import Freshness, freshness
from core.workspace.states import LIVE_FACES, FaceState, Kind, Part, PictureState, ReviewState

TODO, OPEN, STALE, DONE = "todo", "open", "stale", "done"

_NOT_LOOKED_AT = {"kind": Kind.PICTURE, "state": PictureState.KEPT, "review": ReviewState.NEW}

ENOUGH = 4
"""Faces that a character needs before a training makes sense: one to ask with and a few to learn from."""
LEFT_UNNAMED = 0.05
"""The share of the faces that may stay without a name: those that nobody can tell must not hold up the rest."""


@dataclass(frozen=True, slots=True)
class StepState:
    """One step: state is todo, open (something waits for a person), stale or done; what there is; what to do."""

    step: str
    state: str
    text: str
    advice: str = ""


def overview(project: Project) -> tuple[StepState, ...]:
    """The six steps in order. Nothing is computed but counts and fingerprints, and that once for a state of the
    catalogue and of the runs: quick enough for every page load."""
    runs, used = finished_runs(project.workspace), _encoder(project)
    return project.catalogue.remembered(("overview", len(runs), used), lambda: _overview(project, len(runs), used))


def _overview(project: Project, runs: int, used: str | None) -> tuple[StepState, ...]:
    """runs: how many are finished; used: the encoder in use."""
    return (
        _collect(project.catalogue),
        _crop(project.catalogue),
        _balance(project.catalogue),
        _train(project.catalogue, runs, used),
        _visualise(project.catalogue, used),
        _recognise(project.catalogue, used),
    )


def next_step(states: Sequence[StepState]) -> StepState:
    """The step to do next: the first that is not done. Looking at the map is never in the way; recognising is last."""
    needed = [s for s in states if s.step != "visualise"]
    return next((s for s in needed if s.state in (TODO, STALE)), needed[-1])


def next_page(project: Project, states: Sequence[StepState]) -> StepState:
    """Where to go next: the next step, or `characters` where too many faces have no name for it yet."""
    following = next_step(states)
    if following.step == "collect" or project.catalogue.counts("pictures", "review", **_NOT_LOOKED_AT):
        return following
    if not _names_are_wanted(project.catalogue):
        return following
    waiting = _n(unnamed(project.catalogue), "face")
    return StepState("characters", OPEN, f"{waiting} without a name", "Say who they are.")


def unnamed(catalogue: Catalogue) -> int:
    """Faces that wait for a name: found, nobody's, and not said to be out of the cast."""
    waiting = catalogue.counts("faces", state=LIVE_FACES, character_id=None, ignored=False, copy_of=None)
    return sum(waiting.values())


def _names_are_wanted(catalogue: Catalogue) -> bool:
    """Whether more faces have no name than may be left so."""
    found = sum(catalogue.counts("faces", state=LIVE_FACES, copy_of=None).values())
    return unnamed(catalogue) > LEFT_UNNAMED * found


def _collect(catalogue: Catalogue) -> StepState:
    characters = len(catalogue.characters())
    states = catalogue.counts("pictures", "state")
    kept = states.get(PictureState.KEPT, 0)
    if not kept:
        wanted = f"{_n(characters, 'character')} on the list, no picture yet" if characters else "no picture yet"
        return StepState("collect", TODO, wanted, "Bring pictures in.")
    faces = catalogue.counts("pictures", "kind", state=PictureState.KEPT).get(Kind.FACE, 0)
    parts = [_n(kept - faces, "picture")] if kept > faces else []
    parts += [_n(faces, "cut-out face")] if faces else []
    text = " and ".join(parts) + _of_whom(kept, _of_nobody(catalogue), _n(characters, "character"))
    aside = sum(states.values()) - kept
    return StepState("collect", DONE, text + (f", {aside:,} set aside" if aside else ""))


def _of_whom(kept: int, nobody: int, characters: str) -> str:
    if nobody == 0:
        return f" of {characters}"
    if nobody == kept:
        return " without a character yet"
    return f": {kept - nobody:,} of {characters}, {nobody:,} of nobody yet"


def _of_nobody(catalogue: Catalogue) -> int:
    """Kept pictures that are nobody's, and on which no face is anybody's."""
    pictures, faces = t.pictures.c, t.faces.c
    named = exists().where(faces.picture_id == pictures.id, faces.character_id.is_not(None))
    named = named.where(faces.state.in_(LIVE_FACES))
    query = select(func.count()).where(pictures.state == PictureState.KEPT, pictures.character_id.is_(None), ~named)
    with catalogue.reading() as db:
        return int(db.execute(query).scalar_one())


def _crop(catalogue: Catalogue) -> StepState:
    kept = _originals(catalogue)
    review = catalogue.counts("pictures", "review", kind=Kind.PICTURE, state=PictureState.KEPT)
    new, look = review.get(ReviewState.NEW, 0), review.get(ReviewState.LOOK, 0) + review.get(ReviewState.NOTHING, 0)
    of_each = catalogue.counts("faces", state=FaceState.KEPT, copy_of=None)
    enough = sum(n >= ENOUGH for owner, n in of_each.items() if owner is not None) >= 2
    enough = enough or _names_are_wanted(catalogue)  # then it is not faces that are missing
    faces = _n(kept, "face")
    if new:
        return StepState(
            "crop", TODO, f"{faces}, {_n(new, 'picture')} not looked at", "Find the faces on the pictures."
        )
    if not kept and not look:
        return StepState("crop", TODO, "no face yet", "Find the faces on the pictures.")
    if look:
        text = f"{faces}, {_n(look, 'picture')} to check"
        return StepState("crop", OPEN if enough else TODO, text, "Check what was found.")
    return StepState("crop", DONE if enough else TODO, faces, "" if enough else "More faces are needed.")


def _balance(catalogue: Catalogue) -> StepState:
    state = freshness(catalogue, "balance")
    if state.missing:
        return StepState("balance", TODO, "not divided yet", "Divide the faces into training and validation.")
    parts = catalogue.counts("faces", "split", state=FaceState.KEPT, copy_of=None)
    copies = sum(catalogue.counts("faces", state=FaceState.KEPT).values()) - _originals(catalogue)
    text = f"{parts.get(Part.TRAIN, 0):,} training faces, {parts.get(Part.VALIDATION, 0):,} validation faces"
    text += f", {_n(copies, 'copy', 'copies')}" if copies else ""
    return _made("balance", state, text, "The faces have changed since: divide them again.")


def _train(catalogue: Catalogue, runs: int, used: str | None) -> StepState:
    if used is None:
        return StepState("train", TODO, "no encoder yet", "Train an encoder.")
    if not runs:
        return StepState("train", TODO, "the shipped encoder is in use", "Train an encoder on your characters.")
    text = f"{_n(runs, 'run')}, in use: {'the shipped encoder' if used == SHIPPED else used}"
    if not catalogue.counts("faces", "split", state=FaceState.KEPT).get(Part.TRAIN):
        return StepState("train", TODO, text, "To train again, divide the faces first.")
    return _made("train", freshness(catalogue, "run"), text, "The faces have changed since: train again.")


def _visualise(catalogue: Catalogue, used: str | None) -> StepState:
    state = freshness(catalogue, "map")
    if state.result is None:
        return StepState("visualise", TODO, "no map yet", "Look at the faces as a map.")
    if state.result.detail.get("encoder") != used:
        return StepState("visualise", STALE, "a map is there", "Another encoder is in use since: draw it again.")
    return _made("visualise", state, "a map is there", "The faces have changed since: draw it again.")


def _encoder(project: Project) -> str | None:
    """The encoder in use; None where there is none."""
    try:
        return encoder_in_use(project).name
    except EncoderError:
        return None


def _recognise(catalogue: Catalogue, used: str | None) -> StepState:
    state = freshness(catalogue, "gallery")
    enrolled = catalogue.counts("faces", state=FaceState.KEPT, copy_of=None, enrolled=True)
    if not enrolled:
        return StepState("recognise", TODO, "nobody enrolled yet", "Enrol the characters, then drop a picture.")
    if used is None:
        return StepState("recognise", TODO, f"{_n(len(enrolled), 'character')} enrolled", "Train an encoder first.")
    return _made(
        "recognise", state, f"{_n(len(enrolled), 'character')} enrolled", "The faces have changed since: enrol again."
    )


def _made(step: str, state: Freshness, text: str, advice: str) -> StepState:
    return StepState(step, STALE, text, advice) if state.stale else StepState(step, DONE, text)


def _originals(catalogue: Catalogue) -> int:
    return sum(catalogue.counts("faces", state=FaceState.KEPT, copy_of=None).values())


def _n(n: int, noun: str, plural: str = "") -> str:
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"
