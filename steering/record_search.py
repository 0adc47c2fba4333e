"""Approved minutes and decisions by meeting, all of them or those that hold some words."""

from dataclasses import dataclass, field

from django.core.paginator import Page, Paginator
from django.db.models import Q

from resources.models.resource import Reader, audiences_of
from steering import findable
from steering.models import Body, Decision, Line, Meeting, Minutes

PER_PAGE = 20


@dataclass
class Entry:
    """A meeting with its record, and what of it was found."""

    meeting: Meeting
    minutes: Minutes | None = None
    decisions: list[Decision] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Found:
    entries: list[Entry]
    page: Page
    years: list[int]
    total: int
    """Decisions and items found; without words, decisions alone."""


def search(body: Body, user: Reader, *, words: str = "", year: int | None = None, page: str = "1") -> Found:
    """What this reader may see of the body's record, the newest meeting first, in a fixed number of queries."""
    asked = findable.holding(words)
    records = Minutes.objects.in_force().visible_to(user).filter(meeting__body=body)
    decisions = Decision.objects.visible_to(user).filter(asked, meeting__body=body)
    lines = Line.objects.filter(asked, minutes__in=records, visibility__in=audiences_of(user))
    found = Q(pk__in=decisions.values("meeting"))
    found |= Q(pk__in=lines.values("minutes__meeting")) if asked else Q(pk__in=records.values("meeting"))
    meetings = Meeting.objects.filter(found).select_related("body").order_by("-starts_at", "-pk")
    years = sorted(set(meetings.order_by().values_list("year", flat=True)), reverse=True)
    if year is not None:
        meetings, decisions, lines = (
            meetings.filter(year=year), decisions.filter(meeting__year=year), lines.filter(minutes__meeting__year=year)
        )  # fmt: skip
    shown = Paginator(meetings, PER_PAGE).get_page(page)
    total = decisions.count() + (lines.count() if asked else 0)
    return Found(_entries(shown, records, decisions, lines if asked else None), shown, years, total)


def _entries(page: Page, records: object, decisions: object, lines: object | None) -> list[Entry]:
    entries = {meeting.pk: Entry(meeting) for meeting in page}
    for record in records.filter(meeting__in=entries).select_related("meeting__body").defer("content"):
        entries[record.meeting_id].minutes = record
    for decision in decisions.filter(meeting__in=entries).order_by("number"):
        entries[decision.meeting_id].decisions.append(decision)
    if lines is not None:
        for line in lines.filter(minutes__meeting__in=entries).select_related("minutes__meeting__body"):
            entries[line.minutes.meeting_id].lines.append(line)
    return list(entries.values())
