"""The log of searches: words, language, number of results and day; nothing about who searched."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection
from django.db.models import F
from django.utils import timezone

from resources.models import Sought

PERSONAL = re.compile(r"@|\d{5}|\d[\d .-]{6,}\d")
"""E-mail addresses, document and telephone numbers: whoever types one is looking for a person."""


def remember(words: str, *, language: str, results: int) -> None:
    """
    Count one search. What looks like personal data is not written down.

    Nobody waits for it: when the database is busy, or somebody else is first to search for these words today, one
    count is lost.
    """
    text = " ".join(words.casefold().split())[:100]
    if not text or PERSONAL.search(text):
        return
    try:
        with _in_a_hurry():
            seen = Sought.objects.filter(day=timezone.localdate(), language=language, words=text)
            if not seen.update(times=F("times") + 1, results=results):
                Sought.objects.create(language=language, words=text, results=results)
    except DatabaseError:
        pass


@contextmanager
def _in_a_hurry() -> Iterator[None]:
    """SQLite has one writer at a time: here nobody queues behind it for the usual twenty seconds."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    connection.connection.execute("PRAGMA busy_timeout = 50")
    try:
        yield
    finally:
        connection.connection.execute(
            f"PRAGMA busy_timeout = {connection.settings_dict['OPTIONS']['timeout'] * 1000:d}"
        )
