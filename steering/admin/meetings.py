"""Meetings and their agenda."""

from django import forms
from django.contrib import admin
from django.db.models import QuerySet, Sum
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modeltranslation.admin import TranslationAdmin, TranslationTabularInline

from network.models import User
from portal.core.inlines import NamedCells
from portal.core.steps import ReasonForm, Step
from steering import agenda, attendance, invitations, meetings, minutes
from steering.admin import letters, room
from steering.admin.attendance import AttendanceInline, InvitationInline, keep_lines, list_is_open, quorum_line
from steering.admin.bodies import SteeringAdmin
from steering.forms import MeetingForm, MoveForm
from steering.models import AgendaItem, Meeting, Paper

MEETINGS = gettext_lazy("Committee: meetings and what they decide")
State = Meeting.State


class AgendaInline(NamedCells, TranslationTabularInline):
    """The agenda on the page of its meeting, open as long as the meeting has not been held."""

    model = AgendaItem
    fk_name = "meeting"
    fields = ["position", "kind", "title", "minutes", "presenter", "visibility"]
    extra = 0
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Meeting | None = None) -> bool:
        return obj is not None and obj.is_open and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Meeting | None = None) -> bool:
        return (obj is None or obj.is_open) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Meeting | None = None) -> bool:
        """An item of a draft may be taken off again; one that people were called to is deferred instead."""
        return obj is not None and obj.state == State.DRAFT and super().has_delete_permission(request, obj)


@admin.register(Meeting)
class MeetingAdmin(SteeringAdmin, TranslationAdmin):
    task = MEETINGS
    form = MeetingForm
    list_display = ["title_es", "shown_code", "body", "local", "mode", "state"]
    list_filter = ["state", "body", "mode"]
    list_select_related = ["body"]
    search_fields = ["title_es", "title_en", "place"]
    search_help_text = gettext_lazy("Title or place.")
    date_hierarchy = "starts_at"
    readonly_fields = ["state", "shown_code", "time_table", "shown_quorum", "history"]
    inlines = [AgendaInline]
    fieldsets = [
        (None, {"fields": ["state", "shown_code", "body", "title"]}),
        (gettext_lazy("When"), {"fields": [("day", "begins", "hours"), "zone"]}),
        (gettext_lazy("Where"), {"fields": ["mode", "place", "url"]}),
        (gettext_lazy("Quorum and time"), {"fields": ["shown_quorum", "time_table"]}),
        (gettext_lazy("History"), {"fields": ["history"], "classes": ["collapse"]}),
    ]
    steps = (
        Step(
            "convene",
            gettext_lazy("Convene"),
            gettext_lazy(
                "The meeting gets its number, and everybody accredited an invitation for their calendar by e-mail. "
                "From then on a change of time or place is a step of its own."
            ),
            meetings.convene,
            offered=lambda row: row.state == State.DRAFT,
        ),
        Step(
            "call",
            gettext_lazy("Send invitations to those who lack one"),
            gettext_lazy(
                "People accredited or added as guests since get theirs, and what could not be sent goes out again. "
                "Nobody gets the same invitation twice."
            ),
            invitations.call_those_who_lack_one,
            offered=letters.somebody_lacks_one,
        ),
        Step(
            "refresh_agenda",
            gettext_lazy("Bring in what is pending"),
            gettext_lazy("Minutes that wait for approval and deferred items come onto this agenda."),
            meetings.refresh_agenda,
            offered=lambda row: row.is_open,
        ),
        Step(
            "open_list",
            gettext_lazy("Open the attendance list"),
            gettext_lazy("Everybody accredited for a seat on that day comes onto the list. To repeat it is harmless."),
            attendance.open_list,
            offered=list_is_open,
        ),
        Step(
            "hold",
            gettext_lazy("The meeting has been held"),
            gettext_lazy("The quorum is counted from the attendance list and kept. The agenda is closed."),
            meetings.hold,
            offered=lambda row: row.state == State.CONVENED,
        ),
        Step(
            "draft_minutes",
            gettext_lazy("Begin the minutes"),
            gettext_lazy("They open with the attendance, the items, the decisions and the action items as noted."),
            minutes.draft,
            offered=lambda row: row.state == State.HELD and not row.minutes.exists(),
            leads_on=True,
        ),
        Step(
            "move",
            gettext_lazy("Move the meeting"),
            gettext_lazy(
                "It stays the same meeting, with its number, at another time or place. Those invited are told by "
                "e-mail, with the reason, and their calendars are brought up to date."
            ),
            meetings.move,
            offered=lambda row: row.state == State.CONVENED,
            form=MoveForm,
        ),
        Step(
            "cancel",
            gettext_lazy("Cancel the meeting"),
            gettext_lazy(
                "It will not take place. Those invited are told by e-mail, with the reason. Its agenda waits for the "
                "next meeting. This can't be undone."
            ),
            meetings.cancel,
            offered=lambda row: row.is_open,
            form=ReasonForm,
        ),
    )

    def get_urls(self) -> list[URLPattern]:
        return [*room.urls(self.admin_site), *super().get_urls()]

    def warning(self, step: Step, row: Meeting, user: User) -> str:
        undecided = minutes.undecided_items(row) if step.name == "hold" else []
        names = "; ".join(str(item) for item in undecided)
        return _("Not decided and not left to the next meeting: %(items)s.") % {"items": names} if names else ""

    def reaches(self, step: Step, row: Meeting) -> str:
        return letters.reaches(step, row)

    def may_change(self, row: Meeting) -> bool:
        return row.is_open or list_is_open(row)

    def get_readonly_fields(self, request: HttpRequest, obj: Meeting | None = None) -> list[str]:
        """Once it is convened only its agenda is open here; its time and place are moved by a step."""
        shown = list(super().get_readonly_fields(request, obj))
        if obj is None or obj.state == State.DRAFT:
            return shown
        return [*shown, "body", "title_es", "title_en", "mode", "place", "url", "local", "timezone"]

    def get_fieldsets(self, request: HttpRequest, obj: Meeting | None = None) -> list:
        """The hours of a convened meeting are shown, not asked for."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or obj.state == State.DRAFT:
            return fieldsets
        shown = (gettext_lazy("When"), {"fields": ["local", "timezone"]})
        return [shown if {"day", "zone"} <= _names(options) else (name, options) for name, options in fieldsets]

    def get_form(
        self, request: HttpRequest, obj: Meeting | None = None, change: bool = False, **options: object
    ) -> type[forms.ModelForm]:
        if obj is not None and obj.state != State.DRAFT:
            options["form"] = forms.ModelForm
        return super().get_form(request, obj, change=change, **options)

    def get_inlines(self, request: HttpRequest, obj: Meeting | None = None) -> list:
        """A new meeting first gets its agenda from earlier ones; then come answers, then the attendance list."""
        if obj is None:
            return []
        if obj.state == State.CONVENED and not obj.attendance.exists():
            return [InvitationInline, *super().get_inlines(request, obj)]
        return [*super().get_inlines(request, obj), *([AttendanceInline] if obj.attendance.exists() else [])]

    @admin.display(description=gettext_lazy("number"), ordering="number")
    def shown_code(self, meeting: Meeting) -> str:
        return meeting.code

    @admin.display(description=gettext_lazy("begins"), ordering="starts_at")
    def local(self, meeting: Meeting) -> str:
        return f"{meeting.local_start:%Y-%m-%d %H:%M} – {meeting.local_end:%H:%M}"

    @admin.display(description=gettext_lazy("quorum"))
    def shown_quorum(self, meeting: Meeting) -> SafeString | str:
        return quorum_line(meeting) if meeting.pk else ""

    @admin.display(description=gettext_lazy("minutes planned"))
    def time_table(self, meeting: Meeting) -> SafeString | str:
        """The agenda's sum against the meeting's length."""
        if not meeting.pk:
            return ""
        planned = meeting.items.aggregate(total=Sum("minutes"))["total"] or 0
        words = {"planned": planned, "length": int(meeting.length.total_seconds() // 60)}
        sentence = _("%(planned)d of %(length)d minutes") % words
        if planned <= words["length"]:
            return sentence
        return format_html('<strong class="over">{}: {}</strong>', sentence, _("more than the meeting lasts"))

    def keep(self, row: Meeting, *, by: User, change: bool) -> None:
        if not change:
            meetings.plan(row, by=by)
        elif row.state == State.DRAFT:
            meetings.correct(row, by=by)

    def save_formset(
        self, request: HttpRequest, form: forms.ModelForm, formset: forms.BaseModelFormSet, change: bool
    ) -> None:
        if formset.model is not AgendaItem:
            keep_lines(formset, by=request.user)
            return
        super().save_formset(request, form, formset, change)
        if formset.has_changed():
            agenda.changed(form.instance, by=request.user)


def _names(options: dict) -> set[str]:
    return {name for entry in options["fields"] for name in ([entry] if isinstance(entry, str) else entry)}


class PaperInline(NamedCells, admin.TabularInline):
    model = Paper
    extra = 0
    autocomplete_fields = ["resource"]

    def has_add_permission(self, request: HttpRequest, obj: AgendaItem | None = None) -> bool:
        return obj is not None and obj.meeting.is_open and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: AgendaItem | None = None) -> bool:
        return (obj is None or obj.meeting.is_open) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: AgendaItem | None = None) -> bool:
        return (obj is None or obj.meeting.is_open) and super().has_delete_permission(request, obj)


@admin.register(AgendaItem)
class AgendaItemAdmin(SteeringAdmin, TranslationAdmin):
    """One item with its papers. Items are added on the page of their meeting."""

    task = MEETINGS
    list_display = ["title_es", "meeting", "kind", "state", "times_carried"]
    list_filter = ["state", "kind", "meeting__body"]
    list_select_related = ["meeting__body"]
    search_fields = ["title_es", "title_en", "presenter"]
    search_help_text = gettext_lazy("Title or presenter.")
    readonly_fields = ["meeting", "state", "carried_from", "times_carried", "history"]
    inlines = [PaperInline]
    fieldsets = [
        (None, {"fields": ["meeting", "state", "kind", "title", "minutes", "presenter", "visibility"]}),
        (gettext_lazy("Carried over"), {"fields": ["carried_from", "times_carried"]}),
        (gettext_lazy("History"), {"fields": ["history"], "classes": ["collapse"]}),
    ]
    steps = (
        Step(
            "defer",
            gettext_lazy("Leave it to the next meeting"),
            gettext_lazy("It comes up on the next agenda by itself; here it stands as deferred."),
            agenda.defer,
            offered=lambda item: item.state == AgendaItem.State.PLANNED and item.meeting.state != State.DRAFT,
            form=ReasonForm,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[AgendaItem]:
        return super().get_queryset(request).select_related("meeting__body")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def may_change(self, row: AgendaItem) -> bool:
        return row.meeting.is_open and row.state == AgendaItem.State.PLANNED

    def keep(self, row: AgendaItem, *, by: User, change: bool) -> None:
        row.save(force_update=True)
        agenda.changed(row.meeting, by=by)
