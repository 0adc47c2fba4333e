"""Who changed what of a work, for those who look after it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from portal.core.http import paginate
from resources import history as histories
from resources.models import Resource


@require_safe
@login_required
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Every change of a field and of the status, the newest first."""
    work = get_object_or_404(Resource.objects.editable_by(request.user), pk=pk)
    page = paginate(histories.of(work), request.GET.get("page"), size=histories.ENTRIES_SHOWN)
    return render(request, "resources/work_history.html", {"resource": work, "page": page})
