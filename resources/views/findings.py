"""What a file carries that readers should not get, and a copy of it without."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from resources import checking, deposits
from resources.intake import kinds
from resources.models import File, Resource
from resources.sentences import why_not
from resources.views.desk import back_to_edit, keep_typed, sign_in_first, tell_who_was_slower

PART = "#before-public"


@require_safe
@login_required
def findings(request: HttpRequest, pk: int) -> HttpResponse:
    """The block of the edit page by itself, asked for while a check is under way."""
    work = get_object_or_404(Resource.objects.editable_by(request.user), pk=pk)
    if not request.htmx:
        return back_to_edit(request, work, None, part=PART)
    context = {"resource": work, "checked": checking.checked(work)}
    return render(request, "resources/_before_public.html", context)


@sign_in_first
@require_POST
@tell_who_was_slower
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Look through a file now."""
    file = _file(request, pk)
    typed = keep_typed(request, file.resource)
    try:
        checking.check(file)
    except OSError as problem:
        messages.error(request, why_not(problem, reader=request.user))
    return back_to_edit(request, file.resource, typed, part=PART)


@sign_in_first
@require_POST
@tell_who_was_slower
def clean(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a cleaned copy in the place of a file."""
    file = _file(request, pk)
    typed = keep_typed(request, file.resource)
    try:
        deposits.clean(file, by=request.user, drop_hidden="drop_hidden" in request.POST)
    except checking.NotCleaned as problem:
        messages.warning(request, str(problem))
    except (kinds.Refused, deposits.AlreadyHere, OSError) as problem:
        messages.warning(request, why_not(problem, reader=request.user))
    else:
        messages.success(request, _("The cleaned copy has taken the place of the file."))
    return back_to_edit(request, file.resource, typed, part=PART)


def _file(request: HttpRequest, pk: int) -> File:
    works = Resource.objects.editable_by(request.user)
    return get_object_or_404(File.objects.filter(resource__in=works).select_related("resource"), pk=pk)
