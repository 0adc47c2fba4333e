"""The styles of a Word file, as far as they show what is a title."""

import re
from dataclasses import dataclass

from .package import Attributes, Listener

DEFAULT_SIZE = 11.0
TITLE = re.compile(r"(?:title|t[ií]tulo|titre|puesto)", re.IGNORECASE)  # Word calls the style "Título" or "Puesto"


@dataclass
class Style:
    name: str = ""
    size: float = 0
    is_bold: bool = False
    based_on: str = ""

    @property
    def role(self) -> str:
        return "title" if TITLE.fullmatch(self.name) else ""


class Styles(Listener):
    def __init__(self) -> None:
        self.default_size = DEFAULT_SIZE
        self.styles: dict[str, Style] = {}
        self.open: Style | None = None
        self.in_defaults = False

    def start(self, name: str, attributes: Attributes) -> None:
        value = attributes.get("val", "")
        if name == "style":
            self.open = self.styles[attributes.get("styleId", "")] = Style()
        elif name == "docDefaults":
            self.in_defaults = True
        elif name == "sz" and value.isdigit():
            if self.open:
                self.open.size = int(value) / 2
            elif self.in_defaults:
                self.default_size = int(value) / 2
        elif self.open and name == "name":
            self.open.name = value
        elif self.open and name == "basedOn":
            self.open.based_on = value
        elif self.open and name == "b":
            self.open.is_bold = value in ("", "1", "true", "on")

    def end(self, name: str) -> None:
        if name == "style":
            self.open = None
        elif name == "docDefaults":
            self.in_defaults = False

    def style(self, key: str) -> Style:
        """The style with what it takes from those it is based on."""
        own = self.styles.get(key, Style())
        size, is_bold, parent = own.size, own.is_bold, own.based_on
        for _step in range(10):  # a style may, wrongly, be based on itself
            base = self.styles.get(parent)
            if base is None:
                break
            size, is_bold, parent = size or base.size, is_bold or base.is_bold, base.based_on
        return Style(own.name, size, is_bold)
