"""What a coordinator fills in to ask an organisation, and what is corrected through the link of a letter."""

import uuid
from collections.abc import Iterable

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from network.models import Country, Organisation, User
from portal.core import languages
from resources import consent
from resources.consent import Person
from resources.dates import PartialDateField
from resources.description import Values
from resources.models import Resource, Topic

Fields = dict[str, str]
TITLES: Fields = {"es": "title_es", "en": "title_en", "": "original_title"}
ABSTRACTS: Fields = {"es": "abstract_es", "en": "abstract_en"}
"""Which field holds the text of which language; other languages have a title only."""


def _own(fields: Fields, language: str) -> str:
    return fields.get(language) or fields.get("") or fields["es"]


class OrganisationForm(forms.Form):
    """Whose documents; those with none to ask about are not offered."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"))

    def __init__(self, *args: object, organisations: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations


class AskForm(forms.Form):
    """Which drafts of an organisation, and whom to ask about them."""

    key = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    works = forms.ModelMultipleChoiceField(
        Resource.objects.none(),
        label=_("Documents"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one document.")},
    )
    people = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("People with an account"), required=False, widget=forms.CheckboxSelectMultiple
    )
    name = forms.CharField(label=_("Name"), required=False, max_length=150)
    email = forms.EmailField(label=_("E-mail"), required=False)
    language = forms.ChoiceField(label=_("Language of the letter"), choices=settings.LANGUAGES, required=False)

    def __init__(self, *args: object, organisation: Organisation, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["works"].queryset = Resource.objects.to_ask_about(organisation)
        self.fields["people"].queryset = consent.people_of(organisation)

    def clean_works(self) -> Iterable[Resource]:
        works = self.cleaned_data["works"]
        if len(works) > consent.MOST_WORKS:
            sentence = _("A letter names %(n)s documents at most. Please choose fewer.")
            raise forms.ValidationError(sentence, params={"n": consent.MOST_WORKS})
        return works

    def clean(self) -> dict[str, object]:
        given = super().clean()
        if given.get("email") and not (given.get("name") or "").strip():
            self.add_error("name", _("Say who it is: the letter begins with the name."))
        if "people" in given and "email" in given and not given["people"] and not given["email"]:
            raise forms.ValidationError(_("Choose somebody to ask, or write an address."))
        if len(given.get("people", ())) > consent.MOST_PEOPLE:
            raise forms.ValidationError(_("Ask a few people only."))
        return given

    @property
    def chosen_people(self) -> list[Person]:
        """Everybody to write to, each address once."""
        given = self.cleaned_data
        everybody = [Person(user.name, user.email, user.language) for user in given["people"]]
        if given["email"]:
            everybody.append(Person(given["name"].strip(), given["email"].strip().lower(), given["language"] or "es"))
        return list({person.email: person for person in reversed(everybody)}.values())[::-1]


class ChangeForm(forms.Form):
    """The main fields of a work, in its own language."""

    title = forms.CharField(label=_("Title"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    date = PartialDateField(
        label=_("Date"), required=False, help_text=_("As exact as you know it: 2016, 2016-10 or 2016-10-12.")
    )
    type = forms.ChoiceField(label=_("Type"), choices=Resource.Type)
    language = forms.ChoiceField(label=_("Language"), choices=languages.choices)
    abstract = forms.CharField(
        label=_("Abstract"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 8})
    )
    countries = forms.ModelMultipleChoiceField(
        Country.objects.none(), label=_("Countries"), required=False, widget=forms.CheckboxSelectMultiple
    )
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.none(), label=_("Topics"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: object, work: Resource, **kwargs: object) -> None:
        self.work = work
        initial = {
            "title": getattr(work, self._held(TITLES)),
            "date": (work.year, work.month, work.day),
            "type": work.type,
            "language": work.original_language,
            "abstract": getattr(work, self._held(ABSTRACTS)),
            "countries": [country.pk for country in work.countries.all() if country.position],
            "topics": [topic.pk for topic in work.topics.all()],
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["countries"].queryset = Country.objects.of_the_region()
        self.fields["topics"].queryset = Topic.objects.select_related("parent")

    def _held(self, fields: Fields) -> str:
        """The field that is shown here: the one of the work's own language, or another that holds something."""
        own = _own(fields, self.work.original_language)
        return next((name for name in (own, *fields.values()) if getattr(self.work, name)), own)

    def _moved(self, fields: Fields, text: str) -> Values:
        """The text in its field. It moves along when the work turns out to be in another language, to an empty one."""
        held, wanted = self._held(fields), _own(fields, self.cleaned_data["language"])
        if held == _own(fields, self.work.original_language) and not getattr(self.work, wanted):
            return {held: "", wanted: text}
        return {held: text}

    @property
    def values(self) -> Values:
        """The description as it shall be."""
        given = self.cleaned_data
        values = self._moved(TITLES, " ".join(given["title"].split()))
        values |= self._moved(ABSTRACTS, given["abstract"].strip())
        values["year"], values["month"], values["day"] = given["date"]
        elsewhere = [country.pk for country in self.work.countries.all() if not country.position]
        values["countries"] = sorted([*elsewhere, *(country.pk for country in given["countries"])])
        values["topics"] = sorted(topic.slug for topic in given["topics"])
        return values | {"type": given["type"], "original_language": given["language"]}
