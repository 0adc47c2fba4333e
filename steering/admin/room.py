"""The meeting room: one page for a meeting while it runs, and the small forms it is made of."""

from collections.abc import Callable, Mapping
from functools import partial, wraps

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.core.refused import Refused
from steering import room, room_parts
from steering.models import ActionItem, Attendance, Decision, Meeting, Note
from steering.room_forms import (
    ActionForm,
    DecisionForm,
    NewActionForm,
    NewDecisionForm,
    NoteForm,
    PersonForm,
    PresenceForm,
    ReasonForm,
    blank,
)

OPEN_TO = [Meeting.State.CONVENED, Meeting.State.HELD, Meeting.State.CLOSED]
View = Callable[..., HttpResponse]


# --- Doors -----------------------------------------------------------------------------------------------------------


def _door(site: admin.AdminSite, view: View) -> View:
    """For whoever keeps meetings. Where the session has ended, a script is told so: it must not swap a sign-in page."""

    @wraps(view)
    def gated(request: HttpRequest, pk: int, **kwargs: object) -> HttpResponse:
        if not request.user.has_perm("steering.change_meeting"):
            raise Http404
        found = Meeting.objects.select_related("body").filter(state__in=OPEN_TO)
        return view(request, get_object_or_404(found, pk=pk), **kwargs)

    entered = site.admin_view(gated)

    @wraps(view)
    def door(request: HttpRequest, **kwargs: object) -> HttpResponse:
        if request.htmx and not site.has_permission(request):
            return HttpResponse(status=401)
        return entered(request, **kwargs)

    return door


def urls(site: admin.AdminSite) -> list[URLPattern]:
    """What stands below a meeting's address in the admin."""
    doors = {
        "": (show, "room"),
        "changes/": (changes, "room_changes"),
        "list/": (open_list, "room_list"),
        "people/": (let_in, "room_people"),
        "lines/<int:line>/": (note_presence, "room_line"),
        "items/<int:item>/notes/<str:language>/": (write_note, "room_note"),
        "items/<int:item>/decisions/": (decide, "room_decide"),
        "items/<int:item>/actions/": (assign, "room_assign"),
        "items/<int:item>/<str:step>/": (step_item, "room_item"),
        "decisions/<int:row>/": (partial(correct, model=Decision), "room_decision"),
        "actions/<int:row>/": (partial(correct, model=ActionItem), "room_action"),
    }
    return [
        path(f"<int:pk>/room/{end}", _door(site, view), name=f"steering_{name}") for end, (view, name) in doors.items()
    ]


# --- Answers ---------------------------------------------------------------------------------------------------------


@require_safe
def show(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    return _page(request, room_parts.read(meeting))


@require_POST
def changes(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """What others have changed since, for a browser that says what it has. It only reads: POST, for it is long."""
    shown = room_parts.read(meeting)
    parts = shown.differing(request.POST.getlist("known"))
    return _parts(request, shown, parts) if parts else HttpResponse(status=204)


def _page(request: HttpRequest, shown: room_parts.Room, *, status: int = 200) -> HttpResponse:
    wanted = request.GET.get("item", "")
    for part in shown.items:
        part.expanded = part.expanded or part.key == wanted
    meeting = shown.meeting
    context = {
        **admin.site.each_context(request),
        "is_nav_sidebar_enabled": False,
        "title": _("Meeting room"),
        "opts": Meeting._meta,
        "meeting": meeting,
        "room": shown,
    }
    return render(request, "admin/steering/room.html", context, status=status)


def _parts(
    request: HttpRequest,
    shown: room_parts.Room,
    parts: list[room_parts.Part],
    *,
    answered: room_parts.Part | None = None,
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {"room": shown, "meeting": shown.meeting, "parts": parts, "answered": answered, "said": said}
    context["known"] = {entry.rsplit(":", 1)[0] for entry in request.POST.getlist("known")}
    return render(request, "admin/steering/room_changes.html", context, status=status)


def _act(
    request: HttpRequest,
    meeting: Meeting,
    *,
    part: str,
    form: forms.Form | None,
    act: Callable[[forms.Form], object],
    said: str,
    standing: Callable[[], models.Model] | None = None,
) -> HttpResponse:
    """
    Take a small form in and answer with what has changed on the page; without scripts, with the page.

    `part` is what the form is about: it says what is wrong, with what was typed still in it.
    """
    try:
        if form is None or (form.is_valid() and not getattr(form, "takes_theirs", False)):
            act(form)
        elif not form.is_valid():
            raise Refused([problem for problems in form.errors.values() for problem in problems])
    except room.Overtaken as overtaken:
        return _refuse(request, meeting, part, overtaken.messages, standing=standing, status=409)
    except Refused as refused:
        return _refuse(request, meeting, part, refused.messages, status=422)
    return _done(request, meeting, part, said)


def _done(request: HttpRequest, meeting: Meeting, name: str, said: str) -> HttpResponse:
    shown = room_parts.read(meeting)
    part = shown.part(name)
    now = timezone.localtime(timezone=meeting.zone).strftime("%H:%M")
    sentence = _("Saved at %(time)s: %(what)s.") % {"time": now, "what": said}
    if not request.htmx:
        messages.success(request, sentence)
        key = part.key.split("-")[0] if part and part.kind != "line" else ""
        return redirect(
            reverse("admin:steering_room", args=[meeting.pk]) + (f"?item={key}" if key else "") + f"#{name}"
        )
    parts = shown.differing(request.POST.getlist("known"))
    if part:
        part.saved = part.saved or now
        parts = [part, *(other for other in parts if other is not part)]
    return _parts(request, shown, parts, answered=part, said=sentence)


def _refuse(
    request: HttpRequest,
    meeting: Meeting,
    name: str,
    problem: list[str],
    *,
    standing: Callable[[], models.Model] | None = None,
    status: int,
) -> HttpResponse:
    """The part as it was sent, with what is the matter; nothing that was typed is lost."""
    shown = room_parts.read(Meeting.objects.select_related("body").get(pk=meeting.pk))
    part = shown.part(name)
    if part is None:
        raise Http404
    part.problem, part.typed = problem, request.POST
    if standing and status == 409:
        part.is_overtaken, part.theirs, part.mine = True, room_parts.words_of(standing()), _words_of(request.POST)
    if not request.htmx:
        for item in shown.items:
            item.expanded = item.expanded or any(name == child.name for child in item.children())
        return _page(request, shown, status=status)
    return _parts(request, shown, [part], answered=part, said=" ".join(problem), status=status)


def _words_of(sent: Mapping[str, str]) -> str:
    """What somebody wanted to write, to be read beside what stands."""
    status = dict(Attendance.Status.choices).get(sent.get("status", ""), "")
    times = " – ".join(sent.get(name, "") for name in ("arrived", "left")).strip(" –")
    words = [sent.get(name, "") for name in ("text", "text_es", "text_en")]
    return "\n".join(str(word) for word in [*words, status, times] if word)


# --- The forms -------------------------------------------------------------------------------------------------------


@require_POST
def open_list(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    act = partial(_by, request, room.open_list, meeting)
    return _act(request, meeting, part="attendance", form=None, act=act, said=_("attendance list opened"))


def _by(request: HttpRequest, action: Callable[..., object], row: models.Model, _form: object) -> None:
    action(row, by=request.user)


@require_POST
def let_in(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    def act(form: PersonForm) -> None:
        said = form.cleaned_data
        room.let_in(said["affiliation"], meeting=meeting, capacity=said["capacity"], by=request.user)

    said = _("somebody put on the list")
    return _act(request, meeting, part="guests", form=PersonForm(request.POST), act=act, said=said)


@require_POST
def note_presence(request: HttpRequest, meeting: Meeting, line: int) -> HttpResponse:
    row = get_object_or_404(meeting.attendance.select_related("meeting__body"), pk=line)

    def act(form: PresenceForm) -> None:
        room.note_presence(row, by=request.user, **form.cleaned_data)

    form = PresenceForm(request.POST, meeting=meeting)
    return _act(request, meeting, part=f"line-{line}", form=form, act=act, said=row.name, standing=partial(_anew, row))


@require_POST
def write_note(request: HttpRequest, meeting: Meeting, item: int, language: str) -> HttpResponse:
    row = get_object_or_404(meeting.items.select_related("meeting"), pk=item)
    if language not in Note.Language:
        raise Http404

    def act(form: NoteForm) -> None:
        room.write_note(row, language, by=request.user, **form.cleaned_data)

    standing = partial(Note.objects.get, item=row, language=language)
    said = _("notes on item %(n)d") % {"n": row.position}
    part = f"note-{item}-{language}"
    return _act(request, meeting, part=part, form=NoteForm(request.POST), act=act, said=said, standing=standing)


@require_POST
def step_item(request: HttpRequest, meeting: Meeting, item: int, step: str) -> HttpResponse:
    steps = {"treat": room.treat, "reopen": room.reopen, "defer": room.defer}
    if step not in steps:
        raise Http404
    row = get_object_or_404(meeting.items.select_related("meeting"), pk=item)
    form = ReasonForm(request.POST) if step == "defer" else forms.Form(request.POST)

    def act(form: forms.Form) -> None:
        steps[step](row, by=request.user, **form.cleaned_data)

    said = _("item %(n)d") % {"n": row.position}
    return _act(request, meeting, part=f"matter-{item}", form=form, act=act, said=said)


@require_POST
def decide(request: HttpRequest, meeting: Meeting, item: int) -> HttpResponse:
    return _new(request, meeting, item, NewDecisionForm, room.decide, "decide", _("decision"))


@require_POST
def assign(request: HttpRequest, meeting: Meeting, item: int) -> HttpResponse:
    return _new(request, meeting, item, NewActionForm, room.assign, "assign", _("action item"))


def _new(
    request: HttpRequest,
    meeting: Meeting,
    item: int,
    form_class: type[forms.ModelForm],
    action: Callable[..., object],
    kind: str,
    said: str,
) -> HttpResponse:
    row = get_object_or_404(meeting.items.select_related("meeting__body"), pk=item)

    def act(form: forms.ModelForm) -> None:
        action(form.instance, key=form.cleaned_data["key"], by=request.user)

    form = blank(row, request.POST, form_class)
    return _act(request, meeting, part=f"{kind}-{item}", form=form, act=act, said=said)


@require_POST
def correct(request: HttpRequest, meeting: Meeting, row: int, model: type[models.Model]) -> HttpResponse:
    found = get_object_or_404(model.objects.filter(meeting=meeting).select_related("item__meeting"), pk=row)
    form_class = DecisionForm if model is Decision else ActionForm
    form = form_class(request.POST, instance=model.objects.select_related("item", "meeting__body").get(pk=row))

    def act(form: DecisionForm | ActionForm) -> None:
        room.correct(found, values=form.values(), seen=form.cleaned_data["seen"], by=request.user)

    kind = "decision" if model is Decision else "action"
    standing = partial(_anew, found)
    return _act(request, meeting, part=f"{kind}-{row}", form=form, act=act, said=found.code, standing=standing)


def _anew(row: models.Model) -> models.Model:
    """The row as it stands now."""
    return type(row).objects.get(pk=row.pk)
