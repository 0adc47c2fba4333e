"""Text of scanned pages by Tesseract, where it is installed: one short-lived program per page, within limits."""

import csv
import subprocess
import time
from collections.abc import Iterator
from io import BytesIO
from itertools import groupby
from pathlib import Path
from statistics import mean, median
from typing import TYPE_CHECKING

from .document import Line

if TYPE_CHECKING:
    from PIL.Image import Image

DPI = 300
MAX_PIXELS = 16_000_000
MAX_PAGES = 300
PAGE_SECONDS = 30
MAX_OUTPUT = 5 * 1024 * 1024
MAX_LINES = 1_500
LAYOUT_PAGES = 3
MIN_CONFIDENCE = 40.0  # of 100; below, it is a drawing or a language the engine was not taught
ALIKE = 0.25  # heights of words differ by as much within one size of type, by the letters they hold

Row = dict[str, str]


class Ocr:
    """Reads pages until its time is up; `confidence` then tells how sure it was, by number of the page from 0."""

    def __init__(self, program: str, languages: str, seconds: float, folder: Path) -> None:
        self.program, self.languages, self.folder = program, languages, folder
        self.seconds = seconds
        self.confidence: dict[int, float] = {}
        self.lines: list[Line] = []
        self.usual = 0.0  # size of the type on the first page read
        self.tried = 0

    def read(self, image: "Image", page: int, dpi: float = DPI) -> str:
        """The text of a page, "" where none is found or no time is left."""
        if self.seconds <= 0 or self.tried >= MAX_PAGES:
            return ""
        self.tried += 1
        started = time.monotonic()
        rows = self.recognise(image, dpi)
        self.seconds -= time.monotonic() - started
        words = [row for row in rows if is_word(row)]
        if not words or (sure := mean(float(row["conf"]) for row in words)) < MIN_CONFIDENCE:
            return ""
        self.confidence[page] = round(sure, 1)
        if page < LAYOUT_PAGES and len(self.lines) < MAX_LINES:
            self.usual = self.usual or height_of(words, dpi)
            self.lines += layout(words, page, dpi, self.usual)
        return "\n\n".join("\n".join(text_of(line) for line in lines_of(block)) for block in blocks_of(words))

    def recognise(self, image: "Image", dpi: float) -> list[Row]:
        """The words with their places, as the engine writes them; none when it fails or takes too long."""
        picture, base = BytesIO(), self.folder / "recognised"
        image.convert("L").save(picture, "PPM")
        command = [self.program, "stdin", str(base), "-l", self.languages, "--dpi", str(round(dpi)), "tsv"]
        try:
            subprocess.run(  # noqa: S603 - the path was looked up by the parent, no shell
                command,
                input=picture.getvalue(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=min(PAGE_SECONDS, self.seconds),
                check=True,
            )
            with base.with_suffix(".tsv").open(encoding="utf-8", errors="replace", newline="") as file:
                lines = file.read(MAX_OUTPUT).splitlines()
        except (subprocess.SubprocessError, OSError):
            return []
        finally:
            base.with_suffix(".tsv").unlink(missing_ok=True)
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def is_word(row: Row) -> bool:
    try:
        return row["level"] == "5" and float(row["conf"]) >= 0 and bool(row["text"].strip()) and int(row["height"]) > 0
    except (KeyError, TypeError, ValueError, AttributeError):
        return False


def blocks_of(words: list[Row]) -> Iterator[list[Row]]:
    for _key, block in groupby(words, key=lambda row: (row["block_num"], row["par_num"])):
        yield list(block)


def lines_of(block: list[Row]) -> Iterator[list[Row]]:
    for _key, line in groupby(block, key=lambda row: row["line_num"]):
        yield list(line)


def text_of(line: list[Row]) -> str:
    return " ".join(row["text"] for row in line)


def layout(words: list[Row], page: int, dpi: float, usual: float) -> Iterator[Line]:
    """Lines with the size of their type in points: the usual one, unless their paragraph clearly differs."""
    for block in blocks_of(words):
        size = height_of(block, dpi)
        if abs(size - usual) <= ALIKE * usual:
            size = usual
        for place, line in enumerate(lines_of(block)):
            yield Line(text_of(line), round(size, 1), page=page, starts_block=place == 0)


def height_of(words: list[Row], dpi: float) -> float:
    return median(int(row["height"]) for row in words) * 72 / dpi


def scale_for(width: float, height: float) -> float:
    """How much to enlarge a page in points for the engine, within the limit of pixels."""
    scale = DPI / 72
    return scale * min(1.0, (MAX_PIXELS / max(1.0, width * height * scale * scale)) ** 0.5)
