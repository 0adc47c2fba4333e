"""Rows of a table, wherever they come from."""

from collections.abc import Iterator
from dataclasses import dataclass, field

MAX_COLUMNS = 200
MAX_ROWS = 200_000
MAX_CELL = 50_000  # characters


@dataclass
class Row:
    """Cells by column number from 0, as text. `number` counts from 1 as a spreadsheet program shows it.

    `repeated` are columns whose value stands in a merged cell further up, `problems` the cells that can't be read.
    """

    number: int
    cells: dict[int, str] = field(default_factory=dict)
    repeated: set[int] = field(default_factory=set)
    problems: dict[int, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not self.problems and not any(
            text.strip() for column, text in self.cells.items() if column not in self.repeated
        )


@dataclass
class Sheet:
    """One table; a name only where a file holds several."""

    name: str
    rows: Iterator[Row]
