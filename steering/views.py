"""The committee's public pages."""

import re
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from steering import offices
from steering.composition import composition
from steering.minutes_content import readable
from steering.models import Body, Minutes


@require_safe
def committee(request: HttpRequest) -> HttpResponse:
    """Who sits in the Steering Committee, today or on the day asked for with `date`."""
    body = Body.objects.committees().active().first()
    day, unreadable = _day(request.GET.get("date", ""))
    context = {
        "body": body,
        "day": day,
        "is_today": day == timezone.localdate(),
        "unreadable": unreadable,
        "places": composition(body, day) if body else [],
        "presidency": offices.troika(body, day) if body else {},
        "records": _records(request, body),
        "next_meeting": body.meetings.upcoming().first() if body else None,
    }
    return render(request, "steering/committee.html", context)


def _records(request: HttpRequest, body: Body | None) -> list[Minutes]:
    """Approved minutes of the body that this reader may open, each meeting's last revision, the newest first."""
    found = Minutes.objects.in_force().visible_to(request.user).filter(meeting__body=body)
    return list(found.select_related("meeting__body").defer("content")[:50])


@require_safe
def minutes(request: HttpRequest, code: str, revision: int) -> HttpResponse:
    """The record of one meeting, as it was sent round or approved; an older revision says that there is a newer one."""
    year, number, prefix = _parts(code)
    found = Minutes.objects.visible_to(request.user).select_related("meeting__body", "approved_in__body")
    record = get_object_or_404(
        found, meeting__body__prefix=prefix, meeting__year=year, meeting__number=number, revision=revision
    )
    newest = found.filter(meeting=record.meeting_id).order_by("-revision").first()
    context = {
        "record": record,
        "page_object": record,
        "newest": newest if newest != record else None,
        "content": readable(record.content, request.user),
    }
    return render(request, "steering/minutes.html", context)


def _parts(code: str) -> tuple[int, int, str]:
    """Year, number and prefix out of a meeting's code. Raises Http404 for what is none."""
    match = re.fullmatch(r"(?:([A-Z]{1,6})-)?([0-9]{4})-([0-9]{2,4})", code)
    if match is None:
        raise Http404
    return int(match[2]), int(match[3]), match[1] or ""


def _day(asked: str) -> tuple[date, bool]:
    """The day asked for, today for none, and whether what was asked could not be read."""
    try:
        day = parse_date(asked.strip())
    except ValueError:  # 2026-02-31
        day = None
    return day or timezone.localdate(), day is None and bool(asked.strip())
