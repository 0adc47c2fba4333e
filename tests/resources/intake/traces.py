"""Documents with what should not become public, made for the tests of the safety check."""

import io
import struct

from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText, Text
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from tests.resources.intake import builders as build
from tests.resources.intake.builders import Parts, W, paragraph, relations

CORE = (
    '<cp:coreProperties xmlns:cp="urn:cp" xmlns:dc="urn:dc"><dc:title>Informe</dc:title>'
    "<dc:creator>mgarcia</dc:creator><cp:lastModifiedBy>Lucía Robles</cp:lastModifiedBy>"
    "<dc:language>es</dc:language></cp:coreProperties>"
)
APP = r"<Properties><Company>Casa Robles</Company><Template>C:\Users\mgarcia\caso.dotx</Template></Properties>"


def picture(kind: str = "JPEG", *, turned: int = 6) -> bytes:
    """With a position, an owner, a camera, a colour profile and an orientation."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x013B] = turned, "Fotomarca", "Lucía Robles"
    exif.get_ifd(0x8825).update({1: "N", 2: (14.0, 38.0, 12.5), 3: "W", 4: (90.0, 30.0, 1.5)})
    exif.get_ifd(0x8769).update({0xA430: "Lucía Robles", 0xA431: "SN-778899"})
    return build.image(kind, exif=exif, icc_profile=profile())


def profile() -> bytes:
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def word(*, pictures: bool = False) -> bytes:
    """Properties, tracked changes of every kind, a comment, hidden text, an embedded workbook, a template."""
    body = (
        "<w:p><w:r><w:t>Se acordó </w:t></w:r>"
        '<w:ins w:id="1" w:author="Lucía Robles"><w:r><w:t>ampliar</w:t></w:r></w:ins>'
        '<w:del w:id="2" w:author="Lucía Robles"><w:r><w:delText>cancelar</w:delText></w:r></w:del>'
        '<w:commentRangeStart w:id="0"/><w:r><w:t> el plan.</w:t></w:r><w:commentRangeEnd w:id="0"/>'
        '<w:r><w:commentReference w:id="0"/></w:r></w:p>'
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>Nadie lo ve</w:t></w:r><w:r><w:t>Fin.</w:t></w:r></w:p>"
        '<w:p><w:pPr><w:rPr><w:del w:id="5" w:author="Lucía Robles"/></w:rPr></w:pPr>'
        '<w:del w:id="3" w:author="Lucía Robles"><w:r><w:delText>Párrafo borrado</w:delText></w:r></w:del></w:p>'
        '<w:tbl><w:tr><w:trPr><w:del w:id="4" w:author="Lucía Robles"/></w:trPr><w:tc><w:p>'
        '<w:del w:id="6" w:author="x"><w:r><w:delText>fila</w:delText></w:r></w:del></w:p></w:tc></w:tr>'
        "<w:tr><w:tc><w:p><w:r><w:t>celda</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    external = (
        '<Relationships><Relationship Id="t" TargetMode="External" Type="urn:x/attachedTemplate" '
        'Target="file:///C:\\Users\\mgarcia\\caso.dotx"/></Relationships>'
    )
    more: Parts = {
        "docProps/core.xml": CORE,
        "docProps/app.xml": APP,
        "word/_rels/document.xml.rels": relations(
            ("c", "comments", "comments.xml"), ("e", "package", "embeddings/t.xlsx")
        ),
        "word/comments.xml": f'<w:comments {W}><w:comment w:id="0" w:author="Ana Paz">'
        + paragraph("¿Seguro?")
        + "</w:comment></w:comments>",
        "word/embeddings/t.xlsx": b"PK",
        "word/_rels/settings.xml.rels": external,
        "word/settings.xml": f'<w:settings {W}><w:attachedTemplate r:id="t"/></w:settings>',
    }
    if pictures:
        more["word/media/image1.jpeg"] = picture()
    return build.zipped(build.docx_parts(body) | more)


def workbook() -> bytes:
    """A sheet for all, one hidden and one very hidden, a hidden row and column, a comment, the folder it lay in."""
    strings = ("Total", "Oculta", "Fila", "Columna", "Muy oculta")
    shared = "".join(f"<si><t>{text}</t></si>" for text in strings)
    rows = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>3</v></c></row>'
        '<row r="2" hidden="1"><c r="A2" t="s"><v>2</v></c></row>'
    )
    data = build.xlsx("", shared=shared, sheets=3)
    with build.zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    hide = '<cols><col min="2" max="2" hidden="1"/></cols>'
    parts["xl/workbook.xml"] = (
        '<workbook xmlns:r="urn:r" xmlns:mc="urn:mc" xmlns:x="urn:x"><mc:AlternateContent><mc:Choice>'
        r'<x:absPath url="C:\Users\mgarcia\casos\"/></mc:Choice></mc:AlternateContent><sheets>'
        '<sheet name="Datos" sheetId="1" r:id="s1"/><sheet name="Hoja2" state="hidden" sheetId="2" r:id="s2"/>'
        '<sheet name="Hoja3" state="veryHidden" sheetId="3" r:id="s3"/></sheets></workbook>'
    )
    parts["xl/worksheets/sheet1.xml"] = f"<worksheet>{hide}<sheetData>{rows}</sheetData></worksheet>"
    for number, text in ((2, 1), (3, 4)):
        cell = f'<row r="1"><c r="A1" t="s"><v>{text}</v></c></row>'
        parts[f"xl/worksheets/sheet{number}.xml"] = f"<worksheet><sheetData>{cell}</sheetData></worksheet>"
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = relations(("c", "comments", "../comments1.xml"))
    parts["xl/comments1.xml"] = (
        '<comments><authors><author>Ana Paz</author></authors><commentList><comment ref="A1" authorId="0">'
        "<text><t>¿Seguro?</t></text></comment></commentList></comments>"
    )
    return build.zipped(parts)


def presentation() -> bytes:
    """Two slides, the second hidden, the first with speaker's notes."""
    data = build.pptx("Portada", "Reserva")
    with build.zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["ppt/slides/slide2.xml"] = parts["ppt/slides/slide2.xml"].replace(b"<p:sld ", b'<p:sld show="0" ', 1)
    parts["ppt/slides/_rels/slide1.xml.rels"] = relations(("n", "notesSlide", "../notesSlides/notesSlide1.xml"))
    parts["ppt/notesSlides/notesSlide1.xml"] = (
        '<p:notes xmlns:p="urn:p" xmlns:a="urn:a"><p:sp><p:nvPr><p:ph type="body"/></p:nvPr>'
        "<a:p><a:r><a:t>No mencionar el albergue</a:t></a:r></a:p></p:sp></p:notes>"
    )
    return build.zipped(parts)


def text_document() -> bytes:
    body = (
        '<text:tracked-changes><text:changed-region><text:deletion><o:change-info xmlns:dc="urn:dc">'
        "<dc:creator>Lucía Robles</dc:creator><dc:date>2026-01-01</dc:date></o:change-info><text:p>cancelado</text:p>"
        "</text:deletion></text:changed-region></text:tracked-changes>"
        '<text:p>Uno<text:change/> y <o:annotation xmlns:dc="urn:dc"><dc:creator>Ana Paz</dc:creator>'
        "<text:p>¿Seguro?</text:p></o:annotation>dos</text:p>"
    )
    meta = (
        '<o:document-meta xmlns:o="urn:o" xmlns:meta="urn:m" xmlns:dc="urn:dc"><o:meta><dc:title>Informe</dc:title>'
        "<meta:initial-creator>mgarcia</meta:initial-creator></o:meta></o:document-meta>"
    )
    return build.odt(body, **{"meta.xml": meta})


def portable() -> bytes:
    """Properties, a note and a typed text, an attached file, a script."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(build.pdf([(12, "Texto visible")]))))
    writer.add_metadata({"/Author": "mgarcia", "/Title": "Informe", "/Source": r"D:\casos\mgarcia\informe.docx"})
    writer.add_annotation(0, Text(rect=(50, 50, 70, 70), text="¿Seguro?", title_bar="Ana Paz"))
    writer.add_annotation(0, FreeText(rect=(50, 80, 200, 100), text="Escrito encima"))
    writer.add_attachment("lista.csv", b"nombre,telefono")
    action = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert('hola');")}
    script = DictionaryObject({NameObject(key): value for key, value in action.items()})
    writer.root_object[NameObject("/OpenAction")] = script
    return saved(writer)


def revised_pdf(before: str, now: str) -> bytes:
    """The page was changed and the change saved behind the first version, as editors do."""
    first = build.pdf([(12, before)])
    content = f"BT /F1 12 Tf 50 700 Td ({now}) Tj ET".encode("latin-1")
    body = b"5 0 obj\n<</Length %d>>stream\n%s\nendstream\nendobj\n" % (len(content), content)
    place, start = len(first), first.rindex(b"startxref\n")
    former = int(first[start + 10 :].split()[0])
    table = b"xref\n5 1\n%010d 00000 n \n" % place
    trailer = b"trailer<</Size 7/Root 1 0 R/Info 6 0 R/Prev %d>>\n" % former
    return first + body + table + trailer + b"startxref\n%d\n%%%%EOF\n" % (place + len(body))


def saved(writer: PdfWriter) -> bytes:
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def with_xmp(jpeg: bytes, packet: str) -> bytes:
    block = b"http://ns.adobe.com/xap/1.0/\0" + packet.encode()
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + jpeg[2:]
