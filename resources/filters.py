"""The parameters of the list, declared once: page, API and feeds read them through here."""

import unicodedata

import django_filters
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.core.http import page_number
from resources import search
from resources.models import Resource
from resources.models.resource import Reader, audiences_of

FACETS = ["country", "topic", "type", "language", "organisation", "tag"]
MAX_VALUES = 100
MAX_WORDS = 400
"""Characters of a question that are looked at; nobody types more, and a long one must cost no more than a short one."""


def readable(text: str) -> str:
    """Without NUL, other control characters and lone surrogates, which neither database can hold."""
    return "".join(c if c == " " or unicodedata.category(c) not in ("Cc", "Cs") else " " for c in text)


class ValuesField(forms.Field):
    """Every value of a repeated parameter, cleaned and each once; what is unknown just finds nothing."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: list[str] | None) -> list[str]:
        texts = (readable(text)[:100].strip() for text in (value or [])[:MAX_VALUES])
        return list(dict.fromkeys(text for text in texts if text))


class ValuesFilter(django_filters.Filter):
    field_class = ValuesField


class WordsField(forms.CharField):
    """The reader's words: never an error, whatever was typed."""

    def to_python(self, value: str | None) -> str:
        return " ".join(readable(value or "").split())[:MAX_WORDS]

    def clean(self, value: str | None) -> str:
        return self.to_python(value)


class WordsFilter(django_filters.Filter):
    field_class = WordsField


class YearField(forms.IntegerField):
    """A year, or nothing for what is none."""

    def clean(self, value: str | None) -> int | None:
        try:
            year = super().clean(value)
        except forms.ValidationError:
            return None
        return year if year and 0 < year < 10_000 else None


class YearFilter(django_filters.Filter):
    field_class = YearField


class ExactField(forms.Field):
    """Anything switches it on."""

    def clean(self, value: str | None) -> bool:
        return bool(value)


class ExactFilter(django_filters.Filter):
    field_class = ExactField


class SortField(forms.ChoiceField):
    def clean(self, value: str | None) -> str:
        return value if value in dict(self.choices) else "relevance"


class SortFilter(django_filters.Filter):
    field_class = SortField


SORTS = [("relevance", _("Most relevant")), ("newest", _("Newest")), ("title", _("Title A to Z"))]


class ResourceFilter(django_filters.FilterSet):
    """Turns the parameters of the contract into one search; unknown names are ignored, unknown values find nothing."""

    q = WordsFilter(label=_("Words"))
    country = ValuesFilter(label=_("Country"))
    topic = ValuesFilter(label=_("Topic"))
    type = ValuesFilter(label=_("Type"))
    language = ValuesFilter(label=_("Language"))
    organisation = ValuesFilter(label=_("Organisation"))
    tag = ValuesFilter(label=_("Keyword"))
    year_from = YearFilter(label=_("From year"))
    year_to = YearFilter(label=_("To year"))
    exact = ExactFilter(label=_("Only my words"))
    sort = SortFilter(label=_("Order"), choices=SORTS, required=False)

    class Meta:
        model = Resource
        fields: list[str] = []

    def search_query(self, reader: Reader) -> search.Query:
        """What to ask the search for, on behalf of this reader."""
        self.form.is_valid()
        asked = self.form.cleaned_data
        chosen = {name: asked[name] for name in FACETS if asked[name]}
        if "country" in chosen:
            chosen["country"] = [code.upper() for code in chosen["country"]]
        return search.Query(
            text=asked["q"],
            filters=chosen,
            year_from=asked["year_from"],
            year_to=asked["year_to"],
            sort=asked["sort"],
            page=page_number(self.data.get("page")),
            language=get_language() or "es",
            audiences=tuple(audiences_of(reader)),
            widen=not asked["exact"],
        )
