"""What sources write in their fields, as the library takes it. What is not sure stays empty."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from resources.intake.oai import datacite, dublin_core, kinds, words
from resources.intake.records import Record
from tests.resources.intake.oai.provider import dc

COUNTRIES = words.Countries({"México": "MX", "Mexico": "MX", "Guatemala": "GT", "El Salvador": "SV"})


def core(fields: str) -> Record:
    return dublin_core.read(etree.fromstring(dc(fields)), "oai:x:1", COUNTRIES)


def cite(fields: str, kernel: str = "4") -> Record:
    text = f'<resource xmlns="http://datacite.org/schema/kernel-{kernel}">{fields}</resource>'
    return datacite.read(etree.fromstring(text), "oai:x:1", COUNTRIES)


def test_a_record_of_a_repository_in_the_region() -> None:
    found = core(
        """<dc:title xml:lang="es">Migración y salud en Tapachula</dc:title>
        <dc:title xml:lang="en-US">Migration and health in Tapachula</dc:title>
        <dc:title xml:lang="es">Otro título</dc:title>
        <dc:creator>Pérez Gómez, Ana, 1970-</dc:creator><dc:creator>Instituto Nacional de Salud Pública</dc:creator>
        <dc:creator>Pérez Gómez, Ana</dc:creator><dc:contributor>Ruiz, Eva</dc:contributor>
        <dc:subject>Migrantes; Atención primaria</dc:subject><dc:subject>México -- Salud</dc:subject>
        <dc:subject>info:eu-repo/classification/ddc/610</dc:subject>
        <dc:coverage>El Salvador; Guatemala</dc:coverage><dc:coverage>SV</dc:coverage>
        <dc:coverage>2010-2014</dc:coverage>
        <dc:description xml:lang="spa">&lt;p&gt;Un &lt;b&gt;estudio&lt;/b&gt;.&lt;/p&gt;
        &lt;p&gt;R&amp;amp;D&lt;/p&gt;</dc:description>
        <dc:date>2015-03-02T14:22:11Z</dc:date><dc:date>2014-05</dc:date><dc:date>2014</dc:date>
        <dc:type>info:eu-repo/semantics/publishedVersion</dc:type><dc:type>info:eu-repo/semantics/article</dc:type>
        <dc:identifier>https://repositorio.example/bitstream/1/doc.pdf</dc:identifier>
        <dc:identifier>https://repositorio.example/handle/1</dc:identifier>
        <dc:identifier>DOI: 10.1590/S0036-36342013</dc:identifier><dc:identifier>ISBN 978-92-4-154952-3</dc:identifier>
        <dc:relation>https://doi.org/10.9999/other</dc:relation>
        <dc:language>spa</dc:language><dc:publisher> INSP </dc:publisher>
        <dc:rights>info:eu-repo/semantics/openAccess</dc:rights>
        <dc:rights>http://creativecommons.org/licenses/by-nc-sa/3.0/igo/</dc:rights>"""
    )
    assert found == Record(
        where="oai:x:1",
        key="oai:x:1",
        titles={"es": "Migración y salud en Tapachula", "en": "Migration and health in Tapachula"},
        abstracts={"es": "Un estudio.\nR&D"},
        authors=("Pérez Gómez, Ana", "Instituto Nacional de Salud Pública"),
        publisher="INSP",
        year=2014,
        month=5,
        language="es",
        type="article",
        identifiers={
            "doi": "10.1590/s0036-36342013",
            "isbn": "9789241549523",
            "source_url": "https://repositorio.example/handle/1",
        },
        subjects=("Migrantes", "Atención primaria", "México -- Salud"),
        countries=("SV", "GT", "MX"),
        licence="cc-by-nc-sa-igo",
        type_words=("info:eu-repo/semantics/publishedVersion", "info:eu-repo/semantics/article"),
    )


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_datacite_record_in_its_wrapper(version: str) -> None:
    inner = """<resource xmlns="http://datacite.org/schema/kernel-4">
      <identifier identifierType="DOI">10.5281/ZENODO.1</identifier>
      <alternateIdentifiers><alternateIdentifier alternateIdentifierType="ISBN">9241549521</alternateIdentifier>
      </alternateIdentifiers>
      <relatedIdentifiers><relatedIdentifier relatedIdentifierType="DOI">10.9/other</relatedIdentifier>
      </relatedIdentifiers>
      <creators><creator><creatorName>Ana Ruiz</creatorName><givenName>Ana</givenName><familyName>Ruiz</familyName>
      </creator><creator><creatorName nameType="Organizational">OPS</creatorName></creator></creators>
      <titles><title titleType="Subtitle">Sub</title><title>Migrantes</title>
      <title titleType="TranslatedTitle" xml:lang="en">Migrants</title></titles>
      <descriptions><description descriptionType="Other">Nota</description>
      <description descriptionType="Abstract">Resumen</description></descriptions>
      <publicationYear>2020</publicationYear><language>es</language><publisher>OPS</publisher>
      <dates><date dateType="Updated">2024-01-01</date><date dateType="Issued">2020-07-01</date></dates>
      <resourceType resourceTypeGeneral="Text">Informe técnico</resourceType>
      <subjects><subject>Salud</subject></subjects>
      <geoLocations><geoLocation><geoLocationPlace>Guatemala</geoLocationPlace></geoLocation></geoLocations>
      <rightsList><rights rightsURI="info:eu-repo/semantics/openAccess"/><rights>CC BY-SA 4.0</rights></rightsList>
    </resource>"""
    text = (
        f'<oai_datacite xmlns="http://schema.datacite.org/oai/oai-{version}/"><payload>{inner}</payload></oai_datacite>'
    )
    found = datacite.read(etree.fromstring(text), "oai:x:1", COUNTRIES)
    assert found == Record(
        where="oai:x:1",
        key="oai:x:1",
        titles={"": "Migrantes", "en": "Migrants"},
        abstracts={"": "Resumen"},
        authors=("Ruiz, Ana", "OPS"),
        publisher="OPS",
        year=2020,
        month=7,
        day=1,
        language="es",
        type="report",
        identifiers={"doi": "10.5281/zenodo.1", "isbn": "9241549521"},
        subjects=("Salud",),
        countries=("GT",),
        licence="cc-by-sa",
        type_words=("Informe técnico", "Text"),
    )


def test_a_wrapper_without_a_record_and_a_date_of_another_year() -> None:
    empty = etree.fromstring('<oai_datacite xmlns="http://schema.datacite.org/oai/oai-1.1/"><payload/></oai_datacite>')
    assert datacite.read(empty, "x", COUNTRIES) == Record(where="x", key="x")
    found = cite('<publicationYear>1999</publicationYear><dates><date dateType="Issued">2020-07-01</date></dates>', "3")
    assert (found.year, found.month) == (1999, None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("es", "es"), ("spa", "es"), ("es-MX", "es"), ("es_GT", "es"), ("Español", "es"), ("Castellano", "es"),
        ("Spanish", "es"), ("eng", "en"), ("EN", "en"), ("Inglés", "en"), ("fre", "fr"), ("Português", "pt"),
        ("http://id.loc.gov/vocabulary/iso639-2/spa", "es"), ("quc", "quc"), ("mam", "mam"), ("uzb", "uz"),
        ("", ""), ("xx", ""), ("und", ""), ("mul", ""), ("zxx", ""), ("Language: unknown", ""), ("-", ""),
    ],
)  # fmt: skip
def test_languages(text: str, code: str) -> None:
    assert words.language(text) == code


@pytest.mark.parametrize(
    ("texts", "titles", "code"),
    [
        (["spa", "es"], [""], "es"),
        (["spa", "eng"], [""], ""),
        (["es; en"], [], ""),
        (["es", "xx"], ["en"], "es"),
        (["es", "en"], ["en", "es"], "en"),
        (["es", "en"], ["en"], ""),
        (["es", "en"], ["pt", "es"], ""),
        ([], ["es"], ""),
    ],
)
def test_a_work_in_two_languages_is_in_that_of_its_main_title(texts: list[str], titles: list[str], code: str) -> None:
    assert words.original_language(texts, dict.fromkeys(titles, "x")) == code


@pytest.mark.parametrize(
    ("texts", "parts"),
    [
        (["2014"], (2014, None, None)),
        (["2014-05"], (2014, 5, None)),
        (["2014-05-03"], (2014, 5, 3)),
        (["2014/05/03"], (2014, 5, 3)),
        (["20140503"], (2014, 5, 3)),
        (["2014-05-03T10:00:00Z"], (2014, 5, 3)),
        (["2014-02-31"], (2014, 2, None)),
        (["2014-13"], (2014, None, None)),
        (["c2014"], (2014, None, None)),
        (["[2014?]"], (2014, None, None)),
        (["03/05/2014"], (2014, None, None)),
        (["Mayo de 2014"], (2014, None, None)),
        (["info:eu-repo/date/publication/2014-05"], (2014, 5, None)),
        (["info:eu-repo/date/embargoEnd/2030-01-01"], (None, None, None)),
        (["2012-2014"], (None, None, None)),
        (["0000"], (None, None, None)),
        (["12345678901"], (None, None, None)),
        (["sin fecha"], (None, None, None)),
        (["2016-01-02T00:00:00Z", "2016-01-03T00:00:00Z", "2014"], (2014, None, None)),
        (["2014", "2014-05-03"], (2014, 5, 3)),
        (["2014-05-03T10:00:00Z", "2014"], (2014, None, None)),
        ([], (None, None, None)),
    ],
)
def test_dates(texts: list[str], parts: tuple) -> None:
    assert words.published(texts) == parts


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://doi.org/10.1/x", {}),
        ("https://doi.org/10.1234/X", {"doi": "10.1234/x"}),
        ("info:doi/10.1234/x", {"doi": "10.1234/x"}),
        ("doi:10.1234/x", {"doi": "10.1234/x"}),
        ("10.1234/x", {"doi": "10.1234/x"}),
        ("Rev Salud 12(3), doi:10.1234/x", {}),
        ("urn:isbn:9789241549523", {"isbn": "9789241549523"}),
        ("978-92-4-154952-3", {"isbn": "9789241549523"}),
        ("978-92-4-154952-4", {}),
        ("ISBN 9241549521", {"isbn": "9241549521"}),
        ("9241549521", {}),
        ("issn:2583-1887", {}),
        ("oai:zenodo.org:1", {}),
        ("https://repositorio.example/1", {"source_url": "https://repositorio.example/1"}),
        ("http://hdl.handle.net/10665/1", {"source_url": "http://hdl.handle.net/10665/1"}),
        ("javascript:alert(1)", {}),
        ('https://x.example/"><script>', {}),
        ("https://x.example/" + "a" * 600, {}),
    ],
)
def test_identifiers_are_told_apart(text: str, found: dict) -> None:
    assert words.identifiers([text]) == found


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["info:eu-repo/semantics/article"], "article"),
        (["info:eu-repo/semantics/masterThesis"], "thesis"),
        (["info:eu-repo/semantics/bookPart"], "chapter"),
        (["http://purl.org/coar/resource_type/c_6501"], "article"),
        (["http://purl.org/coar/resource_type/c_18gh"], "report"),
        (["http://purl.org/coar/resource_type/R60J-J5BD"], "presentation"),
        (["Artículo de revista / Journal Article"], "article"),
        (["doc-type:book"], "book"),
        (["Text", "Guía"], "guideline"),
        (["Tesis de maestría"], "thesis"),
        (["Policy brief"], "brief"),
        (["JournalArticle"], "article"),
        (["Ley"], "law"),
        (["info:eu-repo/semantics/other"], ""),
        (["other", "Otro"], ""),
        (["http://purl.org/coar/resource_type/c_1843"], "other"),
        (["http://purl.org/coar/resource_type/c_1843", "Guía"], "guideline"),
        (["info:eu-repo/semantics/publishedVersion", "text", ""], ""),
        ([], ""),
    ],
)
def test_kinds_of_work(texts: list[str], kind: str) -> None:
    assert kinds.type_of(texts) == kind


@pytest.mark.parametrize(
    ("texts", "licence"),
    [
        (["https://creativecommons.org/licenses/by/4.0/legalcode"], "cc-by"),
        (["Creative Commons Attribution 4.0 International"], "cc-by"),
        (["Creative Commons Attribution Non Commercial Share Alike 4.0 International"], "cc-by-nc-sa"),
        (["Atribución-NoComercial-SinDerivadas 4.0 Internacional (Creative Commons)"], "cc-by-nc-nd"),
        (["Atribución-NoComercial-CompartirIgual 3.0 IGO, Creative Commons"], "cc-by-nc-sa-igo"),
        (["CC BY-NC-SA 3.0 IGO"], "cc-by-nc-sa-igo"),
        (["cc-by-4.0"], "cc-by"),
        (["CC BY-ND 4.0"], ""),
        (["https://creativecommons.org/licenses/by-nd/4.0/"], ""),
        (["https://creativecommons.org/publicdomain/zero/1.0/"], "public-domain"),
        (["CC0 1.0"], "public-domain"),
        (["Todos los derechos reservados", "http://creativecommons.org/licenses/by/4.0/"], "cc-by"),
        (["Todos los derechos reservados."], "copyright"),
        (["info:eu-repo/semantics/openAccess"], ""),
        (["Acceso abierto"], ""),
        (["MIT License"], ""),
        ([], ""),
    ],
)
def test_licences(texts: list[str], licence: str) -> None:
    assert kinds.licence_of(texts) == licence


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("p < 0.05 and q > 1", "p < 0.05 and q > 1"),
        ("&lt;p&gt;Uno&lt;/p&gt;&lt;p&gt;Dos&lt;br/&gt;Tres&lt;/p&gt;", "Uno\nDos\nTres"),
        ("<script>x</script>", "x"),
        ("a\x00b\x85c", "abc"),
        ("&#" + "9" * 5000 + ";", ""),
        ("&#0;&#xD800;&#x110000;", "\ufffd\ufffd\ufffd"),
        ("uno dos tres cuatro", "uno dos"),
        ("x" * 100, "x" * 20),
    ],
)
def test_texts_are_plain(text: str, plain: str) -> None:
    limit = 10_000 if len(plain) < 7 or "\n" in plain or "<" in plain else 20 if "x" in plain else 10
    assert words.plain(text, limit) == plain


HOSTILE = [
    "<" * 40_000, "<a" * 20_000, "<" + "a" * 40_000, "&" * 40_000, "&#" * 20_000, "&lt;" * 10_000, " \n" * 20_000,
    "1" * 40_000, ";" * 40_000, "-" * 40_000, "cc by " * 7_000, "creativecommons.org/licenses/" * 1_400,
]  # fmt: skip
FIELDS = ["title", "creator", "subject", "description", "date", "type", "identifier", "language", "coverage", "rights"]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_takes_long(text: str) -> None:
    body = etree.fromstring(dc(""))
    for name in FIELDS:
        etree.SubElement(body, dublin_core.DC + name).text = text
    begun = time.monotonic()
    dublin_core.read(body, "x", COUNTRIES)
    assert time.monotonic() - begun < 1


def test_a_record_with_thousands_of_values_is_bounded() -> None:
    many = "".join(f"<dc:creator>Autor {n}</dc:creator><dc:subject>s{n};t{n}</dc:subject>" for n in range(5_000))
    found = core(many)
    assert (len(found.authors), len(found.subjects)) == (words.MAX_VALUES, words.MAX_VALUES)


LETTERS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60)
PIECES = st.sampled_from(
    ["&", "&#", "<", ">", "isbn", "doi:", "10.1234/", "20", "-", "T", "/", "cc by ", "١٢٣٤", "²", ";"]
)


@given(st.lists(LETTERS | st.lists(PIECES | LETTERS, max_size=6).map("".join), max_size=3))
def test_no_words_bring_it_down(texts: list[str]) -> None:
    body = etree.fromstring(dc(""))
    for name in FIELDS:
        for text in texts:
            try:
                etree.SubElement(body, dublin_core.DC + name).text = text
            except ValueError:
                return  # no letter XML can hold
    dublin_core.read(body, "x", COUNTRIES)
