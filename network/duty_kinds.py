"""Kinds of recurring work. Each room registers its own; the shared desk shows them all."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class DutyKind:
    """What has to be done again and again, by whom, and where."""

    code: str
    label: str | Promise
    address: Callable[[str], str]
    """From the key of what it is about to the page on which it is done."""
    days: int
    """Within how many days, unless the coordination sets another number."""
    for_coordinators: bool = True
    """False: the secretariat may do it as well."""
    by_hand: bool = False
    """True: whoever does it says so; otherwise a step of the room closes it."""


KINDS: dict[str, DutyKind] = {}


def register(kind: DutyKind) -> DutyKind:
    KINDS[kind.code] = kind
    return kind


def choices() -> list[tuple[str, str]]:
    return [(kind.code, str(kind.label)) for kind in KINDS.values()]
