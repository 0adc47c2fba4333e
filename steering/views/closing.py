"""The report of a plan that was closed: a page, a PDF and a Word document."""

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from steering.models import Plan
from steering.plan.closing_report import report
from steering.printing.closing import FORMATS
from steering.views.contributions import plan_of

HOUR = 3600


@require_safe
def closing(request: HttpRequest, first_year: int) -> HttpResponse:
    """What became of the plan of these two years, as far as this reader may know."""
    plan = _closed(request, first_year)
    context = {"plan": plan, "report": report(plan, request.user), "formats": FORMATS}
    return render(request, "steering/closing.html", context)


@require_safe
def closing_file(request: HttpRequest, first_year: int, format: str) -> HttpResponse:
    """The same as a file in the language of the address. What everybody gets is set once an hour: setting is slow."""
    plan = _closed(request, first_year)
    if format not in FORMATS:
        raise Http404
    kind, is_public = FORMATS[format], not request.user.is_authenticated
    key = f"closing:{plan.pk}:{get_language()}:{format}"
    content = cache.get(key) if is_public else None
    if content is None:
        content = kind.make(report(plan, request.user), get_language())
        if is_public:
            cache.set(key, content, HOUR)
    name = f"{_('closing-report')}-{plan.first_year}-{plan.first_year + 1}.{get_language()}.{format}"
    answer = HttpResponse(content, content_type=kind.media)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    if not is_public:
        patch_cache_control(answer, private=True, no_store=True)
    return answer


def _closed(request: HttpRequest, first_year: int) -> Plan:
    plan = plan_of(first_year, request.user)
    if plan.state != Plan.State.CLOSED:
        raise Http404
    return plan
