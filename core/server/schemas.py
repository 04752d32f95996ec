"""What goes over the wire, as OpenAPI shows it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _no_flag(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("a number is needed here, not true or false")
    return value


def _no_number(value: object) -> object:
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise ValueError("true or false is needed here, not a number")
    return value


Number = BeforeValidator(_no_flag)
"""JSON's `true` is no 1; what a form sends as text is read as a number."""
Flag = Annotated[bool, BeforeValidator(_no_number)]
"""JSON's 1 is no `true`; what a form sends as text, also as `1`, is."""
Name = Annotated[str, Field(min_length=1, max_length=200)]
Base64 = Annotated[str, Field(description="a picture file as base64, also wrapped in lines or as a `data:` URL")]


class Strict(BaseModel):
    """Unknown fields are refused: a misspelt option must not be passed over in silence."""

    model_config = ConfigDict(extra="forbid")


class NamedPicture(Strict):
    """A picture of a JSON request."""

    name: str = Field("", max_length=500, description="comes back in the answer")
    data: Base64


class WithPictures(Strict):
    """A request that brings pictures."""

    pictures: list[NamedPicture] = Field(min_length=1)


class RecogniseRequest(WithPictures):
    """Pictures to be recognised."""

    faces: Flag = Field(False, description="the pictures are face crops already")
    shipped_cast: Flag = Field(
        False,
        description="say in `looks_like` whom of the characters that come with the app an unknown face looks like, "
        "even where nobody is enrolled; the verdict stays unknown",
    )


class DetectRequest(WithPictures):
    """Pictures on which faces are looked for. `min_score`: lower finds more."""

    min_score: Annotated[float | None, Number] = Field(None, ge=0, le=1)


class EnrolRequest(WithPictures):
    """Pictures of one character, one face on each, or face crops."""

    character: Name


class Correction(Strict):
    """What is true of a face: one of the workspace by its id, or a crop as `picture`.

    `relabel` needs a character, known or new, and `not_this` a known one; `not_in_cast`: nobody whom this workspace
    knows; `not_a_face` and `reject`: it is no face. A `picture` can be corrected by the actions that begin with `not_`.
    """

    face: Annotated[int | None, Number] = Field(None, ge=1, le=2**53)
    picture: Base64 | None = None
    action: Literal["relabel", "reject", "keep", "not_this", "not_in_cast", "not_a_face"]
    character: Name | None = None
    reason: str = Field("", max_length=200)


class Problem(BaseModel):
    """Why a request was not done, in words."""

    detail: str


class Health(BaseModel):
    """Whether the server answers, and with what."""

    status: str
    workspace: str
    version: str
    ready: bool = Field(
        description="whether recognise can answer: the catalogue is in its place, and somebody is enrolled"
    )


class CharacterInfo(BaseModel):
    """A character of the workspace."""

    id: int
    name: str
    series: str
    faces: int = Field(description="kept faces, balancing copies aside")


class Done(BaseModel):
    """What a correction or an enrolment did; `undo` takes it back."""

    action: str
    faces: list[int] = []


class FoundFaces(BaseModel):
    """The faces on one picture; `error` says why it could not be read."""

    model_config = ConfigDict(extra="allow")

    picture: str
    faces: list[dict[str, object]]
    error: str | None = None
