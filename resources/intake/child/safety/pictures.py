"""Pictures: where they were taken, with whose camera, and who is named in them."""

import re
import warnings
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from ..image import FORMATS
from . import properties
from .notes import Notes

if TYPE_CHECKING:
    from PIL.Image import Exif, Image

# Numbers of the tags in EXIF 2.32.
ARTIST, MAKE, MODEL, GPS, EXIF_BLOCK = 0x013B, 0x010F, 0x0110, 0x8825, 0x8769
OWNER, SERIAL, XP_AUTHOR = 0xA430, 0xA431, 0x9C9D
LATITUDE, LATITUDE_REF, LONGITUDE, LONGITUDE_REF = 2, 1, 4, 3
MAX_XMP = 1024 * 1024
XMP_NAMES = {"creator", "Artist", "OwnerName", "CameraOwnerName", "AuthorsPosition", "CreatorContactInfo"}
XMP_PLACES = {"GPSLatitude", "GPSLongitude"}
TEXT_NAMES = re.compile(r"^(?:author|artist|creator)$", re.IGNORECASE)
CLEANED = ("JPEG", "PNG", "WEBP")


def inspect(path: Path, head: str, notes: Notes) -> None:
    look(path.read_bytes(), "file", "", head, notes)


def look(data: bytes, place: str, name: str, head: str, notes: Notes) -> None:
    """Note what the picture carries beside itself; no pixel is decoded."""
    from PIL import Image

    warnings.simplefilter("ignore")
    try:
        picture = Image.open(BytesIO(data), formats=FORMATS)
        exif = picture.getexif()
    except Exception:
        notes.add("unchecked", place, name)
        return
    cleans = picture.format in CLEANED
    position(exif, place, name, notes, cleans=cleans)
    names(exif, picture, head, place, name, notes, cleans=cleans)
    camera = " ".join(dict.fromkeys(text(exif.get(tag)) for tag in (MAKE, MODEL))).strip()
    serial = text(exif.get_ifd(EXIF_BLOCK).get(SERIAL))
    if camera or serial:
        notes.add("camera", place, name, excerpt=f"{camera} {serial}".strip(), cleans=cleans)
    xmp(packet(picture), head, place, name, notes, cleans=cleans)


def position(exif: "Exif", place: str, name: str, notes: Notes, *, cleans: bool) -> None:
    gps = exif.get_ifd(GPS)
    if LATITUDE in gps and LONGITUDE in gps:
        pairs = ((LATITUDE, LATITUDE_REF), (LONGITUDE, LONGITUDE_REF))
        written = ", ".join(f"{degrees(gps[angle])} {text(gps.get(side))}" for angle, side in pairs)
        notes.add("position", place, name, excerpt=written, cleans=cleans)


def degrees(value: object) -> str:
    """Whole degrees alone: the note must not tell what it warns of."""
    try:
        return f"{int(value[0])}°••′"  # type: ignore[index]
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return "••°"


def names(exif: "Exif", picture: "Image", head: str, place: str, name: str, notes: Notes, *, cleans: bool) -> None:
    values = [text(exif.get(ARTIST)), text(exif.get_ifd(EXIF_BLOCK).get(OWNER)), wide(exif.get(XP_AUTHOR))]
    values += [text(value) for key, value in picture.info.items() if isinstance(key, str) and TEXT_NAMES.match(key)]
    for value in dict.fromkeys(filter(None, values)):
        properties.person(value, head, notes, place=place, name=name, cleans=cleans)


def text(value: object) -> str:
    return value.strip("\0 ")[:200] if isinstance(value, str) else ""


def wide(value: object) -> str:
    """Windows writes its own tags as UTF-16 bytes."""
    return bytes(value).decode("utf-16-le", "replace").strip("\0 ")[:200] if isinstance(value, bytes | tuple) else ""


def packet(picture: "Image") -> bytes:
    found = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp") or b""
    return (found.encode() if isinstance(found, str) else found)[:MAX_XMP].strip(b"\0 \n\r\t")


def xmp(data: bytes, head: str, place: str, name: str, notes: Notes, *, cleans: bool) -> None:
    if not data:
        return
    try:
        root = fromstring(data, forbid_dtd=True)
    except Exception:  # many packets are broken, and a broken one says nothing to anybody
        return
    for key, value in named_values(root):
        if key in XMP_PLACES:
            notes.add("position", place, name, excerpt=value.split(",")[0][:4] + "°••′", cleans=cleans)
        elif key in XMP_NAMES:
            properties.person(value, head, notes, place=place, name=name, cleans=cleans)


def named_values(root: Element) -> list[tuple[str, str]]:
    """(local name, text) of each element and attribute; lists give their items under the name of the list."""
    found = []
    for element in root.iter():
        local = element.tag.rpartition("}")[2]
        items = [item.text for item in element.iter() if item.tag.endswith("}li")] if local in XMP_NAMES else []
        values = [element.text, *items]
        found += [(local, value.strip()) for value in values if value and value.strip()]
        found += [(key.rpartition("}")[2], value) for key, value in element.attrib.items()]
    return found[:2_000]
