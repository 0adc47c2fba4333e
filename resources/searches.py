"""The log of searches: words, language, number of results and day; nothing about who searched."""

import re

from django.db import DatabaseError
from django.db.models import F
from django.utils import timezone

from portal.core.locks import in_a_hurry
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
        with in_a_hurry():
            seen = Sought.objects.filter(day=timezone.localdate(), language=language, words=text)
            if not seen.update(times=F("times") + 1, results=results):
                Sought.objects.create(language=language, words=text, results=results)
    except DatabaseError:
        pass
