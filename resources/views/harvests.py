"""A repository named on the gathering desk."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from resources import harvesting
from resources.forms import RepositoryForm
from resources.intake import oai
from resources.views.desk import sign_in_first
from resources.views.gathering import gather_page


@sign_in_first
@require_POST
def harvest(request: HttpRequest) -> HttpResponse:
    """Coordinators alone name sources: what they offer comes by itself from then on."""
    if not request.user.is_coordinator:
        raise Http404
    form = RepositoryForm(request.POST, user=request.user)
    if form.is_valid():
        try:
            return redirect("resources:gathering", pk=harvesting.name(**form.cleaned_data, by=request.user).pk)
        except oai.Stopped as stopped:
            form.add_error("url", stopped.message)
    return gather_page(request, repository=form, status=422)
