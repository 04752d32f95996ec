"""What bytes are, by their first ones: a server's word and a file's extension are not trusted."""

from __future__ import annotations

ENOUGH = 64
"""So many first bytes are enough to tell."""

PICTURES = {"JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF"}
"""What core.imaging.reading reads."""

_MAGIC = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a zip"),
    (b"\x1f\x8b", "gzip"),
    (b"\x1a\x45\xdf\xa3", "a video"),
    (b"OggS", "a video"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"8BPS", "a Photoshop file"),
    (b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (b"\xff\x0a", "JPEG XL"),
)


def kind(head: bytes) -> str:
    """JPEG, PNG, ... for what can be read; words such as `a web page` for what cannot.

    >>> kind(b"<!doctype html><title>404</title>")
    'a web page'
    """
    if not head:
        return "nothing"
    if head[:4] == b"RIFF":
        return "WEBP" if head[8:12] == b"WEBP" else "a video"
    if head[4:8] == b"ftyp":
        return {b"avif": "AVIF", b"avis": "AVIF", b"heic": "HEIC", b"mif1": "HEIC"}.get(head[8:12], "a video")
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith(b"<svg") or (text.startswith(b"<?xml") and b"<svg" in text):
        return "an SVG drawing"
    if text.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<!--", b"<script", b"<?xml", b"<")):
        return "a web page"
    if text.startswith((b"{", b"[")):
        return "JSON"
    return "text" if all(b in b"\t\r\n" or 32 <= b < 127 for b in head) else "something else"
