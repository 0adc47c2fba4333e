"""Policy outcomes: the public register, one of them, and how an organisation tells of one and another stands by it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.core.gates import sign_in_first
from portal.core.http import paginate
from portal.core.refused import Refused
from steering.models import Evidence, PolicyOutcome
from steering.outcome_forms import EvidenceForm, OutcomeForm, evidence_of
from steering.plan import outcomes as actions
from steering.plan import register

PAGE = 20


@require_safe
def outcomes(request: HttpRequest) -> HttpResponse:
    """What has changed, by country, year and kind."""
    found = register.read(request.GET)
    context = {
        "register": found,
        "page": paginate(found.outcomes, request.GET.get("page"), size=PAGE),
        "may_report": _may_report(request),
    }
    return render(request, "steering/outcomes.html", context)


def _may_report(request: HttpRequest) -> bool:
    user = request.user
    return user.is_authenticated and (user.is_coordinator or bool(user.organisations))


@require_safe
def outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """One change, and what it rests on."""
    return _page(request, pk)


def _page(request: HttpRequest, pk: int, form: EvidenceForm | None = None) -> HttpResponse:
    seen = PolicyOutcome.objects.visible_to(request.user).select_related("country", "reported_by", "reporter")
    found = get_object_or_404(seen, pk=pk)
    known = request.user.is_authenticated
    may_change = known and PolicyOutcome.objects.editable_by(request.user).filter(pk=pk).exists()
    to_verify = Evidence.objects.verifiable_by(request.user).filter(outcome=pk) if known else []
    context = {
        "outcome": found,
        "page_object": found,
        "shown": register.show(found, request.user),
        "may_change": may_change,
        "form": form or (EvidenceForm(user=request.user) if may_change else None),
        "to_verify": {row.pk for row in to_verify},
    }
    return render(request, "steering/outcome.html", context, status=422 if form else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def outcome_report(request: HttpRequest) -> HttpResponse:
    """A member organisation tells of a change."""
    if not _may_report(request):
        raise Http404
    form = OutcomeForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        linked = {name: said.get(name, []) for name in ("activities", "documents")}
        try:
            told = actions.tell(form.instance, by=request.user, evidence=evidence_of(form.instance, said), **linked)
        except Refused as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Thank you. The secretariat reads it and looks for somebody to verify it."))
            return redirect(told)
    return _form(request, form, 422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def outcome_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Other words, until the secretariat has reviewed it; after that what was typed stays on the page."""
    own = PolicyOutcome.objects.filter(reported_by__in=request.user.organisation_ids)
    found = get_object_or_404(own, pk=pk)
    is_open = PolicyOutcome.objects.editable_by(request.user).filter(pk=pk).exists()
    if not is_open and request.method != "POST":
        return redirect(found)
    form = OutcomeForm(request.POST or None, user=request.user, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            _save(form, request, is_open=is_open)
        except Refused as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect(found)
    return _form(request, form, 422 if form.errors else 200)


def _save(form: OutcomeForm, request: HttpRequest, *, is_open: bool) -> None:
    if not is_open:
        raise Refused(_("The secretariat has taken it up meanwhile: write to it what should be different."))
    linked = {name: form.cleaned_data[name] for name in ("activities", "documents") if name in form.cleaned_data}
    actions.rewrite(form.instance, by=request.user, **linked)


def _form(request: HttpRequest, form: OutcomeForm, status: int) -> HttpResponse:
    return render(request, "steering/outcome_edit.html", {"form": form, "outcome": form.instance}, status=status)


@require_POST
@sign_in_first
def outcome_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever reported it names something that shows it."""
    found = get_object_or_404(PolicyOutcome.objects.editable_by(request.user), pk=pk)
    form = EvidenceForm(request.POST, user=request.user)
    if not form.is_valid():
        return _page(request, pk, form)
    try:
        actions.add_all(evidence_of(found, form.cleaned_data), by=request.user)
    except Refused as refused:
        form.add_error(None, refused)
        return _page(request, pk, form)
    messages.success(request, _("Saved."))
    return redirect(found)


@require_POST
@sign_in_first
def evidence_verify(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody of the organisation that was asked stands behind it."""
    found = get_object_or_404(Evidence.objects.verifiable_by(request.user).select_related("outcome", "asked"), pk=pk)
    try:
        actions.verify(found, organisation=found.asked, name=request.user.name, by=request.user)
    except Refused as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("Thank you: it is noted that your organisation stands behind it."))
    return redirect(found.outcome)
