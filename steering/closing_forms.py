"""Forms of the close-out assistant."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.models import Organisation, User
from portal.core.refused import Refused
from steering.models import Plan, Settlement
from steering.plan import closing
from steering.plan.closing import Line


class SettleForm(forms.Form):
    """What becomes of one activity. A line that is left empty waits for another day."""

    what = forms.ChoiceField(
        label=gettext_lazy("What becomes of it"),
        choices=[("", gettext_lazy("Not chosen yet")), *Settlement.What.choices],
        required=False,
    )
    words = forms.CharField(
        label=gettext_lazy("What shows it, or why"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3, "cols": 30}),
    )
    lead = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Who leads it in the next plan"), required=False
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: object = None, *, line: Line) -> None:
        self.line, chosen = line, line.settlement
        start = {"what": chosen.what, "words": chosen.words, "lead": chosen.lead_id} if chosen else {}
        super().__init__(data, prefix=f"a{line.activity.pk}", initial={**start, "seen": line.seen})
        if line.needs_lead:
            self.fields["lead"].queryset = Organisation.objects.members()
        else:
            del self.fields["lead"]
        for name in ("what", "words", "lead"):
            if name in self.fields:
                label = f"{line.activity.code}: {self.fields[name].label}"
                self.fields[name].widget.attrs["aria-label"] = label

    def has_something(self) -> bool:
        """Was anything chosen or typed in this line, other than what stood there?"""
        return bool({"what", "words", "lead"} & set(self.changed_data))

    def settle(self, *, by: User) -> bool:
        """Keep the choice; what stands in the way is told by the line. True where all is well."""
        if not self.is_valid():
            return False
        if not self.has_something():
            return True
        said = self.cleaned_data
        if not said["what"]:
            self.add_error("what", _("Choose what becomes of it."))
            return False
        try:
            closing.settle(
                self.line.activity, said["what"], said["words"], by=by, lead=said.get("lead"), seen=said["seen"]
            )
        except Refused as refused:
            self.add_error(None, refused)
            self._see_anew()
            return False
        return True

    def _see_anew(self) -> None:
        """Whoever has read what somebody else chose may save over it."""
        self.data = self.data.copy()
        standing = Settlement.objects.filter(activity=self.line.activity).first()
        self.line.settlement = standing
        self.data[self.add_prefix("seen")] = self.line.seen


class CloseForm(forms.Form):
    """The words of the report, and why the plan is closed where its two years are not over."""

    words_es = forms.CharField(
        label=gettext_lazy("Words of the report, in Spanish"), max_length=10_000, widget=forms.Textarea({"rows": 8})
    )
    words_en = forms.CharField(
        label=gettext_lazy("Words of the report, in English"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea({"rows": 8}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why it is closed now"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args: object, plan: Plan, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if timezone.localdate() <= plan.last_day:
            self.fields["reason"].required = True
            self.fields["reason"].help_text = _("The two years are not over yet.")
