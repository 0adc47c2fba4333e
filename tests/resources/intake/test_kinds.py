"""Which files are taken, under which kind, and what their names become."""

import io
import zipfile

import pytest

from resources.intake import archive, kinds
from resources.intake.kinds import MAX_BYTES, Refused, clean_name, identify
from tests.resources.intake import builders as build

HTML = b"<!DOCTYPE html><html><head><title>Salud</title></head><body><p>Hola</p></body></html>"
GOOD = {
    "guía.pdf": (build.pdf([(12, "Hola")]), "pdf"),
    "INFORME.PDF ": (build.pdf([(12, "Hola")]), "pdf"),
    "junk-before.pdf": (b"\r\n\xef\xbb\xbf junk\n" + build.pdf([(12, "Hola")]), "pdf"),
    "cifrado.pdf": (build.encrypted_pdf(), "pdf"),
    "acta.docx": (build.docx(), "docx"),
    "charla.pptx": (build.pptx("Hola"), "pptx"),
    "datos.xlsx": (build.xlsx("<row/>"), "xlsx"),
    "nota.odt": (build.odt("<text:p>Hola</text:p>"), "odt"),
    "libro.epub": (build.epub("<p>Hola</p>"), "epub"),
    "pagina.htm": (HTML, "html"),
    "pagina.html": (b"<?xml version='1.0'?><html xmlns='x'><body>Hola</body></html>", "html"),
    "comentada.html": (b"<!-- uno --><p>Hola</p>", "html"),
    "nota.txt": ("Año 2024: migración y salud".encode("cp1252"), "txt"),
    "nota16.txt": ("Migración".encode("utf-16"), "txt"),
    "bmj.txt": (b"BMJ 2020; MZ < 3 > 2", "txt"),
    "foto.jpg": (build.image("JPEG"), "jpeg"),
    "foto.png": (build.image("PNG"), "png"),
    "foto.webp": (build.image("WEBP"), "webp"),
    "escaneo.tif": (build.image("TIFF"), "tiff"),
}
MACRO = build.zipped(build.docx_parts() | {"word/vbaProject.bin": b"x"})
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
BAD = {
    "vacio.pdf": (b"", "empty"),
    "zip.pdf": (build.docx(), "mislabelled"),
    "pdf.docx": (build.pdf([(12, "Hola")]), "mislabelled"),
    "hoja.docx": (build.xlsx("<row/>"), "mislabelled"),
    "plain.docx": (build.zipped({"a.txt": "hola"}), "unrecognised"),
    "html.txt": (HTML, "mislabelled"),
    "html.pdf": (HTML, "mislabelled"),
    "html-first.pdf": (b"<html><script>x</script>\n" + build.pdf([(12, "Hola")]), "unrecognised"),
    "exe-first.pdf": (b"MZ\x90\n" + build.pdf([(12, "Hola")]), "unrecognised"),
    "text.pdf": (b"solo texto", "unrecognised"),
    "late.pdf": (b" " * 2000 + build.pdf([(12, "Hola")]), "unrecognised"),
    "dibujo.jpg": (b"%!PS-Adobe-3.0 EPSF-3.0\n", "unrecognised"),
    "png.jpg": (build.image("PNG"), "mislabelled"),
    "anim.gif": (b"GIF89a" + bytes(20), "not_accepted"),
    "gifar.png": (b"GIF89a" + build.zipped({"a.class": "x"}), "unrecognised"),
    "pngzip.png": (build.image("PNG") + build.zipped({"a.class": "x"}), "two_in_one"),
    "pdfzip.pdf": (build.pdf([(12, "Hola")]) + build.zipped({"a.class": "x"}), "two_in_one"),
    "logo.svg": (b"<svg xmlns='http://www.w3.org/2000/svg'><script>x</script></svg>", "not_accepted"),
    "svg.html": (b"<?xml version='1.0'?><svg><html></html></svg>", "unrecognised"),
    "svg.txt": (b"<svg onload='x'></svg>", "unrecognised"),
    "datos.xml": (b"<?xml version='1.0'?><a/>", "not_accepted"),
    "xml.txt": (b"<?xml version='1.0'?><a/>", "unrecognised"),
    "prog.exe": (b"MZ" + bytes(100), "not_accepted"),
    "prog.txt": (b"MZ" + bytes(100), "unrecognised"),
    "guion.txt": (b"#!/bin/sh\nrm -rf /", "unrecognised"),
    "nul.txt": (b"a" * 5000 + b"\0", "unrecognised"),
    "todo.zip": (build.zipped({"a.txt": "hola"}), "not_accepted"),
    "macro.docm": (build.docx(), "macros"),
    "macro.docx": (MACRO, "macros"),
    "macro.odt": (build.odt("<text:p/>", Basic__Standard__Module1="x"), "macros"),
    "viejo.doc": (OLE + "WordDocument".encode("utf-16-le"), "old_format"),
    "viejo.xls": (OLE + "Workbook".encode("utf-16-le"), "old_format"),
    "disfrazado.docx": (OLE + "WordDocument".encode("utf-16-le"), "old_format"),
    "texto.rtf": (rb"{\rtf1 hola}", "old_format"),
    "rtf.doc": (rb"{\rtf1 hola}", "old_format"),
    "hoja.ods": (build.zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "old_format"),
    "secreto.docx": (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
    "secreto.odt": (build.odt("<text:p/>", manifest="<m:encryption-data/>"), "password"),
    "sin-extension": (build.pdf([(12, "Hola")]), "no_extension"),
    "traversal.docx": (build.docx(**{"..__..__etc__passwd": "x"}), "unsafe_container"),
    "absolute.docx": (build.docx(**{"__etc__passwd": "x"}), "unsafe_container"),
    "windows.docx": (build.docx(**{"C:\\x": "x"}), "unsafe_container"),
    "truncated.docx": (build.docx()[:-30], "unsafe_container"),
    "prefixed.docx": (b"PK\x03\x04" + build.docx(), "unsafe_container"),
    "lzma.docx": (build.zipped(build.docx_parts(), zipfile.ZIP_LZMA), "unsafe_container"),
    "bomb.docx": (build.docx(word__big=bytes(301 * 1024 * 1024)), "unsafe_container"),
}


@pytest.mark.parametrize("name", GOOD)
def test_accepts(name: str) -> None:
    data, kind = GOOD[name]
    file = io.BytesIO(data)
    file.read(3)
    found = identify(file, name)
    assert found.name == kind
    assert file.tell() == 0


@pytest.mark.parametrize("name", BAD)
def test_refuses(name: str) -> None:
    data, code = BAD[name]
    with pytest.raises(Refused) as refusal:
        identify(io.BytesIO(data), name)
    assert refusal.value.code == code


def test_exactly_100_mb_is_taken(tmp_path) -> None:
    start = build.pdf([(12, "Hola")])
    path = tmp_path / "big.pdf"
    with path.open("wb") as file:
        file.write(start)
        file.truncate(MAX_BYTES)
    with path.open("rb") as file:
        assert identify(file, "big.pdf").name == "pdf"
    with path.open("ab") as file:
        file.write(b"\0")
    with path.open("rb") as file, pytest.raises(Refused) as refusal:
        identify(file, "big.pdf")
    assert refusal.value.code == "too_large"


def raw_zip(*members: tuple[zipfile.ZipInfo, bytes]) -> io.BytesIO:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        for info, data in members:
            opened.writestr(info, data)
    return buffer


def test_refuses_links() -> None:
    link = zipfile.ZipInfo("word/link")
    link.external_attr = 0o120777 << 16
    with pytest.raises(archive.Unsafe, match="link"):
        archive.open_safely(raw_zip((link, b"/etc/passwd")))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_refuses_doubles() -> None:
    members = [(zipfile.ZipInfo(name), b"x") for name in ("a.xml", "A.xml")]
    with pytest.raises(archive.Unsafe, match="duplicate"):
        archive.open_safely(raw_zip(*members))


def test_refuses_overlaps() -> None:
    """Two names for the same bytes, as in the bombs that need no nesting."""
    data = raw_zip((zipfile.ZipInfo("a"), b"x" * 50), (zipfile.ZipInfo("b"), b"x" * 50)).getvalue()
    second = data.rindex(b"PK\x01\x02")
    data = data[: second + 42] + bytes(4) + data[second + 46 :]
    with pytest.raises(archive.Unsafe):
        archive.open_safely(io.BytesIO(data))
    with zipfile.ZipFile(io.BytesIO(data)) as opened, pytest.raises(archive.Unsafe, match="overlapping"):
        archive.check_members(opened)


def test_refuses_a_member_that_runs_into_the_directory() -> None:
    data = bytearray(raw_zip((zipfile.ZipInfo("a"), b"x" * 50)).getvalue())
    at = data.index(b"PK\x01\x02") + 20
    data[at : at + 4] = (60).to_bytes(4, "little")
    with pytest.raises(archive.Unsafe):
        archive.open_safely(io.BytesIO(data))


@pytest.mark.parametrize("count", [5_001, 70_000])
def test_refuses_too_many_members_before_it_reads_them(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    data = build.zipped(((f"{n}", b"") for n in range(count)), zipfile.ZIP_STORED)
    monkeypatch.setattr("zipfile.ZipFile", None)
    with pytest.raises(archive.TooMuch):
        archive.open_safely(io.BytesIO(data))


def test_counts_while_inflating() -> None:
    with archive.open_safely(io.BytesIO(build.zipped({"a": bytes(200_000)}))) as opened:
        assert len(archive.read(opened, "a", 200_000)) == 200_000
        with pytest.raises(archive.TooMuch):
            archive.read(opened, "a", 199_999)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Mis documentos\\guía.docx", "guía.docx"),
        ("informe\u202efdp.exe\x00.pdf", "informefdp.exe.pdf"),
        ("lineas\r\nX-Header: 1.pdf", "lineas X-Header: 1.pdf"),
        ("an\u0303o.pdf", "año.pdf"),
        ("\ud800roto.pdf", "roto.pdf"),
        ("x" * 300 + ".docx", "x" * 145 + ".docx"),
        ("x" * 300, "x" * 150),
        ("a." + "x" * 300, "a." + "x" * 148),
        ("", "document"),
        ("..", "document"),
        ("\u200b\u202e", "document"),
        ("  salud   y\tmigración .pdf ", "salud y migración.pdf"),
        ("emoji 🌎.pdf", "emoji 🌎.pdf"),
    ],
)
def test_clean_name(name: str, shown: str) -> None:
    assert clean_name(name) == shown


def test_only_pdf_and_raster_images_are_shown_inline() -> None:
    assert {kind.name for kind in kinds.KINDS if kind.inline} == {"pdf", "jpeg", "png", "webp"}
    assert kinds.by_name("docx").media_type.endswith("wordprocessingml.document")
    assert ".docx" in kinds.ACCEPT.split(",")
    assert ".svg" not in kinds.ACCEPT
