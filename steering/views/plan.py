"""The biannual plan for readers: its first page, the matrix, the timeline, the progress, and each activity."""

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from resources.models.resource import Reader
from steering.plan import drawing, export, figures, story
from steering.plan.choosing import Wanted
from steering.plan.versions import Chosen, choose

PUBLIC = "public"
"""What `edition` says when somebody who may see more wants to see what everybody sees."""


@require_safe
def plan_now(request: HttpRequest) -> HttpResponse:
    """The plan in force or, between two plans, the last one; in words, when there has been none yet."""
    chosen = choose(_reader(request))
    if chosen is None:
        return render(request, "steering/plan_none.html")
    return render(request, "steering/plan.html", _context(request, chosen))


@require_safe
def plan(request: HttpRequest, first_year: int, number: int | None = None) -> HttpResponse:
    """The first page of one version: what it is, what it aims at, and how it stands."""
    return render(request, "steering/plan.html", _context(request, _chosen(request, first_year, number)))


@require_safe
def matrix(request: HttpRequest, first_year: int, number: int | None = None) -> HttpResponse:
    """Co-leads, members, activity, quarters and status, as the United Nations Network on Migration prints it."""
    context = _context(request, _chosen(request, first_year, number))
    wanted = Wanted.asked(request.GET)
    shown = wanted.of(context["figures"])
    context |= {"wanted": wanted, "shown": shown, "shown_total": sum(len(lines) for _, lines in shown)}
    return render(request, "steering/plan_matrix.html", context)


@require_safe
def timeline(request: HttpRequest, first_year: int, number: int | None = None) -> HttpResponse:
    """When each activity is at work, quarter by quarter."""
    context = _context(request, _chosen(request, first_year, number))
    of = context["figures"].plan
    context["today"] = drawing.day_within(timezone.localdate(), of.first_day, of.last_day)
    return render(request, "steering/plan_timeline.html", context)


@require_safe
def progress(request: HttpRequest, first_year: int, number: int | None = None) -> HttpResponse:
    """How it stands by objective, country and organisation, and what the indicators say."""
    return render(request, "steering/plan_progress.html", _context(request, _chosen(request, first_year, number)))


@require_safe
def activity(request: HttpRequest, first_year: int, code: str, number: int | None = None) -> HttpResponse:
    """One activity, with all that has come of it as far as the reader may know."""
    context = _context(request, _chosen(request, first_year, number))
    line = context["figures"].line(code)
    if line is None:
        raise Http404
    context |= {"line": line, "story": story.of(line, context["figures"])}
    return render(request, "steering/plan_activity.html", context)


@require_safe
def plan_file(request: HttpRequest, first_year: int, format: str, number: int | None = None) -> HttpResponse:
    """The whole plan as a spreadsheet, in Word, as a PDF or as data, in the page's language."""
    if format not in export.FORMATS:
        raise Http404
    found = figures.of(_chosen(request, first_year, number).version, _reader(request))
    headers = {"X-Robots-Tag": "noindex", "Content-Disposition": f'attachment; filename="{export.name(found, format)}"'}
    return HttpResponse(export.write(found, format), content_type=export.FORMATS[format], headers=headers)


def _reader(request: HttpRequest) -> Reader:
    return AnonymousUser() if request.GET.get("edition") == PUBLIC else request.user


def _chosen(request: HttpRequest, first_year: int, number: int | None) -> Chosen:
    chosen = choose(_reader(request), first_year, number)
    if chosen is None:
        raise Http404
    return chosen


def _context(request: HttpRequest, chosen: Chosen) -> dict[str, object]:
    """`query` keeps the edition in links to other pages; `more` does before another parameter."""
    reader = _reader(request)
    as_public = reader is not request.user and request.user.is_authenticated
    query = f"?edition={PUBLIC}" if as_public else ""
    context = {"figures": figures.of(chosen.version, reader), "chosen": chosen}
    return context | {"as_public": as_public, "query": query, "more": f"{query}&" if query else "?"}
