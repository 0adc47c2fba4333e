"""Pictures without their side data, themselves untouched: parts of the file are left out, none is drawn anew."""

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from ..document import Damaged

ORIENTATION = 0x0112
# Kept of a JPEG's application parts: JFIF, the colour profile, Adobe's note on how colours are coded.
KEPT_APPS = {0xE0: b"", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_DROPPED = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}
WEBP_DROPPED = {b"EXIF", b"XMP "}
WEBP_FLAGS = 0x08 | 0x04  # in VP8X: EXIF and XMP are there


def clean(path: Path, to: Path, *, drop_hidden: bool) -> None:
    to.write_bytes(cleaned(path.read_bytes()))


def cleaned(data: bytes) -> bytes:
    """The same picture with its orientation and colour profile and nothing else beside it. Raises Damaged."""
    try:
        if data.startswith(b"\xff\xd8"):
            return jpeg(data)
        if data.startswith(PNG_SIGNATURE):
            return png(data)
        if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
            return webp(data)
    except (struct.error, IndexError) as error:
        raise Damaged("broken picture") from error
    raise Damaged("no picture that can be cleaned")


def orientation(data: bytes) -> int:
    """1 to 8; 1 is upright, and what a picture without the tag has."""
    from PIL import Image

    try:
        found = Image.open(BytesIO(data)).getexif().get(ORIENTATION, 1)
    except Exception:
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def exif(turned: int) -> bytes:
    """A TIFF block with that one tag (TIFF 6.0, section 2)."""
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, ORIENTATION, 3, 1, turned, 0, 0)


def jpeg(data: bytes) -> bytes:
    turned = orientation(data)
    out = [b"\xff\xd8"]
    if turned > 1:
        block = b"Exif\0\0" + exif(turned)
        out.append(b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block)
    for marker, segment in segments(data):
        is_app = 0xE0 <= marker <= 0xEF
        if marker != 0xFE and (not is_app or (marker in KEPT_APPS and segment[4:].startswith(KEPT_APPS[marker]))):
            out.append(segment)
    return b"".join(out)


def segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(marker, bytes) of each segment (ITU T.81, B.1); the last holds the coded picture as far as its end mark."""
    at = 2
    while at < len(data):
        if data[at] != 0xFF:
            raise Damaged("no marker")
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        length = struct.unpack_from(">H", data, at + 2)[0]
        if marker == 0xDA:
            end = data.rfind(b"\xff\xd9")
            yield marker, data[at : end + 2] if end > at else data[at:]
            return
        yield marker, data[at : at + 2 + length]
        at += 2 + length


def png(data: bytes) -> bytes:
    turned = orientation(data)
    out = [PNG_SIGNATURE]
    at = len(PNG_SIGNATURE)
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind not in PNG_DROPPED:
            out.append(data[at : at + 12 + length])
        if kind == b"IHDR" and turned > 1:
            block = b"eXIf" + exif(turned)
            out.append(struct.pack(">I", len(block) - 4) + block + struct.pack(">I", zlib.crc32(block)))
        at += 12 + length
        if kind == b"IEND":
            break
    return b"".join(out)


def webp(data: bytes) -> bytes:
    """Chunks of the RIFF container (RFC 9649); an orientation other than upright keeps a block with it alone."""
    turned = orientation(data)
    chunks, at = [], 12
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        body = data[at + 8 : at + 8 + length]
        if kind == b"VP8X":
            body = bytes([body[0] & ~WEBP_FLAGS | (0x08 if turned > 1 else 0)]) + body[1:]
        if kind not in WEBP_DROPPED:
            chunks.append((kind, body))
        at += 8 + length + length % 2
    if turned > 1:
        chunks.append((b"EXIF", exif(turned)))
    joined = b"".join(kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2) for kind, body in chunks)
    return b"RIFF" + struct.pack("<I", len(joined) + 4) + b"WEBP" + joined
