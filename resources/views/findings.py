"""What a file carries that readers should not get, and a copy of it without."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from resources import actions, checking
from resources.intake import kinds
from resources.models import File, Resource
from resources.sentences import why_not
from resources.views.desk import sign_in_first


@require_safe
@login_required
def findings(request: HttpRequest, pk: int) -> HttpResponse:
    """The block of the edit page by itself, asked for while a check is under way."""
    work = get_object_or_404(Resource.objects.editable_by(request.user), pk=pk)
    if not request.htmx:
        return _back(work)
    context = {"resource": work, "checked": checking.checked(work)}
    return render(request, "resources/_before_public.html", context)


@sign_in_first
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Look through a file now."""
    file = _file(request, pk)
    try:
        checking.check(file)
    except OSError as problem:
        messages.error(request, why_not(problem, reader=request.user))
    return _back(file.resource)


@sign_in_first
@require_POST
def clean(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a cleaned copy in the place of a file."""
    file = _file(request, pk)
    try:
        actions.clean_file(file, by=request.user, drop_hidden="drop_hidden" in request.POST)
    except checking.NotCleaned as problem:
        messages.warning(request, str(problem))
    except (kinds.Refused, actions.AlreadyHere, OSError) as problem:
        messages.warning(request, why_not(problem, reader=request.user))
    else:
        messages.success(request, _("The cleaned copy has taken the place of the file."))
    return _back(file.resource)


def _file(request: HttpRequest, pk: int) -> File:
    works = Resource.objects.editable_by(request.user)
    return get_object_or_404(File.objects.filter(resource__in=works).select_related("resource"), pk=pk)


def _back(work: Resource) -> HttpResponse:
    return redirect(reverse("resources:edit", args=[work.pk]) + "#before-public")
