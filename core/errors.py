"""The errors a user can meet. Each message names the value, what is allowed and what to do next.

WhoAmIError
├── PictureError          a file that cannot be read as a picture
├── WorkspaceError        a workspace or a name in it that does not exist, or exists already
├── CatalogueError        the catalogue and the folders disagree, or a change came too late
├── DetectorError         no detector can be had, or its file is broken
├── EncoderError          no encoder can be had, or its file is broken
├── DataError             too few faces, characters or pictures for what was asked
├── SourceError           a source of pictures found nothing or broke; it says which and why
└── Cancelled             somebody asked for the work to stop; what was done so far is kept
"""


class WhoAmIError(Exception):
    """Root of all errors that are told to a user in words."""


class PictureError(WhoAmIError):
    """A file that cannot be read as a picture: not an image, too large, truncated."""


class WorkspaceError(WhoAmIError):
    """A workspace, or a name in it, that does not exist, exists already or is not allowed."""


class CatalogueError(WhoAmIError):
    """The catalogue and the folders disagree, or a change was based on what is no longer so."""


class DetectorError(WhoAmIError):
    """No face detector can be had, or its file is broken."""


class EncoderError(WhoAmIError):
    """No face encoder can be had, or its file is broken."""


class DataError(WhoAmIError):
    """Too few faces, characters or pictures for what was asked."""


class ConfirmationNeeded(DataError):
    """Something that is allowed but hardly ever meant; nothing was changed, and it is done where it is confirmed."""


class SourceError(WhoAmIError):
    """A source of pictures that found nothing or broke."""


class Cancelled(WhoAmIError):
    """Somebody asked for the work to stop."""
