"""Journal articles in JATS: told from other XML, read with their record in every language."""

import io
from pathlib import Path

import pytest

from resources.intake import reading
from resources.intake.kinds import Refused, by_name, identify
from resources.intake.reading import Reading, State

DOCTYPE = (
    '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal '
    'Publishing DTD v1.1 20151215//EN" "https://jats.nlm.nih.gov/publishing/1.1/JATS-journalpublishing1.dtd">\n'
)
ARTICLE = """<article article-type="research-article" dtd-version="1.1" xml:lang="pt"><front><journal-meta>
<journal-title-group><journal-title>Revista de Saúde</journal-title></journal-title-group>
<issn pub-type="ppub">0034-8910</issn><publisher><publisher-name>Universidade</publisher-name></publisher>
</journal-meta><article-meta><article-id pub-id-type="doi">10.1590/X.Y</article-id><title-group>
<article-title>Saúde em Guatemala<xref>1</xref></article-title><subtitle>um estudo</subtitle>
<trans-title-group xml:lang="es"><trans-title>Salud en Guatemala</trans-title></trans-title-group></title-group>
<contrib-group>
<contrib contrib-type="author"><name><surname>Paz Díaz</surname><given-names>Ana</given-names></name></contrib>
<contrib contrib-type="author"><collab>Grupo de Saúde</collab></contrib>
<contrib contrib-type="editor"><name><surname>Ruiz</surname><given-names>Eva</given-names></name></contrib>
</contrib-group><pub-date pub-type="epub"><day>27</day><month>09</month><year>2021</year></pub-date>
<pub-date pub-type="collection"><year>2022</year></pub-date>
<abstract><title>Resumo</title><p>Texto curto.</p></abstract>
<abstract abstract-type="graphical"><p>Figura</p></abstract>
<trans-abstract xml:lang="es"><title>Resumen</title><p>Texto breve.</p></trans-abstract>
<kwd-group xml:lang="pt"><kwd>migração</kwd></kwd-group></article-meta></front>
<body><sec><title>Introdução</title><p>Primeiro <italic>parágrafo</italic>.</p></sec><sec><p>Segundo.</p></sec></body>
<back><ref-list><ref><p>10.9999/outro</p></ref></ref-list></back>
<sub-article article-type="translation" xml:lang="en"><front-stub><title-group><article-title>Health in Guatemala
</article-title></title-group><abstract><p>Short text.</p></abstract></front-stub>
<body><p>First.</p></body></sub-article>
<sub-article article-type="reply" xml:lang="fr"><front-stub>
<title-group><article-title>Réponse</article-title></title-group>
</front-stub></sub-article></article>"""


@pytest.fixture
def read(tmp_path: Path):
    def read(text: str, **options: object) -> Reading:
        path = tmp_path / "upload"
        path.write_text(text)
        return reading.read(path, by_name("jats"), **options)

    return read


def test_the_record(read) -> None:
    found = read(DOCTYPE + ARTICLE)
    about = found.metadata
    assert found.state == State.READ
    assert (about.title, about.language, about.type) == ("Saúde em Guatemala: um estudo", "pt", "article")
    assert about.titles == {
        "pt": "Saúde em Guatemala: um estudo",
        "es": "Salud en Guatemala",
        "en": "Health in Guatemala",
    }
    assert about.abstracts == {"pt": "Texto curto.", "es": "Texto breve.", "en": "Short text."}
    assert about.authors == ["Ana Paz Díaz", "Grupo de Saúde"]
    assert (about.year, about.month) == (2022, None)  # of the volume, not of the first day on the web
    assert (about.doi, about.issns) == ("10.1590/x.y", ["0034-8910"])
    assert (about.publisher, about.bodies) == ("Revista de Saúde", ["Revista de Saúde", "Universidade"])
    assert (about.keywords, about.countries) == (["migração"], ["GT"])


def test_the_text(read) -> None:
    pages = read(DOCTYPE + ARTICLE).pages
    assert pages[1:] == ["Introdução\n\nPrimeiro parágrafo.", "Segundo.", "Health in Guatemala\nShort text.", "First."]
    assert "outro" not in "".join(pages)
    assert read(DOCTYPE + ARTICLE, first_pages=1).metadata.title


@pytest.mark.parametrize("text", [DOCTYPE + ARTICLE, ARTICLE, "\n " + DOCTYPE + ARTICLE])
def test_it_is_told_by_its_beginning(text: str) -> None:
    assert identify(io.BytesIO(text.encode()), "articulo.xml").name == "jats"
    with pytest.raises(Refused, match="mislabelled"):
        identify(io.BytesIO(text.encode()), "articulo.html")


@pytest.mark.parametrize(
    "text", ["<?xml version='1.0'?><records/>", "<article><p>web</p></article>", "<html></html>", "x"]
)
def test_other_xml_is_not_taken(text: str) -> None:
    with pytest.raises(Refused, match="not_accepted"):
        identify(io.BytesIO(text.encode()), "articulo.xml")


def test_hostile_articles(read, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secreto")
    entity = (
        f'<!DOCTYPE article [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]><article dtd-version="1.1">&x;</article>'
    )
    bomb = '<!DOCTYPE article [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><article dtd-version="1.1">&b;</article>'
    for text in (entity, bomb, ARTICLE[:500], "<other/>", ""):
        assert read(text).state == State.DAMAGED
    deep = "<article>" + "<body>" + "<sec>" * 20_000 + "</sec>" * 20_000 + "</body></article>"
    assert read(deep).state in set(State)
    assert read("<article/>").metadata.title == ""
