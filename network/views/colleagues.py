"""Steps on an organisation's own page: somebody's role ends, somebody is recorded, somebody has left."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from network import invitations, people, roles
from network.models import Affiliation, Invitation, Role
from network.people_forms import EndRoleForm, InviteForm, PersonForm
from portal.core.gates import sign_in_first
from portal.core.refused import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def role_end(request: HttpRequest, pk: int) -> HttpResponse:
    """A colleague's role, or one's own: asked once more, and for the last manager who takes over."""
    role = get_object_or_404(_may_end(request), pk=pk)
    form = EndRoleForm(request.POST or None, role=role, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            roles.end(role, by=request.user, **form.cleaned_data)
        except Refused as problem:
            form.add_error(None, problem)
        else:
            return _after(request, role)
    context = {"role": role, "form": form, "is_own": role.user_id == request.user.pk}
    return render(request, "network/role_end.html", context, status=422 if form.errors else 200)


def _may_end(request: HttpRequest) -> QuerySet[Role]:
    own = Q(user=request.user)
    managed = Q(organisation__in=roles.managed_by(request.user), kind__in=roles.OF_AN_ORGANISATION)
    return Role.objects.open().filter(own | managed).select_related("user", "organisation")


def _after(request: HttpRequest, role: Role) -> HttpResponse:
    if role.user_id == request.user.pk:
        messages.success(request, _("Your role has ended."))
        return redirect("desk")
    messages.success(request, _("The role has ended."))
    return redirect("organisation_desk", slug=role.organisation.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def person_add(request: HttpRequest, slug: str) -> HttpResponse:
    """Somebody of the organisation who needs no account."""
    organisation = get_object_or_404(roles.managed_by(request.user), slug=slug)
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        people.record(organisation=organisation, by=request.user, **form.cleaned_data)
        messages.success(request, _("Recorded."))
        return redirect("organisation_desk", slug=slug)
    context = {"organisation": organisation, "form": form}
    return render(request, "network/person_add.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def colleague_invite(request: HttpRequest, slug: str) -> HttpResponse:
    """A role offered by letter. Whether the address has an account already, the one who invites does not learn."""
    organisation = get_object_or_404(roles.managed_by(request.user), slug=slug)
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invitations.invite(by=request.user, organisation=organisation, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem.messages)
        else:
            messages.success(request, _("Invited. The letter is on its way."))
            return redirect("organisation_desk", slug=slug)
    context = {"organisation": organisation, "form": form}
    return render(request, "network/colleague_invite.html", context, status=422 if form.errors else 200)


@sign_in_first
@require_POST
def invitation_resend(request: HttpRequest, pk: int) -> HttpResponse:
    said = _("The letter has been sent again.")
    return _invitation_step(request, pk, invitations.resend_invitation, said)


@sign_in_first
@require_POST
def invitation_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    said = _("Withdrawn. The link in the letter no longer works.")
    return _invitation_step(request, pk, invitations.revoke_invitation, said)


def _invitation_step(request: HttpRequest, pk: int, step: Callable[..., object], said: str) -> HttpResponse:
    mine = Invitation.objects.filter(
        organisation__in=roles.managed_by(request.user), kind__in=roles.OF_AN_ORGANISATION
    ).select_related("organisation")
    invitation = get_object_or_404(mine, pk=pk)
    try:
        step(invitation, by=request.user)
    except invitations.NotOpen:
        messages.warning(request, _("This invitation has been answered or withdrawn already."))
    else:
        messages.success(request, said)
    return redirect("organisation_desk", slug=invitation.organisation.slug)


@sign_in_first
@require_POST
def person_leaves(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody no longer works there; the name stays in the records."""
    mine = Affiliation.objects.current().filter(organisation__in=roles.managed_by(request.user))
    affiliation = get_object_or_404(mine.select_related("person", "organisation"), pk=pk)
    people.leaves(affiliation, by=request.user)
    messages.success(request, _("Noted. The name stays in everything recorded so far."))
    return redirect("organisation_desk", slug=affiliation.organisation.slug)
