"""Which activity or decision a document came out of, said by the organisation whose document it is."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.core.gates import sign_in_first
from portal.core.refused import Refused
from resources.models import Resource
from steering.origin_forms import OriginForm
from steering.plan import origins as actions


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def origin(request: HttpRequest, pk: int) -> HttpResponse:
    """What is said so far, and a form that adds to it."""
    resource = get_object_or_404(Resource.objects.placed_by(request.user), pk=pk)
    form = OriginForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            actions.name_origin(resource, **form.cleaned_data["origin"], by=request.user)
        except Refused as refused:
            form.add_error("origin", refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("steering:origin", pk=pk)
    context = {"resource": resource, "form": form, "said": actions.said(resource, request.user)}
    return render(request, "steering/origin.html", context, status=422 if form.errors else 200)


@require_POST
@sign_in_first
def origin_take(request: HttpRequest, pk: int, said: int) -> HttpResponse:
    """It was named by mistake; taken away already, nothing happens."""
    resource = get_object_or_404(Resource.objects.placed_by(request.user), pk=pk)
    for row in actions.said(resource, request.user):
        if row.pk == said:
            actions.take_origin(row, by=request.user)
            messages.success(request, _("Saved."))
    return redirect("steering:origin", pk=pk)
