"""What office programs write into a file about it: Dublin Core in docProps/core.xml or meta.xml."""

import re

from .document import Embedded
from .package import Attributes, Listener, Package

MAX_VALUE = 2_000


class Properties(Listener):
    """Collects the text of each element by its name."""

    def __init__(self) -> None:
        self.values: dict[str, list[str]] = {}
        self.open = ""

    def start(self, name: str, attributes: Attributes) -> None:
        self.open = name
        self.values.setdefault(name, []).append("")

    def end(self, name: str) -> None:
        self.open = ""

    def data(self, text: str) -> None:
        if self.open and len(self.values[self.open][-1]) < MAX_VALUE:
            self.values[self.open][-1] += text

    def first(self, *names: str) -> str:
        return next((value.strip() for name in names for value in self.values.get(name, []) if value.strip()), "")


def embedded(package: Package, part: str) -> Embedded:
    found = package.parse(part, Properties())
    year = re.match(r"(?:19|20)\d\d", found.first("created", "creation-date"))
    author = found.first("initial-creator", "creator")
    return Embedded(
        title=found.first("title"), authors=[author] if author else [], created=int(year[0]) if year else None
    )
