"""What the portal holds about oneself: to read, to correct, to take home, to have erased."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from network import people, privacy
from network.people_forms import ContactsForm, EraseForm
from portal.core.refused import Refused

SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def my_data(request: HttpRequest) -> HttpResponse:
    """Contacts and the consent to show them; everything else that is held."""
    form = ContactsForm(request.POST or None, instance=people.person_of(request.user))
    if request.method == "POST" and form.is_valid():
        people.keep_contacts(request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("network:my_data")
    parts = [(part, part.rows(request.user)) for part in privacy.PARTS]
    held = [{"part": part, "rows": rows[:SHOWN], "more": len(rows) - SHOWN} for part, rows in parts if rows]
    context = {"form": form, "held": held}
    return render(request, "network/my_data.html", context, status=422 if form.errors else 200)


@require_safe
@login_required
def my_data_download(request: HttpRequest) -> HttpResponse:
    """All of it in one file."""
    held = {"portal": "Salud y Migración", "at": timezone.now(), **privacy.everything(request.user)}
    response = JsonResponse(held, json_dumps_params={"ensure_ascii": False, "indent": 2})
    name = _("my-data")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def erase_me(request: HttpRequest) -> HttpResponse:
    """Asked once more; then the account is closed and the contacts are gone."""
    form = EraseForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            privacy.erase(request.user, by=request.user)
        except Refused as problem:
            form.add_error(None, problem)
        else:
            logout(request)
            messages.success(request, _("Your account is closed and your contacts are erased."))
            return redirect("home")
    return render(request, "network/erase_me.html", {"form": form}, status=422 if form.errors else 200)
