"""What the desk proposes for a work: each suggestion with the sentence that made us think so."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Case, IntegerField, Value, When
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from network.models import Country
from resources.models import File, Page, Resource, Topic
from resources.suggestions import Evidence, Place, Suggestions, suggest

MOST_PAGES = 200
AROUND = 160
"""Characters of a long sentence that are shown on either side of the words that count."""


@dataclass(frozen=True)
class Proposed:
    """One suggestion. `token` is what a form sends to accept it; `field` and `form_value` are its place in the form."""

    kind: str
    value: str
    label: str
    field: str
    form_value: str | int
    evidence: Evidence

    @property
    def token(self) -> str:
        return f"{self.kind}:{self.value}"

    @property
    def sentence(self) -> SafeString:
        """The sentence with the words that count marked, long ones cut around them."""
        text, marks = self.evidence.sentence, self.evidence.marks
        begin = max(0, marks[0][0] - AROUND) if marks else 0
        end = min(len(text), (marks[0][1] if marks else 0) + AROUND)
        return format_html("{}{}{}", "…" if begin else "", _marked(text, marks, begin, end), "…" * (end < len(text)))

    @property
    def where(self) -> str:
        if self.evidence.page:
            return _("page %(n)s of the file") % {"n": self.evidence.page}
        return _("in the title") if self.evidence.place == Place.TITLE else _("in the abstract")


def _marked(text: str, marks: tuple[tuple[int, int], ...], begin: int, end: int) -> SafeString:
    parts, at = [], begin
    for first, last in sorted(marks):
        if at <= first and last <= end:
            parts += [(text[at:first], text[first:last])]
            at = last
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", parts), text[at:end])


def proposed(work: Resource) -> list[Proposed]:
    """Everything the text suggests that the work does not say yet, best first within its kind."""
    abstracts = {"es": work.abstract_es or "", "en": work.abstract_en or ""}
    file = _main_file(work)
    pages = _pages(file) if file else iter(())
    language = (file.language if file else "") or work.original_language
    found = suggest(work.titles, {code: text for code, text in abstracts.items() if text}, pages, language)
    return [*_type(work, found), *_topics(work, found), *_countries(work, found), *_keywords(work, found)]


def _main_file(work: Resource) -> File | None:
    """The read file in the original language, else the first read one."""
    original = Case(When(language=work.original_language, then=Value(0)), default=Value(1), output_field=IntegerField())
    return work.files.filter(state=File.State.READ).order_by(original, "pk").first()


def _pages(file: File) -> Iterator[tuple[int, str]]:
    pages = Page.objects.filter(file=file, number__lte=MOST_PAGES).order_by("number")
    return pages.values_list("number", "text").iterator()


def _type(work: Resource, found: Suggestions) -> Iterator[Proposed]:
    if found.type and found.type.type != work.type:
        label = str(Resource.Type(found.type.type).label)
        yield Proposed("type", found.type.type, label, "type", found.type.type, found.type.evidence)


def _topics(work: Resource, found: Suggestions) -> Iterator[Proposed]:
    have = {topic.pk for topic in work.topics.all()}
    topics = Topic.objects.in_bulk([suggestion.topic for suggestion in found.topics])
    for suggestion in found.topics:
        if suggestion.topic not in have and (topic := topics.get(suggestion.topic)) and suggestion.evidence:
            yield Proposed("topic", topic.slug, topic.name, "topics", topic.pk, suggestion.evidence[0])


def _countries(work: Resource, found: Suggestions) -> Iterator[Proposed]:
    have = {country.pk for country in work.countries.all()}
    countries = Country.objects.in_bulk([suggestion.code for suggestion in found.countries])
    for suggestion in found.countries:
        if suggestion.code not in have and (country := countries.get(suggestion.code)) and suggestion.evidence:
            field = "countries" if country.position else "other_countries"
            yield Proposed("country", country.pk, country.name, field, country.pk, suggestion.evidence[0])


def _keywords(work: Resource, found: Suggestions) -> Iterator[Proposed]:
    """A keyword that names a topic is proposed as that topic."""
    have = {tag.name.casefold() for tag in work.tags.all()}
    for suggestion in found.keywords:
        if suggestion.text.casefold() not in have and not suggestion.topics:
            yield Proposed("tag", suggestion.text, suggestion.text, "tags", suggestion.text, suggestion.evidence)
