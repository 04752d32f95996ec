"""What bytes are, by their first ones: a server's word and a file's extension are not trusted."""

from __future__ import annotations

ENOUGH = 64
"""So many first bytes are enough to tell a picture."""

PICTURES = frozenset({"JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "HEIC"})
"""What core.imaging.reading reads."""

ENDINGS = ("jpg", "jpeg", "jpe", "jfif", "png", "apng", "webp", "gif", "bmp", "tif", "tiff", "avif", "heic", "heif")
"""How files of these are usually called: what a file dialogue offers. What is read is decided by the content."""

UNREAD = frozenset(
    {
        *("JPEG XL", "JPEG 2000", "a Photoshop file", "a GIMP file", "an OpenEXR picture", "a Radiance picture"),
        *("a QOI picture", "a texture", "an icon", "an SVG drawing", "a camera's raw file"),
    }
)
"""Pictures of other kinds, each told with what to do."""

PICTURE_ENDINGS = frozenset((*ENDINGS, "dib", "jxl", "jp2", "psd"))
"""How pictures of either sort are usually called."""

ARCHIVES = frozenset({"a zip", "a 7z archive", "a RAR archive", "a tar archive", "a compressed archive"})

_AVIF = frozenset({b"avif", b"avis"})
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"})

_MAGIC = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),
    (b"MM\x00+", "TIFF"),
    (b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"8BPS", "a Photoshop file"),
    (b"gimp xcf", "a GIMP file"),
    (b"\x76\x2f\x31\x01", "an OpenEXR picture"),
    (b"#?RADIANCE", "a Radiance picture"),
    (b"qoif", "a QOI picture"),
    (b"DDS ", "a texture"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a zip"),
    (b"PK\x05\x06", "a zip"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"BZh", "a compressed archive"),
    (b"\xfd7zXZ\x00", "a compressed archive"),
    (b"\x28\xb5\x2f\xfd", "a compressed archive"),
    (b"MSCF", "a compressed archive"),
    (b"\x1a\x45\xdf\xa3", "a video"),
    (b"OggS", "a video"),
    (b"FLV\x01", "a video"),
    (b"\x00\x00\x01\xba", "a video"),
    (b"\x30\x26\xb2\x75", "a video"),
    (b"SQLite format 3\x00", "a database"),
    (b"ID3", "sound"),
    (b"fLaC", "sound"),
)

_BMP_HEADERS = frozenset(size.to_bytes(4, "little") for size in (12, 16, 40, 52, 56, 64, 108, 124))
"""The sizes of its second header: a caption that begins with `BMO` is text."""

_TO_DO = {
    "JPEG XL": "Save it as PNG or JPEG first, for example with `djxl in.jxl out.png`.",
    "JPEG 2000": "Save it as PNG or JPEG first.",
    "a Photoshop file": "Export it as PNG first.",
    "a GIMP file": "Export it as PNG first.",
    "an SVG drawing": "Export it as PNG first.",
    "a PDF": "Save its pages as PNG first.",
    "a video": "Import it by itself, or ask `timeline` who appears in it.",
    "a zip": "Import it by itself.",
    "a 7z archive": "Unpack it and import the folder.",
    "a RAR archive": "Unpack it and import the folder.",
    "a tar archive": "Unpack it and import the folder.",
    "a compressed archive": "Unpack it and import the folder.",
    "a web page": "Save the picture itself, not the page around it.",
}


def kind(head: bytes) -> str:
    """JPEG, PNG, ... for what can be read; words such as `a web page` for what cannot. 64 bytes tell pictures, 512 all.

    >>> kind(b"<!doctype html><title>404</title>")
    'a web page'
    """
    if not head:
        return "nothing"
    if head[:4] == b"RIFF":
        return "WEBP" if head[8:12] == b"WEBP" else "sound" if head[8:12] == b"WAVE" else "a video"
    if head[4:8] == b"ftyp":
        return _by_brands(head)
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    if head.startswith(b"BM") and head[14:18] in _BMP_HEADERS:
        return "BMP"
    if head[257:262] == b"ustar":
        return "a tar archive"
    if head[2:5] == b"-lh" and head[6:7] == b"-":
        return "a compressed archive"
    return _text(head)


def what_to_do(what: str) -> str:
    """What helps with a kind that is not read: a sentence; for most the formats that are read."""
    return _TO_DO.get(what, f"What is read is {', '.join(sorted(PICTURES))}.")


def is_picture(head: bytes) -> bool:
    """Whether the first bytes are those of a picture that is read."""
    return kind(head) in PICTURES


def seems_a_picture(name: str, head: bytes) -> bool:
    """Whether a file is taken for a picture: by its first bytes, or by its ending, so that one that is damaged or
    of a kind that is not read is told.

    >>> seems_a_picture("a.jxl", b""), seems_a_picture("a.txt", b"RIFF....WEBP"), seems_a_picture("a.txt", b"hello")
    (True, True, False)
    """
    return name.rpartition(".")[2].lower() in PICTURE_ENDINGS or kind(head) in PICTURES | UNREAD


def is_asked(name: str, head: bytes) -> bool:
    """Whether a file among many is asked about: one that seems a picture, and one that may hold pictures, so that it is
    told that these are asked about by themselves."""
    return seems_a_picture(name, head) or kind(head) in ARCHIVES | {"a video"}


def is_side_file(what: str) -> bool:
    """Whether a kind is what tools lay beside pictures: captions, tags, metadata."""
    return what in ("text", "JSON", "nothing", "a web page", "a database")


def _by_brands(head: bytes) -> str:
    """Of an ISO media file: the brands in its first box say what it is; the major one alone is often only `mif1`."""
    size = min(max(int.from_bytes(head[:4], "big"), 16), len(head))
    brands = {head[8:12]} | {head[i : i + 4] for i in range(16, size - 3, 4)}
    if brands & _AVIF:
        return "AVIF"
    if head[8:12] in (b"crx ",):
        return "a camera's raw file"
    return "HEIC" if brands & _HEIC else "a video"


def _text(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith(b"<svg") or (text.startswith(b"<?xml") and b"<svg" in text):
        return "an SVG drawing"
    if text.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<!--", b"<script", b"<?xml", b"<")):
        return "a web page"
    if text.startswith((b"{", b"[")):
        return "JSON"
    decoded = _utf8(head)
    return "text" if decoded and all(c in "\t\r\n\x0c" or c >= " " for c in decoded) else "something else"


def _utf8(head: bytes) -> str:
    """The first bytes as UTF-8, where the last character may be cut in two; "" where they are something else."""
    for cut in range(min(4, len(head))):
        try:
            return head[: len(head) - cut].decode("utf-8")
        except UnicodeDecodeError:
            continue
    return ""
