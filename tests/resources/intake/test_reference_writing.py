"""What is written is read back the same, and no spreadsheet program takes it for a formula."""

import csv
import dataclasses
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resources.intake.records import Fault, Record
from resources.intake.references import WRITERS, read, write

RECORD = Record(
    "",
    titles={"es": "Salud & migración: 50 % -- {algo} $x_1$ \\ ~ # ^ ''no''", "en": "=HYPERLINK(1)"},
    abstracts={"es": '+1 Resumen; con, signos | y "comillas"'},
    authors=(
        "García López, José Andrés",
        "Ministerio de Salud, Guatemala",
        "Organización Panamericana de la Salud",
        "@x",
    ),
    publisher="-OPS & OMS",
    year=2019,
    month=5,
    day=3,
    language="es",
    type="policy",
    identifiers={"doi": "10.1000/a_b%c", "isbn": "9783319023007", "source_url": "https://example.org/a_b?x={1}&y=%20"},
    subjects=("salud mental", "niñez"),
    countries=("MX", "GT"),
    licence="cc-by-nc-sa-igo",
    key="r-1",
)


def carried(record: Record, format: str) -> Record:
    """What of the record a format has a place for."""
    record = dataclasses.replace(record, where="")
    if format in ("csv", "xlsx"):
        return record
    main = record.titles.get(record.language) or next(iter(record.titles.values()), "")
    others = [title for title in record.titles.values() if title != main]
    titles = {record.language: main} | ({"": others[0]} if format == "ris" and others and record.language else {})
    abstract = record.abstracts.get(record.language) or next(iter(record.abstracts.values()), "")
    return dataclasses.replace(
        record,
        titles={code: text for code, text in titles.items() if text},
        abstracts={record.language: abstract} if abstract else {},
        countries=(),
        licence="" if format == "ris" else record.licence,
    )


def back(records: list[Record], format: str) -> list[Record]:
    found = list(read(write(records, format), f"x.{format}"))
    assert not [one for one in found if isinstance(one, Fault)]
    return [dataclasses.replace(one, where="") for one in found]


@pytest.mark.parametrize("format", WRITERS)
def test_a_record_with_everything(format: str) -> None:
    expected = carried(RECORD, format)
    if format == "bibtex":
        address = expected.identifiers["source_url"].replace("{", "%7B").replace("}", "%7D")
        expected = dataclasses.replace(expected, identifiers=expected.identifiers | {"source_url": address})
    assert back([RECORD], format) == [expected]


@pytest.mark.parametrize("type", ["law", "treaty", "guideline", "bulletin", "tool", "thesis", "chapter", "other", ""])
@pytest.mark.parametrize("format", WRITERS)
def test_types(format: str, type: str) -> None:
    assert [one.type for one in back([Record("", titles={"": "Uno"}, type=type)], format)] == [type]


@pytest.mark.parametrize("format", WRITERS)
def test_nothing(format: str) -> None:
    assert not [one for one in read(write([], format), f"x.{format}") if isinstance(one, Record)]


def test_no_cell_begins_a_formula() -> None:
    signs = ["=1", "+1", "-1", "@x", "'=1", "''@x", "\t=1"]
    data = write([Record("", titles={"": sign}, publisher=sign) for sign in signs], "csv").decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(data)) for cell in row]
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r") and cell]
    assert [one.titles[""] for one in back([Record("", titles={"": s.strip()}) for s in signs], "xlsx")] == [
        sign.strip() for sign in signs
    ]


WORDS = st.text("abc ñÁ,=+-@'\"{}\\$%&_#~^()<>.€", min_size=1, max_size=25).map(lambda text: " ".join(text.split()))


@given(WORDS, WORDS, st.sampled_from(list(WRITERS)))
@settings(max_examples=200, deadline=None)
def test_any_title(title: str, publisher: str, format: str) -> None:
    """Reading cleans a little, so what was read once is what must come back."""
    once = back([Record("", titles={"": f"x{title}"}, publisher=publisher)], format)
    assert back(once, format) == once
