"""What we add to allauth's pages: one page for everything of an account, and the door of an invitation."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from network import invitations, people
from network.accounts.forms import AccountForm, FirstPasswordForm
from network.models import Invitation, User
from portal.core import second_factor


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Name and language to change right here, and the ways to everything else."""
    form = AccountForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        user = form.save()
        people.follow(user)
        with translation.override(user.language):
            messages.success(request, _("Saved."))
            return redirect("network:account")
    context = {
        "form": form,
        "has_second_factor": second_factor.has_one(request.user),
        "second_factor_waived": second_factor.is_waived(),
    }
    return render(request, "network/account.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out one place where this person is signed in."""
    get_object_or_404(UserSession, user=request.user, pk=pk).end()
    messages.success(request, _("Signed out there."))
    return redirect("usersessions_list")


class FirstOne:
    """The first second factor of a person makes this session one that was opened with it, and ends all others."""

    def form_valid(self, form: Form) -> HttpResponse:
        had_one = second_factor.has_one(self.request.user)
        answer = super().form_valid(form)
        if not had_one:
            second_factor.was_set_up(self.request)
        return answer


class ActivateApp(FirstOne, ActivateTOTPView): ...


class AddPasskey(FirstOne, AddWebAuthnView): ...


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What the link in the letter leads to: who invites to what, and one step to accept."""
    found = Invitation.objects.by_token(token)
    if found is None or not found.is_open:
        return _closed(request, found)
    account = User.objects.filter(email=found.email).first()
    begins = User(email=found.email, name=found.name, language=found.language)
    form = FirstPasswordForm(request.POST or None, instance=begins)
    if request.method == "POST":
        try:
            if account is not None and request.user == account:
                return _accept(request, found)
            if account is None and request.user.is_anonymous and form.is_valid():
                return _begin(request, found, form)
        except (invitations.NotOpen, PermissionDenied):
            return redirect(request.path)  # a second click, or somebody was quicker: the page says what is the case
    context = {"invitation": found, "account": account, "form": form}
    return render(request, "network/invitation.html", context, status=422 if form.errors else 200)


def _closed(request: HttpRequest, found: Invitation | None) -> HttpResponse:
    return render(request, "network/invitation_closed.html", {"invitation": found}, status=410 if found else 404)


def _begin(request: HttpRequest, found: Invitation, form: FirstPasswordForm) -> HttpResponse:
    """The account begins, and its person is signed in to it."""
    given = form.cleaned_data
    user = invitations.accept_invitation(
        found, name=given["name"], language=given["language"], password=given["password1"]
    )
    record_authentication(request, user, "password", reauthenticated=True)
    with translation.override(user.language):
        messages.success(request, _("Welcome. Your account is ready."))
        return perform_login(request, user)


def _accept(request: HttpRequest, found: Invitation) -> HttpResponse:
    invitations.accept_invitation(found, by=request.user)
    messages.success(request, _("Accepted: %(role)s.") % {"role": found.kind_label})
    return redirect("desk")
