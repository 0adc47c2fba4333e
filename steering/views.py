"""The committee's public pages."""

import re
from datetime import date

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_safe

from resources.models.resource import Audience, audiences_of
from steering import keeping, offices
from steering.composition import composition
from steering.minutes_content import readable
from steering.models import Body, Minutes, MinutesFile


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
        "files": record.files.select_related("minutes__meeting__body").best_for(request.user),
        "content": readable(record.content, audiences_of(request.user)),
    }
    return render(request, "steering/minutes.html", context)


@require_safe
def minutes_file(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """Minutes as they were kept, always as a download."""
    readable_files = MinutesFile.objects.readable_by(request.user).select_related("minutes__meeting__body")
    found = get_object_or_404(readable_files, pk=pk)
    if name != found.name:
        return redirect(found)
    answer = FileResponse(found.content.open("rb"), as_attachment=True, filename=found.name)
    answer.headers["ETag"] = f'"{found.sha256}"'
    patch_cache_control(answer, **({"public": True} if found.audience == Audience.PUBLIC else {"no_store": True}))
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Is this file, or the file with this fingerprint, the one on record? It is compared, and not kept."""
    upload = request.FILES.get("file")
    said = request.POST.get("sha256") or request.GET.get("sha256", "")
    sha256 = keeping.fingerprint(upload.chunks()) if upload else keeping.cleaned(said)
    found = keeping.find(sha256) if sha256 else None
    context = {
        "asked": bool(upload or said.strip()),
        "unreadable": bool(said.strip()) and not sha256,
        "sha256": sha256,
        "said": said[:200],
        "found": found,
        "open": found and MinutesFile.objects.readable_by(request.user).filter(pk=found.pk).exists(),
        "newest": Minutes.objects.in_force().filter(meeting=found.minutes.meeting).first() if found else None,
    }
    return render(request, "steering/verify.html", context, status=422 if context["unreadable"] else 200)


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
