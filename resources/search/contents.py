"""What a work says: its words with their weights, its facets, what it is sorted by."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import batched, groupby

from django.db.models import Prefetch, QuerySet

from resources.models import Page, Resource, Topic
from resources.search import analysis
from resources.search.models import Kind
from resources.search.question import pair_key

PLANES = 4
HIGHEST = (1 << PLANES) - 1
SATURATION = 1.2
"""k1 of BM25: how soon one more of the same word stops counting."""
SMALLEST_WORD = 3


@dataclass(frozen=True)
class Field:
    """A part of a work. In a part of `usual` words each word weighs `weight`, in a longer one less."""

    weight: float
    usual: int


TITLE = Field(3, 12)
SUBJECT = Field(2, 12)
AUTHOR = Field(1.5, 12)
ABSTRACT = Field(1, 60)
TEXT = Field(1, 60)
LENGTH_POWER = 0.7
"""
How fast a word's weight falls with the length of its part: (usual / length) ** LENGTH_POWER.

BM25 divides by the average length, which drifts as works come in, and so would every weight in the index. A power needs
no average and serves sentences and books alike; on the judged sets it does as well as BM25 with the true average.
"""


@dataclass
class Content:
    """What the index is to hold of one work."""

    pk: int
    titles: dict[str, str]
    weights: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    marks: set[str] = field(default_factory=set)
    pairs: set[int] = field(default_factory=set)
    spelled: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    bytes: dict[str, int] = field(default_factory=dict)

    def say(self, part: Field, words: Counter[str], pairs: set[int]) -> None:
        """Weigh the words of one part. Parts add up before they saturate, as in BM25F (Robertson, Zaragoza 2009)."""
        factor = part.weight * (part.usual / max(1, words.total())) ** LENGTH_POWER
        for word, times in words.items():
            self.weights[word] += factor * times
        self.pairs |= pairs

    def mark(self, kind: str, names: Iterable[object]) -> None:
        self.marks.update(f"{kind}:{name}" for name in names)

    @property
    def levels(self) -> dict[str, int]:
        """Every key and its level, 1 to 255."""
        out = {f"{Kind.WORD}:{word}": level(weight) for word, weight in self.weights.items()}
        out.update(dict.fromkeys(self.marks, 1))
        out.update({f"{Kind.SPELLING}:{word}": planes for word, planes in self.spelled.items()})
        out.update({key: byte for key, byte in self.bytes.items() if byte})
        return out


def level(weight: float) -> int:
    """A weight from 0 to infinity on the saturating scale of BM25, as a whole number from 1 to HIGHEST."""
    return min(HIGHEST, 1 + int(HIGHEST * weight / (weight + SATURATION)))


def read(pks: Iterable[int]) -> Iterator[Content]:
    """The published ones of these works, a few at a time so that long files don't pile up in memory."""
    ancestors = _ancestors()
    for some in batched(sorted(pks), 100, strict=False):
        texts = _texts(some)
        for resource in _published(some):
            yield content_of(resource, texts.get(resource.pk, {}), ancestors)


def _published(pks: Iterable[int]) -> QuerySet[Resource]:
    # As lists: a related manager per work would cost more than all its rows.
    lists = [Prefetch(name, to_attr=f"{name}_list") for name in ("countries", "topics", "tags", "authors", "files")]
    return Resource.objects.published().filter(pk__in=pks).select_related("organisation").prefetch_related(*lists)


def _texts(pks: Iterable[int]) -> dict[int, dict[int, list[str]]]:
    """{work: {file: [text of each page]}}"""
    rows = Page.objects.filter(file__resource__in=pks).order_by("file__resource", "file", "number")
    pages = rows.values_list("file__resource_id", "file_id", "text").iterator()
    return {
        work: {file: [text for *_, text in some] for file, some in groupby(of_work, key=lambda row: row[1])}
        for work, of_work in groupby(pages, key=lambda row: row[0])
    }


def _ancestors() -> dict[int, list[str]]:
    """{topic: [its slug, the slugs of the broader topics]}"""
    topics = {pk: (slug, parent) for pk, slug, parent in Topic.objects.values_list("pk", "slug", "parent_id")}
    out = {}
    for pk in topics:
        line: list[str] = []
        at: int | None = pk
        while at is not None and topics[at][0] not in line:
            line.append(topics[at][0])
            at = topics[at][1]
        out[pk] = line
    return out


def content_of(resource: Resource, texts: dict[int, list[str]], ancestors: dict[int, list[str]]) -> Content:
    """Everything the index holds of this work, its relations prefetched."""
    content = Content(resource.pk, {language: _sort_key(resource, language) for language in ("es", "en")})
    _say_titles(content, resource)
    _say_subjects(content, resource)
    _say_authors(content, resource)
    _say_abstracts(content, resource)
    languages = {file.pk: file.language or resource.original_language for file in resource.files_list}
    for file, pages in texts.items():
        content.say(TEXT, *_together(analysis.count(page, languages[file]) for page in pages))
    _mark_facets(content, resource, ancestors)
    _mark_order(content, resource)
    return content


def _sort_key(resource: Resource, language: str) -> str:
    """The title a reader of this language sees, as it is sorted: folded words, so both databases agree."""
    order = [language, resource.original_language, "es", "en"]
    shown = next(title for code in order if (title := resource.titles.get(code)))
    return " ".join(analysis.words(analysis.tidy(shown)))[:120]


def _together(counts: Iterable[tuple[Counter[str], set[int]]]) -> tuple[Counter[str], set[int]]:
    """The words and pairs of several texts."""
    words: Counter[str] = Counter()
    pairs: set[int] = set()
    for some, neighbours in counts:
        words.update(some)
        pairs |= neighbours
    return words, pairs


def _say_titles(content: Content, resource: Resource) -> None:
    for language, title in resource.titles.items():
        words, pairs = analysis.count(title, language)
        content.say(TITLE, words, pairs)
        content.mark(Kind.TITLE, words)
        content.marks.update(map(pair_key, pairs))
        _mark_spelling(content, title, language)


def _say_subjects(content: Content, resource: Resource) -> None:
    """Topics, free keywords and countries by name. A keyword's language is unknown: it is said in both."""
    named = [*resource.topics_list, *resource.countries_list]
    tags = [tag.name for tag in resource.tags_list]
    for language in ("es", "en"):
        names = [*tags, *(getattr(thing, f"name_{language}") or "" for thing in named)]
        words, pairs = _together(_name(name, language) for name in names)
        content.say(SUBJECT, words, pairs)
        content.mark(Kind.SUBJECT, words)
        content.marks.update(map(pair_key, pairs))
        for name in names:
            _mark_spelling(content, name, language)


@lru_cache(maxsize=4096)
def _name(name: str, language: str) -> tuple[Counter[str], set[int]]:
    """Words and pairs of a name that many works share."""
    return analysis.count(name, language)


def _say_authors(content: Content, resource: Resource) -> None:
    """People's names as they are; bodies' names also by their stems."""
    organisation = resource.organisation
    people = [author.name for author in resource.authors_list]
    said = [analysis.count(name, "") for name in [*people, organisation.acronym]]
    said.append(analysis.count(resource.publisher, resource.original_language))
    said += [_name(getattr(organisation, f"name_{language}") or "", language) for language in ("es", "en")]
    words, pairs = _together(said)
    content.say(AUTHOR, words, pairs)
    content.mark(Kind.AUTHOR, words)


def _say_abstracts(content: Content, resource: Resource) -> None:
    for language in ("es", "en"):
        if abstract := getattr(resource, f"abstract_{language}"):
            content.say(ABSTRACT, *analysis.count(abstract, language))
            _mark_spelling(content, abstract, language)


SPELLED = {"es": 1, "en": 2}
"""The plane of a spelling's column for each language; 4 for the others."""


def _mark_spelling(content: Content, text: str, language: str) -> None:
    """The words as they are written, by language: what typing is corrected to."""
    text = analysis.tidy(text)
    folded = analysis.words(text)
    for word in filter(_is_spelled, set(folded)):
        content.spelled[word] |= SPELLED.get(language, 4)
    if not text.isascii():
        both = set(zip(folded, analysis.WORD.findall(text.lower()), strict=False))
        content.mark(Kind.ACCENTED, {f"{word}|{written}" for word, written in both if word != written == written[:32]})


def _is_spelled(word: str) -> bool:
    return SMALLEST_WORD <= len(word) <= analysis.LONGEST and word.isalpha()


def _mark_facets(content: Content, resource: Resource, ancestors: dict[int, list[str]]) -> None:
    facets = {
        "audience": [resource.audience],
        "country": [country.pk for country in resource.countries_list],
        "topic": {slug for topic in resource.topics_list for slug in ancestors.get(topic.pk, [topic.slug])},
        "type": [resource.type],
        "language": {file.language for file in resource.files_list if file.language} or {resource.original_language},
        "organisation": [resource.organisation.slug],
        "tag": [tag.slug for tag in resource.tags_list],
        "year": [resource.year] if resource.year else [],
    }
    for name, values in facets.items():
        content.mark(Kind.FACET, [f"{name}:{value}" for value in values])


def _mark_order(content: Content, resource: Resource) -> None:
    """The second of publication as four bytes, and how the title begins."""
    for order, number in (("published", int(resource.published_at.timestamp())), ("issued", _issued(resource))):
        for place, byte in enumerate(number.to_bytes(4, "little")):
            content.bytes[f"{Kind.ORDER}:{order}:{place}"] = byte
    for language, title in content.titles.items():
        content.mark(Kind.INITIAL, [f"{language}:{title[:3]}"])


def _issued(resource: Resource) -> int:
    """The date of publication as a number that grows with it; 0 where it is unknown."""
    return (resource.year or 0) * 512 + (resource.month or 0) * 32 + (resource.day or 0)
