"""The first page of the admin: five lists of what there is to do. Each room lends the rows it knows about."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

SHOWN = 10
"""Rows of a list on the page, and the most a room should lend: what is more, its own list shows."""


class List(models.TextChoices):
    """In the order of the page."""

    WAITING = "waiting", _("Waiting for me")
    OVERDUE = "overdue", _("Overdue")
    MEETING = "meeting", _("Next meeting")
    APPLICATIONS = "applications", _("Applications")
    REPORTS = "reports", _("Reports not received")


@dataclass(frozen=True)
class Row:
    """One thing to do: what, where, and since or until when."""

    text: str
    address: str
    note: str | SafeString = ""
    day: date | None = None


Lend = Callable[[AbstractBaseUser], Iterable[Row] | None]
_lent: dict[str, list[Lend]] = {}


def lends(to: List) -> Callable[[Lend], Lend]:
    """Register what gives rows to a list, at most `SHOWN` and in few queries; None for people it is not for."""

    def register(lend: Lend) -> Lend:
        _lent.setdefault(to, []).append(lend)
        return lend

    return register


@dataclass(frozen=True)
class Panel:
    code: str
    title: str
    rows: list[Row]


def panels(user: AbstractBaseUser) -> list[Panel]:
    """The lists that are for this person, empty ones too: an empty list is good news. The oldest day comes first."""
    found = []
    for each in List:
        lent = [rows for lend in _lent.get(each, []) if (rows := lend(user)) is not None]
        if lent:
            rows = sorted((row for rows in lent for row in rows), key=lambda row: (row.day is None, row.day))
            found.append(Panel(each.value, str(each.label), rows[:SHOWN]))
    return found
