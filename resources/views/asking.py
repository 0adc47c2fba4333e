"""The coordination asks an organisation about the drafts gathered for it, and sees what came of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.models import Organisation
from portal.core.http import paginate
from resources import actions, consent
from resources.consent_forms import AskForm, OrganisationForm
from resources.models import Asking, Consent, Gathering, Resource
from resources.views.desk import sign_in_first

SHOWN = 20


@require_safe
@login_required
def askings(request: HttpRequest) -> HttpResponse:
    """What organisations were asked lately, and how far that has come."""
    _for_coordinators(request)
    page = paginate(Asking.objects.visible_to(request.user).with_all(), request.GET.get("page"), size=SHOWN)
    form = OrganisationForm(organisations=consent.organisations_to_ask())
    refused = Resource.objects.refused().for_cards().with_reasons()
    return render(request, "resources/askings.html", {"page": page, "form": form, "refused": refused})


def _for_coordinators(request: HttpRequest) -> None:
    if not request.user.is_coordinator:
        raise Http404


@require_safe
@login_required
def ask_whom(request: HttpRequest) -> HttpResponse:
    """From the list of organisations to the form of one."""
    _for_coordinators(request)
    form = OrganisationForm(request.GET, organisations=consent.organisations_to_ask())
    if not form.is_valid():
        return redirect("resources:askings")
    return redirect("resources:ask", form.cleaned_data["organisation"].slug)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Which drafts and whom; then the letters word for word; then the yes."""
    _for_coordinators(request)
    organisation = get_object_or_404(Organisation, slug=slug)
    form = AskForm(request.POST or None, organisation=organisation, initial=_chosen(request, organisation))
    context = {"form": form, "organisation": organisation, "asked": _asked_already(organisation)}
    if request.method != "POST" or not form.is_valid() or "back" in request.POST:
        status = 422 if form.errors and "back" not in request.POST else 200
        return render(request, "resources/ask.html", context, status=status)
    works, people = list(form.cleaned_data["works"]), form.chosen_people
    if "send" not in request.POST:
        letter = {"organisation": organisation, "by": request.user}
        context["letters"] = [consent.draft_letter(person, works, **letter) for person in people]
        return render(request, "resources/ask_look.html", context)
    asking = consent.ask(works, people, organisation=organisation, by=request.user, key=form.cleaned_data["key"])
    messages.success(request, _("Sent. The answers will stand here."))
    return redirect("resources:asking", pk=asking.pk)


def _chosen(request: HttpRequest, organisation: Organisation) -> dict[str, object]:
    """The drafts of the gathering somebody comes from, else all that were not asked about so far."""
    drafts = Resource.objects.to_ask_about(organisation)
    number = request.GET.get("gathering", "")
    if number.isascii() and number.isdigit() and len(number) < 19:
        gathering = get_object_or_404(Gathering.objects.visible_to(request.user), pk=number)
        drafts = drafts.filter(gathered__gathering=gathering).distinct()
    asked = _asked_already(organisation)
    return {"works": [work.pk for work in drafts if work.pk not in asked][: consent.MOST_WORKS]}


def _asked_already(organisation: Organisation) -> set[int]:
    """Works that somebody has been asked about and may still answer for."""
    waiting = Consent.objects.waiting().filter(asking__in=Asking.objects.open(), asking__organisation=organisation)
    return set(waiting.values_list("resource", flat=True))


@require_safe
@login_required
def asking(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: whom it went to, and what was said of each document."""
    shown = get_object_or_404(Asking.objects.visible_to(request.user).with_all(), pk=pk)
    return render(request, "resources/asking.html", {"asking": shown})


@sign_in_first
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The links of this request die."""
    if consent.withdraw(get_object_or_404(Asking.objects.visible_to(request.user), pk=pk), by=request.user):
        messages.success(request, _("Withdrawn. The links of the letter no longer work."))
    return redirect("resources:asking", pk=pk)


@sign_in_first
@require_POST
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter once more, about what is still unanswered."""
    try:
        consent.send_again(get_object_or_404(Asking.objects.visible_to(request.user), pk=pk), by=request.user)
        messages.success(request, _("Sent again. There are another 30 days to answer."))
    except consent.TooSoon:
        messages.warning(request, _("Nothing was sent: a letter went out a moment ago, or nothing is left to ask."))
    return redirect("resources:asking", pk=pk)


@sign_in_first
@require_POST
def take_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a refused work to another organisation, as a draft."""
    refused = Resource.objects.reviewable_by(request.user).refused()
    work = get_object_or_404(refused, pk=pk)
    form = OrganisationForm(request.POST, organisations=Organisation.objects.all())
    if not form.is_valid():
        messages.error(request, _("Choose the organisation it belongs to."))
        return redirect(work)
    try:
        actions.take_up(work, by=request.user, organisation=form.cleaned_data["organisation"])
        messages.success(request, _("It is a draft of that organisation now."))
    except actions.WrongState as problem:
        messages.warning(request, str(problem))
    return redirect(work)
