"""What each reference format says of a work, as a Record."""

import pytest

from resources.intake.records import Fault, Record
from resources.intake.references import read, recognised

RIS = """TY  - CHAP
ID  - 41
AU  - Pérez Gómez, Ana
AU  - Organización Panamericana de la Salud
TI  - Salud <i>y</i> migraci&oacute;n en la frontera.
T2  - El libro
PY  - 2019/05/03/
LA  - Español
KW  - migrantes; salud
DO  - https://doi.org/10.1007/978-3-319-02300-7_12
SN  - 978-3-319-02300-7
UR  - https://doi.org/10.1007/978-3-319-02300-7_12
UR  - https://example.org/a
AB  - Primera línea
segunda línea
ER  -
"""

BIBTEX = r"""@string{ops = "Organizaci{\'o}n Panamericana de la Salud"}
@techreport{informe2020,
  author = {Garc{\'\i}a M{\'a}rquez, Jos{\'e} and {Ministerio de Salud, Guatemala} and Ludwig van Beethoven},
  title = {La {ONU} y 50\% de los ni{\~n}os -- un an\'alisis},
  institution = ops # " (OPS)",
  year = 2020, month = may, langid = {spanish},
  doi = {10.1000/ABC\_1}, keywords = {salud, migración},
  type = {Guía},
}
"""

CSL = """[{"id": "x1", "type": "article-journal", "title": "Health of <b>migrants</b> & others",
 "author": [{"family": "Gogh", "given": "V.", "non-dropping-particle": "van"}, {"literal": "WHO"}],
 "issued": {"date-parts": [["2018", 11, 5]]}, "language": "en-US", "DOI": "10.1000/1", "ISBN": "9783319023007",
 "keyword": "a; b", "publisher": "WHO Press", "URL": "https://doi.org/10.1000/1"}]"""

ZOTERO = """{"config": {"a": [1, {"items": 2}]}, "items": [
 {"itemType": "attachment", "title": "PDF"},
 {"itemType": "bookSection", "title": "Un capítulo", "date": "2003-05-27", "extra": ["DOI: 10.1002/3527601473.ch20"],
  "creators": [{"creatorType": "author", "firstName": "Anna", "lastName": "Seelig"},
               {"creatorType": "editor", "firstName": "Ed", "lastName": "Itor"}],
  "tags": [{"tag": "Nuovo"}], "key": "ABC", "language": "es"}]}"""

NBIB = """PMID- 15745669
TI  - [Epidemiological aspects of dog bites].
TT  - Aspectos epidemiologicos de las mordeduras caninas.
LA  - spa
FAU - Palacio, Jorge
AU  - Palacio J
AD  - Universidad de Zaragoza,
      España.
DP  - 2005 Jan-Feb
PT  - Journal Article
PT  - Practice Guideline
MH  - Animals
MH  - Bites and Stings/*epidemiology
LID - 10.1157/13071818 [doi]
AB  - Animal bites are
      a problem.

PMID- 2
TI  - Second.
LA  - eng
"""

ENDNOTE = """<?xml version="1.0" encoding="UTF-8"?><xml><records><record>
<ref-type name="Report">27</ref-type><rec-number>7</rec-number>
<contributors><authors><author><style>Smith, Ann</style></author></authors></contributors>
<titles><title><style>Migrants &amp; health</style></title></titles>
<dates><year><style>2015</style></year><pub-dates><date><style>Mar 3</style></date></pub-dates></dates>
<language>eng</language><isbn>1532-1827 (Electronic)&#xD;978-3-319-02300-7</isbn>
<electronic-resource-num>10.1000/2</electronic-resource-num></record></records></xml>"""

PUBMED = """<?xml version="1.0"?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed.dtd">
<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>9</PMID><Article>
<Journal><JournalIssue><PubDate><Year>2015</Year><Month>Dec</Month><Day>1</Day></PubDate></JournalIssue></Journal>
<ArticleTitle>A title.</ArticleTitle><Abstract><AbstractText Label="AIM">One.</AbstractText></Abstract>
<AuthorList><Author><LastName>Rhein</LastName><ForeName>Joshua</ForeName></Author>
<Author><CollectiveName>ASTRO Team</CollectiveName></Author></AuthorList><Language>eng</Language>
</Article></MedlineCitation><PubmedData><ArticleIdList><ArticleId IdType="doi">10.1000/own</ArticleId></ArticleIdList>
<ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.1000/cited</ArticleId></ArticleIdList></Reference>
</ReferenceList></PubmedData></PubmedArticle></PubmedArticleSet>"""

MODS = """<m:modsCollection xmlns:m="http://www.loc.gov/mods/v3"><m:mods ID="k1"><m:titleInfo><m:nonSort>The</m:nonSort>
<m:title>sea</m:title></m:titleInfo><m:name><m:namePart type="family">Mock</m:namePart>
<m:namePart type="given">T</m:namePart></m:name><m:originInfo><m:dateIssued>2003</m:dateIssued></m:originInfo>
<m:relatedItem type="host"><m:titleInfo><m:title>Journal</m:title></m:titleInfo>
<m:identifier type="doi">10.1000/host</m:identifier></m:relatedItem></m:mods></m:modsCollection>"""


def records(text: str, name: str = "") -> list[Record]:
    found = list(read(text.encode(), name))
    assert not [one for one in found if isinstance(one, Fault)]
    return found


def test_ris_chapter() -> None:
    [record] = records(RIS)
    assert record == Record(
        "line 1",
        titles={"es": "Salud y migración en la frontera"},
        abstracts={"es": "Primera línea segunda línea"},
        authors=("Pérez Gómez, Ana", "Organización Panamericana de la Salud"),
        year=2019,
        month=5,
        day=3,
        language="es",
        type="chapter",
        identifiers={"doi": "10.1007/978-3-319-02300-7_12", "source_url": "https://example.org/a"},
        subjects=("migrantes", "salud"),
        key="41",
    )


def test_the_doi_of_a_book_is_not_that_of_its_chapter() -> None:
    chapter = "TY  - CHAP\nTI  - Uno\nDO  - 10.1007/978-3-319-02300-7\nER  -\n"
    assert records(chapter)[0].identifiers == {}
    assert records(chapter.replace("CHAP", "BOOK"))[0].identifiers == {"doi": "10.1007/978-3-319-02300-7"}


@pytest.mark.parametrize(
    ("general", "spoken", "kind"),
    [("RPRT", "Guía", "guideline"), ("GEN", "Policy brief", "brief"), ("JOUR", "Report", "article"), ("GEN", "x", "")],
)
def test_a_free_word_refines_a_general_type(general: str, spoken: str, kind: str) -> None:
    assert records(f"TY  - {general}\nTI  - A\nM3  - {spoken}\n")[0].type == kind


@pytest.mark.parametrize("separator", ["ER  -\n\n", "\n", ""], ids=["ended", "blank", "neither"])
def test_ris_without_end_marks(separator: str) -> None:
    found = records(f"TY  - JOUR\nTI  - One\n{separator}TY  - RPRT\nTI  - Two\n")
    assert [(one.titles[""], one.type) for one in found] == [("One", "article"), ("Two", "report")]


def test_ris_that_lost_its_first_line() -> None:
    found = list(read(b"TY  - JOUR\nTI  - One\nER  - \nAU  - Lost, A.\nTI  - Lost\nER  - \nTY  - JOUR\nTI  - Two\n"))
    assert [one.where for one in found] == ["line 1", "line 4", "line 7"]
    assert isinstance(found[1], Fault)


def test_bibtex() -> None:
    [record] = records(BIBTEX)
    assert record.titles == {"es": "La ONU y 50% de los niños – un análisis"}
    assert record.authors == ("García Márquez, José", "Ministerio de Salud, Guatemala", "van Beethoven, Ludwig")
    assert record.publisher == "Organización Panamericana de la Salud (OPS)"
    assert (record.year, record.month, record.type) == (2020, 5, "guideline")
    assert record.identifiers == {"doi": "10.1000/abc_1"}
    assert (record.key, record.subjects) == ("informe2020", ("salud", "migración"))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"{\'E}tude {\L}\'od\'z \~n \c{c} {\ss} {\aa} \o", "Étude Łódź ñ ç ß å ø"),
        (r"$\alpha$-beta \& \textit{hola}", "α-beta & hola"),
        ("50% de todos", "50% de todos"),
        (r"50% de los ni\~nos", "50% de los niños"),
        (r"it costs $5 and \~n $10", "it costs $5 and ñ $10"),
        ("{" * 3000 + r"\'a" + "}" * 3000, r"\'a"),
    ],
)
def test_latex(written: str, meant: str) -> None:
    assert records("@misc{a, title = {" + written + "}}")[0].titles == {"": meant}


def test_bibtex_in_part_broken() -> None:
    text = "@article{a, title={One}}\n@article{b, title={Two\n\n@article{a, title={Again}}\n@book{c, title={Three}}\n"
    found = list(read(text.encode()))
    assert [(one.where, type(one)) for one in found] == [
        ("line 1", Record),
        ("line 2", Fault),
        ("line 4", Fault),
        ("line 5", Record),
    ]


def test_csl_json() -> None:
    [record] = records(CSL)
    assert record.titles == {"en": "Health of migrants & others"}
    assert record.authors == ("van Gogh, V.", "WHO")
    assert (record.year, record.month, record.day, record.type) == (2018, 11, 5, "article")
    assert record.identifiers == {"doi": "10.1000/1"}  # its ISBN is not the article's, its address is the DOI
    assert (record.subjects, record.key, record.where) == (("a", "b"), "x1", "line 1, record 1")


def test_zotero_json() -> None:
    [record] = records(ZOTERO)
    assert record.titles == {"es": "Un capítulo"}
    assert record.authors == ("Seelig, Anna",)
    assert record.identifiers == {"doi": "10.1002/3527601473.ch20"}
    assert (record.year, record.type, record.subjects, record.key) == (2003, "chapter", ("Nuovo",), "ABC")


def test_damaged_json_goes_on() -> None:
    text = '[{"type": "book", "title": "One"},\n{"type": "book", "title": "Two\n},\n{"type": "book", "title": "Three"}]'
    found = list(read(text.encode()))
    assert [(one.where, type(one)) for one in found] == [
        ("line 1, record 1", Record),
        ("line 2, record 2", Fault),
        ("line 4, record 3", Record),
    ]


def test_json_that_ends_too_early() -> None:
    found = list(read(b'[{"type": "book", "title": "One"},\n'))
    assert [type(one) for one in found] == [Record, Fault]


def test_nbib() -> None:
    first, second = records(NBIB)
    assert first.titles == {
        "es": "Aspectos epidemiologicos de las mordeduras caninas",
        "en": "Epidemiological aspects of dog bites",
    }
    assert first.abstracts == {"en": "Animal bites are a problem."}
    assert (first.year, first.month, first.language, first.type) == (2005, None, "es", "guideline")
    assert first.subjects == ("Animals", "Bites and Stings")
    assert (first.authors, first.key) == (("Palacio, Jorge",), "15745669")
    assert first.identifiers == {"doi": "10.1157/13071818"}
    assert second.titles == {"en": "Second"}


def test_endnote_xml() -> None:
    [record] = records(ENDNOTE)
    assert record.titles == {"en": "Migrants & health"}
    assert (record.year, record.month, record.day, record.type) == (2015, 3, 3, "report")
    assert record.identifiers == {"doi": "10.1000/2", "isbn": "9783319023007"}
    assert (record.authors, record.key) == (("Smith, Ann",), "7")


def test_pubmed_xml() -> None:
    [record] = records(PUBMED)
    assert (record.titles, record.abstracts) == ({"en": "A title"}, {"en": "AIM: One."})
    assert record.authors == ("Rhein, Joshua", "ASTRO Team")
    assert (record.year, record.month, record.day) == (2015, 12, 1)
    assert record.identifiers == {"doi": "10.1000/own"}


def test_mods_with_a_prefix() -> None:
    [record] = records(MODS)
    assert (record.titles, record.authors, record.year) == ({"": "The sea"}, ("Mock, T",), 2003)
    assert record.identifiers == {}


def test_entities_of_xml_are_not_expanded() -> None:
    bomb = '<!DOCTYPE xml [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    text = f"{bomb}<xml><records><record><titles><title>&b;</title></titles></record>"
    text += "<record><titles><title>Good</title></titles></record></records></xml>"
    found = list(read(text.encode(), format="endnote"))
    assert [type(one) for one in found] == [Fault, Record]


@pytest.mark.parametrize(
    ("text", "name", "format"),
    [
        (RIS, "a.txt", "ris"),
        (BIBTEX, "a.txt", "bibtex"),
        (CSL, "a.txt", "csl"),
        (NBIB, "a.txt", "nbib"),
        (ENDNOTE, "a.txt", "endnote"),
        (PUBMED, "a.txt", "pubmed"),
        (MODS, "a.txt", "mods"),
        ("FN ISI Export Format\nPT J\nTI x\n", "a.txt", "isi"),
        ("título;año\nuno;2019\n", "", "csv"),
        ("just words", "a.csv", "csv"),
        ("just words", "a.ris", "ris"),
        (RIS, "wrong.bib", "ris"),
        ("just words", "a.txt", ""),
        ("", "a.ris", ""),
        ("\0\1\2", "a.ris", ""),
    ],
)
def test_the_content_decides_before_the_name(text: str, name: str, format: str) -> None:
    assert recognised(text.encode(), name) == format


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Español", "es"),
        ("spa", "es"),
        ("es-419", "es"),
        ("castellano", "es"),
        ("Spanish; Castilian", "es"),
        ("inglés", "en"),
        ("ngerman", "de"),
        ("Qʼeqchiʼ", "kek"),
        ("English; Spanish", ""),
        ("mul", ""),
        ("idioma de los pájaros", ""),
    ],
)
def test_languages(written: str, code: str) -> None:
    assert records(f"TY  - BOOK\nTI  - A\nLA  - {written}\n")[0].language == code


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2012///", (2012, None, None)),
        ("2006 MAR 20", (2006, 3, 20)),
        ("15 de mayo de 2013", (2013, 5, 15)),
        ("2016 May-Jun", (2016, None, None)),
        ("03/04/2019", (2019, None, None)),
        ("25/12/2019", (2019, 12, 25)),
        ("2019-02-31", (2019, 2, None)),
        ("10 15", (None, None, None)),
        ("20145", (None, None, None)),
    ],
)
def test_dates_are_never_guessed(written: str, date: tuple) -> None:
    [record] = records(f"TY  - BOOK\nTI  - A\nPY  - {written}\n")
    assert (record.year, record.month, record.day) == date


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("p < 0.05 and n > 3", "p < 0.05 and n > 3"),
        ("<jats:p>H<sub>2</sub>O</jats:p>", "H2O"),
        ('<span class="nocase">iPhone</span>', "iPhone"),
        ("a<b and c>d", "a<b and c>d"),
        ("AT&T &amp; co &notanentity;", "AT&T & co &notanentity;"),
        ("Health in the U.S.", "Health in the U.S."),
        ("Health in Peru.", "Health in Peru"),
    ],
)
def test_markup_in_titles(written: str, kept: str) -> None:
    assert records(f"TY  - BOOK\nTI  - {written}\n")[0].titles == {"": kept}


def test_addresses_and_numbers_that_are_none() -> None:
    text = (
        "TY  - BOOK\nTI  - A\nUR  - javascript:alert(1)\nUR  - file:///x\nUR  - http://u:p@example.org/\nDO  - none\n"
    )
    assert records(text + "SN  - 0306-4530 (ISSN)\n")[0].identifiers == {}
    assert records(text + "SN  - 0-943396-04-2 0-85131-041-9\n")[0].identifiers == {"isbn": "0943396042"}
