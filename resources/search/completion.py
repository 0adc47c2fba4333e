"""Suggestions while somebody types: titles, topics, organisations, countries."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Suggestion:
    """Something to choose: `kind` is title, topic, organisation or country; `value` the work's key or the facet's value."""

    kind: str
    text: str
    value: str
    count: int = 1


def complete(prefix: str, *, language: str, audiences: tuple[str, ...]) -> list[Suggestion]:
    return []
