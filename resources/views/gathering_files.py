"""Many files at once: sent one by one, kept as one table of drafts, corrected in place, sent on together."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.core import languages
from resources import actions, checking
from resources import gathering as gatherings
from resources.forms import GatherForm, LineForm, UploadForm
from resources.models import FieldOrigin, Gathered, Gathering, Resource
from resources.models.gathering import GatheringQuerySet
from resources.sentences import place
from resources.views.desk import may_upload, sign_in_first

EARLIER_SHOWN = 20
TEMPLATE = "resources/gather_files.html"


@dataclass
class Row:
    """A line as the table prints it."""

    line: Gathered
    problem: str = ""

    @cached_property
    def work(self) -> Resource | None:
        return self.line.resource

    @property
    def place(self) -> str:
        """The name of its file, or where it stands in the list or the source."""
        is_file = self.line.gathering.kind == Gathering.Kind.FILES
        return self.line.where if is_file else place(self.line.where)

    @property
    def own_title(self) -> str:
        """In the language of the work, which is what is corrected here."""
        return getattr(self.work, gatherings.title_field(self.work)) or self.work.shown_title.text

    @property
    def key(self) -> str:
        return str(self.line.pk)

    @property
    def reason(self) -> str:
        """Why it was not taken, in the language of whoever reads it."""
        return gatherings.reason(self.line)

    @cached_property
    def lacks(self) -> list[str]:
        return gatherings.lacks(self.work) if self.work else []

    @cached_property
    def title_origin(self) -> FieldOrigin | None:
        name = gatherings.title_field(self.work)
        return next((origin for origin in self.work.origins.all() if origin.field == name), None)

    @property
    def can_be_changed(self) -> bool:
        return self.work is not None and self.work.status == Resource.Status.DRAFT

    @property
    def is_ready(self) -> bool:
        return self.can_be_changed and not self.lacks

    @cached_property
    def held_back(self) -> str:
        """Why it can't become public before somebody has looked at its file."""
        return checking.why_look(self.work) if self.can_be_changed else ""


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def begin(request: HttpRequest) -> HttpResponse:
    """On whose behalf; then the table that the files go into."""
    if not may_upload(request):
        return render(request, "resources/upload_not_yet.html", status=403)
    form = GatherForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        begun = gatherings.begin(form.cleaned_data["organisation"], by=request.user)
        return redirect("resources:gathering_files", pk=begun.pk)
    earlier = _mine(request)[:EARLIER_SHOWN]
    context = {"form": form, "earlier": earlier}
    return render(request, TEMPLATE, context, status=422 if form.errors else 200)


@require_safe
@login_required
def gathering(request: HttpRequest, pk: int) -> HttpResponse:
    """The table of one gathering, whatever it gathered."""
    return _table(request, get_object_or_404(_tables(request), pk=pk))


def _tables(request: HttpRequest) -> GatheringQuerySet:
    """Gatherings whose drafts this person may correct and send on."""
    return Gathering.objects.visible_to(request.user).select_related("organisation")


def _mine(request: HttpRequest) -> GatheringQuerySet:
    """Gatherings of files this person may add to."""
    return _tables(request).filter(kind=Gathering.Kind.FILES)


def _table(request: HttpRequest, gathered: Gathering, *, status: int = 200) -> HttpResponse:
    rows = _rows(gathered)
    context = {
        "gathering": gathered,
        "rows": rows,
        **_counts(rows),
        "held_back": [row.work for row in rows if row.held_back] if request.user.is_coordinator else [],
        "languages": languages.choices(),
        "upload": UploadForm(user=request.user),
        "most": gatherings.MOST_IN_A_TABLE,
    }
    return render(request, TEMPLATE, context, status=status)


def _rows(gathered: Gathering) -> list[Row]:
    return [Row(line) for line in gatherings.table_of(gathered)]


def _counts(rows: list[Row]) -> dict[str, int]:
    return {
        "taken": sum(row.work is not None for row in rows),
        "refused": sum(row.line.outcome == Gathered.Outcome.REFUSED for row in rows),
        "ready": sum(row.is_ready for row in rows),
    }


@sign_in_first
@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """One file, one line: the row for the script, the whole table without."""
    gathered = get_object_or_404(_mine(request), pk=pk)
    upload = request.FILES.get("file")
    if upload is None:
        messages.warning(request, _("Please choose a file."))
        return redirect("resources:gathering_files", pk=pk)
    try:
        place = request.POST.get("place", "")
        line = gatherings.take(gathered, upload, name=upload.name, place=place, by=request.user)
    except gatherings.Full as full:
        messages.warning(request, str(full))
        return HttpResponse(str(full), status=409) if request.htmx else redirect("resources:gathering_files", pk=pk)
    if not request.htmx:
        return redirect("resources:gathering_files", pk=pk)
    line = gatherings.lines_of(gathered).get(pk=line.pk)
    return render(request, "resources/_gathered_row.html", {"row": Row(line), "languages": languages.choices()})


def _after_step(request: HttpRequest, gathered: Gathering, pk: int, *, problem: str = "") -> HttpResponse:
    """The row as it is now, and the line of counts with it."""
    row = Row(gatherings.lines_of(gathered).get(pk=pk), problem)
    context = {"row": row, "languages": languages.choices(), **_counts(_rows(gathered))}
    return render(request, "resources/_gathered_step.html", context, status=422 if problem else 200)


def _to_line(gathered: Gathering, pk: int | None) -> HttpResponse:
    """Back to the table, at this line: without scripts the keyboard goes on there."""
    address = reverse("resources:gathering_files", args=[gathered.pk])
    return redirect(f"{address}#line-{pk}" if pk else address)


@sign_in_first
@require_POST
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Title, year and language of one line, corrected in its place."""
    drafts = Resource.objects.editable_by(request.user)
    lines = Gathered.objects.filter(gathering__in=_tables(request), resource__in=drafts)
    line = get_object_or_404(lines.select_related("resource", "gathering"), pk=pk)
    problem = _corrected(request, line.resource)
    if request.htmx:
        return _after_step(request, line.gathering, pk, problem=problem)
    if problem:
        messages.warning(request, problem)
    return _to_line(line.gathering, pk)


def _corrected(request: HttpRequest, work: Resource) -> str:
    """What was wrong with it; nothing where it is saved."""
    form = LineForm(request.POST)
    if not form.is_valid():
        return " ".join(f"{form.fields[name].label}: {errors[0]}" for name, errors in form.errors.items())
    given = form.cleaned_data
    old = gatherings.title_field(work)
    work.original_language = given["language"]
    new = gatherings.title_field(work)
    values = {"original_language": given["language"], old: "", new: given["title"], "year": given["year"]}
    if given["year"] != work.year:
        values |= {"month": None, "day": None}
    try:
        gatherings.correct(work, values, by=request.user)
    except actions.WrongState as moved:
        return str(moved)
    except ValidationError as wrong:
        return " ".join(wrong.messages)
    return ""


@sign_in_first
@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """All that are complete (or one line) to review; a coordinator may publish them."""
    gathered = get_object_or_404(_tables(request), pk=pk)
    shown = [line.pk for line in gatherings.table_of(gathered)]
    lines = gatherings.lines_of(gathered).filter(pk__in=shown, resource__in=Resource.objects.editable_by(request.user))
    only = [value for value in request.POST.getlist("line") if value.isascii() and value.isdigit() and len(value) < 19]
    if only and "all" not in request.POST:
        lines = lines.filter(pk__in=only)
    sent = gatherings.send_on(list(lines), by=request.user, publish="publish" in request.POST)
    one = int(only[0]) if len(only) == 1 and "all" not in request.POST and "publish" not in request.POST else None
    if request.htmx and one:
        return _after_step(request, gathered, one, problem="" if sent.on else _("It is not complete."))
    _tell(request, sent)
    return _to_line(gathered, gatherings.next_line(gathered, one) if one and sent.on else one)


def _tell(request: HttpRequest, sent: gatherings.Sent) -> None:
    """What went on, and what did not and why; each that stays is named in the table."""
    messages.success(request, ngettext("%(n)d document sent on.", "%(n)d documents sent on.", sent.on) % {"n": sent.on})
    if n := sent.incomplete:
        text = ngettext("%(n)d stays: look at its line.", "%(n)d stay: look at their lines.", n)
        messages.warning(request, text % {"n": n})
    if n := sent.unlooked:
        text = ngettext(
            "%(n)d was not published: somebody has to look at its files first. It is named below.",
            "%(n)d were not published: somebody has to look at their files first. They are named below.",
            n,
        )
        messages.warning(request, text % {"n": n})
