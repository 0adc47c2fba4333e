"""The bytes of a reference file as lines of text, one at a time, whatever wrote them."""

import codecs
import io
from collections.abc import Iterator

UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
REPLACEMENT = "\ufffd"


class Source:
    """Lines of text with their numbers from 1. `lost` names the first lines on which characters were unreadable.

    UTF-8 with or without its mark, UTF-16 with it; a line that is not UTF-8 is taken as Windows-1252. Line by line,
    so that one damaged line does not garble the others.
    """

    MAX_LOST = 20

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.lost: list[int] = []

    def lines(self) -> Iterator[tuple[int, str]]:
        number = 0
        for piece in self._utf16() if self.data.startswith(UTF16) else self._bytes():
            for line in piece.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n"):
                number += 1
                if REPLACEMENT in line and len(self.lost) < self.MAX_LOST:
                    self.lost.append(number)
                yield number, line.lstrip("\ufeff")

    def text(self) -> str:
        """All of it, lines ended by a line feed."""
        return "\n".join(line for _number, line in self.lines())

    def _bytes(self) -> Iterator[str]:
        for line in io.BytesIO(self.data.removeprefix(codecs.BOM_UTF8)):
            try:
                yield line.decode("utf-8")
            except UnicodeDecodeError:
                yield line.decode("cp1252", "replace")

    def _utf16(self) -> Iterator[str]:
        yield from io.TextIOWrapper(io.BytesIO(self.data), "utf-16", errors="replace", newline="")
