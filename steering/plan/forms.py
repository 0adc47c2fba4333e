"""Forms of a plan in preparation, and what its steps ask for."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.currencies import validate_currency
from steering.models import (
    ActivityTerms,
    AgendaItem,
    Decision,
    ExpectedResult,
    IndicatorTarget,
    IndicatorTerms,
    Objective,
    PlanVersion,
)
from steering.models.plan import QUARTERS, Plan
from steering.plan import adoption

DRAFT = PlanVersion.State.DRAFT
OUTSIDE = _("The quarter lies outside the two years of the plan.")


# --- What steps ask for ----------------------------------------------------------------------------------------------


class ItemChoice(forms.ModelChoiceField):
    def label_from_instance(self, item: AgendaItem) -> str:
        return f"{item.meeting} · {item}"


class BringForm(forms.Form):
    """Under which item the committee will decide."""

    wants_row = True

    item = ItemChoice(
        AgendaItem.objects.none(),
        label=_("Agenda item"),
        help_text=_("Items for decision on agendas of the same body. Put one on the agenda first if there is none."),
    )

    def __init__(self, *args: object, row: PlanVersion, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = adoption.open_items(row).select_related("meeting__body")


class DecisionChoice(forms.ModelChoiceField):
    def label_from_instance(self, decision: Decision) -> str:
        return f"{decision.code} · {decision.shown_text.text[:80]}"


class AdoptForm(forms.Form):
    """By which decision."""

    wants_row = True

    decision = DecisionChoice(
        Decision.objects.none(),
        label=_("Decision"),
        help_text=_("A decision can be chosen once the minutes of its meeting are approved."),
    )
    since = forms.DateField(
        label=_("In force since"),
        required=False,
        initial=timezone.localdate,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Between the day of that meeting and today."),
    )

    def __init__(self, *args: object, row: PlanVersion, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision"].queryset = adoption.decisions_for(row).order_by("-recorded_at")


# --- What a version says ---------------------------------------------------------------------------------------------


class QuarterField(forms.TypedChoiceField):
    """One of the eight quarters of a plan, by its name; any other is refused in a sentence."""

    def __init__(self, **options: object) -> None:
        messages = {"invalid_choice": OUTSIDE}
        super().__init__(coerce=int, empty_value=None, error_messages=messages, **options)
        self.of(None)

    def of(self, plan: Plan | None) -> None:
        """Of this plan; of none yet: by their number."""
        names = [(n, plan.quarter_name(n) if plan else _nameless(n)) for n in QUARTERS]
        self.choices = [("", "---------"), *names]


def _nameless(number: int) -> str:
    year, quarter = divmod(number - 1, 4)
    return _("year %(year)d, quarter %(quarter)d") % {"year": year + 1, "quarter": quarter + 1}


class CurrencyField(forms.CharField):
    """Three letters, small ones as well."""

    def __init__(self, **options: object) -> None:
        super().__init__(max_length=3, validators=[validate_currency], **options)

    def to_python(self, value: object) -> str:
        return super().to_python(value).upper()


class VersionChoice(forms.ModelChoiceField):
    """Versions in preparation."""

    def label_from_instance(self, version: PlanVersion) -> str:
        return str(version)


class PlacedForm(forms.ModelForm):
    """
    A line of a version in preparation, under a parent of the same version. `parent` is the field, `way` leads from the
    parent to its version.
    """

    parent = "result"
    way = "objective__version"

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if self.parent not in self.fields:  # the page only shows the row
            return
        field = self.fields[self.parent]
        field.queryset = self._parents(field.queryset.model)
        field.widget.can_add_related = field.widget.can_change_related = field.widget.can_view_related = False
        field.empty_label = None if field.queryset.count() == 1 else field.empty_label

    def _parents(self, model: type) -> object:
        rows = model.objects.filter(**{f"{self.way}__state": DRAFT}).select_related(f"{self.way}__plan")
        version = self._version_id()
        return rows.filter(**{self.way: version}) if version else rows

    def _version_id(self) -> int | None:
        """Of the row, or the one the page was opened for."""
        if self.instance.pk:
            return self._version_of(getattr(self.instance, self.parent)).pk
        asked = str(self.initial.get("version", ""))
        return int(asked) if asked.isdecimal() and len(asked) < 10 else None

    def _version_of(self, parent: object) -> PlanVersion:
        for name in self.way.split("__"):
            parent = getattr(parent, name)
        return parent

    def plan(self) -> Plan | None:
        """Whose quarters can be chosen: that of the parent chosen or offered."""
        if self.parent not in self.fields:
            return None
        rows = self.fields[self.parent].queryset
        asked = str(self.data.get(self.add_prefix(self.parent), "") or self.initial.get(self.parent, ""))
        chosen = rows.filter(pk=asked).first() if asked.isdecimal() and len(asked) < 10 else None
        first = chosen or (rows.first() if self._version_id() else None)
        return self._version_of(first).plan if first else None


class ResultForm(PlacedForm):
    parent = "objective"
    way = "version"

    class Meta:
        model = ExpectedResult
        fields = ["objective", "text_es", "text_en", "kind"]


class ObjectiveForm(forms.ModelForm):
    version = VersionChoice(PlanVersion.objects.none(), label=_("Version"), empty_label=None)

    class Meta:
        model = Objective
        fields = ["version", "short_es", "short_en", "text_es", "text_en"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if "version" in self.fields:
            self.fields["version"].queryset = PlanVersion.objects.filter(state=DRAFT).select_related("plan")
            if self.instance.pk:
                self.fields["version"].disabled = True


class TermsForm(PlacedForm):
    """Lines that keep their version beside their result: the version's own rules are checked with the form."""

    def clean(self) -> dict[str, object]:
        said = super().clean() or self.cleaned_data
        if said.get("result"):
            self.instance.version = said["result"].objective.version
        return said


class ActivityForm(TermsForm):
    first_quarter = QuarterField(label=_("From quarter"))
    last_quarter = QuarterField(label=_("To quarter"))
    currency = CurrencyField(
        label=_("Currency"),
        required=False,
        initial="USD",
        widget=forms.TextInput({"size": 4}),
        help_text=_("Three letters, such as USD."),
    )

    class Meta:
        model = ActivityTerms
        fields = [
            *("result", "text_es", "text_en", "lead", "partners", "countries", "first_quarter", "last_quarter"),
            *("deliverable_es", "deliverable_en", "budget", "currency", "origin", "audience"),
        ]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first_quarter", "last_quarter"):
            if name in self.fields:
                self.fields[name].of(self.plan())

    def clean(self) -> dict[str, object]:
        said = super().clean()
        if said.get("partners") is not None and said.get("lead"):
            said["partners"] = said["partners"].exclude(pk=said["lead"].pk)  # who leads takes part anyway
        return said


class IndicatorForm(TermsForm):
    class Meta:
        model = IndicatorTerms
        fields = [
            *("result", "text_es", "text_en", "measure", "unit_es", "unit_en", "ascending", "cumulative"),
            *("baseline", "baseline_year", "baseline_source", "target", "target_words_es", "target_words_en"),
            *("means_es", "means_en", "disaggregation_es", "disaggregation_en", "responsible"),
        ]

    def clean(self) -> dict[str, object]:
        said = super().clean()
        holder = said.get("responsible")
        if holder and holder.has_left:
            sentence = _("%(name)s has left the network: name another organisation to report on this indicator.")
            self.add_error("responsible", sentence % {"name": holder.short_name})
        return said


class TargetForm(forms.ModelForm):
    """What an indicator is to have reached by the end of one quarter; the inline says of which plan."""

    quarter = QuarterField(label=_("By the end of"))

    class Meta:
        model = IndicatorTarget
        fields = ["quarter", "value"]

    def __init__(self, *args: object, plan: Plan | None = None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if "quarter" in self.fields:
            self.fields["quarter"].of(plan)
