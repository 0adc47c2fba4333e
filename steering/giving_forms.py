"""Forms of contributions: the secretariat's in the admin, and the one by which an organisation offers something."""

import re
from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.models import Organisation, User
from portal.core import currencies
from portal.core.currencies import AMOUNT, validate_currency
from resources.models.resource import Audience
from steering.models import Activity, ActivityTerms, Contribution, Movement, Plan

THOUSANDS = re.compile(r"\d{1,3}([, \u00a0]\d{3})+(\.\d+)?")
"""As the region writes 12,500.00; a comma before anything but three digits is no thousands separator."""


class AmountField(forms.DecimalField):
    """An amount of money as people of the region write it: 12500.50, 12,500.50 or 12 500.50."""

    default_error_messages = {
        "invalid": gettext_lazy("Write the amount in figures, with a point before the cents: 12500.50"),
        "min_value": gettext_lazy("The amount must be more than 0."),
    }

    def __init__(self, **options: object) -> None:
        given = {"min_value": Decimal("0.01"), "widget": forms.TextInput({"inputmode": "decimal"}), **AMOUNT, **options}
        super().__init__(**given)

    def to_python(self, value: object) -> Decimal | None:
        if isinstance(value, str) and THOUSANDS.fullmatch(value.strip()):
            value = re.sub(r"[, \u00a0]", "", value)
        return super().to_python(value)


class CurrencyField(forms.CharField):
    """The letters of a currency, however they are typed; those of the region are offered by the browser."""

    def __init__(self, **options: object) -> None:
        options.setdefault("label", gettext_lazy("Currency"))
        widget = forms.TextInput({"list": "currencies", "autocomplete": "off", "autocapitalize": "characters"})
        super().__init__(min_length=3, max_length=3, widget=widget, validators=[validate_currency], **options)

    def to_python(self, value: object) -> str:
        return super().to_python(value).upper()


def currency_choices() -> list[tuple[str, str]]:
    return [(code, currencies.name_of(code)) for code in currencies.OF_THE_REGION]


class ActivityField(forms.ModelChoiceField):
    """An activity by its code and words."""

    def label_from_instance(self, row: Activity) -> str:
        words = next((terms.shown_text.text for terms in row.terms.all()), "")
        return f"{row.plan.period} · {row.code} {words[:90]}"


class ContributionForm(forms.ModelForm):
    """What somebody gives, as the secretariat writes it down."""

    activity = ActivityField(
        Activity.objects.none(),
        required=False,
        label=gettext_lazy("Activity"),
        help_text=gettext_lazy("Empty: for the plan as a whole."),
    )
    currency = CurrencyField(
        required=False,
        help_text=gettext_lazy(
            "Three letters, such as USD. Empty for a contribution in kind or in time without a value."
        ),
    )

    class Meta:
        model = Contribution
        fields = [
            *("organisation", "plan", "activity", "kind", "what", "currency", "agreement", "restrictions"),
            *("audience", "amount_audience"),
        ]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        activities = Activity.objects.select_related("plan").prefetch_related("terms")
        if "activity" in self.fields:
            self.fields["activity"].queryset = activities.exclude(plan__state=Plan.State.CLOSED)

    def clean(self) -> dict[str, object]:
        said = super().clean() or self.cleaned_data
        if said.get("kind") in (Contribution.Kind.IN_KIND, Contribution.Kind.STAFF_TIME) and not self._what(said):
            self.add_error("what_es" if "what_es" in self.fields else "what", _("Say what is given."))
        return said

    def _what(self, said: dict[str, object]) -> bool:
        return any((said.get(name) or "").strip() for name in ("what", "what_es", "what_en"))


class MovementForm(forms.ModelForm):
    amount = AmountField(required=False, label=gettext_lazy("Amount"))

    class Meta:
        model = Movement
        fields = ["stage", "amount", "days", "on", "note"]


class MovementFormSet(forms.BaseInlineFormSet):
    def clean(self) -> None:
        """An amount is in the contribution's currency, so there has to be one."""
        super().clean()
        for form in self.forms:
            if form.cleaned_data.get("amount") is not None and not self.instance.currency:
                form.add_error("amount", _("Say in which currency it is."))


class OfferForm(forms.Form):
    """What an organisation offers, in ten fields at most."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("Your organisation"))
    kind = forms.ChoiceField(label=gettext_lazy("What kind of contribution"), choices=Contribution.Kind)
    what = forms.CharField(
        label=gettext_lazy("What you offer"),
        max_length=300,
        required=False,
        help_text=gettext_lazy(
            "Such as a meeting room for two days, vaccines or a specialist. For money it may be empty."
        ),
    )
    amount = AmountField(
        required=False, label=gettext_lazy("Amount or value"), help_text=gettext_lazy("In figures, such as 12500.")
    )
    currency = CurrencyField(
        required=False, help_text=gettext_lazy("Three letters, such as USD. It is never converted into another one.")
    )
    days = forms.DecimalField(
        label=gettext_lazy("Days of work"), required=False, max_digits=7, decimal_places=1, min_value=Decimal("0.1"),
        help_text=gettext_lazy("For staff time."),
    )  # fmt: skip
    activity = forms.ModelChoiceField(
        ActivityTerms.objects.none(),
        label=gettext_lazy("For which activity"),
        required=False,
        empty_label=gettext_lazy("The plan as a whole"),
    )
    restrictions = forms.CharField(
        label=gettext_lazy("What it may be used for"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("In your own words; shown only to those who may know how much it is."),
    )
    audience = forms.ChoiceField(label=gettext_lazy("Who may know of it"), choices=Audience, initial=Audience.COMMITTEE)
    amount_audience = forms.ChoiceField(
        label=gettext_lazy("Who may know how much"), choices=Audience, initial=Audience.COMMITTEE
    )

    def __init__(self, *args: object, user: User, plan: Plan, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        own = self.fields["organisation"]
        own.queryset = Organisation.objects.filter(pk__in=user.organisation_ids)
        own.initial = own.queryset.first()
        terms = ActivityTerms.objects.visible_to(user).in_force().filter(version__plan=plan).in_order()
        self.fields["activity"].queryset = terms.select_related("activity")
        self.fields["activity"].label_from_instance = lambda row: f"{row.activity.code} {row.shown_text.text[:90]}"
        self.fields["amount_audience"].help_text = _("No more readers than may know of it.")

    def clean(self) -> dict[str, object]:
        said = super().clean()
        kind = said.get("kind")
        if kind == Contribution.Kind.CASH:
            self._need("amount", _("Say how much you offer."))
        elif kind:
            self._need("what", _("Say what you offer."))
        if kind == Contribution.Kind.STAFF_TIME:
            self._need("days", _("Say how many days of work you offer."))
        elif said.get("days") is not None:
            self.add_error("days", _("Days of work are for staff time: choose that kind, or leave this empty."))
        if said.get("amount") is not None:
            self._need("currency", _("Say in which currency it is."))
        elif said.get("currency") and "amount" not in self.errors:
            self.add_error("amount", _("Say how much you offer."))
        return said

    def _need(self, name: str, sentence: str) -> None:
        if name not in self.errors and self.cleaned_data.get(name) in (None, ""):
            self.add_error(name, sentence)

    def contribution(self, language: str) -> Contribution:
        """What the form says, its words in the language they were written in, not saved."""
        said = self.cleaned_data
        names = ("organisation", "kind", "currency", "restrictions", "audience", "amount_audience")
        row = Contribution(plan=self.plan, **{name: said[name] for name in names})
        row.activity = said["activity"].activity if said["activity"] else None
        setattr(row, f"what_{language}", said["what"])
        return row
