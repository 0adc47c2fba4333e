"""The contributor's desk: hand a file in, correct what the portal read from it, send it on."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.core.gates import sign_in_first
from portal.core.http import paginate
from resources import actions, checking, deposits, handed_in, merging, use
from resources.forms import DescriptionForms, EditionForm, ReasonForm, UploadForm
from resources.intake import kinds
from resources.models import File, Resource, Sought
from resources.sentences import why_not
from resources.views.too_late import keep_what_was_typed

WORKS_SHOWN = 200
PAGE = 50
MOST_ACCEPTED = 100


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """Every work of my organisations with one status; drafts where none is asked for."""
    asked = request.GET.get("status", "")
    status = asked if asked in handed_in.OURS else Resource.Status.DRAFT
    works = use.counted(handed_in.of_my_organisations(request.user).filter(status=status).for_desk())
    context = {
        "page": paginate(works.order_by("-updated_at", "-pk"), request.GET.get("page"), size=PAGE),
        "status": status,
        "states": [(status, status.label) for status in handed_in.OURS],
        "query": f"status={status}",
    }
    return render(request, "resources/mine.html", context)


@require_safe
@login_required
def searches(request: HttpRequest) -> HttpResponse:
    """For coordinators: what people looked for in the last three months, and what they did not find."""
    if not request.user.is_coordinator:
        raise Http404
    recent = Sought.objects.of_the_last(90)
    context = {"in_vain": recent.in_vain().by_words()[:WORKS_SHOWN], "frequent": recent.by_words()[:WORKS_SHOWN]}
    return render(request, "resources/searches.html", context)


def may_upload(request: HttpRequest) -> bool:
    return request.user.is_coordinator or bool(request.user.organisations)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def upload(request: HttpRequest) -> HttpResponse:
    """One page: a file in, and on to the form it has filled."""
    if not may_upload(request):
        return render(request, "resources/upload_not_yet.html", status=403)
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            file = _receive(request, form)
        except (kinds.Refused, deposits.AlreadyHere, OSError) as problem:
            form.add_error("file", why_not(problem, reader=request.user))
        else:
            return redirect("resources:edit", pk=file.resource_id)
    return render(request, "resources/upload.html", {"form": form}, status=422 if form.errors else 200)


def _receive(request: HttpRequest, form: UploadForm) -> File:
    taken = form.cleaned_data["file"]
    return deposits.receive(taken, name=taken.name, organisation=form.cleaned_data["organisation"], by=request.user)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@keep_what_was_typed
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the description, then keep it, send it to review or (a coordinator) publish it."""
    resource = get_object_or_404(Resource.objects.editable_by(request.user), pk=pk)
    forms = DescriptionForms(resource, request.POST or None)
    if request.method == "POST" and forms.is_valid():
        return _save(request, resource, forms)
    return _edit_page(request, resource, forms, status=422 if request.method == "POST" else 200)


def _edit_page(
    request: HttpRequest,
    resource: Resource,
    forms: DescriptionForms,
    edition_form: EditionForm | None = None,
    *,
    status: int = 422,
) -> HttpResponse:
    context = {
        "forms": forms,
        "resource": resource,
        "edition_form": edition_form or EditionForm(is_public=resource.is_published),
        "proposed_pairs": merging.proposed_for(resource),
        "checked": checking.checked(resource),
        "may_discard": Resource.objects.discardable_by(request.user).filter(pk=resource.pk).exists(),
    }
    return render(request, "resources/resource_edit.html", context, status=status)


def keep_typed(request: HttpRequest, resource: Resource) -> DescriptionForms | None:
    """
    Save what was typed beside a step on the files, should it come along with that step.

    Gives the forms where it can't be saved, to be shown once more with what is wrong; nothing typed is lost.
    Raises `actions.WrongState`.
    """
    if not DescriptionForms.was_sent(request.POST):
        return None
    forms = DescriptionForms(resource, request.POST)
    if not forms.is_valid():
        return forms
    actions.describe(resource, by=request.user, save=forms.save)
    return None


def back_to_edit(
    request: HttpRequest, resource: Resource, typed: DescriptionForms | None, *, part: str = ""
) -> HttpResponse:
    """The page again after a step on the files; with what was typed where that could not be saved."""
    if typed:
        return _edit_page(request, resource, typed.with_files_as_they_are())
    return redirect(reverse("resources:edit", args=[resource.pk]) + part)


def _save(request: HttpRequest, resource: Resource, forms: DescriptionForms) -> HttpResponse:
    step = next((step for step in ("publish", "submit") if step in request.POST), "")
    try:
        actions.describe(
            resource,
            by=request.user,
            save=forms.save,
            step=step,
            accept=request.POST.getlist("accept")[:MOST_ACCEPTED],
            accepted=request.POST.getlist("accepted")[:MOST_ACCEPTED],
            looked="looked" in request.POST,
        )
    except checking.NotLooked as problem:
        actions.describe(resource, by=request.user, save=forms.save)  # what was typed is kept
        return _to_the_findings(request, resource, problem)
    if "accept" in request.POST:
        messages.success(request, _("Saved, with the suggestion in it."))
        return redirect(reverse("resources:edit", args=[resource.pk]) + "#suggestions")
    if step == "submit" and resource.status == Resource.Status.SUBMITTED:
        messages.success(request, _("Thank you. The coordination will review the document and publish it."))
    elif step == "publish" and resource.is_published:
        messages.success(request, _("Published. Everybody it is meant for can find it now."))
    else:
        messages.success(request, _("Saved."))
    return redirect(resource if resource.is_published else "desk")


def _to_the_findings(request: HttpRequest, resource: Resource, problem: checking.NotLooked) -> HttpResponse:
    messages.warning(request, str(problem))
    return redirect(reverse("resources:edit", args=[resource.pk]) + "#before-public")


def tell_who_was_slower(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A work that has moved on meanwhile is said so, on the desk."""

    @wraps(view)
    def inner(request: HttpRequest, **kwargs: object) -> HttpResponse:
        try:
            return view(request, **kwargs)
        except actions.WrongState as problem:
            messages.warning(request, str(problem))
            return redirect("desk")

    return inner


@sign_in_first
@require_POST
@tell_who_was_slower
@keep_what_was_typed
def file_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Another edition of the same work."""
    resource = get_object_or_404(Resource.objects.editable_by(request.user), pk=pk)
    typed = keep_typed(request, resource)
    form = EditionForm(request.POST, request.FILES, is_public=resource.is_published)
    if form.is_valid():
        taken = form.cleaned_data["file"]
        try:
            deposits.attach(resource, taken, name=taken.name, language=form.cleaned_data["language"], by=request.user)
        except (kinds.Refused, deposits.AlreadyHere, OSError) as problem:
            form.add_error("file", why_not(problem, reader=request.user))
        else:
            messages.success(request, _("The file has been added."))
            return back_to_edit(request, resource, typed)
    return _edit_page(request, resource, typed or DescriptionForms(resource), form)


@sign_in_first
@require_POST
@tell_who_was_slower
def file_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one edition off a work."""
    works = Resource.objects.editable_by(request.user)
    file = get_object_or_404(File.objects.filter(resource__in=works).select_related("resource"), pk=pk)
    typed = keep_typed(request, file.resource)
    deposits.remove(file, by=request.user)
    messages.success(request, _("The file has been taken off this document."))
    return back_to_edit(request, file.resource, typed)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@tell_who_was_slower
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once more, then delete one's own draft that went to nobody yet."""
    resource = get_object_or_404(Resource.objects.discardable_by(request.user), pk=pk)
    if request.method != "POST":
        return render(request, "resources/work_discard.html", {"resource": resource})
    actions.discard(resource, by=request.user)
    sentence = _("The draft “{title}” and its files have been deleted.")
    messages.success(request, sentence.format(title=resource))
    return redirect("desk")


@sign_in_first
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """A coordinator puts a work on the shelf."""
    resource = get_object_or_404(Resource.objects.reviewable_by(request.user), pk=pk)
    try:
        actions.publish(resource, by=request.user, looked="looked" in request.POST)
    except checking.NotLooked as problem:
        return _to_the_findings(request, resource, problem)
    except actions.WrongState as problem:
        messages.warning(request, str(problem))
    else:
        messages.success(request, _("Published. Everybody it is meant for can find it now."))
    return redirect(resource)


@sign_in_first
@require_POST
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """A coordinator gives a submitted work back, or takes a published one off the shelf, with the reason."""
    resource = get_object_or_404(Resource.objects.reviewable_by(request.user), pk=pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please say why: whoever sent the document will read it."))
        return redirect(resource)
    step = actions.withdraw if resource.is_published else actions.return_to_draft
    try:
        step(resource, by=request.user, reason=form.cleaned_data["reason"])
    except actions.WrongState as problem:
        messages.warning(request, str(problem))
    else:
        messages.success(request, _("Done. The reason is kept with the document."))
    return redirect(resource)
