"""What a document came out of: one list of the activities and decisions somebody may name."""

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from network.models import User
from steering.plan import origins


class OriginForm(forms.Form):
    """`cleaned_data["origin"]` is the activity or the decision, by its name in `name_origin`."""

    origin = forms.ChoiceField(label=_("Activity or decision"))

    def __init__(self, *args: object, user: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        lines, decisions = origins.may_come_from(user)
        self._rows = {f"activity-{line.activity_id}": ("activity", line.activity) for line in lines}
        self._rows |= {f"decision-{row.pk}": ("decision", row) for row in decisions}
        activities = [(f"activity-{row.activity_id}", _short(row.activity.code, row.shown_text.text)) for row in lines]
        decided = [(f"decision-{row.pk}", _short(row.code, row.shown_text.text)) for row in decisions]
        groups = [(_("Activities"), activities), (_("Decisions"), decided)]
        self.fields["origin"].choices = [("", "—"), *(group for group in groups if group[1])]

    def clean_origin(self) -> dict[str, object]:
        name, row = self._rows[self.cleaned_data["origin"]]
        return {name: row}

    @property
    def is_empty(self) -> bool:
        return not self._rows


def _short(code: str, text: str) -> str:
    return f"{code} {Truncator(text).chars(90)}"
