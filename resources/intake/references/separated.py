"""Comma, semicolon or tab separated values, as spreadsheet programs write them in different countries."""

import csv
from collections import deque
from collections.abc import Callable, Iterator

from django.utils.translation import gettext_noop as _

from .rows import MAX_CELL, MAX_COLUMNS, MAX_ROWS, Row
from .source import Source

DELIMITERS = ",;\t|"
SAMPLE_ROWS = 25
MAX_LINES = 500  # of one row
MAX_LINE = 1_000_000
MAX_UNCLOSED = 1_000

UNCLOSED = _("A quotation mark is opened here and never closed.")
TOO_LONG = _("This row is too long to be read.")


def rows(source: Source, score: Callable[[list[Row]], int]) -> Iterator[Row]:
    """Every row; parted by the sign under which the first rows score best."""
    samples = {sign: list(first_rows(source, sign)) for sign in DELIMITERS}
    best = max(
        samples, key=lambda sign: (score(samples[sign]), max((len(row.cells) for row in samples[sign]), default=0))
    )
    return split(source, best)


def first_rows(source: Source, delimiter: str) -> Iterator[Row]:
    for row in split(source, delimiter):
        yield row
        if row.number >= SAMPLE_ROWS:
            return


def split(source: Source, delimiter: str) -> Iterator[Row]:
    lines = Lines(source)
    number = unclosed = 0
    while number < MAX_ROWS and (text := lines.take()) is not None:
        number += 1
        whole = completed(text, lines)
        if whole is None:
            yield Row(number, problems={0: UNCLOSED})
            unclosed += 1
            if unclosed > MAX_UNCLOSED:
                return
            continue
        try:
            cells = next(csv.reader([whole], delimiter=delimiter), [])
        except csv.Error:
            yield Row(number, problems={0: TOO_LONG})
            continue
        yield Row(number, {at: cell[:MAX_CELL] for at, cell in enumerate(cells[:MAX_COLUMNS]) if cell})


def completed(text: str, lines: "Lines") -> str | None:
    """The row that begins with this line, with the lines its quoted cells go on in. None if a quote never closes:
    the lines behind it are then read as rows of their own."""
    taken = [text]
    quotes, length = text.count('"'), len(text)
    while quotes % 2:
        following = lines.take() if len(taken) < MAX_LINES and length < MAX_LINE else None
        if following is None:
            lines.give_back(taken[1:])
            return None
        taken.append(following)
        quotes, length = quotes + following.count('"'), length + len(following)
    return "\n".join(taken)


class Lines:
    """Lines that can be given back."""

    def __init__(self, source: Source) -> None:
        self.coming = source.lines()
        self.returned: deque[str] = deque()

    def take(self) -> str | None:
        if self.returned:
            return self.returned.popleft()
        return next((line for _number, line in self.coming), None)

    def give_back(self, lines: list[str]) -> None:
        self.returned.extendleft(reversed(lines))
