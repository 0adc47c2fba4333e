"""Lists of references and spreadsheets in: bring one, look at what it would do, say yes or no, take it back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from portal.core.http import paginate, render_part
from resources import actions, importing
from resources.forms import ReferencesForm, RepositoryForm
from resources.importing import tasks
from resources.intake import references
from resources.models import Gathered, Gathering
from resources.views.desk import may_upload, sign_in_first

KINDS = [Gathering.Kind.REFERENCES, Gathering.Kind.PASTED]
SHOWN = [*KINDS, Gathering.Kind.HARVEST]
AT_ONCE = 200
"""Lines that are written while the reader waits; more are the worker's."""
READ_AT_ONCE = 200_000
"""Bytes that are read while the reader waits."""
LINES_SHOWN = 50
RECENT = 20
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
Outcome, Decision, State, LookUp = Gathered.Outcome, Gathered.Decision, Gathering.State, Gathered.LookUp


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def gather(request: HttpRequest) -> HttpResponse:
    """Bring a list in; below it what was brought in lately."""
    if not may_upload(request):
        return render(request, "resources/upload_not_yet.html", status=403)
    form = ReferencesForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        return redirect("resources:gathering", pk=_begin(request, form).pk)
    return gather_page(request, form=form, status=422 if request.method == "POST" else 200)


def gather_page(
    request: HttpRequest,
    *,
    form: ReferencesForm | None = None,
    repository: RepositoryForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The forms, and what was brought in lately."""
    recent = Gathering.objects.visible_to(request.user).select_related("organisation")[:RECENT]
    context = {"form": form or ReferencesForm(user=request.user), "recent": recent}
    if request.user.is_coordinator:
        context["repository"] = repository or RepositoryForm(user=request.user)
    return render(request, "resources/gather.html", context, status=status)


def _begin(request: HttpRequest, form: ReferencesForm) -> Gathering:
    given = {"organisation": form.cleaned_data["organisation"], "by": request.user}
    file = form.cleaned_data["file"]
    if not file:
        return _look_up(importing.preview_pasted(form.cleaned_data["text"], "", **given))
    if file.size <= READ_AT_ONCE:
        return importing.preview(file.read(), file.name, **given)
    staged = importing.stage(file.read(), file.name, **given)
    tasks.read_references.enqueue(staged.pk)
    return staged


def _look_up(pasted: Gathering) -> Gathering:
    if pasted.state == State.READING:
        tasks.look_up.enqueue(pasted.pk)
    return pasted


@require_safe
@login_required
def gather_template(request: HttpRequest, format: str) -> HttpResponse:
    """An empty table with the headings the portal knows."""
    if format not in TYPES:
        raise Http404
    name = _("documents") + f".{format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(references.write([], format), content_type=TYPES[format], headers=headers)


@require_safe
@login_required
@vary_on_headers("HX-Request", "HX-Target")
def gathering(request: HttpRequest, pk: int) -> HttpResponse:
    """The preview of a list, how far it has come, and what became of it."""
    shown = _mine(request, pk, SHOWN)
    lines = shown.lines.select_related("resource")
    counts = dict(shown.lines.order_by().values_list("outcome").annotate(Count("pk")))
    outcome = request.GET.get("outcome", "")
    if outcome in Outcome.values:
        lines = lines.filter(outcome=outcome)
    context = {
        "gathering": shown,
        "counts": [(value, label, counts[value]) for value, label in Outcome.choices if value in counts],
        "outcome": outcome,
        "page": paginate(lines.order_by("position"), request.GET.get("page"), size=LINES_SHOWN),
        "held_back": importing.held_back(shown) if request.user.is_coordinator else [],
        **_progress(shown),
    }
    if request.htmx.target != "gathering":  # the form that brought the list here takes the whole page
        return render(request, "resources/gathering.html", context)
    return render_part(request, "resources/gathering.html", context, part="gathering")


def _mine(request: HttpRequest, pk: int, kinds: list[str] = KINDS) -> Gathering:
    mine = Gathering.objects.visible_to(request.user).filter(kind__in=kinds).select_related("organisation")
    return get_object_or_404(mine, pk=pk)


def _progress(shown: Gathering) -> dict[str, object]:
    """What is still to be done, and what has been done so far."""
    if shown.kind == Gathering.Kind.HARVEST:
        return _harvested_so_far(shown)
    if shown.state == State.READING:
        return _read_so_far(shown)
    taken = shown.lines.filter(decision=Decision.TAKEN)
    to_do = {
        State.PREVIEW: importing.waiting(shown),
        State.DONE: importing.waiting(shown),
        State.UNDONE: importing.to_undo(shown),
    }
    left = to_do[shown.state].count() if shown.state in to_do else 0
    files = importing.with_files(shown).count() if shown.state == State.DONE else 0
    done = taken.count() - files
    left += files
    return {
        "left": left,
        "done": done,
        "total": left + done,
        "is_busy": shown.state != State.PREVIEW and left > 0,
        "drafts": importing.drafts(shown).count() if shown.state == State.DONE else 0,
        "not_found": importing.failed(shown).count() if shown.state != State.UNDONE else 0,
    }


def _harvested_so_far(shown: Gathering) -> dict[str, object]:
    """What came of a harvest, and which changes wait for a decision."""
    return {
        "is_busy": shown.state == State.READING,
        "done": shown.lines.exclude(outcome=Outcome.REFUSED).count(),
        "drafts": importing.drafts(shown).count(),
        "proposals": shown.lines.filter(decision=Decision.WAITING).count(),
    }


def _read_so_far(shown: Gathering) -> dict[str, object]:
    """How many of the lines that are looked up have been."""
    sought = shown.lines.exclude(look_up="")
    total = sought.count()
    return {"is_busy": True, "total": total, "done": total - sought.filter(look_up=LookUp.WAITING).count()}


@sign_in_first
@require_POST
def take_in(request: HttpRequest, pk: int) -> HttpResponse:
    """The yes: at once for a short list, by the worker for a long one."""
    shown = _mine(request, pk)
    try:
        if importing.waiting(shown).count() > AT_ONCE or shown.lines.filter(found__has_key="file").exists():
            importing.accept(shown)
            tasks.take_references_in.enqueue(shown.pk, request.user.pk)
        else:
            importing.confirm(shown, by=request.user)
            messages.success(request, _("Done. What is new stands below as drafts."))
    except importing.NotNow:
        messages.warning(request, _("This list can't be taken in any more. Please bring it in again."))
    return redirect("resources:gathering", pk=pk)


@sign_in_first
@require_POST
def look_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Once more for what was not found: in its place in a preview, as a list of its own after the yes."""
    shown = _mine(request, pk)
    text = importing.asked_again(shown) if shown.state == State.DONE else ""
    if text:
        shown = importing.preview_pasted(text, shown.name, organisation=shown.organisation, by=request.user)
    elif not importing.again(shown):
        messages.warning(request, _("There is nothing to look up again."))
    return redirect("resources:gathering", pk=_look_up(shown).pk)


@sign_in_first
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """The no: nothing remains of the list."""
    if importing.cancel(_mine(request, pk)):
        messages.success(request, _("Cancelled. Nothing was kept."))
        return redirect("resources:gather")
    messages.warning(request, _("This list has been taken in already. You can take it back out."))
    return redirect("resources:gathering", pk=pk)


@sign_in_first
@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """All drafts of a list or a harvest to review or, by a coordinator, on the shelf."""
    shown = _mine(request, pk, SHOWN)
    drafts = importing.drafts(shown)
    if "publish" not in request.POST:
        number = actions.submit_all(drafts, by=request.user)
        text = ngettext("%(n)s document was sent to review.", "%(n)s documents were sent to review.", number)
        messages.success(request, text % {"n": number})
    elif not request.user.is_coordinator:
        raise Http404
    else:
        tasks.publish_gathered.enqueue(shown.pk, request.user.pk)
        messages.success(request, _("The documents are being published."))
    return redirect("resources:gathering", pk=pk)


@sign_in_first
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything back out, but what somebody has worked on since."""
    shown = _mine(request, pk)
    try:
        if shown.lines.filter(decision=Decision.TAKEN).count() > AT_ONCE:
            importing.reject(shown)
            tasks.take_references_out.enqueue(shown.pk, request.user.pk)
        elif importing.undo(shown, by=request.user):
            messages.warning(request, _("Taken back out, but for the documents below: somebody has worked on them."))
        else:
            messages.success(request, _("Taken back out. The library is as it was before."))
    except importing.NotNow:
        messages.warning(request, _("There is nothing to take back out."))
    return redirect("resources:gathering", pk=pk)
