"""An organisation reports on its lines of the plan: by the link of a letter, or from the desk of somebody signed in."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from network.models import Organisation
from portal.core import limits
from portal.core.http import page_number
from steering.models import Period, Plan
from steering.plan import requests
from steering.plan.report_forms import Sheet
from steering.plan.reporting import Reporter
from steering.views.by_letter import by_link

HOUR = timedelta(hours=1)
MOST_AN_HOUR = 60
"""A form of many lines is kept many times."""


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(requests.opened)
def report_by_letter(request: HttpRequest, opened: requests.Opened) -> HttpResponse:
    reporter = Reporter(letter=opened.letter)
    return _sheet(request, opened.period, opened.organisation, reporter, f"letter-{opened.letter.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def report(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """For whoever acts for that organisation."""
    own = Organisation.objects.filter(pk__in=request.user.own_organisation_ids).prefetch_related("memberships")
    organisation = get_object_or_404(own, slug=slug)
    asked = Period.objects.filter(plan__state__in=[Plan.State.IN_FORCE, Plan.State.CLOSED], opened_on__isnull=False)
    period = get_object_or_404(asked.select_related("plan__body"), pk=pk)
    if organisation.has_left:
        raise Http404
    return _sheet(request, period, organisation, Reporter(user=request.user), f"user-{request.user.pk}")


def _sheet(
    request: HttpRequest, period: Period, organisation: Organisation, reporter: Reporter, who: str
) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    page = request.GET.get("page", "")
    sheet = Sheet(period, organisation, page=page, data=data)
    problem = _take(sheet, reporter, sends="send" in data, who=who) if data is not None else ""
    if data is not None and not (problem or sheet.has_errors):
        done = {"sent": sheet.sent} if "send" in data else {"kept": 1}
        return redirect(f"{request.path}?{urlencode(done | {'page': sheet.page.number})}#done")
    context = {"sheet": sheet, "period": period, "plan": period.plan, "organisation": organisation, "problem": problem}
    context["has_account"] = reporter.user is not None
    context["sent"], context["kept"] = _told(request, "sent"), _told(request, "kept")
    return render(request, "steering/report.html", context, status=422 if data is not None else 200)


def _take(sheet: Sheet, reporter: Reporter, *, sends: bool, who: str) -> str:
    """Do what the button says; gives what stands in the way of all of it."""
    if sheet.locked:
        return sheet.locked
    if not limits.allow("plan-report", who, times=MOST_AN_HOUR, within=HOUR):
        return _("That was too often in one hour. Please try again later.")
    if sends:
        sheet.send(reporter)
    else:
        sheet.keep(reporter)
    return ""


def _told(request: HttpRequest, name: str) -> int:
    """What the page before has done, as its address says."""
    return page_number(request.GET[name]) if request.method != "POST" and request.GET.get(name, "0") != "0" else 0
