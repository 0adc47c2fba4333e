"""Who sits in the Steering Committee."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from steering import offices
from steering.composition import composition
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


def _day(asked: str) -> tuple[date, bool]:
    """The day asked for, today for none, and whether what was asked could not be read."""
    try:
        day = parse_date(asked.strip())
    except ValueError:  # 2026-02-31
        day = None
    return day or timezone.localdate(), day is None and bool(asked.strip())
