"""A work in simple Dublin Core, which every harvester understands."""

from lxml import etree

from resources.models import Resource

from . import openaire, works
from .xml import XSI, add

PREFIX = "oai_dc"
NAMESPACE = "http://www.openarchives.org/OAI/2.0/oai_dc/"
SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
DC = "{http://purl.org/dc/elements/1.1/}"
NAMES = {"oai_dc": NAMESPACE, "dc": DC.strip("{}"), "xsi": XSI}
OPEN_ACCESS = "info:eu-repo/semantics/openAccess"


def describe(parent: etree._Element, work: Resource) -> None:
    """
    Add the description; words stand in every language they are kept in, those of the original first.

    The kind of work stands by our name, in words, and by COAR's address, which tells a chosen "other" from none.
    """
    root = etree.SubElement(parent, f"{{{NAMESPACE}}}dc", nsmap=NAMES)
    root.set(f"{{{XSI}}}schemaLocation", f"{NAMESPACE} {SCHEMA}")
    for language, title in works.titles(work).items():
        add(root, f"{DC}title", title, lang=language)
    for author in work.authors.all():
        add(root, f"{DC}creator", author.name)
    for topic in work.topics.all():
        for language, name in works.words(topic):
            add(root, f"{DC}subject", name, lang=language)
    for tag in work.tags.all():
        add(root, f"{DC}subject", tag.name)
    for language, abstract in works.abstracts(work).items():
        add(root, f"{DC}description", abstract, lang=language)
    if work.publisher:
        add(root, f"{DC}publisher", work.publisher)
    for language, name in works.words(work.organisation):
        add(root, f"{DC}contributor", name, lang=language)
    if date := works.issued(work):
        add(root, f"{DC}date", date)
    add(root, f"{DC}type", work.type)
    for language in works.LANGUAGES:
        add(root, f"{DC}type", works.type_in(work, language), lang=language)
    add(root, f"{DC}type", openaire.concept_of(work)[1])
    for media_type in sorted({file.format.media_type for file in work.files.all()}):
        add(root, f"{DC}format", media_type)
    _identify(root, work)
    for language in works.languages_of(work):
        add(root, f"{DC}language", language)
    for file in work.files.all():
        add(root, f"{DC}relation", works.address_of(file))
    for country in work.countries.all():
        for language, name in works.words(country):
            add(root, f"{DC}coverage", name, lang=language)
    add(root, f"{DC}rights", OPEN_ACCESS)
    if work.licence:
        add(root, f"{DC}rights", works.LICENCES.get(work.licence) or work.get_licence_display())


def _identify(root: etree._Element, work: Resource) -> None:
    add(root, f"{DC}identifier", works.page(work))
    if work.doi:
        add(root, f"{DC}identifier", f"https://doi.org/{work.doi}")
    if work.isbn:
        add(root, f"{DC}identifier", f"urn:isbn:{work.isbn}")
    if work.source_url:
        add(root, f"{DC}source", work.source_url)
