"""What a member fills in. Short on purpose: the file has already said most of it."""

from typing import ClassVar, Self

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from network.models import Country, Organisation, User
from portal.core import languages, outgoing
from resources.dates import PartialDateField
from resources.identifiers import clean_doi
from resources.intake import kinds, references
from resources.models import Author, FieldOrigin, File, Resource, Topic

REFERENCES = ",".join(f".{ending}" for endings in references.formats.values() for ending in endings) + ",.xml,.txt"
"""Endings a browser offers first."""


class CleanTextMixin:
    """Trims what is pasted in: NUL is refused by Django itself, with a sentence."""

    def clean_doi(self) -> str:
        return clean_doi(self.cleaned_data["doi"])


class OnBehalfForm(forms.Form):
    """For somebody who acts for several organisations: which one brings it in."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("On behalf of"), empty_label=None)

    def __init__(self, *args: object, user: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        own = Organisation.objects.filter(pk__in=user.organisation_ids)
        self.fields["organisation"].queryset = Organisation.objects.standing() if user.is_coordinator else own
        contributes_for = list(user.organisation_ids)
        acts_for = contributes_for or [role.organisation_id for role in user.roles_in_force if role.organisation_id]
        if acts_for:
            self.initial["organisation"] = acts_for[0]
        if not user.is_coordinator and len(user.organisations) == 1:
            self.fields["organisation"].widget = forms.HiddenInput()


class UploadForm(OnBehalfForm):
    """A file, and who hands it in."""

    file = forms.FileField(
        label=_("Document"),
        max_length=500,
        allow_empty_file=True,  # an empty file gets our own sentence
        widget=forms.ClearableFileInput(attrs={"accept": kinds.ACCEPT}),
    )
    field_order = ["file", "organisation"]


class ReferencesForm(OnBehalfForm):
    """A list of works: a file of one of the formats, or what somebody pastes."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        max_length=500,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": REFERENCES}),
    )
    text = forms.CharField(
        label=_("Or paste a list"),
        required=False,
        max_length=2_000_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("A bibliography, DOIs or addresses, one to a line; or RIS or BibTeX as it was copied."),
    )
    field_order = ["organisation", "file", "text"]

    def clean(self) -> dict[str, object]:
        given = super().clean()
        if not self.errors and not given.get("file") and not (given.get("text") or "").strip():
            raise forms.ValidationError(_("Choose a file or paste a list."))
        if (file := given.get("file")) and file.size > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError(_("This file is too large."))
        return given


class PublicAddressMixin:
    """Where the portal goes by itself has to be a public address."""

    def clean_url(self) -> str:
        try:
            outgoing.address(self.cleaned_data["url"])
        except outgoing.NotFetched as error:
            raise forms.ValidationError(str(error.message)) from None
        return self.cleaned_data["url"]


class RepositoryForm(PublicAddressMixin, OnBehalfForm):
    """A repository to be harvested."""

    url = forms.URLField(label=_("Address of its OAI-PMH interface"), max_length=500, assume_scheme="https")
    set = forms.CharField(
        label=_("Set"), required=False, max_length=200, help_text=_("Empty for everything it offers.")
    )
    field_order = ["organisation", "url", "set"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, auto_id="repository-%s", **kwargs)


class GatherForm(OnBehalfForm):
    """On whose behalf many files come in; each is sent by itself afterwards."""


class LineForm(forms.Form):
    """What is corrected in the table of gathered files."""

    title = forms.CharField(label=_("Title"), max_length=500)
    year = forms.IntegerField(label=_("Year"), min_value=1500, max_value=2200, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=languages.choices)


class EditionForm(forms.Form):
    """
    A further file of a work: another language, an annex.

    Its inputs belong to the form of the description, so that a browser without scripts sends what was typed there with
    the file; that form is also sent without one, so the browser must not ask for it.
    """

    use_required_attribute = False
    OF_THE_PAGE: ClassVar[dict[str, str]] = {"form": "description"}

    file = forms.FileField(
        label=_("Document"),
        max_length=500,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": kinds.ACCEPT, **OF_THE_PAGE}),
    )
    language = forms.ChoiceField(
        label=_("Language of this file"), choices=languages.choices, widget=forms.Select(attrs=OF_THE_PAGE)
    )
    looked = forms.BooleanField(
        label=_("I have looked at this file: everybody may read it at once."),
        error_messages={
            "required": _("This document is public. Please look at the file first, and tick that you have.")
        },
        widget=forms.CheckboxInput(attrs=OF_THE_PAGE),
    )

    def __init__(self, *args: object, is_public: bool = False, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if not is_public:
            del self.fields["looked"]


CORE = ["date", "type", "original_language", "countries", "topics", "authors"]
"""Fields a reader misses where they are empty; a title in one language is enough."""


class SourcedField(forms.BoundField):
    """A field that says where its value came from, to a screen reader too."""

    origin: FieldOrigin | None = None
    please_check = False

    @property
    def origin_id(self) -> str:
        return f"{self.auto_id}_origin"

    @property
    def aria_describedby(self) -> str | None:
        described = super().aria_describedby
        return f"{described or ''} {self.origin_id}".strip() if self.has_origin else described

    @property
    def has_origin(self) -> bool:
        return bool(self.origin or self.please_check)


class ResourceForm(CleanTextMixin, forms.ModelForm):
    """The description of a work, both languages side by side."""

    bound_field_class = SourcedField

    date = PartialDateField(
        label=_("Date"), required=False, help_text=_("As exact as you know it: 2016, 2016-10 or 2016-10-12.")
    )
    countries = forms.ModelMultipleChoiceField(
        Country.objects.none(), label=_("Countries"), required=False, widget=forms.CheckboxSelectMultiple
    )
    other_countries = forms.ModelMultipleChoiceField(
        Country.objects.none(), label=_("Countries outside the region"), required=False
    )
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.none(), label=_("Topics"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Resource
        fields = [
            "title_es",
            "title_en",
            "original_language",
            "original_title",
            "type",
            "abstract_es",
            "abstract_en",
            "publisher",
            "tags",
            "doi",
            "isbn",
            "source_url",
            "licence",
            "audience",
        ]
        labels = {
            "title_es": _("Title in Spanish"),
            "title_en": _("Title in English"),
            "abstract_es": _("Abstract in Spanish"),
            "abstract_en": _("Abstract in English"),
        }
        widgets = {
            "title_es": forms.Textarea(attrs={"rows": 2, "lang": "es"}),
            "title_en": forms.Textarea(attrs={"rows": 2, "lang": "en"}),
            "original_title": forms.Textarea(attrs={"rows": 2}),
            "abstract_es": forms.Textarea(attrs={"rows": 7, "lang": "es"}),
            "abstract_en": forms.Textarea(attrs={"rows": 7, "lang": "en"}),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        work = self.instance
        region = Country.objects.of_the_region()
        self.fields["countries"].queryset = region
        self.fields["other_countries"].queryset = Country.objects.filter(position=0)
        self.fields["topics"].queryset = Topic.objects.select_related("parent")
        if work.pk:
            self.initial["date"] = (work.year, work.month, work.day)
            chosen = list(work.countries.all())
            self.initial["countries"] = [country.pk for country in chosen if country.position]
            self.initial["other_countries"] = [country.pk for country in chosen if not country.position]
            self.initial["topics"] = [topic.pk for topic in work.topics.all()]

    def clean_title_es(self) -> str:
        return " ".join((self.cleaned_data["title_es"] or "").split())

    def clean_title_en(self) -> str:
        return " ".join((self.cleaned_data["title_en"] or "").split())

    def clean_tags(self) -> list[str]:
        tags = self.cleaned_data["tags"]
        if any(len(tag) > 100 for tag in tags):
            raise forms.ValidationError(_("A keyword has at most 100 characters."))
        return tags

    def save(self) -> Resource:
        """Writes what the form asks for and nothing else: the status may have moved on meanwhile."""
        work = self.instance
        work.year, work.month, work.day = self.cleaned_data["date"]
        work.save(update_fields=[*(name for name in self._meta.fields if name != "tags"), *DATE_PARTS, "updated_at"])
        self._save_m2m()
        chosen = [*self.cleaned_data["countries"], *self.cleaned_data["other_countries"]]
        work.countries.set(chosen)
        work.topics.set(self.cleaned_data["topics"])
        return work


class AuthorForm(forms.Form):
    """One line of the list of authors; an empty name takes the line out."""

    name = forms.CharField(label=_("Name"), max_length=300, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Author.Kind.choices, initial=Author.Kind.PERSON, required=False)


DATE_PARTS = ["year", "month", "day"]
AuthorFormSet = forms.formset_factory(AuthorForm, extra=2, max_num=200)
FileLanguageFormSet = forms.modelformset_factory(File, fields=["language"], extra=0, edit_only=True)


class DescriptionForms:
    """The page a member corrects: description, authors and the language of each file, saved together or not at all."""

    def __init__(self, work: Resource, data: dict | None = None) -> None:
        self.work = work
        authors = [{"name": author.name, "kind": author.kind} for author in work.authors.all()]
        self.description = ResourceForm(data, instance=work)
        self.authors = AuthorFormSet(data, initial=authors, prefix="authors")
        self.files = FileLanguageFormSet(data, queryset=work.files.all(), prefix="files")
        self.origins = {origin.field: origin for origin in work.origins.all()}
        self._mark()

    def _mark(self) -> None:
        """Each field knows its origin; a draft's unsure and empty ones ask to be looked at."""
        is_draft = self.work.status == Resource.Status.DRAFT
        for field in self.description:
            origin = field.origin = self.origins.get(field.name)
            is_empty = field.name in CORE and field.initial in (None, "", [], (None, None, None))
            if field.name == "type":  # it always has a value: whoever only read the file did not choose it
                is_empty = origin is None
            field.please_check = is_draft and (origin.is_unsure if origin else is_empty)

    @property
    def authors_origin(self) -> FieldOrigin | None:
        return self.origins.get("authors")

    def is_valid(self) -> bool:
        return all([self.description.is_valid(), self.authors.is_valid(), self.files.is_valid()])

    @classmethod
    def was_sent(cls, data: QueryDict) -> bool:
        """Did the description come along with a step on the files?"""
        return "authors-TOTAL_FORMS" in data

    def with_files_as_they_are(self) -> Self:
        """What was typed, beside the files as they stand after a step on them."""
        self.files = FileLanguageFormSet(queryset=self.work.files.all(), prefix="files")
        return self

    @property
    def has_errors(self) -> bool:
        return self.description.is_bound and not self.is_valid()

    def save(self) -> Resource:
        """Description, authors and languages of files; the caller's transaction holds them together."""
        work = self.description.save()
        known = {author.name: author.organisation_id for author in work.authors.all()}
        work.authors.all().delete()
        named = [row for row in self.authors.cleaned_data if row.get("name")]
        Author.objects.bulk_create(
            Author(
                resource=work,
                position=place,
                name=row["name"],
                kind=row["kind"] or Author.Kind.PERSON,
                organisation_id=known.get(row["name"]),
            )
            for place, row in enumerate(named)
        )
        self.files.save()
        return work


class ReasonForm(forms.Form):
    """Why a work goes back or comes off the shelf; whoever sent it reads this."""

    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
