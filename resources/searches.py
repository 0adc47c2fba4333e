"""The log of searches: words, language, number of results and day; nothing about who searched."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from resources.models import Sought

PERSONAL = re.compile(r"@|\d{5}|\d[\d .-]{6,}\d")
"""E-mail addresses, document and telephone numbers: whoever types one is looking for a person."""


def remember(words: str, *, language: str, results: int) -> None:
    """
    Count one search. What looks like personal data is not written down.

    A reader never waits for it: when the database is busy, the count is lost and the page is served.
    """
    text = " ".join(words.casefold().split())[:100]
    if not text or PERSONAL.search(text):
        return
    try:
        with _in_a_hurry(), transaction.atomic():
            row, new = Sought.objects.get_or_create(
                day=timezone.localdate(), language=language, words=text, defaults={"results": results}
            )
            if not new:
                Sought.objects.filter(pk=row.pk).update(times=F("times") + 1, results=results)
    except DatabaseError:
        pass


@contextmanager
def _in_a_hurry() -> Iterator[None]:
    """SQLite has one writer at a time: here nobody queues behind it for the usual twenty seconds."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {connection.settings_dict['OPTIONS']['timeout'] * 1000:d}")
