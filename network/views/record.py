"""Who did what to whom and when: for coordinators to read, for nobody to change."""

from datetime import date, datetime, time, timedelta

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from network.people_forms import RecordFilterForm
from portal.core.http import paginate
from portal.core.models import AuditEntry

PAGE = 50


@require_safe
@login_required
def record(request: HttpRequest) -> HttpResponse:
    """The newest first, by kind, person and day."""
    if not request.user.is_coordinator:
        raise Http404
    form = RecordFilterForm(request.GET)
    chosen = {name: value for name, value in form.cleaned_data.items() if value} if form.is_valid() else {}
    entries = AuditEntry.objects.filter(*_conditions(chosen))
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {"form": form, "page": paginate(entries, request.GET.get("page"), size=PAGE), "kept": kept.urlencode()}
    return render(request, "network/record.html", context)


def _conditions(chosen: dict) -> list[Q]:
    wanted = []
    if kind := chosen.get("kind"):
        wanted.append(Q(verb=kind))
    if person := chosen.get("person"):
        wanted.append(Q(by_name__icontains=person) | Q(whom_name__icontains=person))
    if since := chosen.get("since"):
        wanted.append(Q(at__gte=_midnight(since)))
    if until := chosen.get("until"):
        wanted.append(Q(at__lt=_midnight(until + timedelta(days=1))))
    return wanted


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
