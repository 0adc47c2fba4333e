"""What the check noticed, in the one shape that goes over the process boundary."""

import re
from dataclasses import asdict, dataclass

from ..answer import Answer
from ..text import one_line

MAX_NOTES = 500
MAX_EXCERPT = 120
MAX_NAME = 100
LONG_NUMBER = re.compile(r"(?<!\d)\d[\d -]{4,20}\d(?!\d)")


@dataclass
class Note:
    """`what` and `place` are codes that the portal has words for; `name` tells which page, sheet or person."""

    what: str
    place: str
    name: str
    excerpt: str
    can_be_cleaned: bool
    count: int = 1


class Notes:
    """Gathers notes, one for each thing and place: a hundred changes by one hand are one note with their number."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, str, str], Note] = {}

    def add(self, what: str, place: str, name: object = "", *, excerpt: str = "", cleans: bool = False) -> None:
        name = one_line(str(name)[: 4 * MAX_NAME])[:MAX_NAME]
        if note := self.found.get((what, place, name)):
            note.count += 1
            note.excerpt = note.excerpt or shortened(excerpt)
        elif len(self.found) < MAX_NOTES:
            self.found[what, place, name] = Note(what, place, name, shortened(excerpt), cleans)

    def tell(self, answer: Answer) -> None:
        """Hand over what was gathered so far, so that a sudden end later on loses none of it."""
        for note in self.found.values():
            answer.write(finding=asdict(note))
        self.found.clear()


def shortened(text: str) -> str:
    """One line; long numbers partly masked, since a note is read by more people than the document."""
    text = LONG_NUMBER.sub(lambda match: masked(match[0]), one_line(text[: 10 * MAX_EXCERPT]))
    return text if len(text) <= MAX_EXCERPT else text[: MAX_EXCERPT - 1].rstrip() + "…"


def masked(value: str) -> str:
    """The two signs at either end, the rest hidden; separators stay, so that the shape is recognised."""
    inner = "".join("•" if character.isalnum() else character for character in value[2:-2])
    return value[:2] + inner + value[-2:]
