"""The desk the coordination shares: what has to be done, in whose hands it is, and how much hangs on one person."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from network import concentration, duties
from network.models import Absence, Duty, User
from network.people_forms import AbsenceForm, FinishForm, HandOverForm
from portal.core.gates import sign_in_first
from portal.core.http import paginate
from portal.core.refused import Refused

ROWS = 100
PAGE = 25


@require_safe
@login_required
def shared_desk(request: HttpRequest) -> HttpResponse:
    """Mine, what can be taken, what others have; who is away; the share of the busiest."""
    if not request.user.shares_the_desk:
        raise Http404
    return render(request, "network/shared_desk.html", _page(request, AbsenceForm()))


def _page(request: HttpRequest, absence_form: AbsenceForm) -> dict[str, object]:
    me = request.user
    work = Duty.objects.visible_to(me).open().for_rows()
    quarter = concentration.Quarter.read(request.GET.get("quarter", "")) or concentration.last_quarter()
    return {
        "mine": work.filter(taken_by=me)[:ROWS],
        "to_take": paginate(work.to_take(me), request.GET.get("page"), size=PAGE),
        "with_others": work.with_others(me)[:ROWS],
        "hands": _hands(),
        "away": duties.away().select_related("user").order_by("user__name"),
        "my_absences": Absence.objects.filter(user=me).to_come(),
        "absence_form": absence_form,
        "spread": concentration.of(quarter),
        "last_quarter": concentration.last_quarter(),
    }


def _hands() -> dict[str, list[User]]:
    """Who can do what: work for coordinators, and the rest."""
    everybody = list(duties.hands().order_by("name"))
    coordinators = set(duties.hands(coordinators_only=True).values_list("pk", flat=True))
    return {"coordinators": [user for user in everybody if user.pk in coordinators], "everybody": everybody}


def _step(request: HttpRequest, pk: int, step: Callable[[Duty], None], said: str) -> HttpResponse:
    duty = get_object_or_404(Duty.objects.visible_to(request.user), pk=pk)
    try:
        step(duty)
    except Refused as problem:
        messages.warning(request, problem.message)
    else:
        messages.success(request, said)
    return redirect("network:shared_desk")


@sign_in_first
@require_POST
def duty_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it, or cover for somebody who is away."""
    return _step(request, pk, lambda duty: duties.take(duty, by=request.user), _("It is yours now."))


@sign_in_first
@require_POST
def duty_put_back(request: HttpRequest, pk: int) -> HttpResponse:
    said = _("Anybody can take it now.")
    return _step(request, pk, lambda duty: duties.put_back(duty, by=request.user), said)


@sign_in_first
@require_POST
def duty_hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    def hand_over(duty: Duty) -> None:
        form = HandOverForm(request.POST, duty=duty)
        if not form.is_valid():
            raise Refused(_("Please choose to whom the work goes."))
        duties.hand_over(duty, to=form.cleaned_data["to"], by=request.user)

    return _step(request, pk, hand_over, _("Handed over."))


@sign_in_first
@require_POST
def duty_finish(request: HttpRequest, pk: int) -> HttpResponse:
    """What no step of the portal closes: done, with a word about what came of it."""

    def finish(duty: Duty) -> None:
        form = FinishForm(request.POST)
        if not form.is_valid():
            raise Refused(_("Please say in a few words what came of it (500 characters at most)."))
        duties.finish(duty, by=request.user, note=form.cleaned_data["note"])

    return _step(request, pk, finish, _("Done. Thank you."))


@sign_in_first
@require_POST
def absence_add(request: HttpRequest) -> HttpResponse:
    """Note days on which one is away."""
    if not request.user.shares_the_desk:
        raise Http404
    form = AbsenceForm(request.POST)
    if not form.is_valid():
        return render(request, "network/shared_desk.html", _page(request, form), status=422)
    Absence.objects.get_or_create(user=request.user, **form.cleaned_data)
    messages.success(request, _("Noted. On these days others can take over your work."))
    return redirect("network:shared_desk")


@sign_in_first
@require_POST
def absence_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Back earlier, or not away at all."""
    get_object_or_404(Absence.objects.filter(user=request.user), pk=pk).delete()
    messages.success(request, _("Taken off."))
    return redirect("network:shared_desk")
