"""One table to code gender and human rights on all activities of a version in preparation."""

from dataclasses import dataclass, field
from functools import wraps

from django.contrib import admin, messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from resources import markers
from resources.marker_forms import MarkerForm
from resources.models import MarkerKind
from steering.models import ActivityTerms, PlanVersion
from steering.plan import marking

ROWS = 100
"""On a page: each has six fields, and a form may have two thousand."""


@dataclass
class Row:
    """One activity with its two small forms."""

    terms: ActivityTerms
    forms: list[MarkerForm] = field(default_factory=list)

    @property
    def is_wrong(self) -> bool:
        return any(form.errors for form in self.forms if form.is_bound)


def urls(site: admin.AdminSite) -> list[URLPattern]:
    return [path("<int:pk>/markers/", _door(site), name="steering_plan_markers")]


def _door(site: admin.AdminSite) -> object:
    @wraps(code_markers)
    def gated(request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm("steering.change_planversion"):
            raise Http404
        return code_markers(request, get_object_or_404(PlanVersion.objects.select_related("plan"), pk=pk))

    return site.admin_view(gated)


@require_http_methods(["GET", "HEAD", "POST"])
def code_markers(request: HttpRequest, version: PlanVersion) -> HttpResponse:
    """What can be saved is saved, line by line; what is wrong stays as it was typed, with the reason beside it."""
    if version.state != PlanVersion.State.DRAFT:
        messages.warning(request, _("The markers of a version are coded while it is in preparation."))
        return redirect("admin:steering_planversion_change", version.pk)
    page = _page_of(request, version)
    rows = _rows(page, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        saved = sum(_save(row, form, request) for row in rows for form in row.forms)
        wrong = sum(row.is_wrong for row in rows)
        _tell(request, saved, wrong)
        if not wrong:
            return redirect(f"{request.path}?p={page.number}")
    return _show(request, version, page, rows)


def _page_of(request: HttpRequest, version: PlanVersion) -> Page:
    found = version.terms.in_order().select_related("activity", "lead", "version").prefetch_related("markers")
    return Paginator(found, ROWS).get_page(request.GET.get("p"))


def _rows(page: Page, data: object) -> list[Row]:
    scales = markers.default_scales()
    rows = []
    for terms in page:
        there = {marker.kind: marker for marker in terms.markers.all()}
        row = Row(terms)
        for kind in MarkerKind:
            given = {"scale": scales[kind], "kind": kind, "marker": there.get(kind), "name": terms.activity.code}
            row.forms.append(MarkerForm(data, prefix=f"{terms.pk}-{kind}", **given))
        rows.append(row)
    return rows


def _save(row: Row, form: MarkerForm, request: HttpRequest) -> bool:
    def act(code: int | None, justification: str) -> None:
        marking.mark(row.terms, form.kind, code, justification, by=request.user)

    return form.save(act)


def _tell(request: HttpRequest, saved: int, wrong: int) -> None:
    if saved:
        sentence = ngettext("%(n)d marker saved.", "%(n)d markers saved.", saved)
        messages.success(request, sentence % {"n": saved})
    if wrong:
        sentence = ngettext(
            "%(n)d activity has something to mend; it is marked below, and nothing you typed is lost.",
            "%(n)d activities have something to mend; they are marked below, and nothing you typed is lost.",
            wrong,
        )
        messages.warning(request, sentence % {"n": wrong})
    if not saved and not wrong:
        messages.info(request, _("Nothing was changed."))


def _show(request: HttpRequest, version: PlanVersion, page: Page, rows: list[Row]) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Code gender and human rights"),
        "opts": PlanVersion._meta,
        "version": version,
        "page": page,
        "rows": rows,
        "kinds": [kind.label for kind in MarkerKind],
        "scales": markers.default_scales().values(),
        "left": len(marking.unscreened(version)),
        "back": reverse("admin:steering_planversion_change", args=[version.pk]),
    }
    wrong = any(row.is_wrong for row in rows)
    return render(request, "admin/steering/plan_markers.html", context, status=422 if wrong else 200)
