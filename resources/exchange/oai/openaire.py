"""A work as OpenAIRE and LA Referencia gather it: guidelines for literature repositories, version 4.

https://openaire-guidelines-for-literature-repository-managers.readthedocs.io/en/v4.0.0/
"""

from lxml import etree

from resources.models import Resource

from . import works
from .xml import XSI, add

PREFIX = "oai_openaire"
NAMESPACE = "http://namespace.openaire.eu/schema/oaire/"
SCHEMA = "https://www.openaire.eu/schema/repo-lit/4.0/openaire.xsd"
OAIRE = f"{{{NAMESPACE}}}"
DATACITE = "{http://datacite.org/schema/kernel-4}"
DC = "{http://purl.org/dc/elements/1.1/}"
NAMES = {"oaire": NAMESPACE, "datacite": DATACITE.strip("{}"), "dc": DC.strip("{}"), "xsi": XSI}
COAR = "http://purl.org/coar/"
OPEN, METADATA_ONLY = f"{COAR}access_right/c_abf2", f"{COAR}access_right/c_14cb"

Type = Resource.Type
TYPES: dict[str, tuple[str, str]] = {
    Type.REPORT: ("report", "c_93fc"),
    Type.ARTICLE: ("journal article", "c_6501"),
    Type.LAW: ("text", "c_18cf"),
    Type.TREATY: ("text", "c_18cf"),
    Type.POLICY: ("policy report", "c_186u"),
    Type.PROTOCOL: ("technical documentation", "c_71bd"),
    Type.GUIDELINE: ("technical documentation", "c_71bd"),
    Type.BRIEF: ("policy report", "c_186u"),
    Type.FACTSHEET: ("text", "c_18cf"),
    Type.DIRECTORY: ("text", "c_18cf"),
    Type.DATASET: ("dataset", "c_ddb1"),
    Type.TOOL: ("software", "c_5ce6"),
    Type.PRESENTATION: ("lecture", "c_8544"),
    Type.BULLETIN: ("periodical", "c_2659"),
    Type.BOOK: ("book", "c_2f33"),
    Type.CHAPTER: ("book part", "c_3248"),
    Type.THESIS: ("thesis", "c_46ec"),
}
"""The concept of COAR's vocabulary of resource types that comes nearest; what has none is "other"."""
OTHER = ("other", "c_1843")
GENERAL = {Type.DATASET: "dataset", Type.TOOL: "software"}
NOT_LITERATURE = (Type.CAMPAIGN, Type.TRAINING, Type.OTHER)
KINDS = {Type.DATASET: "dataset", Type.TOOL: "software"}


def concept_of(work: Resource) -> tuple[str, str]:
    """Label and address of its type in COAR's vocabulary."""
    label, concept = TYPES.get(work.type, OTHER)
    return label, f"{COAR}resource_type/{concept}"


def describe(parent: etree._Element, work: Resource) -> None:
    """Add the description, in the order of the guidelines."""
    root = etree.SubElement(parent, f"{OAIRE}resource", nsmap=NAMES)
    root.set(f"{{{XSI}}}schemaLocation", f"{NAMESPACE} {SCHEMA}")
    _titles(root, work)
    _names(root, work)
    _identifiers(root, work)
    if date := works.issued(work):
        dates = add(root, f"{DATACITE}dates")
        add(dates, f"{DATACITE}date", date, dateType="Issued")
    for language in works.languages_of(work):
        add(root, f"{DC}language", language)
    if work.publisher:
        add(root, f"{DC}publisher", work.publisher)
    label, address = concept_of(work)
    general = GENERAL.get(work.type, "other research product" if work.type in NOT_LITERATURE else "literature")
    add(root, f"{OAIRE}resourceType", label, resourceTypeGeneral=general, uri=address)
    for language, abstract in works.abstracts(work).items():
        add(root, f"{DC}description", abstract, lang=language)
    for media_type in sorted({file.format.media_type for file in work.files.all()}):
        add(root, f"{DC}format", media_type)
    _rights(root, work)
    _subjects(root, work)
    for country in work.countries.all():
        for language, name in works.words(country):
            add(root, f"{DC}coverage", name, lang=language)
    _files(root, work)


def _titles(root: etree._Element, work: Resource) -> None:
    """The title in the language of the original first; the others are its translations."""
    titles = add(root, f"{DATACITE}titles")
    for number, (language, title) in enumerate(works.titles(work).items()):
        kind = {"titleType": "TranslatedTitle"} if number else {}
        add(titles, f"{DATACITE}title", title, lang=language, **kind)


def _names(root: etree._Element, work: Resource) -> None:
    if authors := work.authors.all():
        creators = add(root, f"{DATACITE}creators")
        for author in authors:
            kind = "Organizational" if works.is_body(author) else "Personal"
            creator = add(creators, f"{DATACITE}creator")
            add(creator, f"{DATACITE}creatorName", author.name, nameType=kind)
    contributors = add(root, f"{DATACITE}contributors")
    contributor = add(contributors, f"{DATACITE}contributor", contributorType="HostingInstitution")
    add(
        contributor,
        f"{DATACITE}contributorName",
        work.organisation.name_es or work.organisation.name,
        nameType="Organizational",
    )


def _identifiers(root: etree._Element, work: Resource) -> None:
    others = [("URL", work.source_url), ("ISBN", work.isbn)]
    if work.doi:
        add(root, f"{DATACITE}identifier", f"https://doi.org/{work.doi}", identifierType="DOI")
        others.insert(0, ("URL", works.page(work)))
    else:
        add(root, f"{DATACITE}identifier", works.page(work), identifierType="URL")
    if any(text for _kind, text in others):
        parent = add(root, f"{DATACITE}alternateIdentifiers")
        for kind, text in others:
            if text:
                add(parent, f"{DATACITE}alternateIdentifier", text, alternateIdentifierType=kind)


def _rights(root: etree._Element, work: Resource) -> None:
    is_open = bool(work.files.all())
    words, concept = ("open access", OPEN) if is_open else ("metadata only access", METADATA_ONLY)
    add(root, f"{DATACITE}rights", words, rightsURI=concept)
    if work.licence:
        address = works.LICENCES.get(work.licence)
        given = {"uri": address} if address else {}
        add(root, f"{OAIRE}licenseCondition", work.get_licence_display(), **given)


def _subjects(root: etree._Element, work: Resource) -> None:
    topics, tags = work.topics.all(), work.tags.all()
    if not (topics or tags):
        return
    subjects = add(root, f"{DATACITE}subjects")
    for topic in topics:
        mesh = {"subjectScheme": "MeSH", "valueURI": f"http://id.nlm.nih.gov/mesh/{topic.mesh}"} if topic.mesh else {}
        for language, name in works.words(topic):
            add(subjects, f"{DATACITE}subject", name, lang=language, **mesh)
    for tag in tags:
        add(subjects, f"{DATACITE}subject", tag.name)


def _files(root: etree._Element, work: Resource) -> None:
    for file in work.files.all():
        given = {"accessRightsURI": OPEN, "mimeType": file.format.media_type}
        add(root, f"{OAIRE}file", works.address_of(file), objectType=KINDS.get(work.type, "fulltext"), **given)
