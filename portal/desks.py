"""The pages on which a person's own work lies: their desk, and their organisation's."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from network import colleagues, duties, roles
from network.models import Organisation
from network.people_forms import ProfileForm
from resources import actions, handed_in
from resources.models import Resource
from resources.views.desk import may_upload
from steering.models import ActionItem, PolicyOutcome
from steering.plan import periods


@require_safe
@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for me, what my organisation has handed in, and with whom I work."""
    waiting, documents, refused = handed_in.for_desk(request.user)
    context = {
        "waiting": waiting,
        "documents": documents,
        "refused": refused,
        "shared": duties.for_desk(request.user) if request.user.shares_the_desk else None,
        "action_items": ActionItem.objects.of_the_desk_of(request.user),
        "asked_by_plan": periods.for_desk(request.user),
        "outcomes": PolicyOutcome.objects.of_the_desk_of(request.user),
        "to_verify": PolicyOutcome.objects.to_verify(request.user),
        "colleagues": colleagues.of(request.user),
        "managed": [role.organisation for role in request.user.roles_in_force if role.kind == "manager"],
        "may_upload": may_upload(request),
    }
    return render(request, "resources/desk.html", context)


@require_safe
@login_required
def my_organisation(request: HttpRequest) -> HttpResponse:
    """The organisation this person manages; a choice, for whoever manages several."""
    mine = {role.organisation.slug: role.organisation for role in request.user.roles_in_force if role.kind == "manager"}
    if len(mine) == 1:
        return redirect("organisation_desk", slug=next(iter(mine)))
    organisations = roles.managed_by(request.user) if request.user.is_coordinator else [*mine.values()]
    if not organisations:
        raise Http404
    return render(request, "network/my_organisations.html", {"organisations": organisations})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def organisation_desk(request: HttpRequest, slug: str) -> HttpResponse:
    """The profile to be corrected, the colleagues and what they may do, and who is invited."""
    organisation = get_object_or_404(roles.managed_by(request.user), slug=slug)
    form = ProfileForm(request.POST or None, instance=organisation)
    if request.method == "POST" and _save_profile(form):
        messages.success(request, _("Saved."))
        return redirect("organisation_desk", slug=slug)
    context = colleagues.page(Organisation.objects.get(pk=organisation.pk))
    context["form"] = form
    return render(request, "network/organisation_desk.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _save_profile(form: ProfileForm) -> bool:
    """
    Of two who save at once the second is told: the form holds the row from its check on. False where it is not right.

    Documents are found by the name of their organisation, so search takes them up anew where that has changed.
    """
    if not form.is_valid():
        return False
    organisation = form.save()
    if {"name_es", "name_en", "acronym"} & {*form.changed_data}:
        actions.renamed(Resource.objects.filter(organisation=organisation))
    return True
