"""Minutes and decisions found by their words, in either language's forms, as the library finds documents."""

from django.db.models import Q

from resources import search

MOST_WORDS = 12
"""Words of a question that are looked at."""


def spelled(*texts: str | None) -> str:
    """The words of some texts as they are kept beside a row: each form once, with spaces around it."""
    found = {form for text in texts if text for forms in search.forms(text) for form in forms}
    return f" {' '.join(sorted(found))} " if found else ""


def holding(question: str) -> Q:
    """
    Rows whose kept words hold every word of the question; those that mean nothing alone are left out.

    All rows for an empty question, none for one without a word, such as "%".
    """
    asked = search.forms(question)[:MOST_WORDS]
    every = Q()
    for forms in asked:
        every &= Q.create([Q(words__contains=f" {form} ") for form in forms], connector=Q.OR)
    return every if asked or not question.strip() else Q(pk__in=[])
