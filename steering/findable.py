"""Minutes and decisions found by their words, in either language's forms, as the library finds documents."""

from collections.abc import Iterable

from django.db.models import Q

from resources.search import analysis

MOST_WORDS = 12
"""Words of a question that are looked at."""


def spelled(*texts: str | None) -> str:
    """The words of some texts as they are kept beside a row: each form once, with spaces around it."""
    found = {form for text in texts if text for word in _words(text) for form in analysis.variants(word)}
    return f" {' '.join(sorted(found))} " if found else ""


def holding(question: str) -> Q:
    """
    Rows whose kept words hold every word of the question; those that mean nothing alone are left out.

    All rows for an empty question, none for one without a word, such as "%".
    """
    asked = [forms for word in _words(question)[:MOST_WORDS] if (forms := analysis.variants(word))]
    every = Q()
    for forms in asked:
        every &= _any(forms)
    return every if asked or not question.strip() else Q(pk__in=[])


def _any(forms: Iterable[str]) -> Q:
    return Q.create([Q(words__contains=f" {form} ") for form in forms], connector=Q.OR)


def _words(text: str) -> list[str]:
    return [word for word in analysis.words(analysis.tidy(text)) if not _means_nothing(word)]


def _means_nothing(word: str) -> bool:
    return any(word in words for words in analysis.FUNCTION.values())
