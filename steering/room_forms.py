"""What the forms of the meeting room take in. What is typed is kept as it is, but for the ends of its lines."""

from datetime import datetime, time

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from network.models import Affiliation
from steering.calendar import moment
from steering.models import ActionItem, AgendaItem, Attendance, Decision, Meeting

CHOICES = [("", ""), ("mine", ""), ("theirs", ""), ("both", "")]
HERE = (Attendance.Status.IN_PERSON, Attendance.Status.REMOTE)


class RoomForm(forms.Form):
    """`seen` is what was shown; after a conflict `choice` says which text is to stay, seen what stands now."""

    seen = forms.CharField(max_length=40, required=False)
    current = forms.CharField(max_length=40, required=False)
    choice = forms.ChoiceField(choices=CHOICES, required=False)

    def clean(self) -> dict[str, object]:
        said = super().clean()
        choice, current = said.pop("choice", ""), said.pop("current", "")
        if choice:
            said["seen"] = current
        self.takes_theirs = choice == "theirs"
        self.takes_both = choice == "both"
        return said


class NoteForm(RoomForm):
    text = forms.CharField(label=gettext_lazy("Notes"), max_length=20_000, required=False, strip=False)

    def clean_text(self) -> str:
        return self.cleaned_data["text"].replace("\r\n", "\n")

    def clean(self) -> dict[str, object]:
        return super().clean() | {"add": self.takes_both}


class PresenceForm(RoomForm):
    """A line of the list. `now` is the button that says that somebody arrives or leaves at this moment."""

    status = forms.ChoiceField(label=gettext_lazy("State"), choices=Attendance.Status)
    arrived = forms.TimeField(label=gettext_lazy("Arrived"), required=False)
    left = forms.TimeField(label=gettext_lazy("Left"), required=False)
    now = forms.ChoiceField(choices=[("arrived", ""), ("left", "")], required=False)

    def __init__(self, data: object, *, meeting: Meeting) -> None:
        super().__init__(data)
        self.meeting = meeting

    def clean(self) -> dict[str, object]:
        said = super().clean()
        if self.errors:
            return said
        if now := said.pop("now"):
            said[now] = timezone.now().astimezone(self.meeting.zone).time().replace(second=0, microsecond=0)
            if said["status"] not in HERE:
                said["status"] = Attendance.Status.IN_PERSON
        if said["status"] not in HERE:  # who is not here has neither come nor gone
            said["arrived"] = said["left"] = None
        said["arrived"], said["left"] = self._moment(said["arrived"]), self._moment(said["left"])
        return said

    def _moment(self, clock: time | None) -> datetime | None:
        return moment(self.meeting.local_start.date(), clock, self.meeting.timezone) if clock else None


class PersonForm(forms.Form):
    """Somebody who comes without a seat."""

    affiliation = forms.ModelChoiceField(Affiliation.objects.none(), label=gettext_lazy("Person"))
    capacity = forms.ChoiceField(
        label=gettext_lazy("As"),
        choices=[choice for choice in Attendance.Capacity.choices if choice[0] not in Attendance.FOR_A_SEAT],
    )

    def __init__(self, data: object) -> None:
        super().__init__(data)
        self.fields["affiliation"].queryset = Affiliation.objects.current().select_related("person", "organisation")


class OnceForm(forms.Form):
    """A form that makes a row: its key lets it count once."""

    key = forms.UUIDField()


class DecisionForm(RoomForm, forms.ModelForm):
    class Meta:
        model = Decision
        fields = ["text_es", "text_en", "method", "votes_for", "votes_against", "abstentions", "visibility"]

    def values(self) -> dict[str, object]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class NewDecisionForm(OnceForm, DecisionForm):
    pass


class ActionForm(RoomForm, forms.ModelForm):
    class Meta:
        model = ActionItem
        fields = ["text_es", "text_en", "organisation", "due"]

    def values(self) -> dict[str, object]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class NewActionForm(OnceForm, ActionForm):
    pass


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=2000)


def blank(item: AgendaItem, data: object, form: type[forms.ModelForm]) -> forms.ModelForm:
    """A form for a new row under an item, whose rules compare it with that item."""
    return form(data, instance=form.Meta.model(item=item, meeting=item.meeting))
