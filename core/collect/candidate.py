"""From something found to a candidate: its bytes got, read safely, measured and hashed; in many threads at once."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from core.collect.download import Downloader, Refusal
from core.collect.source import Loaded, SearchHit
from core.collect.staging import Staging
from core.errors import Cancelled, PictureError, SourceError, WorkspaceError
from core.failures import explain
from core.imaging.hashes import perceptual, sha256
from core.imaging.reading import encode_jpeg, extension, read_with_note
from core.workspace.folders import slug
from core.workspace.states import FetchOutcome, Kind

LONGEST_STEM = 60
SOURCE_ID = re.compile(r"([0-9a-f]{6,})(?:_p?\d{1,3})?")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A picture that can be read; its file lies in `incoming`. sha256 is of the bytes as they came.

    `note`: what is not as it should be though the picture can be used; it stands in the journal.
    """

    found: SearchHit
    sha256: str
    phash: int
    width: int
    height: int
    stem: str
    extension: str
    file_sha256: str
    note: str = ""


def prepare(
    found: SearchHit, staging: Staging, downloader: Downloader | None, *, min_side: int, kind: str = Kind.PICTURE
) -> Candidate | Refusal:
    """Get the bytes (from an earlier run, the source itself, or the network) and look at them.

    A face is stored as JPEG; a picture as it came. Every reason not to take it is a Refusal in words.
    """
    try:
        if found.load is not None:
            loaded = found.load()
            data = loaded.data if isinstance(loaded, Loaded) else loaded
            found = replace(found, faces=loaded.faces, **loaded.about) if isinstance(loaded, Loaded) else found
        else:
            data = staging.get(found.key)
        if data is None:
            if downloader is None:
                return Refusal(found.key, "nothing may be fetched from the network here")
            got = downloader.picture(found.picture_url, referer=found.page_url)
            if isinstance(got, Refusal):
                return got
            data = got.data
            _stage(staging, found.key, data)
        rgb, note = read_with_note(data, name=found.name or "it")
        height, width = rgb.shape[:2]
        if min(height, width) < min_side:
            reason = f"it is too small: {width} x {height} pixels, where {min_side} on the shorter side are asked"
            return Refusal(found.key, reason)
        digest, suffix = sha256(data), extension(data)
        if kind == Kind.FACE and suffix != ".jpg":
            data, suffix = encode_jpeg(rgb), ".jpg"
            _stage(staging, found.key, data)
        elif found.load is not None:
            _stage(staging, found.key, data)
        file_digest = digest if suffix != ".jpg" or kind != Kind.FACE else sha256(data)
        return Candidate(found, digest, perceptual(rgb), width, height, stem_of(found), suffix, file_digest, note)
    except PictureError as error:
        return Refusal(found.key, str(error))
    except (Cancelled, SourceError, WorkspaceError):
        raise
    except MemoryError:
        return Refusal(found.key, "there was not enough memory to read it", FetchOutcome.FAILED)
    except Exception as error:
        # One hostile file must not end a run of thousands, now and at every resume; what it did stands in the journal.
        return Refusal(found.key, f"it cannot be read ({type(error).__name__}: {error})"[:300])


def _stage(staging: Staging, key: str, data: bytes) -> None:
    """Keep bytes. Raises WorkspaceError, which ends the run, where the workspace cannot be written: that is no fault of
    the picture's, and it must be tried again."""
    try:
        staging.put(key, data)
    except OSError as error:
        raise WorkspaceError(explain(error)) from error


def stem_of(found: SearchHit) -> str:
    """A safe file name without extension: the one the source gives, else the last part of the address."""
    name = found.name or unquote(PurePosixPath(urlsplit(found.picture_url).path).name)
    stem = name.rsplit(".", 1)[0] if "." in name[1:] else name
    return slug(stem[: LONGEST_STEM * 4])[:LONGEST_STEM].strip("_") or "picture"


def group_of(name: str) -> str:
    """The source picture's id where a file is named after one, so that its faces stay on one side of a split; else "".

    An id is a number of at least six digits that count, or at least six hex digits with two digits and two letters
    among them; `_1` or `_p0` behind it is the face's or the page's number. `01668e06f79ab755.jpg` is one and stands
    under several characters; `001`, `000123`, `cards-zun` and `name_01` are none.

    >>> group_of("01668e06f79ab755_2.jpg"), group_of("000123.jpg"), group_of("facade.png")
    ('id:01668e06f79ab755', '', '')
    """
    match = SOURCE_ID.fullmatch(PurePosixPath(name).name.split(".")[0].lower())
    if not match:
        return ""
    stem = match[1]
    digits = sum(c.isdigit() for c in stem)
    an_id = int(stem) >= 100_000 if stem.isdigit() else min(digits, len(stem) - digits) >= 2
    return f"id:{stem}" if an_id else ""
