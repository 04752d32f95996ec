"""Face regions in XMP as the Metadata Working Group defines them: how photo programs keep names on faces.

Source: MWG, "Guidelines for Handling Image Metadata", 2.0, chapter 5. A region has a centre and a size as shares of the
stored picture, that is before it is turned as EXIF says; here they become shares of the picture as it is shown.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element  # the type alone: what parses is defusedxml
from xml.sax.saxutils import quoteattr

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from core.imaging.names import true_name
from core.imaging.text import decode_text

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
MWG = "http://www.metadataworkinggroup.com/schemas/regions/"
DIM = "http://ns.adobe.com/xap/1.0/sType/Dimensions#"
AREA = "http://ns.adobe.com/xmp/sType/Area#"
ASPECT = 0.02
"""Shapes that differ by more, relatively, are not the same picture: it was cut since."""
MOST = 1000
"""Regions read of one picture."""


@dataclass(frozen=True, slots=True)
class Region:
    """A face's centre (x, y) and size (w, h) as shares of the picture, 0 to 1, and whose it is ("": not said)."""

    x: float
    y: float
    w: float
    h: float
    name: str = ""


def turned(region: Region, orientation: int, *, back: bool = False) -> Region:
    """A region of the stored picture on the picture as it is shown (EXIF orientation 1 to 8); `back`: the other way.

    >>> turned(Region(0.25, 0.125, 0.5, 0.25, "Rei"), 6)
    Region(x=0.875, y=0.25, w=0.25, h=0.5, name='Rei')
    """
    x, y = region.x, region.y
    if back:
        orientation = {6: 8, 8: 6}.get(orientation, orientation)
    places = {2: (1 - x, y), 3: (1 - x, 1 - y), 4: (x, 1 - y)}
    places |= {5: (y, x), 6: (1 - y, x), 7: (1 - y, 1 - x), 8: (y, 1 - x)}
    x, y = places.get(orientation, (x, y))
    w, h = (region.h, region.w) if orientation in (5, 6, 7, 8) else (region.w, region.h)
    return Region(x, y, w, h, region.name)


def regions_xmp(regions: Iterable[Region], width: int, height: int, orientation: int = 1) -> bytes:
    """An XMP packet with the faces of a picture that is shown as width x height pixels."""
    stored = (height, width) if orientation in (5, 6, 7, 8) else (width, height)
    items = "".join(_item(turned(region, orientation, back=True)) for region in regions)
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{RDF}"><rdf:Description rdf:about="" '
        f'xmlns:mwg-rs="{MWG}" xmlns:stDim="{DIM}" xmlns:stArea="{AREA}"><mwg-rs:Regions rdf:parseType="Resource">'
        f'<mwg-rs:AppliedToDimensions stDim:w="{stored[0]}" stDim:h="{stored[1]}" stDim:unit="pixel"/>'
        f"<mwg-rs:RegionList><rdf:Bag>{items}</rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions></rdf:Description>"
        '</rdf:RDF></x:xmpmeta>\n<?xpacket end="w"?>'
    ).encode()


def read_regions(xmp: bytes, width: int, height: int, orientation: int = 1) -> list[Region]:
    """The faces in an XMP packet, for a picture that is shown as width x height pixels; [] where there are none.

    Damaged packets, regions of other kinds, and those of a picture of another shape are passed over.
    """
    try:
        root = fromstring(decode_text(xmp).strip("\0 \r\n\t"))
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return []
    found = []
    for regions in root.iter(f"{{{MWG}}}Regions"):
        applied = _numbers(next(regions.iter(f"{{{MWG}}}AppliedToDimensions"), None), DIM, "wh")
        items = [item for bag in regions.iter(f"{{{MWG}}}RegionList") for item in bag.iter(f"{{{RDF}}}li")]
        for item in items[:MOST]:
            region = _region(item, applied)
            if region is not None and (shown := _shown(region, applied, width, height, orientation)) is not None:
                found.append(shown)
    return found


def _shown(region: Region, applied: Sequence[float] | None, width: int, height: int, orientation: int) -> Region | None:
    stored = (height, width) if orientation in (5, 6, 7, 8) else (width, height)
    if applied is None or _alike(applied, stored):
        return turned(region, orientation)
    # Some programs write what they show.
    return region if _alike(applied, (width, height)) else None


def _alike(one: Sequence[float], other: Sequence[float]) -> bool:
    return abs(one[0] * other[1] - one[1] * other[0]) <= ASPECT * one[1] * other[0]


def _item(region: Region) -> str:
    name = f" mwg-rs:Name={quoteattr(region.name)}" if region.name else ""
    area = " ".join(f'stArea:{key}="{getattr(region, key):.6f}"' for key in "xywh")
    return (
        f'<rdf:li><rdf:Description{name} mwg-rs:Type="Face"><mwg-rs:Area {area} stArea:unit="normalized"/>'
        "</rdf:Description></rdf:li>"
    )


def _region(item: Element, applied: Sequence[float] | None) -> Region | None:
    if _value(item, MWG, "Type").casefold() not in ("face", ""):
        return None
    area = next(item.iter(f"{{{MWG}}}Area"), None)
    numbers = _numbers(area, AREA, "xywh")
    if numbers is None or area is None:
        return None
    if _value(area, AREA, "unit") == "pixel":
        if applied is None:
            return None
        numbers = [numbers[0] / applied[0], numbers[1] / applied[1], numbers[2] / applied[0], numbers[3] / applied[1]]
    x, y, w, h = numbers
    if not (0 <= x <= 1 and 0 <= y <= 1 and 0 < w <= 1.5 and 0 < h <= 1.5):
        return None
    return Region(x, y, w, h, true_name(_value(item, MWG, "Name")))


def _value(element: Element, namespace: str, key: str) -> str:
    """A property written as an attribute or as an element, in the element itself or in a description inside it."""
    tag = f"{{{namespace}}}{key}"
    for place in (element, *element.findall(f"{{{RDF}}}Description")):
        if tag in place.attrib:
            return place.attrib[tag]
        inner = place.find(tag)
        if inner is not None:
            return inner.text or ""
    return ""


def _numbers(element: Element | None, namespace: str, keys: str) -> list[float] | None:
    """The properties as positive finite numbers; None where one is missing or is none."""
    if element is None:
        return None
    try:
        numbers = [float(_value(element, namespace, key)) for key in keys]
    except ValueError:
        return None
    return numbers if all(0 <= n < math.inf for n in numbers) and numbers[-1] > 0 and numbers[-2] > 0 else None
