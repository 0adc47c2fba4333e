"""Small documents, built byte by byte, good and bad."""

import io
import random
import zipfile
import zlib
from collections.abc import Iterable

from PIL import Image
from pypdf import PdfReader, PdfWriter

Parts = dict[str, str | bytes]

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="urn:r" xmlns:mc="urn:mc"'
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
MAIN = "application/vnd.openxmlformats-officedocument."


def zipped(parts: Parts | Iterable[tuple[str, str | bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in parts.items() if isinstance(parts, dict) else parts:
            archive.writestr(name, data)
    return buffer.getvalue()


def content_types(main: str) -> str:
    return f'<Types><Override PartName="/x" ContentType="{MAIN}{main}.main+xml"/></Types>'


def relations(*items: tuple[str, str, str]) -> str:
    rows = (f'<Relationship Id="{key}" Type="{TYPES}{kind}" Target="{target}"/>' for key, kind, target in items)
    return "<Relationships>" + "".join(rows) + "</Relationships>"


def paragraph(text: str, *, style: str = "", before: str = "") -> str:
    look = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{look}<w:r>{before}<w:t>{text}</w:t></w:r></w:p>"


def docx_parts(body: str = paragraph("Hola")) -> Parts:
    return {
        "[Content_Types].xml": content_types("wordprocessingml.document"),
        "_rels/.rels": relations(("r1", "officeDocument", "word/document.xml")),
        "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
    }


def docx(body: str = paragraph("Hola"), **more: str | bytes) -> bytes:
    """`more`: further parts by name, with / written as two underscores and . as one at the end of the name."""
    return zipped(docx_parts(body) | {name.replace("__", "/"): data for name, data in more.items()})


def pptx(*slides: str) -> bytes:
    numbers = range(1, len(slides) + 1)
    parts: Parts = {
        "[Content_Types].xml": content_types("presentationml.presentation"),
        "_rels/.rels": relations(("r1", "officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": '<p:presentation xmlns:p="urn:p" xmlns:r="urn:r"><p:sldIdLst>'
        + "".join(f'<p:sldId id="{255 + n}" r:id="s{n}"/>' for n in numbers)
        + "</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": relations(*((f"s{n}", "slide", f"slides/slide{n}.xml") for n in numbers)),
    }
    for number, text in zip(numbers, slides, strict=True):
        parts[f"ppt/slides/slide{number}.xml"] = (
            '<p:sld xmlns:p="urn:p" xmlns:a="urn:a"><p:sp><p:nvPr><p:ph type="title"/></p:nvPr>'
            f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sp></p:sld>"
        )
    return zipped(parts)


def xlsx(rows: str, *, shared: str = "", sheets: int = 1) -> bytes:
    numbers = range(1, sheets + 1)
    parts: Parts = {
        "[Content_Types].xml": content_types("spreadsheetml.sheet"),
        "_rels/.rels": relations(("r1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": '<workbook xmlns:r="urn:r"><sheets>'
        + "".join(f'<sheet name="Hoja {n}" sheetId="{n}" r:id="s{n}"/>' for n in numbers)
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relations(
            *((f"s{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in numbers),
            ("str", "sharedStrings", "sharedStrings.xml"),
        ),
        "xl/sharedStrings.xml": f"<sst>{shared}</sst>",
    }
    for number in numbers:
        parts[f"xl/worksheets/sheet{number}.xml"] = f"<worksheet><sheetData>{rows}</sheetData></worksheet>"
    return zipped(parts)


def odt(body: str, *, manifest: str = "<manifest/>", **more: str) -> bytes:
    content = (
        '<o:document-content xmlns:o="urn:o" xmlns:text="urn:t" xmlns:style="urn:s" xmlns:fo="urn:f">'
        f"{body}</o:document-content>"
    )
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": content,
            "META-INF/manifest.xml": manifest,
        }
        | {name.replace("__", "/"): data for name, data in more.items()}
    )


def epub(*chapters: str, record: str = "") -> bytes:
    numbers = range(len(chapters))
    parts: Parts = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container><rootfiles><rootfile full-path="OPS/b.opf"/></rootfiles></container>',
        "OPS/b.opf": f'<package xmlns:dc="urn:dc"><metadata>{record}</metadata><manifest>'
        + "".join(f'<item id="c{n}" href="c{n}.xhtml" media-type="application/xhtml+xml"/>' for n in numbers)
        + "</manifest><spine>"
        + "".join(f'<itemref idref="c{n}"/>' for n in numbers)
        + "</spine></package>",
    }
    return zipped(parts | {f"OPS/c{number}.xhtml": chapters[number] for number in numbers})


def pdf(*pages: list[tuple[float, str]], info: str = "", bold: bool = False) -> bytes:
    """Each page: lines as (size, text), from the top; Latin-1 in Helvetica."""
    contents = []
    for lines in pages:
        height, drawn = 800.0, []
        for size, text in lines:
            height -= 1.3 * size
            escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
            drawn.append(f"BT /F1 {size} Tf 50 {height} Td ({escaped}) Tj ET")
        contents.append("\n".join(drawn).encode("latin-1"))
    return pdf_of_contents(contents, info=info, font="Helvetica-Bold" if bold else "Helvetica")


def pdf_of_contents(contents: list[bytes], *, info: str = "", font: str = "Helvetica", filters: str = "") -> bytes:
    count = len(contents)
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(count))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {count}/MediaBox[0 0 600 842]>>".encode(),
        f"<</Type/Font/Subtype/Type1/BaseFont/{font}/Encoding/WinAnsiEncoding>>".encode(),
    ]
    for number, content in enumerate(contents):
        objects.append(
            f"<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 3 0 R>>>>/Contents {5 + 2 * number} 0 R>>".encode()
        )
        objects.append(b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), filters.encode(), content))
    objects.append(f"<<{info}>>".encode("latin-1"))
    return assembled(objects)


def assembled(objects: list[bytes]) -> bytes:
    out, places = b"%PDF-1.5\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    xref = b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    trailer = b"trailer<</Size %d/Root 1 0 R/Info %d 0 R>>\n" % (size, size - 1)
    return out + xref + trailer + b"startxref\n%d\n%%%%EOF\n" % len(out)


def encrypted_pdf(*, user_password: str = "secreto") -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([(12, "Hola")]))))
    writer.encrypt(user_password, "dueño", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def image(kind: str, size: tuple[int, int] = (80, 60), **options: object) -> bytes:
    buffer = io.BytesIO()
    picture = Image.new("RGB", size, "teal")
    picture.paste("orange", (0, 0, size[0] // 2, size[1] // 2))
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def zeros(megabytes: int) -> bytes:
    """A zlib stream of that many megabytes of zeros, made without compressing them all."""
    packer = zlib.compressobj(9)
    start = packer.compress(bytes(1024 * 1024)) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(1024 * 1024)) + packer.flush(zlib.Z_FULL_FLUSH)
    return start + block * (megabytes - 1) + packer.flush()


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The document with a few bytes changed, a piece cut out or its end gone."""
    out = bytearray(data)
    for _change in range(chance.randint(1, 30)):
        out[chance.randrange(len(out))] = chance.randrange(256)
    if chance.random() < 0.3:
        start = chance.randrange(len(out))
        del out[start : start + chance.randint(1, 200)]
    if chance.random() < 0.3:
        del out[chance.randrange(len(out)) :]
    return bytes(out)
