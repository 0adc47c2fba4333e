"""Two pages of a quarter in the admin: all its lines in one table, to write and to approve; who has not reported."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from network.models import Organisation, User
from portal.core.http import paginate
from portal.core.refused import Refused
from steering import acting
from steering.models import Period, ProgressReport
from steering.plan import periods, reporting, requests
from steering.plan.periods import Line
from steering.plan.report_forms import WAYS, LineForm
from steering.plan.reporting import Reporter

LINES_ON_A_PAGE = 50
State = ProgressReport.State
View = Callable[..., HttpResponse]


def urls(site: admin.AdminSite) -> list[URLPattern]:
    """What stands below a quarter's address in the admin."""
    return [
        path("<int:pk>/progress/", _door(site, bulk, "steering.change_progressreport"), name="steering_bulk"),
        path("<int:pk>/silent/", _door(site, silent, "steering.view_period"), name="steering_silent"),
    ]


def _door(site: admin.AdminSite, view: View, permission: str) -> View:
    @wraps(view)
    def gated(request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm(permission):
            raise Http404
        return view(request, get_object_or_404(Period.objects.select_related("plan__body"), pk=pk))

    return site.admin_view(gated)


# --- All lines of a quarter ------------------------------------------------------------------------------------------


class BulkForm(LineForm):
    """A line in the table: how it stands, the value and a few words; what it does not ask for stays as it is."""

    left_out = ("challenges", "documents", "evidence_url")
    not_said = LineForm.not_said | {"approve"}

    approve = forms.BooleanField(label=gettext_lazy("Approve"), required=False)

    def __init__(self, line: Line, data: Mapping[str, str] | None = None) -> None:
        super().__init__(line, data)
        if "status_said" in self.fields:
            self.fields["status_said"].widget = forms.Select(choices=[("", _("Not said")), *WAYS])
        self.fields["narrative"].widget.attrs["rows"] = 2
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = f"{field.label}: {line.code}"
            if periods.why_locked(line.period) and name not in ("approve", "seen"):
                field.widget.attrs["readonly" if name in ("narrative", "value") else "disabled"] = True

    @property
    def wants_approval(self) -> bool:
        return self.add_prefix("approve") in self.data

    def take(self, user: User) -> None:
        """Write the line for its organisation where something was typed, then approve it where that is ticked."""
        if self.is_touched and not self.send(Reporter(user=user, on_behalf=True)):
            return
        if self.wants_approval:
            self._approve(user)

    def _approve(self, user: User) -> None:
        self.full_clean()
        try:
            if self.line.report is None:
                raise Refused(_("Nothing was reported here yet."))
            seen = None if self.has_been else self.shown_version
            reporting.approve(self.line.report, by=user, seen=seen)
        except Refused as refused:
            self._tell(refused)
        else:
            self.has_been = "approved"


@dataclass
class BulkRow:
    line: Line
    form: BulkForm | None
    heads: Organisation | None
    """Whose lines begin here."""


class Table:
    """A page of the lines of a quarter, by organisation."""

    def __init__(self, period: Period, asked: Mapping[str, str], data: Mapping[str, str] | None = None) -> None:
        every = sorted(periods.due(period), key=lambda line: (line.organisation.short_name, line.organisation.pk))
        self.organisations = list({line.organisation.pk: line.organisation for line in every}.values())
        self.chosen = asked.get("organisation", "")
        lines = [line for line in every if self.chosen in ("", line.organisation.slug)]
        self.page = paginate(lines, asked.get("page"), size=LINES_ON_A_PAGE)
        self.of, self.arrived = len(lines), sum(line.is_in for line in lines)
        self.rows = self._rows(self.page.object_list, data)

    def _rows(self, lines: list[Line], data: Mapping[str, str] | None) -> list[BulkRow]:
        rows, last = [], None
        for line in lines:
            here = line.organisation
            rows.append(BulkRow(line, _form(line, data), here if here.pk != last else None))
            last = here.pk
        return rows

    def take(self, user: User) -> None:
        """Row by row: what is wrong with one is told beside it and hinders no other."""
        for row in self.rows:
            if row.form and row.form.is_bound:
                row.form.take(user)

    @property
    def has_errors(self) -> bool:
        return any(row.form and row.form.is_bound and row.form.errors for row in self.rows)

    def count(self, what: str) -> int:
        return sum(bool(row.form) and row.form.has_been == what for row in self.rows)


def _form(line: Line, data: Mapping[str, str] | None) -> BulkForm | None:
    """None for what is approved; what somebody has typed for it all the same is shown to them."""
    bound = BulkForm(line, data) if data is not None and f"{line.key}-seen" in data else None
    if line.state == State.APPROVED:
        return bound if bound and bound.is_touched else None
    return bound or BulkForm(line)


@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: HttpRequest, period: Period) -> HttpResponse:
    table = Table(period, request.GET, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        table.take(request.user)
        done = {"written": table.count("sent"), "approved": table.count("approved")}
        if not table.has_errors:
            messages.success(request, _("%(written)d lines written, %(approved)d approved.") % done)
            return redirect(f"{request.path}?{urlencode({'organisation': table.chosen, 'page': table.page.number})}")
    context = _context(request, period, _("Progress of the quarter")) | {"table": table}
    context["locked"] = periods.why_locked(period)
    return render(request, "admin/steering/bulk.html", context, status=422 if request.method == "POST" else 200)


# --- Who has not reported --------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def silent(request: HttpRequest, period: Period) -> HttpResponse:
    if request.method == "POST":
        return _ask(request, period)
    owing = periods.silent(period)
    people = acting.people_of({entry.organisation.pk for entry in owing})
    sees_contacts = request.user.has_perm("network.view_person")
    rows = [
        (entry, acting.each_once(people[entry.organisation.pk]) if sees_contacts and not entry.has_left else [])
        for entry in owing
    ]
    context = _context(request, period, _("Who has not reported")) | {"rows": rows, "sees_contacts": sees_contacts}
    context["may_ask"] = request.user.has_perm("steering.change_period") and period.opened_on is not None
    return render(request, "admin/steering/silent.html", context)


def _ask(request: HttpRequest, period: Period) -> HttpResponse:
    if not request.user.has_perm("steering.change_period"):
        raise Http404
    slug = request.POST.get("organisation", "")
    organisation = get_object_or_404(Organisation, slug=slug) if slug else None
    before = period.letters.count()
    try:
        requests.ask_again(period, by=request.user, organisation=organisation)
    except Refused as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        n = period.letters.count() - before
        messages.success(
            request, ngettext("%(n)d letter is on its way.", "%(n)d letters are on their way.", n) % {"n": n}
        )
    return redirect(request.path)


def _context(request: HttpRequest, period: Period, title: str) -> dict[str, object]:
    site = {**admin.site.each_context(request), "is_nav_sidebar_enabled": False}
    return site | {"title": title, "opts": Period._meta, "period": period, "plan": period.plan}
