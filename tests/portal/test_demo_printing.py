"""The demonstration's documents: every source prints, always to the same bytes, and can be found by its inner words."""

import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest

from portal.demo.printing import UnknownFormatError, print_document
from portal.demo.source import read_source

DEMO = Path(__file__).resolve().parents[2] / "portal" / "demo"
WORKS: list[dict[str, Any]] = json.loads((DEMO / "documents.json").read_text(encoding="utf-8"))
LANGUAGES = ("es", "en")
SIGNATURES = {"pdf": b"%PDF-", "docx": b"PK", "xlsx": b"PK", "html": b"<!doctype html>"}

# A word of each work that stands nowhere near its cover, and in no other work.
INNER_WORDS = {
    "puestos-de-salud": ("hemoparásitos", "haemoparasites"),
    "primeros-auxilios-psicologicos": ("enraizamiento", "grounding"),
    "puntos-de-informacion": ("malecón", "seafront"),
    "taller-regional": ("abstuvieron", "abstained"),
    "vih-poblaciones-moviles": ("luna", "moonlight"),
    "atencion-intercultural": ("tejedoras", "weavers"),
    "vacunacion-sin-documentos": ("termohigrómetro", "thermohygrometer"),
    "nota-de-datos": ("rompecabezas", "jigsaw"),
    "campana-camino-informado": ("radionovela", "radio drama"),
}


def source_of(key: str, language: str) -> str:
    return (DEMO / "documents" / f"{key}.{language}.md").read_text(encoding="utf-8")


def print_file(key: str, language: str, format_: str) -> bytes:
    return print_document(source_of(key, language), format_, language)


def inner_word(key: str, language: str) -> str:
    return INNER_WORDS[key][LANGUAGES.index(language)]


def pages_of(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_bounded().lower() for page in document]


def files(*formats: str) -> list[Any]:
    """Every (key, language, format) the catalogue names, as test parameters."""
    rows = [(work["key"], file["language"], file["format"]) for work in WORKS for file in work["files"]]
    return [pytest.param(*row, id=".".join(row)) for row in rows if not formats or row[2] in formats]


@pytest.mark.parametrize(("key", "language", "format_"), files())
def test_same_source_gives_same_bytes(key: str, language: str, format_: str) -> None:
    first = print_file(key, language, format_)
    assert first.startswith(SIGNATURES[format_])
    assert first == print_file(key, language, format_)


@pytest.mark.parametrize(("key", "language", "format_"), files("docx", "xlsx"))
def test_archives_do_not_carry_the_moment_they_were_made(key: str, language: str, format_: str) -> None:
    with zipfile.ZipFile(BytesIO(print_file(key, language, format_))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(("key", "language", "format_"), files("pdf"))
def test_pdf_holds_its_inner_word_after_the_second_page_only(key: str, language: str, format_: str) -> None:
    pages = pages_of(print_file(key, language, format_))
    places = [number for number, text in enumerate(pages, 1) if inner_word(key, language) in text]
    assert places
    assert min(places) > 2


@pytest.mark.parametrize(("key", "language", "format_"), files("pdf"))
def test_pdf_says_title_author_date_and_language(key: str, language: str, format_: str) -> None:
    pdf = print_file(key, language, format_)
    with pypdfium2.PdfDocument(pdf) as document:
        properties = document.get_metadata_dict()
        bookmarks = [bookmark.get_title() for bookmark in document.get_toc()]
    written = read_source(source_of(key, language), language)
    assert (properties["Title"], properties["Author"]) == (written.title, written.author)
    assert properties["CreationDate"] == f"D:{written.published.year}0101120000Z"
    assert f"/Lang ({language})".encode() in pdf
    assert bookmarks == [block.text for block in written.blocks if block.kind == "heading"]


def test_one_work_is_long() -> None:
    assert max(len(pages_of(print_file(key.values[0], key.values[1], "pdf"))) for key in files("pdf")) >= 10


@pytest.mark.parametrize(("key", "language", "format_"), files("docx"))
def test_word_file_has_headings_tables_and_language(key: str, language: str, format_: str) -> None:
    word = docx.Document(BytesIO(print_file(key, language, format_)))
    written = read_source(source_of(key, language), language)
    headings = [paragraph.text for paragraph in word.paragraphs if paragraph.style.name == "Heading 1"]
    assert headings == [block.text for block in written.blocks if block.kind == "heading"]
    assert len(word.tables) == sum(block.kind == "table" for block in written.blocks)
    assert (word.core_properties.title, word.core_properties.language) == (written.title, language)
    assert f'w:val="{language}-' in word.styles.element.xml


@pytest.mark.parametrize(("key", "language", "format_"), files("xlsx"))
def test_workbook_keeps_numbers_as_numbers(key: str, language: str, format_: str) -> None:
    with zipfile.ZipFile(BytesIO(print_file(key, language, format_))) as workbook:
        sheets = [name for name in workbook.namelist() if name.startswith("xl/worksheets/")]
        table = workbook.read("xl/worksheets/sheet2.xml").decode()
        words = workbook.read("xl/sharedStrings.xml").decode()
    tables = sum(block.kind == "table" for block in read_source(source_of(key, language), language).blocks)
    assert len(sheets) == 1 + tables
    assert '<c r="F10"><v>34795</v></c>' in table
    assert inner_word(key, language) in words


@pytest.mark.parametrize(("key", "language", "format_"), files("html"))
def test_web_page_stands_alone(key: str, language: str, format_: str) -> None:
    page = print_file(key, language, format_).decode()
    assert f'<html lang="{language}">' in page
    assert inner_word(key, language) in page
    assert "<script" not in page
    assert "src=" not in page
    assert page.count("<h2>") == source_of(key, language).count("\n## ")


@pytest.mark.parametrize("work", WORKS, ids=lambda work: work["key"])
def test_every_work_exists_in_both_languages(work: dict[str, Any]) -> None:
    spanish, english = (read_source(source_of(work["key"], language), language) for language in LANGUAGES)
    assert (spanish.title, english.title) == (work["title_es"], work["title_en"])
    assert [block.kind for block in spanish.blocks] == [block.kind for block in english.blocks]
    assert {file["language"] for file in work["files"]} == set(LANGUAGES)
    assert work["year"] == spanish.published.year == english.published.year


@pytest.mark.parametrize("work", WORKS, ids=lambda work: work["key"])
def test_every_work_says_that_it_is_a_demonstration(work: dict[str, Any]) -> None:
    spanish, english = (read_source(source_of(work["key"], language), language).notice for language in LANGUAGES)
    assert spanish.startswith("**Documento de demostración")
    assert english.startswith("**Demonstration document")


@pytest.mark.parametrize("work", WORKS, ids=lambda work: work["key"])
def test_every_inner_word_belongs_to_one_work(work: dict[str, Any]) -> None:
    for language in LANGUAGES:
        word = inner_word(work["key"], language)
        assert [other["key"] for other in WORKS if word in source_of(other["key"], language).lower()] == [work["key"]]


def test_every_source_is_in_the_catalogue() -> None:
    named = {f"{work['key']}.{language}.md" for work in WORKS for language in LANGUAGES}
    assert named == {path.name for path in (DEMO / "documents").iterdir()}


def test_catalogue_uses_known_topics_and_organisations() -> None:
    topics = (DEMO.parents[1] / "resources" / "vocabulary" / "topics.json").read_text(encoding="utf-8")
    organisations = (DEMO / "organisations.json").read_text(encoding="utf-8")
    for work in WORKS:
        assert all(f'"{topic}"' in topics for topic in work["topics"])
        assert f'"{work["organisation"]}"' in organisations


def test_unknown_format_is_refused() -> None:
    with pytest.raises(UnknownFormatError):
        print_document(source_of("nota-de-datos", "es"), "odt", "es")


def test_source_without_cover_is_refused() -> None:
    with pytest.raises(ValueError, match="title, subtitle, byline and notice"):
        read_source("# Title\n\nOnly a subtitle\n\n## Heading", "en")


def test_marks_and_markup_are_escaped() -> None:
    source = "# A & B\n\nSubtitle\n\nTeam · May 2025\n\nNotice\n\n## Less < more\n\n**Strong** & <b>plain</b>"
    page = print_document(source, "html", "en").decode()
    assert "<h2>Less &lt; more</h2>" in page
    assert "<p><strong>Strong</strong> &amp; &lt;b&gt;plain&lt;/b&gt;</p>" in page
    assert "less < more" in pages_of(print_document(source, "pdf", "en"))[1]
