"""What an organisation fills in to tell of a policy outcome, and a verifier to stand behind it. Short on purpose."""

import re

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from network.models import Country, Organisation, User
from resources.models import Resource
from resources.models.resource import Reader
from steering.models import Activity, Evidence, PolicyOutcome
from steering.plan import origins

NUMBER = re.compile(r"(?:^|/(?:recursos|resources)/)(\d{1,18})(?:\b|-)")
"""Of a document: alone, or in the address of its page."""

MOST_DOCUMENTS = 20
DAY = {"widget": forms.DateInput({"type": "date"}, format="%Y-%m-%d")}


class DocumentsField(forms.CharField):
    """Documents of the library by the addresses of their pages or their numbers, one in each line."""

    def __init__(self, **kwargs: object) -> None:
        self.reader: Reader | None = None
        given = {"help_text": _("One in each line: the address of its page in the library, or its number.")} | kwargs
        super().__init__(**{"required": False, "max_length": 4000, "widget": forms.Textarea({"rows": 2}), **given})

    def clean(self, value: str) -> list[Resource]:
        numbers = {}
        for line in super().clean(value).split()[:MOST_DOCUMENTS]:
            found = NUMBER.search(line)
            numbers[line] = int(found[1]) if found else 0
        works = Resource.objects.on_the_shelf_for(self.reader).in_bulk({*numbers.values()})
        for line, number in numbers.items():
            if number not in works:
                sentence = _("The library has no published document “%(line)s” that you may open.")
                raise forms.ValidationError(sentence, params={"line": line[:80]})
        return [works[number] for number in dict.fromkeys(numbers.values())]


class OutcomeForm(forms.ModelForm):
    """In the language of the page; of an outcome that was written in the other one, in that."""

    TEXTS = ("actor", "change", "contribution", "instrument", "covers", "significance")
    OPTIONAL = ("instrument", "covers", "significance")

    documents = DocumentsField(label=_("Documents that hold it"))
    shown_by = DocumentsField(label=_("Documents that show it"))
    url = forms.URLField(
        label=_("Archived address that shows it"), max_length=500, required=False,
        help_text=_("A copy in a web archive, so that it still opens in ten years. Any other address is kept as well."),
    )  # fmt: skip

    class Meta:
        model = PolicyOutcome
        fields = ("reported_by", "country", "kind", "level", "happened_on", "in_force_since", "activities")
        widgets = {
            "happened_on": DAY["widget"],
            "in_force_since": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "activities": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: object, user: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.language = self._language_of(self.instance)
        for name in self.TEXTS:
            self.fields[name] = self._text(name)
        self.fields["documents"].reader = self.fields["shown_by"].reader = user
        self.fields["country"].queryset = Country.objects.of_the_region()
        self.fields["country"].empty_label = _("The whole region")
        self._offer_organisations(user)
        self._offer_activities(user)
        if self.instance.pk:
            del self.fields["shown_by"], self.fields["url"]  # evidence is added on the page of the outcome
            self.initial["documents"] = "\n".join(
                str(pk) for pk in self.instance.documents.values_list("pk", flat=True)
            )

    @staticmethod
    def _language_of(outcome: PolicyOutcome) -> str:
        asked = "en" if (get_language() or "es").startswith("en") else "es"
        other = "es" if asked == "en" else "en"
        return other if getattr(outcome, f"change_{other}") and not getattr(outcome, f"change_{asked}") else asked

    def _text(self, name: str) -> forms.CharField:
        """A field of the model in one of its languages, by the name it has in both."""
        field = PolicyOutcome._meta.get_field(f"{name}_{self.language}").formfield(required=name not in self.OPTIONAL)
        original = PolicyOutcome._meta.get_field(name)
        field.label, field.help_text = original.verbose_name.capitalize(), original.help_text
        if isinstance(field.widget, forms.Textarea):
            field.widget.attrs["rows"] = 3
        self.initial[name] = getattr(self.instance, f"{name}_{self.language}") or ""
        return field

    def _offer_organisations(self, user: User) -> None:
        field = self.fields["reported_by"]
        field.label, field.empty_label = _("On behalf of"), None
        own = Organisation.objects.filter(pk__in=user.organisation_ids)
        field.queryset = Organisation.objects.standing() if user.is_coordinator else own
        if list(user.organisation_ids):
            self.initial.setdefault("reported_by", next(iter(user.organisation_ids)))
        if not user.is_coordinator and len(user.organisations) == 1:
            field.widget = forms.HiddenInput()

    def _offer_activities(self, user: User) -> None:
        lines, _decisions = origins.may_come_from(user)
        named = [*self.instance.activities.all()] if self.instance.pk else []
        field = self.fields["activities"]
        field.queryset = Activity.objects.filter(pk__in=[*(line.activity_id for line in lines), *(a.pk for a in named)])
        texts = {line.activity_id: f"{line.activity.code} {line.shown_text.text}" for line in lines}
        field.label_from_instance = lambda row: texts.get(row.pk, row.code)
        if not field.queryset:
            del self.fields["activities"]

    def _post_clean(self) -> None:
        for name in self.TEXTS:
            if name in self.cleaned_data:
                setattr(self.instance, f"{name}_{self.language}", self.cleaned_data[name])
        super()._post_clean()


class EvidenceForm(forms.Form):
    """One thing that shows it."""

    shown_by = DocumentsField(label=_("Documents of the library"))
    url = forms.URLField(label=_("Or an archived address"), max_length=500, required=False)
    excerpt = forms.CharField(
        label=_("The passage that says so"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args: object, user: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shown_by"].reader = user

    def clean(self) -> dict[str, object]:
        said = super().clean()
        if not self.errors and not (said.get("shown_by") or said.get("url")):
            raise forms.ValidationError(_("Name a document of the library or an archived address."))
        return said


def evidence_of(outcome: PolicyOutcome, said: dict[str, object]) -> list[Evidence]:
    """A row for each thing that was named, not saved yet."""
    excerpt = said.get("excerpt", "")
    rows = [Evidence(outcome=outcome, document=work, excerpt=excerpt) for work in said.get("shown_by", [])]
    return [*rows, Evidence(outcome=outcome, url=said["url"], excerpt=excerpt)] if said.get("url") else rows


# --- Steps of the admin ----------------------------------------------------------------------------------------------


class ReviewForm(forms.Form):
    """A note for whoever reads the history, if there is something to say."""

    reason = forms.CharField(
        label=_("Note"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3}),
        help_text=_("Such as what is to be verified. Whoever reported it reads it."),
    )  # fmt: skip


class AskForm(forms.Form):
    """Which evidence, and by which other organisation it is to be verified."""

    wants_row = True

    evidence = forms.ModelChoiceField(Evidence.objects.none(), label=_("Evidence"), empty_label=None)
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"))

    def __init__(self, *args: object, row: PolicyOutcome, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evidence"].queryset = row.evidence.open().select_related("document")
        self.fields["organisation"].queryset = Organisation.objects.standing().exclude(pk=row.reported_by_id)


class VerifyForm(AskForm):
    """Who of another organisation has said that it is so."""

    name = forms.CharField(label=_("Person who verified it"), max_length=200)
    on = forms.DateField(label=_("Verified on"), initial=timezone.localdate, **DAY)
