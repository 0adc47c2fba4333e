"""Who is called to a meeting, who came, and what the quorum comes to: parts of the meeting's page."""

from datetime import datetime

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.inlines import NamedCells
from steering import attendance, quorum_words
from steering.admin.letters import in_words
from steering.calendar import moment
from steering.models import Attendance, Invitation, Meeting

CLOCK = forms.TimeInput({"type": "time"}, format="%H:%M")


def fix(form: forms.ModelForm, *names: str) -> None:
    """What a saved row is about stays, and needs no list to choose from (which would cost a query each)."""
    for name in names:
        if name in form.fields:
            form.fields[name].disabled = True
            form.fields[name].widget = forms.HiddenInput()


class InvitationForm(forms.ModelForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            fix(self, "person")


class InvitationInline(NamedCells, admin.TabularInline):
    """Those invited, with their answers; others than those accredited can be added as guests."""

    model = Invitation
    form = InvitationForm
    fields = ["seat", "person", "answer", "instead", "letter"]
    readonly_fields = ["seat", "instead", "letter"]
    autocomplete_fields = ["person"]
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invitation]:
        found = super().get_queryset(request).select_related("person", "designation__term__seat", "instead__person")
        return found.prefetch_related("letters")

    @admin.display(description=gettext_lazy("last letter"))
    def letter(self, invitation: Invitation) -> str:
        """The last one, and what has become of it."""
        last = max(invitation.letters.all(), key=lambda letter: letter.pk, default=None) if invitation.pk else None
        return f"{last.get_kind_display()} · {in_words(last)}" if last else ""

    @admin.display(description=gettext_lazy("seat"))
    def seat(self, invitation: Invitation) -> str:
        named = invitation.designation
        return f"{named.term.seat} · {named.capacity}" if named else _("Guest")


class LineForm(forms.ModelForm):
    """A line of the list: times by the clocks of the meeting, and for somebody accredited only what happened."""

    arrived = forms.TimeField(label=gettext_lazy("Arrived"), required=False, widget=CLOCK)
    left = forms.TimeField(label=gettext_lazy("Left"), required=False, widget=CLOCK)

    class Meta:
        model = Attendance
        fields = ["person", "organisation", "capacity", "status"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        line = self.instance
        if line.pk:
            zone = line.meeting.zone
            times = {"arrived": line.arrived_at, "left": line.left_at}
            self.initial |= {name: at.astimezone(zone).time() for name, at in times.items() if at}
            fix(self, "person", "organisation", "capacity")
        elif "capacity" in self.fields:
            others = [choice for choice in Attendance.Capacity.choices if choice[0] not in Attendance.FOR_A_SEAT]
            self.fields["capacity"].choices = [("", "---------"), *others]

    def clean(self) -> dict[str, object]:
        said = super().clean()
        self.instance.arrived_at = self._moment("arrived")
        self.instance.left_at = self._moment("left")
        arrived, left = self.instance.arrived_at, self.instance.left_at
        if arrived and left and left <= arrived:
            raise forms.ValidationError(_("Nobody leaves before arriving."))
        return said

    def _moment(self, name: str) -> datetime | None:
        time = self.cleaned_data.get(name)
        meeting = self.instance.meeting
        return moment(meeting.local_start.date(), time, meeting.timezone) if time else None


class AttendanceInline(NamedCells, admin.TabularInline):
    """The list of those present. Whoever may speak for a seat is on it from the start; others are added."""

    model = Attendance
    form = LineForm
    fields = ["shown_capacity", "person", "organisation", "capacity", "status", "arrived", "left", "counted"]
    readonly_fields = ["shown_capacity", "counted"]
    autocomplete_fields = ["person", "organisation"]
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Attendance]:
        return super().get_queryset(request).select_related("person", "organisation", "meeting")

    @admin.display(description=gettext_lazy("comes as"))
    def shown_capacity(self, line: Attendance) -> str:
        return line.get_capacity_display() if line.pk else ""

    def has_change_permission(self, request: HttpRequest, obj: Meeting | None = None) -> bool:
        return (obj is None or list_is_open(obj)) and super().has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Meeting | None = None) -> bool:
        return obj is not None and list_is_open(obj) and super().has_add_permission(request, obj)


def list_is_open(meeting: Meeting) -> bool:
    return meeting.state in (Meeting.State.CONVENED, Meeting.State.HELD) and meeting.list_closed_at is None


def keep_lines(formset: forms.BaseModelFormSet, *, by: object) -> None:
    """Save what a formset of invitations or lines changed, through the actions."""
    formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
    for form in formset.forms:
        if not form.has_changed():
            continue
        row = form.instance
        row.meeting = formset.instance
        (formset.changed_objects if row.pk else formset.new_objects).append((row, form.changed_data) if row.pk else row)
        if isinstance(row, Attendance):
            attendance.note(row, by=by)
        else:
            attendance.answer(row, by=by, reply=row.answer)


# --- The quorum in words ---------------------------------------------------------------------------------------------


def quorum_line(meeting: Meeting) -> SafeString | str:
    """What it comes to; before the meeting with those who have not answered."""
    said = quorum_words.line(meeting)
    return format_html("{}{}", said, _not_heard_from(meeting)) if quorum_words.is_forecast(meeting) else said


def _not_heard_from(meeting: Meeting) -> SafeString | str:
    """Seats for which nobody comes so far, with those of their people who have not answered."""
    lines = [(chair.organisation, ", ".join(names)) for chair, names in attendance.unanswered(meeting)]
    if not lines:
        return ""
    seats = format_html_join("", "<li>{}: {}</li>", lines)
    return format_html("<br>{}<ul>{}</ul>", _("Have not answered:"), seats)
