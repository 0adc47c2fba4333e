"""Names looked for in running words: the longest at each place, from a table keyed by their first word."""

from collections.abc import Iterator
from dataclasses import dataclass, field

Units = tuple[str, ...]


@dataclass
class Names[T]:
    """Sequences of words and what each of them means."""

    by_first: dict[str, list[tuple[Units, T]]] = field(default_factory=dict)

    def add(self, units: Units, meaning: T) -> None:
        if units and units[0]:
            self.by_first.setdefault(units[0], []).append((units, meaning))

    def sort(self) -> None:
        """To be called once all are in: the longest come first."""
        for names in self.by_first.values():
            names.sort(key=lambda name: -len(name[0]))

    def starting(self, units: list[str], at: int) -> Iterator[tuple[int, T]]:
        """(number of words, meaning) of every name that stands there, the longest first."""
        for name, meaning in self.by_first.get(units[at], ()):
            if len(name) == 1 or tuple(units[at : at + len(name)]) == name:
                yield len(name), meaning
