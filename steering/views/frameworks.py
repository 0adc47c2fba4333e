"""Laws, policies, protocols and treaties by country."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from steering.plan import frameworks as actions
from steering.plan.frameworks import Kind


@require_safe
def frameworks(request: HttpRequest) -> HttpResponse:
    """Every country with its newest ones, or all those of one `country`, of one `kind` or of all."""
    country, kind = request.GET.get("country", "").strip().lower(), request.GET.get("kind", "")
    kind = kind if kind in Kind.values else ""
    if country:
        found = actions.of_country(request.user, country, kind=kind, page=request.GET.get("page"))
        if found is None:
            raise Http404
    else:
        found = actions.every(request.user)
    context = {"found": found, "asked": country, "kind": kind, "kinds": Kind.choices}
    return render(request, "steering/frameworks.html", context)
