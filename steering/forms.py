"""What the steps of the committee ask for before they are taken."""

from datetime import time, timedelta
from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.steps import ReasonForm
from resources.models import Resource
from steering import meetings
from steering.models import Body, Decision, Meeting, Minutes, Observation
from steering.models.body import validate_timezone


class LastDayForm(ReasonForm):
    """For what ends on a day."""

    on = forms.DateField(
        label=_("Last day"), initial=timezone.localdate, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    field_order = ["on", "reason"]


class WhenForm(forms.Form):
    """When a meeting is, by the clocks of a place."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    begins = forms.TimeField(
        label=_("Begins at"), initial=time(9), widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    hours = forms.DecimalField(
        label=_("Hours it lasts"),
        initial=3,
        min_value=Decimal("0.25"),
        max_value=24 * 31,
        max_digits=5,
        decimal_places=2,
        help_text=_("1.5 is an hour and a half. By correspondence: until the last answer is due, such as 240."),
    )
    zone = forms.CharField(
        label=_("Time zone"),
        validators=[validate_timezone],
        widget=forms.TextInput({"list": "zones"}),
        help_text=_("Whose clocks these are, such as America/Guatemala or America/Mexico_City."),
    )

    def when(self) -> dict[str, object]:
        said = self.cleaned_data
        length = timedelta(minutes=int(said["hours"] * 60))
        return {"day": said["day"], "begins": said["begins"], "length": length, "zone": said["zone"]}


class MeetingForm(WhenForm, forms.ModelForm):
    """A meeting in preparation."""

    class Meta:
        model = Meeting
        fields = ["body", "title_es", "title_en", "mode", "place", "url"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        meeting = self.instance
        if meeting.pk:
            self.initial |= when_of(meeting)
        elif body := Body.objects.active().first():
            self.initial |= {"zone": body.timezone, "body": body.pk}

    def clean(self) -> dict[str, object]:
        super().clean()
        if not {"day", "begins", "hours", "zone"} - self.cleaned_data.keys():
            meetings.place_in_time(self.instance, **self.when())
        return self.cleaned_data

    def _get_validation_exclusions(self) -> set[str]:
        """Its times are not fields of the form, but come from it: without them nothing can be compared."""
        left_out = super()._get_validation_exclusions()
        return left_out - {"starts_at", "ends_at"} if self.instance.starts_at else left_out


def when_of(meeting: Meeting) -> dict[str, object]:
    local = meeting.local_start
    hours = Decimal(meeting.length / timedelta(hours=1)).quantize(Decimal("0.01")).normalize()
    return {"day": local.date(), "begins": local.time(), "hours": f"{hours:f}", "zone": meeting.timezone}


class MoveForm(WhenForm):
    """Another time or place for a convened meeting."""

    wants_row = True

    mode = forms.ChoiceField(label=_("How it is held"), choices=Meeting.Mode)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    url = forms.URLField(label=_("Address of the video meeting"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args: object, row: Meeting, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.initial = when_of(row) | {"mode": row.mode, "place": row.place, "url": row.url}

    def clean(self) -> dict[str, object]:
        said = super().clean()
        if self.errors:
            return said
        others = {name: said[name] for name in ("mode", "place", "url", "reason")}
        return self.when() | others


class ConfirmForm(forms.Form):
    """In which meeting a decision taken without a quorum was confirmed."""

    wants_row = True

    meeting = forms.ModelChoiceField(Meeting.objects.none(), label=_("Confirmed in the meeting"))

    def __init__(self, *args: object, row: Decision, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        later = Meeting.objects.took_place().filter(body=row.meeting.body_id, starts_at__gt=row.meeting.starts_at)
        self.fields["meeting"].queryset = later


class DoneForm(forms.Form):
    """What shows that something is done."""

    evidence = forms.IntegerField(
        label=_("Number of the document in the library"),
        required=False,
        min_value=1,
        help_text=_("The number in the address of its page, such as 123 in /recursos/123-guia/."),
    )
    url = forms.URLField(label=_("Or an address"), required=False)
    note = forms.CharField(label=_("Or a note"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3}))

    def clean_evidence(self) -> Resource | None:
        number = self.cleaned_data["evidence"]
        work = Resource.objects.published().filter(pk=number).first() if number and number < 2**63 else None
        if number and work is None:
            raise forms.ValidationError(_("The library has no published document with this number."))
        return work


class ApproveForm(ReasonForm):
    """In which meeting minutes were approved."""

    wants_row = True

    meeting = forms.ModelChoiceField(Meeting.objects.none(), label=_("Approved in the meeting"))
    field_order = ["meeting", "reason"]

    def __init__(self, *args: object, row: Minutes, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        states = [Meeting.State.CONVENED, Meeting.State.HELD, Meeting.State.CLOSED]
        later = Meeting.objects.filter(body=row.meeting.body_id, starts_at__gt=row.meeting.starts_at, state__in=states)
        self.fields["meeting"].queryset = later


class AnswerForm(forms.Form):
    """What becomes of an observation."""

    state = forms.ChoiceField(
        label=_("Answer"),
        choices=[(Observation.State.ACCEPTED, _("Accepted")), (Observation.State.REJECTED, _("Not accepted"))],
    )
    response = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea({"rows": 3}))
