"""Gender and human rights of a document: coded on a small page of its own, for whoever may edit the document."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.core.gates import sign_in_first
from portal.core.refused import Refused
from resources import markers
from resources.marker_forms import MarkerForm
from resources.models import MarkerKind, Resource, ResourceMarker


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def code_markers(request: HttpRequest, pk: int) -> HttpResponse:
    """Both markers; what can be saved is saved, and what is wrong stays as it was typed."""
    work = get_object_or_404(Resource.objects.editable_by(request.user), pk=pk)
    forms = _forms(work, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        saved = [form.save(_save(work, form, request)) for form in forms]
        if not any(form.errors for form in forms):
            messages.success(request, _("Saved.") if any(saved) else _("Nothing was changed."))
            return redirect(work)
    status = 422 if request.method == "POST" else 200
    return render(request, "resources/work_markers.html", {"resource": work, "forms": forms}, status=status)


def _forms(work: Resource, data: object) -> list[MarkerForm]:
    scales = markers.default_scales()
    there = {marker.kind: marker for marker in work.markers.all()}
    made = [MarkerForm(data, prefix=kind, scale=scales[kind], kind=kind, marker=there.get(kind)) for kind in MarkerKind]
    for form in made:
        form.marker = there.get(form.kind)
    return made


def _save(work: Resource, form: MarkerForm, request: HttpRequest) -> object:
    return lambda code, justification: markers.mark(work, form.kind, code, justification, by=request.user)


@sign_in_first
@require_POST
def review_marker(request: HttpRequest, pk: int) -> HttpResponse:
    """A coordinator agrees with what somebody else coded."""
    works = Resource.objects.reviewable_by(request.user)
    marker = get_object_or_404(ResourceMarker.objects.screened().filter(resource__in=works), pk=pk)
    try:
        markers.review(marker, by=request.user)
    except Refused as refused:
        messages.warning(request, " ".join(refused.messages))
    else:
        messages.success(request, _("Reviewed."))
    return redirect("resources:markers", pk=marker.resource_id)
