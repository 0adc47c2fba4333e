"""The committee's record for readers: minutes and decisions by their words, and the thread of one decision."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from steering import record_search, thread
from steering.models import Body, Decision


@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """Approved minutes and decisions, all of them or those that hold the words of `q`, of one `year` or of all."""
    body = Body.objects.committees().active().first()
    words, year = request.GET.get("q", "").strip(), request.GET.get("year", "")
    chosen = int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None
    given = {"words": words, "year": chosen, "page": request.GET.get("page", "1")}
    found = record_search.search(body, request.user, **given) if body else None
    context = {"body": body, "found": found, "words": words, "year": chosen}
    return render(request, "steering/record.html", context)


@require_safe
def decision(request: HttpRequest, meeting: str, number: str) -> HttpResponse:
    """One decision, where it comes from and what has come of it."""
    seen = Decision.objects.visible_to(request.user).select_related("meeting__body", "item", "confirmed_in__body")
    found = get_object_or_404(seen, code=f"{meeting}/{number}")
    context = {"decision": found, "page_object": found, "thread": thread.follow(found, request.user)}
    return render(request, "steering/decision.html", context)
