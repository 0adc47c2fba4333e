"""The lines of a PDF page with their size and place, from its single characters."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

import pypdfium2
import pypdfium2.raw as pdfium

from .document import Line
from .text import clean

MAX_CHARACTERS = 5_000
MAX_RUNS = 400  # pages with more are tables or maps: no title is found by looking at all of them
BOLD = 550
DISPLAY = 24  # points: type on covers, whose lines often differ in size
WIDE_GAP = 3.5  # in font sizes; parts the columns of a table, not the words of a justified line
OPEN_BLOCKS = 6  # columns side by side on one page, at most
RAISED = 0.82  # smaller than this and off the line: a note mark


@dataclass
class Run:
    """Characters that stand side by side on one line."""

    bottom: float
    left: float
    right: float = 0
    text: str = ""
    sizes: list[float] = field(default_factory=list)
    weights: list[int] = field(default_factory=list)

    @property
    def size(self) -> float:
        return median(self.sizes) if self.sizes else 0

    @property
    def is_bold(self) -> bool:
        return bool(self.weights) and median(self.weights) >= BOLD

    def add(self, character: str, size: float, weight: int, right: float) -> None:
        self.text += character
        self.sizes.append(size)
        self.weights.append(weight)
        self.right = right

    def takes(self, bottom: float, left: float) -> bool:
        """Whether a character at that place goes on with this line."""
        height = self.sizes[-1]
        return abs(bottom - self.bottom) < 0.3 * height and -height < left - self.right < WIDE_GAP * height

    def is_marked_by(self, size: float, bottom: float, left: float) -> bool:
        """Whether a character at that place is a note mark on this line."""
        height = self.sizes[-1]
        return size < RAISED * height and 0.1 * height < bottom - self.bottom < height and abs(left - self.right) < size


def lines(page: pypdfium2.PdfPage, number: int) -> list[Line]:
    """The lines of the page from top to bottom, marked where a new block begins."""
    runs = [run for run in read_runs(page.get_textpage()) if len(run.text.strip()) > 1][:MAX_RUNS]
    runs = uncovered(runs)
    runs.sort(key=lambda run: (-round(run.bottom / 2), run.left))
    return [line for line in as_lines(as_blocks(joined(runs)), number) if line.text]


def read_runs(textpage: pypdfium2.PdfTextPage) -> list[Run]:
    """Upright characters gathered into runs, in the order in which they were drawn; note marks are left out."""
    runs: list[Run] = []
    box = pdfium.FS_RECTF()
    for index in range(min(textpage.count_chars(), MAX_CHARACTERS)):
        character = chr(pdfium.FPDFText_GetUnicode(textpage, index))
        run = runs[-1] if runs else None
        if character.isspace():
            if run and not run.text.endswith(" "):
                run.text += " "
            continue
        pdfium.FPDFText_GetLooseCharBox(textpage, index, box)
        size = box.top - box.bottom
        if size <= 0 or abs(math.sin(pdfium.FPDFText_GetCharAngle(textpage, index))) > 0.1:
            continue
        if run and run.is_marked_by(size, box.bottom, box.left):
            continue
        if not (run and run.takes(box.bottom, box.left)):
            runs.append(run := Run(bottom=box.bottom, left=box.left))
        run.add(character, size, pdfium.FPDFText_GetFontWeight(textpage, index), box.right)
    return runs


def uncovered(runs: list[Run]) -> list[Run]:
    """Without the lines that a later one is drawn upon: left-overs of another layout."""
    return [run for number, run in enumerate(runs) if not any(covers(later, run) for later in runs[number + 1 :])]


def covers(upper: Run, lower: Run) -> bool:
    width = min(upper.right, lower.right) - max(upper.left, lower.left)
    height = min(upper.bottom + upper.size, lower.bottom + lower.size) - max(upper.bottom, lower.bottom)
    return width > 0.5 * (lower.right - lower.left) and height > 0.5 * lower.size


def joined(runs: list[Run]) -> list[Run]:
    """Runs on one line, drawn apart but standing together, made one."""
    result: list[Run] = []
    for run in runs:
        last = result[-1] if result else None
        if last and last.takes(run.bottom, run.left) and run.left - last.right < 0.6 * last.size:
            last.text += " " + run.text
            last.sizes += run.sizes
            last.weights += run.weights
            last.right = run.right
        else:
            result.append(run)
    return result


def as_blocks(runs: list[Run]) -> list[list[Run]]:
    """Lines that stand under each other, so that columns side by side stay apart."""
    blocks: list[list[Run]] = []
    for run in runs:
        above = (block for block in blocks[: -OPEN_BLOCKS - 1 : -1] if not parted(block[-1], run))
        if block := next(above, None):
            block.append(run)
        else:
            blocks.append([run])
    return blocks


def as_lines(blocks: list[list[Run]], number: int) -> Iterator[Line]:
    for block in blocks:
        for place, run in enumerate(block):
            text = re.sub(r" (?=[,;])", "", " ".join(clean(run.text).split()))
            yield Line(text, round(run.size, 1), run.is_bold, number, starts_block=place == 0)


def parted(upper: Run, lower: Run) -> bool:
    """Whether two lines, one after the other, differ so much in size, weight or place that they are two blocks."""
    small, large = sorted((upper.size, lower.size))
    distance = upper.bottom - lower.bottom
    return (
        small < (0.75 if large > DISPLAY else 0.9) * large
        or upper.is_bold != lower.is_bold
        or not 0.5 * small < distance < 1.7 * large
        or upper.right < lower.left
        or lower.right < upper.left
    )
