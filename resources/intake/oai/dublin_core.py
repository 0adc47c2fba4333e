"""Records in simple Dublin Core (`oai_dc`), which every source offers."""

from collections.abc import Iterator

from lxml import etree

from resources.intake.records import Record

from . import kinds, words

ROOT = "{http://www.openarchives.org/OAI/2.0/oai_dc/}dc"
DC = "{http://purl.org/dc/elements/1.1/}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def read(body: etree._Element, where: str, countries: words.Countries) -> Record:
    """One `oai_dc:dc` element as a record; `where` is its identifier in the source."""

    def every(name: str) -> list[str]:
        return list(texts(body, DC + name))

    year, month, day = words.published(every("date"))
    titles = by_language(body, DC + "title", words.MAX_TITLE)
    return Record(
        where=where,
        key=where,
        titles=titles,
        abstracts=by_language(body, DC + "description", words.MAX_ABSTRACT),
        authors=words.names(every("creator")),
        publisher=next((words.one_line(text, words.MAX_PUBLISHER) for text in every("publisher")), ""),
        year=year,
        month=month,
        day=day,
        language=words.original_language(every("language"), titles),
        type=kinds.type_of(every("type")),
        identifiers=words.identifiers(every("identifier")),
        subjects=words.subjects(every("subject")),
        countries=countries.named_in([*every("coverage"), *every("subject")]),
        licence=kinds.licence_of(every("rights")),
        type_words=words.distinct(words.one_line(text, words.MAX_NAME) for text in every("type")),
    )


def texts(parent: etree._Element, name: str) -> Iterator[str]:
    """The text of every child of that name that has some, in order, a bounded number of them."""
    for number, child in enumerate(parent.iterchildren(name)):
        if number == words.MAX_VALUES:
            return
        if text := "".join(child.itertext()).strip():
            yield text


def by_language(parent: etree._Element, name: str, limit: int) -> dict[str, str]:
    """The first text in each language by `xml:lang`; under "" where none is told. Further ones are left."""
    found: dict[str, str] = {}
    for number, child in enumerate(parent.iterchildren(name)):
        if number == words.MAX_VALUES:
            break
        text = words.plain("".join(child.itertext()), limit)
        code = words.language(child.get(LANG, ""))
        if text and code not in found:
            found[code] = text
    return found
