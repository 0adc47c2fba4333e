"""Two works side by side that may be one; a person decides."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.core.http import render_part
from resources import actions, checking, merging
from resources.merging import As, Verdict
from resources.models import Resource
from resources.views.desk import sign_in_first


@require_safe
@login_required
def alike(request: HttpRequest, pk: int) -> HttpResponse:
    """The works this one may be the same as, with the reasons."""
    work = get_object_or_404(Resource.objects.editable_by(request.user), pk=pk)
    context = {"resource": work, "alike": merging.alike(work, request.user), "is_whole": not request.htmx}
    return render_part(request, "resources/work_alike.html", context, part="alike")


@require_safe
@login_required
def compare(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Both side by side, with what can be done about it."""
    work, second = _both(request, pk, other)
    found = next((one for one in merging.alike(work, request.user) if one.resource.pk == other), None)
    context = {
        "resource": work,
        "other": second,
        "found": found,
        "may_merge": merging.may_merge(work, second, request.user),
        "choices": [(bond, merging.missing(second, work, bond)) for bond in As],
        "likely": merging.likely(found),
        "must_look": second.is_published and bool(checking.to_look_at(work)),
    }
    return render(request, "resources/work_compare.html", context)


@sign_in_first
@require_POST
def merge(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """The draft's files and what it says besides go over to the other work; or that is proposed."""
    work, second = _both(request, pk, other)
    if not merging.may_merge(work, second, request.user):
        merging.judge(work, second, verdict=Verdict.PROPOSED, by=request.user)
        messages.success(request, _("Thank you. The coordination will see that these two may be one."))
        return redirect("resources:edit", pk=pk)
    try:
        bond = As.EDITION if request.POST.get("as") == As.EDITION else As.SAME
        into = merging.merge(work, into=second, by=request.user, bond=bond, looked="looked" in request.POST)
    except (actions.WrongState, checking.NotLooked) as problem:
        messages.warning(request, str(problem))
        return redirect("resources:compare", pk=pk, other=other)
    messages.success(request, _("Both are one document now. If it holds a file twice, you can take one off here."))
    return redirect("resources:edit", pk=into.pk)


@sign_in_first
@require_POST
def keep_both(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """They are two works: nobody is asked again."""
    work, second = _both(request, pk, other)
    merging.judge(work, second, verdict=Verdict.APART, by=request.user)
    messages.success(request, _("Noted: these are two documents."))
    return redirect("resources:edit", pk=pk)


def _both(request: HttpRequest, pk: int, other: int) -> tuple[Resource, Resource]:
    """A work this person may change and another one they may read."""
    work = get_object_or_404(Resource.objects.editable_by(request.user), pk=pk)
    readable = Resource.objects.visible_to(request.user).exclude(pk=pk)
    return work, get_object_or_404(readable, pk=other)
