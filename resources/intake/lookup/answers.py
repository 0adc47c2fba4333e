"""What a look-up brings, or why it brings nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.utils import translation

from portal.core import outgoing
from resources.intake.records import Record

SURE = 100


class NotFound(Exception):
    """There is nothing to describe a work by. `message` is a msgid, `words` are what it names."""

    def __init__(self, message: str, *, code: str = "", **words: str) -> None:
        super().__init__(message)
        self.message, self.code, self.words = message, code, words


@contextmanager
def reasons() -> Iterator[None]:
    """Turn what keeps a server from answering into NotFound."""
    try:
        yield
    except outgoing.NotFetched as error:
        with translation.override(None):  # the message as the catalogues have it, to be kept
            message = str(outgoing.MESSAGES[error.code])
        words = {name: str(word) for name, word in error.words.items()}
        raise NotFound(message, code=error.code, **words) from error


@dataclass(frozen=True)
class Said:
    """A work as a register or a page describes it.

    `certainty` is in hundredths, by field of the record; what is not in it is sure. `where` says who said so.
    """

    record: Record
    where: str
    certainty: dict[str, int] = field(default_factory=dict)
