"""A cleaned copy shows readers the same and tells nothing else."""

import io
import zipfile
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from pypdf import PdfReader

from resources.intake import reading, safety
from resources.intake.kinds import by_name, identify
from resources.intake.safety import What
from tests.resources.intake import builders as build
from tests.resources.intake import traces

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"


@pytest.fixture
def clean(tmp_path: Path):
    def clean(kind: str, data: bytes, **options: object) -> bytes | None:
        source, copy = tmp_path / "upload", tmp_path / "copy"
        source.write_bytes(data)
        copy.unlink(missing_ok=True)
        is_clean = safety.cleaned(source, by_name(kind), copy, **options)
        assert is_clean == copy.exists()
        assert sorted(path.name for path in tmp_path.iterdir()) == (["copy", "upload"] if is_clean else ["upload"])
        return copy.read_bytes() if is_clean else None

    return clean


def left(kind: str, data: bytes, tmp_path: Path) -> set[What]:
    (tmp_path / "again").write_bytes(data)
    found = {finding.what for finding in safety.check(tmp_path / "again", by_name(kind))}
    (tmp_path / "again").unlink()
    return found


def text(kind: str, data: bytes, tmp_path: Path) -> list[str]:
    (tmp_path / "text").write_bytes(data)
    found = reading.read(tmp_path / "text", by_name(kind), thumbnail=False)
    (tmp_path / "text").unlink()
    return " ".join(found.pages).split()


@pytest.mark.parametrize(
    ("kind", "make", "stays"),
    [
        ("docx", traces.word, {What.HIDDEN_TEXT, What.EMBEDDED_FILE}),
        ("xlsx", traces.workbook, {What.HIDDEN_SHEET, What.HIDDEN_ROWS}),
        ("pptx", traces.presentation, {What.HIDDEN_SLIDE, What.SPEAKER_NOTES}),
        ("odt", traces.text_document, set()),
        ("pdf", traces.portable, {What.TYPED_TEXT, What.EMBEDDED_FILE}),
        ("pdf", lambda: traces.revised_pdf("Nombre: Ana Paz", "Nombre: reservado"), set()),
        ("jpeg", traces.picture, set()),
        ("png", lambda: traces.picture("PNG"), set()),
        ("webp", lambda: traces.picture("WEBP"), set()),
    ],
)
def test_the_same_text_and_nothing_else(clean, tmp_path: Path, kind: str, make, stays: set[What]) -> None:
    data = make()
    copy = clean(kind, data)
    assert left(kind, copy, tmp_path) == stays
    assert text(kind, copy, tmp_path) == text(kind, data, tmp_path)
    for secret in (b"mgarcia", b"Robles", b"Ana Paz"):
        assert secret not in whole(copy)
    assert identify(io.BytesIO(copy), f"copia{by_name(kind).extensions[0]}").name == kind


def whole(data: bytes) -> bytes:
    """All bytes, those inside a zip inflated."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def test_tracked_changes_are_accepted(clean) -> None:
    copy = clean("docx", traces.word())
    with zipfile.ZipFile(io.BytesIO(copy)) as archive:
        body = archive.read("word/document.xml").decode()
        assert not {"word/comments.xml", "docProps/custom.xml"} & set(archive.namelist())
        assert "comments" not in archive.read("word/_rels/document.xml.rels").decode()
        assert "Informe" in archive.read("docProps/core.xml").decode()
    assert "<w:t>ampliar</w:t>" in body
    for gone in ("cancelar", "w:ins", "w:del", "comment", "fila", "Párrafo borrado"):
        assert gone not in body
    assert body.count("<w:p>") == 3  # the paragraph whose end was deleted is gone, the cell keeps its own
    assert "Nadie lo ve" in body


def test_hidden_things_go_only_where_asked(clean, tmp_path: Path) -> None:
    assert "Nadie lo ve" not in whole(clean("docx", traces.word(), drop_hidden=True)).decode("utf-8", "replace")
    sheets = clean("xlsx", traces.workbook(), drop_hidden=True)
    assert b"Oculta" not in whole(sheets)
    assert b"Muy oculta" not in whole(sheets)
    assert text("xlsx", sheets, tmp_path) == ["Datos", "Total", "Columna", "Fila", "Hoja2", "Hoja3"]
    slides = clean("pptx", traces.presentation(), drop_hidden=True)
    assert text("pptx", slides, tmp_path) == ["Portada"]
    assert b"albergue" not in whole(slides)
    assert left("pdf", clean("pdf", traces.portable(), drop_hidden=True), tmp_path) == {What.TYPED_TEXT}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_keeps_its_pixels_orientation_and_colours(clean, kind: str) -> None:
    data = traces.picture(kind)
    before, after = Image.open(io.BytesIO(data)), Image.open(io.BytesIO(clean(kind.lower(), data)))
    assert after.tobytes() == before.tobytes()
    assert dict(after.getexif()) == {0x0112: 6}
    assert after.info["icc_profile"] == before.info["icc_profile"]


def test_pictures_inside_office_files(clean, tmp_path: Path) -> None:
    copy = clean("docx", traces.word(pictures=True))
    assert not {What.POSITION, What.CAMERA} & left("docx", copy, tmp_path)
    with zipfile.ZipFile(io.BytesIO(copy)) as archive:
        assert Image.open(io.BytesIO(archive.read("word/media/image1.jpeg"))).getexif()[0x0112] == 6


def test_a_pdf_keeps_its_title_and_its_looks(clean) -> None:
    data = traces.portable()
    copy = clean("pdf", data)
    info = PdfReader(io.BytesIO(copy)).metadata
    assert (info.title, info.author) == ("Informe", None)
    before, after = (pypdfium2.PdfDocument(d)[0].render(draw_annots=False).to_numpy() for d in (data, copy))
    assert (before == after).all()


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("pdf", build.encrypted_pdf()),
        ("pdf", b"%PDF-1.7 nada"),
        ("docx", build.docx("<w:p><w:t>x</w:p>")),
        ("docx", build.zipped([("word/document.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")])),
        ("jpeg", b"\xff\xd8\xff\xe0\xff"),
        ("tiff", build.image("TIFF")),
        ("txt", b"hola"),
        ("html", b"<p>hola"),
    ],
)
def test_no_copy_is_better_than_a_bad_one(clean, kind: str, data: bytes) -> None:
    assert clean(kind, data) is None


def test_a_copy_with_another_text_does_not_count(clean) -> None:
    """Words where no writer puts them would go with the mark of a change: then there is no copy."""
    assert clean("odt", build.odt("<text:p>Uno <text:change/>dos</text:p>")) is not None
    assert clean("odt", build.odt("<text:p>Uno <text:change>dos</text:change></text:p>")) is None


def test_no_copy_when_the_time_runs_out(clean) -> None:
    assert clean("docx", traces.word(), seconds=0.01) is None


@pytest.mark.skipif(not DATA.exists(), reason="the real documents are not here")
def test_real_documents(tmp_path: Path) -> None:
    paths = [*sorted(DATA.glob("documents/es/*.pdf"))[::6], *sorted(DATA.glob("office/es/*.docx"))[::3]]
    assert paths
    for path in paths:
        kind = by_name(path.suffix[1:])
        copy = tmp_path / path.name
        assert safety.cleaned(path, kind, copy), path.name
        found = safety.check(copy, kind)
        assert not [f for f in found if f.can_be_cleaned and not f.what.goes_only_where_asked], path.name
