"""Images: no text, a thumbnail that stands upright and carries nothing of the original's hidden data."""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

from .document import Damaged, Document, Line, TooHeavy
from .ocr import MAX_PIXELS as MAX_READ

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF")  # nothing that starts a program, as EPS does
MAX_PIXELS = 40_000_000
WIDTH, MAX_HEIGHT = 480, 960


def open_document(path: Path) -> Document:
    return Picture(open_picture(path), path)


def open_picture(source: Path | IO[bytes]) -> "Image":
    """The first frame, its size checked before a pixel is decoded. Raises Damaged or TooHeavy."""
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # our own limit comes right below
    warnings.simplefilter("ignore")
    try:
        image = Image.open(source, formats=FORMATS)
    except UnidentifiedImageError as error:
        raise Damaged(str(error)) from error
    width, height = image.size
    if width * height >= MAX_PIXELS:
        raise TooHeavy(f"{width} x {height} pixels")
    return thumbnail(image)


def thumbnail(image: "Image") -> "Image":
    from PIL import ImageOps

    image.draft("RGB", (2 * WIDTH, 2 * MAX_HEIGHT))  # JPEG decodes at a fraction of its size
    image.load()
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I") or image.mode == "F":
        image = image.convert("L")
    image.thumbnail((WIDTH, MAX_HEIGHT))
    return on_white(image)


def whole(path: Path) -> "Image":
    """The picture upright and in full for the reading of its text; `open_picture` has checked its size."""
    from PIL import Image, ImageOps

    image = ImageOps.exif_transpose(Image.open(path, formats=FORMATS))
    shrink = min(1.0, (MAX_READ / (image.width * image.height)) ** 0.5)
    return on_white(image).resize((max(1, int(image.width * shrink)), max(1, int(image.height * shrink))))


def on_white(image: "Image") -> "Image":
    from PIL import Image

    if not image.has_transparency_data:
        return image.convert("RGB")
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, image.convert("RGBA")).convert("RGB")


class Picture(Document):
    page_count = 1

    def __init__(self, image: "Image", path: Path) -> None:
        self.image = image
        self.path = path

    def pages(self) -> Iterator[str]:
        yield self.ocr.read(whole(self.path), 0) if self.ocr else ""

    def lines(self) -> list[Line]:
        return self.ocr.lines if self.ocr else []

    def picture(self) -> "Image":
        return self.image
