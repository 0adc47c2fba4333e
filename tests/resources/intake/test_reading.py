"""What is read from good documents."""

import io
from pathlib import Path

import pytest
from PIL import Image

from resources.intake import reading
from resources.intake.kinds import by_name
from resources.intake.reading import Reading, State
from tests.resources.intake import builders as build

SPANISH = "La salud de las personas migrantes es un derecho que los países de la región deben garantizar a todas. "


@pytest.fixture
def read(tmp_path: Path):
    def read(kind: str, data: bytes, **options: object) -> Reading:
        path = tmp_path / "upload"
        path.write_bytes(data)
        return reading.read(path, by_name(kind), **options)

    return read


def test_pdf(read) -> None:
    found = read("pdf", build.pdf([(12, "Página uno")], [(12, "Página dos")], []))
    assert (found.state, found.page_count) == (State.READ, 3)
    assert found.pages == ["Página uno", "Página dos", ""]
    thumbnail = Image.open(io.BytesIO(found.thumbnail))
    assert (thumbnail.format, thumbnail.width) == ("WEBP", 480)
    assert len(found.thumbnail) < 40_000


def test_first_pages_and_no_thumbnail(read) -> None:
    found = read("pdf", build.pdf(*[[(12, f"Página {n}")] for n in range(9)]), first_pages=2, thumbnail=False)
    assert (len(found.pages), found.page_count, found.thumbnail) == (2, 9, None)


def test_encrypted_pdf(read) -> None:
    found = read("pdf", build.encrypted_pdf())
    assert (found.state, found.pages, found.thumbnail) == (State.ENCRYPTED, [], None)


def test_pdf_with_a_password_for_printing_only_is_read(read) -> None:
    assert read("pdf", build.encrypted_pdf(user_password="")).pages == ["Hola"]


def test_image_only_pdf(read) -> None:
    found = read("pdf", build.image("PDF"))
    assert (found.state, found.pages, found.page_count) == (State.NO_TEXT, [""], 1)
    assert found.thumbnail


def test_docx(read) -> None:
    body = (
        build.paragraph("Uno")
        + "<w:tbl><w:tr><w:tc>" + build.paragraph("celda") + "</w:tc></w:tr></w:tbl>"
        + "<w:p><w:del><w:r><w:delText>borrado</w:delText><w:t>tachado</w:t></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>movido</w:t></w:r></w:moveFrom><w:ins><w:r><w:t>insertado</w:t></w:r></w:ins>"
        '<w:r><w:footnoteReference w:id="2"/><w:tab/><w:t>tras</w:t></w:r></w:p>'
        "<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>" + build.paragraph("cuadro")
        + "</w:txbxContent></mc:Choice><mc:Fallback>" + build.paragraph("copia")
        + "</mc:Fallback></mc:AlternateContent></w:r></w:p>"
        + '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
        + build.paragraph("Dos", before="<w:lastRenderedPageBreak/>")
        + build.paragraph("Tres", before="<w:lastRenderedPageBreak/>")
    )  # fmt: skip
    rels = build.relations(("n", "footnotes", "footnotes.xml"), ("h", "header", "header1.xml"))
    note = f'<w:footnotes {build.W}><w:footnote w:id="2">{build.paragraph("nota al pie")}</w:footnote></w:footnotes>'
    head = f"<w:hdr {build.W}>{build.paragraph('Encabezado')}</w:hdr>"
    parts = {"word___rels__document.xml.rels": rels, "word__footnotes.xml": note, "word__header1.xml": head}
    found = read("docx", build.docx(body, **parts))
    assert (found.state, found.page_count, len(found.pages)) == (State.READ, 3, 3)
    assert found.pages[0].split() == ["Uno", "celda", "insertado", "tras", "cuadro", "nota", "al", "pie", "Encabezado"]
    assert found.pages[1:] == ["Dos", "Tres"]


def test_docx_without_breaks_has_no_page_count(read) -> None:
    found = read("docx", build.docx(build.paragraph("Uno")))
    assert (found.pages, found.page_count) == (["Uno"], None)


def test_long_docx_without_breaks_is_divided(read) -> None:
    found = read("docx", build.docx(build.paragraph("palabra " * 60_000)))
    assert found.state == State.READ
    assert sum(page.count("palabra") for page in found.pages) == 60_000


def test_pptx(read) -> None:
    found = read("pptx", build.pptx("Salud sin fronteras", "Segunda"))
    assert (found.pages, found.page_count) == (["Salud sin fronteras", "Segunda"], 2)
    assert found.metadata.title == "Salud sin fronteras"


def test_xlsx_shared_and_inline_strings(read) -> None:
    shared = "<si><t>compar</t><r><t>tida</t></r></si>"
    rows = '<row><c t="s"><v>0</v></c><c t="inlineStr"><is><t>en línea</t></is></c><c><f>A1</f><v>7</v></c></row>'
    found = read("xlsx", build.xlsx(rows, shared=shared, sheets=2))
    assert found.pages == ["Hoja 1\ncompartida en línea 7", "Hoja 2\ncompartida en línea 7"]
    assert found.page_count == 2


def test_odt(read) -> None:
    body = (
        "<text:tracked-changes><text:p>borrado</text:p></text:tracked-changes>"
        "<text:p>Uno<text:s text:c='3'/>dos<text:note><text:p>nota</text:p></text:note></text:p>"
        "<text:soft-page-break/><text:p>tres</text:p>"
    )
    found = read("odt", build.odt(body))
    assert [page.split() for page in found.pages] == [["nota", "Uno", "dos"], ["tres"]]
    assert found.page_count == 2


def test_epub(read) -> None:
    record = "<dc:title>Migrar</dc:title><dc:creator>Ana Ruiz</dc:creator>"
    record += "<dc:identifier>urn:isbn:9780306406157</dc:identifier>"
    chapter = (
        '<?xml version="1.0"?><!DOCTYPE html PUBLIC "x" "http://x/"><html><body><p>Cap&iacute;tulo</p></body></html>'
    )
    found = read("epub", build.epub(chapter, "<p>Dos</p>", record=record))
    assert found.pages == ["Capítulo", "Dos"]
    assert (found.metadata.title, found.metadata.authors, found.metadata.isbn) == (
        "Migrar",
        ["Ana Ruiz"],
        "9780306406157",
    )


def test_html(read) -> None:
    page = (
        "<html><head><meta charset=iso-8859-1><title>T</title><style>p{}</style></head><body><h1>Migración y salud</h1>"
    )
    page += "<script>malo()</script><p>Año<b>s</b></p></body></html>"
    found = read("html", page.encode("latin-1"))
    assert found.pages == ["Migración y salud\nAños"]
    assert found.metadata.title == "Migración y salud"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_txt(read, encoding: str) -> None:
    assert read("txt", "Migración «segura»".encode(encoding)).pages == ["Migración «segura»"]


def test_image_stands_upright_and_forgets_where_it_was_taken(read) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    found = read("jpeg", build.image("JPEG", (600, 300), exif=exif))
    thumbnail = Image.open(io.BytesIO(found.thumbnail))
    assert found.state == State.NO_TEXT
    assert thumbnail.height > thumbnail.width
    assert not thumbnail.getexif()


def test_an_honest_24_megapixel_image_passes(read) -> None:
    assert read("jpeg", build.image("JPEG", (6000, 4000))).thumbnail


def test_metadata_of_a_pdf(read) -> None:
    page = [(24, "Guía de atención a personas migrantes"), (12, "Ana Ruiz López"), (12, ""), (12, "Noviembre de 2018")]
    page += [(10, SPANISH)] * 4
    found = read(
        "pdf", build.pdf(page, info="/Title(Microsoft Word - x.doc)/Author(USUARIO)/CreationDate(D:2024)")
    ).metadata
    assert found.title == "Guía de atención a personas migrantes"
    assert (found.year, found.month, found.day) == (2018, 11, None)
    assert (found.language, found.authors) == ("es", ["Ana Ruiz López"])
