"""What the portal proposes for a work on the desk; a person decides."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from portal.core.http import render_part
from resources import actions
from resources.models import Resource
from resources.proposed import proposed
from resources.views.desk import sign_in_first


@require_safe
@login_required
def suggestions(request: HttpRequest, pk: int) -> HttpResponse:
    """Topics, countries, type and keywords, each with the sentence that made us think so."""
    work = get_object_or_404(Resource.objects.editable_by(request.user), pk=pk)
    context = {"resource": work, "proposed": proposed(work), "is_whole": not request.htmx}
    return render_part(request, "resources/work_suggestions.html", context, part="suggestions")


@sign_in_first
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Add exactly one suggestion to the work."""
    work = get_object_or_404(Resource.objects.editable_by(request.user), pk=pk)
    actions.accept_suggestion(work, request.POST.get("accept", ""), by=request.user)
    return redirect("resources:work_suggestions", pk=pk)
