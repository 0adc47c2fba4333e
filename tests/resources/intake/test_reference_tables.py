"""Spreadsheets of references: headings, cells and their errors by row and column."""

import io
import re
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from resources.intake.records import Fault, Record
from resources.intake.references import fold, read, tables, workbook

COUNTRIES = {
    fold(name): code
    for name, code in {
        "México": "MX",
        "Mexico": "MX",
        "Panamá": "PA",
        "República Dominicana": "DO",
        "Tanzania, United Republic of": "TZ",
    }.items()
}
SPANISH = """Catálogo de la red;;;;;;;;;;;;
;;;;;;;;;;;;
TÍTULO;Autor(es);Año;Idioma;Tipo de documento;Países;Palabras clave;Resumen;DOI;ISBN;Enlace;Organización;Notas
Salud y migración;"Pérez, Ana; OPS";2019.0;español;Informe;México; Panamá;salud, niñez;Un resumen;\
10.1000/1;978-3-319-02300-7;https://example.org/a;OPS;nada
""".replace("México; Panamá", '"México; Panamá"')


def csv(text: str, encoding: str = "utf-8") -> list[Record | Fault]:
    return list(read(text.encode(encoding), "list.csv", countries=COUNTRIES))


def xlsx(*rows: list, change: object = None, title: str = "Hoja") -> bytes:
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    if change:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheet(*rows: list, change: object = None) -> list[Record | Fault]:
    return list(read(xlsx(*rows, change=change), "list.xlsx", countries=COUNTRIES))


def faults(found: list[Record | Fault]) -> list[tuple[str, str]]:
    return [(one.where, one.column) for one in found if isinstance(one, Fault)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_spanish_sheet_with_a_title_above(encoding: str) -> None:
    unknown, record = csv(SPANISH, encoding)
    assert unknown == Fault("row 3", tables.UNKNOWN_COLUMN, "Notas")
    assert record == Record(
        "row 4",
        titles={"es": "Salud y migración"},
        abstracts={"es": "Un resumen"},
        authors=("Pérez, Ana", "OPS"),
        publisher="OPS",
        year=2019,
        language="es",
        type="report",
        identifiers={"doi": "10.1000/1", "isbn": "9783319023007", "source_url": "https://example.org/a"},
        subjects=("salud", "niñez"),
        countries=("MX", "PA"),
    )


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_delimiters(sign: str) -> None:
    [record] = csv(f'title{sign}year\n"One, two; and{sign}three"{sign}2010\n')
    assert (record.titles[""], record.year) == (" ".join(f"One, two; and{sign}three".split()), 2010)


@pytest.mark.parametrize("heading", ["Título", "titulo", "TITLE", "Article title", " Título:  "])
def test_headings_in_both_languages(heading: str) -> None:
    [record] = csv(f"{heading};Year of publication\nUno;2010\n")
    assert (record.titles, record.year) == ({"": "Uno"}, 2010)


def test_titles_in_several_languages() -> None:
    [record] = csv("title_es;Title (English);Resumen en español;idioma\nUno;One;Texto;es\n")
    assert (record.titles, record.abstracts) == ({"es": "Uno", "en": "One"}, {"es": "Texto"})


def test_no_headings() -> None:
    assert csv("a;b\n1;2\n") == [Fault("row 1", tables.NO_HEADINGS)]
    assert csv("año;tipo\n2010;Informe\n") == [Fault("row 1", tables.NO_HEADINGS)]


def test_each_bad_cell_is_told_and_the_rest_of_its_row_kept() -> None:
    found = csv(
        "title;year;language;type;country;doi;isbn;url;licence\n"
        "One;soon;Klatsch;Thing;Atlantis, México;10.1;123;ftp://x;mine\n"
        "\n"
        "Two;2010;en;Ley;DO|TZ;;;;CC BY-NC-SA 3.0 IGO\n"
    )
    assert faults(found) == [
        ("row 2", name) for name in ("year", "language", "type", "country", "doi", "isbn", "url", "licence")
    ]
    first, second = [one for one in found if isinstance(one, Record)]
    assert first == Record("row 2", titles={"": "One"}, countries=("MX",))
    assert (second.where, second.countries, second.type) == ("row 4", ("DO", "TZ"), "law")
    assert second.licence == "cc-by-nc-sa-igo"


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("mexico", ("MX",)),
        ("mx", ("MX",)),
        ("MEXICO, panama", ("MX", "PA")),
        ("Tanzania, United Republic of", ("TZ",)),
        ("México|República Dominicana", ("MX", "DO")),
    ],
)
def test_countries(written: str, codes: tuple[str, ...]) -> None:
    [record] = csv(f"title;countries\nOne;{written}\n")
    assert record.countries == codes


@pytest.mark.parametrize(
    ("written", "year", "month"),
    [("2019-05-03", 2019, 5), ("43588", 2019, 5), ("2019.0", 2019, None), ("mayo de 2019", 2019, 5)],
)
def test_dates(written: str, year: int, month: int | None) -> None:
    [record] = csv(f"title;fecha\nOne;{written}\n")
    assert (record.year, record.month) == (year, month)


def test_month_and_day_in_columns_of_their_own() -> None:
    [record] = csv("title;año;mes;día\nOne;2019;mayo;3.0\n")
    assert (record.year, record.month, record.day) == (2019, 5, 3)


def test_an_open_quote_costs_one_row() -> None:
    found = csv('title;year\nOne;2010\n"Two;2011\nThree;2012\n')
    assert faults(found) == [("row 3", "title")]
    assert [(one.where, one.titles[""]) for one in found if isinstance(one, Record)] == [
        ("row 2", "One"),
        ("row 4", "Three"),
    ]


def test_a_cell_of_several_lines() -> None:
    [record, second] = csv('title;year\n"One\ngoes ""on""";2010\nTwo;2011\n')
    assert record.titles == {"": 'One goes "on"'}
    assert second.where == "row 3"


def test_lists_as_python_prints_them() -> None:
    [record] = csv("title;authors;keywords\nOne;['Marx, Karl', 'Lindgren, Astrid'];['a', 'b, c']\n")
    assert (record.authors, record.subjects) == (("Marx, Karl", "Lindgren, Astrid"), ("a", "b, c"))


def test_a_workbook() -> None:
    [record] = sheet(["Lista"], [], ["Título", "Año", "Fecha", "ISBN"], ["Uno", 2019, date(2019, 5, 3), 9783319023007])
    assert (record.where, record.titles, record.identifiers) == ("row 4", {"": "Uno"}, {"isbn": "9783319023007"})
    assert (record.year, record.month, record.day) == (2019, 5, 3)


def test_a_day_in_the_column_of_years() -> None:
    [record] = sheet(["title", "year"], ["One", date(2019, 5, 3)])
    assert (record.year, record.month, record.day) == (2019, 5, 3)


def test_formulas_count_by_their_computed_values() -> None:
    rows = (["title", "year"], ["One", "=2000+10"], ["Two", "=2000+11"])
    found = sheet(*rows)
    assert faults(found) == [("row 2", "year"), ("row 3", "year")]
    assert {one.reason for one in found if isinstance(one, Fault)} == {workbook.NOT_COMPUTED}
    computed = patched(
        xlsx(*rows), "sheet1.xml", rb"(<f>2000\+10</f>)<v\s*/>|(<f>2000\+10</f>)<v></v>", rb"<f>2000+10</f><v>2010</v>"
    )
    found = list(read(computed, "list.xlsx"))
    assert [one.year for one in found if isinstance(one, Record)] == [2010, None]


def test_an_error_in_a_cell() -> None:
    data = patched(xlsx(["title", "year"], ["One", 2010]), "sheet1.xml", rb't="n"><v>2010', rb't="e"><v>#REF!')
    fault, record = read(data)
    assert (fault.where, fault.column, fault.reason) == ("row 2", "year", workbook.ERROR)
    assert record.year is None


def test_merged_cells_hold_for_all_their_rows_but_a_title_is_one_work() -> None:
    found = sheet(
        ["title", "publisher", "year"],
        ["One", "OPS", 2010],
        ["Two", None, 2011],
        ["Three", None, 2012],
        [None, "OIM", 2013],
        ["Five", None, 2014],
        change=lambda book: [book.active.merge_cells(area) for area in ("B2:B3", "A4:A5")],
    )
    records = [one for one in found if isinstance(one, Record)]
    assert [(one.titles[""], one.publisher) for one in records] == [
        ("One", "OPS"),
        ("Two", "OPS"),
        ("Three", ""),
        ("Five", ""),
    ]
    assert faults(found) == [("row 5", "")]


def test_several_sheets() -> None:
    def more(book: Workbook) -> None:
        book.create_sheet("Notes").append(["nothing of use"])
        other = book.create_sheet("2020")
        other.append(["título", "año"])
        other.append(["Dos", 2020])

    found = sheet(["title"], ["One"], change=more)
    assert [one.where for one in found] == ["Hoja, row 2", "2020, row 2"]


def test_a_sheet_as_wide_and_long_as_excel_allows() -> None:
    data = xlsx(["title"], ["One"])
    data = patched(
        data, "sheet1.xml", rb"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )
    [record] = read(data)
    assert record.titles == {"": "One"}
    assert get_column_letter(16_384) == "XFD"


@pytest.mark.parametrize("cut", [10, 100, 0.5, 0.99])
def test_a_workbook_cut_off(cut: float) -> None:
    data = xlsx(["title"], ["One"])
    [fault] = read(data[: int(cut * len(data)) if cut < 1 else cut], "list.xlsx", format="xlsx")
    assert fault == Fault("file", tables.BROKEN)


def patched(data: bytes, part: str, pattern: bytes, text: bytes) -> bytes:
    """The workbook with one of its parts changed; it must change."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith(part):
                content, changes = re.subn(pattern, text, content, count=1)
                assert changes
            new.writestr(name, content)
    return out.getvalue()
