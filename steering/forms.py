"""What the steps of the committee ask for before they are taken."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.steps import ReasonForm


class LastDayForm(ReasonForm):
    """For what ends on a day."""

    on = forms.DateField(
        label=_("Last day"), initial=timezone.localdate, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    field_order = ["on", "reason"]
