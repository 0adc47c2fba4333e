"""What an applicant fills in. While it is a draft nothing is needed; what is needed to hand it in, `joining` says."""

import time
from datetime import timedelta

from django import forms
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import gettext_lazy as _

from network.conflicts import known_as
from network.models import Application, Country, Membership, Organisation, Sector
from portal.core import links

TEXT = 5000
"""Most characters of a longer answer."""
QUICKEST = 3
"""Seconds a person needs for the first form; programs are quicker."""
FORM_VALID = timedelta(days=1)


def stamp() -> str:
    """When a form was given out, signed; each form has its own."""
    return links.token("join-form", int(time.time()), get_random_string(12))


def text_field(label: str, *, rows: int = 6, **options: object) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=TEXT, required=False, widget=forms.Textarea(attrs={"rows": rows}), **options
    )


class BeginForm(forms.Form):
    """The three lines a draft begins with, and three obstacles for programs: an empty field, a time, a limit."""

    name = forms.CharField(label=_("Name of your organisation"), max_length=200)
    contact_name = forms.CharField(label=_("Your name"), max_length=150)
    contact_email = forms.EmailField(
        label=_("Your e-mail"), help_text=_("We send the link there with which you go on later. It is never public.")
    )
    fax = forms.CharField(label=_("Leave this field empty"), required=False)
    given_out = forms.CharField(widget=forms.HiddenInput, required=False)
    is_another = forms.BooleanField(label=_("Ours is another organisation"), required=False)
    known: Organisation | None = None

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.initial["given_out"] = stamp()

    def clean_fax(self) -> str:
        if self.cleaned_data["fax"]:
            raise forms.ValidationError(_("Please leave this field empty: only programs fill it in."))
        return ""

    def clean_given_out(self) -> str:
        """A fresh stamp takes the place of one that is too old or none of ours, so that the next press works."""
        try:
            given_out, *_rest = links.read("join-form", self.cleaned_data["given_out"], valid=FORM_VALID)
        except links.BrokenLink:
            self.data = {**self.data.dict(), "given_out": stamp()}
            raise forms.ValidationError(_("This form lay open for long. Please press the button again.")) from None
        if time.time() - int(given_out) < QUICKEST:
            raise forms.ValidationError(_("That was very quick. Please press the button again."))
        return self.cleaned_data["given_out"]

    @property
    def key(self) -> str:
        """The same for the same words sent twice from one form."""
        words = [self.cleaned_data[name] for name in ("given_out", "name", "contact_name", "contact_email")]
        return salted_hmac("join-form", "\n".join(words), algorithm="sha256").hexdigest()

    def clean(self) -> dict[str, object]:
        """A member needs no second application; which of its people the portal knows is not told."""
        given = super().clean()
        members = set(Membership.objects.in_force().values_list("organisation", flat=True))
        known = [row for row in known_as([given.get("name", "")]) if row.pk in members]
        if known and not given.get("is_another"):
            self.known = known[0]
            raise forms.ValidationError(_("An organisation of this name belongs to the network already."))
        return given


class DraftForm(forms.ModelForm):
    """The application itself. Every field may still be empty; what can't be right is not kept, and said."""

    website = forms.URLField(label=_("Website"), max_length=200, required=False)
    description_es = text_field(
        _("What it does, in Spanish"), help_text=_("A few sentences. They stand on its page once it is a member.")
    )
    description_en = text_field(_("What it does, in English"), help_text=_("One of the two languages is enough."))
    motivation = text_field(
        _("Why you want to join, and what you bring"), rows=8, help_text=_("The Steering Committee reads this.")
    )
    endorsers = text_field(
        _("Organisations of the network that know you"), rows=3, help_text=_("If there are any: one to a line.")
    )
    file = forms.FileField(
        label=_("Add a file"),
        required=False,
        max_length=500,
        allow_empty_file=True,
        help_text=_("For example statutes or a letter of support: up to 5 files of 10 MB. They are never public."),
    )

    class Meta:
        model = Application
        fields = [
            "name_es", "name_en", "acronym", "sector", "country", "countries", "website", "category",
            "contact_name", "contact_title", "contact_phone",
        ]  # fmt: skip
        labels = {
            "name_es": _("Name in Spanish"),
            "name_en": _("Name in English"),
            "acronym": _("Acronym"),
            "sector": _("Sector"),
            "country": _("Country of its seat"),
            "category": _("You wish to join as"),
            "contact_name": _("Your name"),
            "contact_title": _("Your position"),
            "contact_phone": _("Telephone"),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name in ("description_es", "description_en", "motivation", "endorsers", "website"):
            self.initial.setdefault(name, getattr(self.instance, name) or "")
        region = Country.objects.of_the_region()
        self.fields["countries"] = forms.ModelMultipleChoiceField(
            region, label=_("Countries it works in"), required=False, widget=forms.CheckboxSelectMultiple
        )
        self.fields["sector"].queryset = Sector.objects.all()
        for field in self.fields.values():
            field.required = False

    def kept(self) -> dict[str, object]:
        """What can be written as it stands: the fields without errors."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("countries", "file")}


class EmailForm(forms.Form):
    contact_email = forms.EmailField(label=_("Your e-mail"))


class AnswerForm(forms.Form):
    """The answer to a question of the coordination."""

    text = forms.CharField(label=_("Your answer"), max_length=TEXT, widget=forms.Textarea(attrs={"rows": 8}))
    file = forms.FileField(label=_("Add a file"), required=False, max_length=500, allow_empty_file=True)


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
